package look

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of what a form may bring. A record's field holds MaxAnswer; what is longer,
// up to mostBody, is read all the same so that it can be shown again.
const (
	// MaxAnswer is the longest answer, in bytes.
	MaxAnswer = 64 << 10
	// MaxForm is the most that the answers of one page may hold together.
	MaxForm = 1 << 20
	// mostBody is where reading ends. Three bytes of it may stand for one of an answer.
	mostBody = 8 << 20
	// mostFields bounds how many answers there may be.
	mostFields = 4000
)

// ErrForm is that a form was too large to be read at all, or not a form.
var ErrForm = errors.New("the form is larger than 8 MB or is not a form; nothing was saved")

// Form is what a page was answered, and what is wrong with it. Nothing that was typed is
// lost: Value gives it back for the page, whatever is wrong.
type Form struct {
	locale *Locale
	values url.Values
	errors map[string]Text
	order  []string
}

// ReadForm reads the answers of a request, of the address for GET and of the body else.
// Files are not read with it: see FormOf.
func ReadForm(l *Locale, r *http.Request) (*Form, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return FormOf(l, r.URL.Query())
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, ErrForm
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody+1))
	if err != nil || len(body) > mostBody {
		return nil, ErrForm
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, ErrForm
	}
	return FormOf(l, values)
}

// FormOf looks at answers that were read already, as those beside a file.
func FormOf(l *Locale, values url.Values) (*Form, error) {
	f := &Form{locale: l, values: values, errors: map[string]Text{}}
	names, total, count := make([]string, 0, len(values)), 0, 0
	longest := ""
	for name, all := range values {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) || len(name) > 200 {
			return nil, ErrForm
		}
		names = append(names, name)
		for _, v := range all {
			count, total = count+1, total+len(v)
			if len(v) > len(values.Get(longest)) || longest == "" {
				longest = name
			}
		}
	}
	if count > mostFields {
		return nil, ErrForm
	}
	slices.Sort(names)
	for _, name := range names {
		f.look(name)
	}
	if total > MaxForm && len(f.errors) == 0 {
		f.Refuse(longest, l.Say("form.whole-too-long", "limit", l.Bytes(MaxForm)))
	}
	return f, nil
}

// look refuses what no record could hold.
func (f *Form) look(name string) {
	for _, v := range f.values[name] {
		switch {
		case strings.ContainsRune(v, 0) || !utf8.ValidString(v):
			f.Refuse(name, f.locale.Say("form.nul", "sign", Code("\ufffd")))
		case len(v) > MaxAnswer:
			f.Refuse(name, f.locale.Say("form.too-long", "limit", f.locale.Bytes(MaxAnswer)))
		}
	}
}

// shown is what can stand in a page: what cannot be stored shows as U+FFFD. Browsers send
// line ends as CR LF; records hold LF.
func shown(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// Value is what was typed, to be kept or to be shown again. It is exactly that, but for
// line ends and for what no page can show.
func (f *Form) Value(name string) string { return shown(f.values.Get(name)) }

// Values are all answers of that name, as of ticks.
func (f *Form) Values(name string) []string {
	out := make([]string, 0, len(f.values[name]))
	for _, v := range f.values[name] {
		out = append(out, shown(v))
	}
	return out
}

// Has reports whether the form had such a field at all: an unticked box has none.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Names are the fields of the form, in order.
func (f *Form) Names() []string {
	out := make([]string, 0, len(f.values))
	for name := range f.values {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Ticked reports whether an answer is among those of the name.
func (f *Form) Ticked(name, value string) bool { return slices.Contains(f.values[name], value) }

// Trimmed is Value without the spaces around it.
func (f *Form) Trimmed(name string) string { return strings.TrimSpace(f.Value(name)) }

// Number reads a whole number; an empty answer is none, and anything else is refused
// beside its field. Gaps between thousands and Arabic digits are read.
func (f *Form) Number(name string) (n int64, given bool) {
	s := digits(f.Value(name))
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.Refuse(name, f.locale.Say("form.not-a-number"))
		return 0, false
	}
	return n, true
}

// Decimal is Number with a comma or a point.
func (f *Form) Decimal(name string) (v float64, given bool) {
	s := strings.Replace(digits(f.Value(name)), ",", ".", 1)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v-v != 0 || strings.ContainsAny(s, "xXpPiInN_") {
		f.Refuse(name, f.locale.Say("form.not-a-number"))
		return 0, false
	}
	return v, true
}

// Day reads a date as browsers send it, 2026-11-17, or as people type it without one,
// 17.11.2026.
func (f *Form) Day(name string) (t time.Time, given bool) {
	s := digits(f.Value(name))
	if s == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, s, f.locale.Zone); err == nil {
			return t, true
		}
	}
	f.Refuse(name, f.locale.Say("form.not-a-day", "example", Code("2026-11-17")))
	return time.Time{}, false
}

// Moment reads a date with its time, as browsers send it.
func (f *Form) Moment(name string) (t time.Time, given bool) {
	s := digits(f.Value(name))
	if s == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-0215:04", "2.1.200615:04"} {
		if t, err := time.ParseInLocation(layout, s, f.locale.Zone); err == nil {
			return t, true
		}
	}
	f.Refuse(name, f.locale.Say("form.not-a-day", "example", Code("2026-11-17 14:02")))
	return time.Time{}, false
}

// digits turns the digits of other scripts into ours, and takes spaces out.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case r == '٫':
			return '.'
		case r == '\u2212':
			return '-'
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '٬' || r == '\t':
			return -1
		}
		return r
	}, s)
}

// Refuse says beside a field what is wrong with its answer: what happened, what was kept,
// what to do. The first one stands.
func (f *Form) Refuse(name string, why Text) {
	if _, ok := f.errors[name]; !ok {
		f.errors[name] = why
		f.order = append(f.order, name)
	}
}

// Error is what is wrong with a field, for its question; nothing when nothing is.
func (f *Form) Error(name string) Text { return f.errors[name] }

// OK reports whether nothing was refused.
func (f *Form) OK() bool { return len(f.errors) == 0 }

// Problems leads from the head of the page to each field that is refused. The label of a
// field is asked for by its name.
func (f *Form) Problems(heading Text, label func(name string) Text) Problems {
	p := Problems{Heading: heading}
	for _, name := range f.order {
		text := label(name)
		if len(text) == 0 {
			text = Plain(name)
		}
		p.Items = append(p.Items, Link{Href: "#" + FieldID(name), Text: text})
	}
	return p
}

// Put puts an answer in the place of what came.
func (f *Form) Put(name, value string) { f.values[name] = []string{value} }
