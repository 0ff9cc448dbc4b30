package store

import (
	"bytes"
	"context"
	"database/sql"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A step of the search is this many records, or this many bytes of them.
const (
	stepRecords = 256
	stepBytes   = 1 << 20
)

// matchAll turns what a person typed into a query that finds all its words, the
// last one also as a beginning. Each word stands in quotes, where FTS5 knows no
// operators. Empty when there is no word in it. A single letter is a word and no beginning:
// half of all words begin with some.
func matchAll(typed string) string {
	words := strings.FieldsFunc(typed, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	if len(words) == 0 {
		return ""
	}
	all := `"` + strings.Join(words, `" "`) + `"`
	if utf8.RuneCountInString(words[len(words)-1]) > 1 {
		all += `*`
	}
	return all
}

// searched is the position up to which the search is complete.
func (l *ledger) searched() (at exchange.Position, err error) {
	_, err = l.one(`
		SELECT value
		FROM counters
		WHERE name = 'searched'`, nil, &at)
	return at, err
}

// found is what one record adds to the search.
type found struct {
	number int64
	words  string
}

// step is a part of the log read for the search.
type step struct {
	was, is exchange.Cursor
	records []found
	more    bool
	upTo    exchange.Position
}

// Index brings the search forward by one bounded step: it reads what changed
// behind its cursor, then writes the words and the cursor in a small transaction
// of its own. more: there is more to do.
func (s *Store) Index(ctx context.Context) (more bool, err error) {
	s.indexing.Lock()
	defer s.indexing.Unlock()
	var next step
	err = s.read(ctx, func(l *ledger) error {
		next, err = l.nextStep()
		return err
	})
	if err != nil || next.is == next.was && len(next.records) == 0 {
		return false, err
	}
	return next.more, s.write(ctx, func(l *ledger) error { return l.putStep(next) })
}

func (l *ledger) nextStep() (step, error) {
	var n step
	var cursor []byte
	if _, err := l.one(`
		SELECT value
		FROM meta
		WHERE name = 'search'`, nil, &cursor); err != nil {
		return n, err
	}
	was, err := exchange.DecodeCursor(cursor)
	if err != nil {
		return n, err
	}
	if n.upTo, err = l.Head(); err != nil {
		return n, err
	}
	n.was, n.is = was, was
	size := 0
	var id, state sql.RawBytes
	var kind record.Kind
	err = l.Each(`
		SELECT number, id, kind, position, state
		FROM records
		WHERE (position, id) > ($1, $2)
		ORDER BY position, id`, []any{int64(was.Position), was.ID[:]}, func(scan func(...any) error) (bool, error) {
		if len(n.records) >= stepRecords || size >= stepBytes {
			n.more, n.upTo = true, n.is.Position-1
			return false, nil
		}
		f := found{}
		if err := scan(&f.number, &id, &kind, &n.is.Position, &state); err != nil {
			return false, err
		}
		copy(n.is.ID[:], id)
		size += len(state)
		f.words, err = wordsOf(kind, state)
		n.records = append(n.records, f)
		return true, err
	})
	return n, err
}

// putStep writes a step. A record that changed since it was read comes again: its
// position is behind the new cursor.
func (l *ledger) putStep(n step) error {
	for _, f := range n.records {
		if _, err := l.Exec(`
			INSERT OR REPLACE INTO search (rowid, words)
			VALUES ($1, $2)`, f.number, f.words); err != nil {
			return err
		}
	}
	if err := l.putMeta("search", n.is.Encode()); err != nil {
		return err
	}
	_, err := l.Exec(`
		UPDATE counters
		SET value = $1
		WHERE name = 'searched'`, int64(n.upTo))
	return err
}

// stir wakes the search without waiting.
func (s *Store) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run keeps the search up to date until ctx ends, and returns nil then. An error
// is logged and tried again with the next change.
func (s *Store) Run(ctx context.Context) error {
	for {
		more, err := s.Index(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.config.Log.Error("the search could not be brought forward", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		}
	}
}

// wordsOf gathers the text of a record: free words, names and codes, but nothing
// that names or describes one person.
func wordsOf(kind record.Kind, state []byte) (string, error) {
	m := record.New(kind)
	if m == nil || len(state) == 0 {
		return "", nil
	}
	folded, err := fold.DecodeOwn(bytes.Clone(state))
	if err != nil {
		return "", err
	}
	if proto.Unmarshal(folded.Shown(), m) != nil {
		return "", nil // only a newer program's record: it is found by no word
	}
	var b strings.Builder
	gather(&b, m.ProtoReflect(), true)
	return b.String(), nil
}

// gather writes the words of a message. top: fields named code are names too.
func gather(b *strings.Builder, m protoreflect.Message, top bool) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
		class := o.GetSensitivity()
		if class == daylightv1.Sensitivity_SENSITIVITY_PERSONAL {
			return true
		}
		isText := class == daylightv1.Sensitivity_SENSITIVITY_TEXT || top && fd.Name() == "code"
		switch {
		case fd.IsMap():
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
				gatherValue(b, fd.MapValue(), v, isText)
				return true
			})
		case fd.IsList():
			for i := range v.List().Len() {
				gatherValue(b, fd, v.List().Get(i), isText)
			}
		default:
			gatherValue(b, fd, v, isText)
		}
		return true
	})
}

func gatherValue(b *strings.Builder, fd protoreflect.FieldDescriptor, v protoreflect.Value, isText bool) {
	switch {
	case fd.Message() != nil:
		gather(b, v.Message(), false)
	case isText && fd.Kind() == protoreflect.StringKind:
		b.WriteString(v.String())
		b.WriteByte('\n')
	}
}
