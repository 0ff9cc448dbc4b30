package directory

import (
	"database/sql"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
)

// one scans the only row of a query; false when there is none.
func (t *tx) one(text string, args []any, dest ...any) (bool, error) {
	err := t.QueryRow(text, args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// messages reads rows of one encoded message each.
func messages[M proto.Message](t *tx, make func() M, text string, args ...any) (out []M, err error) {
	err = t.Each(text, args, func(scan func(...any) error) (bool, error) {
		var b []byte
		if err := scan(&b); err != nil {
			return false, err
		}
		m := make()
		out = append(out, m)
		return true, proto.Unmarshal(b, m)
	})
	return out, err
}

// The bounds of a page.
const (
	defaultPage = 100
	maxPage     = 500
)

func pageSize(n uint32) int {
	if n == 0 {
		return defaultPage
	}
	return int(min(n, maxPage))
}

// A page token is a position in the list's order, opaque to the caller.
func pageToken(name string, number int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(number, 10) + "\n" + name))
}

func readPageToken(s string) (name string, number int64, err error) {
	if s == "" {
		return "", 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		var n string
		n, name, _ = strings.Cut(string(b), "\n")
		number, err = strconv.ParseInt(n, 10, 64)
	}
	if err != nil {
		return "", 0, invalid("this page token does not belong to this list", "Start again from the first page.")
	}
	return name, number, nil
}

// named reports whether s can be the name of something.
func named(s string) bool { return strings.TrimSpace(s) != "" && plain(s, 200) }

// plain: text of one line within a bound of characters.
func plain(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
