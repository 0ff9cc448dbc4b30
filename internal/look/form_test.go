package look

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// posted is a form as a browser sends it.
func posted(t *testing.T, values url.Values) *Form {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	f, err := ReadForm(reader("en"), r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWhatIsRefusedStaysInTheForm(t *testing.T) {
	long := strings.Repeat("ы", MaxAnswer/2+1)
	for _, c := range []struct{ name, typed, kept, says string }{
		{"an answer", "ten people", "ten people", ""},
		{"as long as it may be", strings.Repeat("a", MaxAnswer), strings.Repeat("a", MaxAnswer), ""},
		{"too long", long, long, "longer than the 66"},
		{"a megabyte pasted", strings.Repeat("a", 1<<20), strings.Repeat("a", 1<<20), "longer than"},
		{"NUL", "a\x00b", "a\ufffdb", "cannot be stored"},
		{"no UTF-8", "a\xffb", "a\ufffdb", "cannot be stored"},
		{"lines", "a\r\nb", "a\nb", ""},
		{"bidi and emoji", "\u202egnitset 👩🏽‍⚕️", "\u202egnitset 👩🏽‍⚕️", ""},
		{"markup", "<script>", "<script>", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := posted(t, url.Values{"narrative": {c.typed}, "other": {"kept"}})
			if f.Value("narrative") != c.kept || f.Value("other") != "kept" {
				t.Errorf("it came back as %.60q", f.Value("narrative"))
			}
			if got := f.Error("narrative").String(); !strings.Contains(got, c.says) || (c.says == "") != (got == "") || f.OK() != (c.says == "") {
				t.Errorf("it says %q, want %q", got, c.says)
			}
			if f.Error("other") != nil {
				t.Error("the other field is refused too")
			}
		})
	}
}

func TestAllAnswersTogetherHaveABound(t *testing.T) {
	values := url.Values{}
	for i := range 20 {
		values.Set(strings.Repeat("f", i+1), strings.Repeat("a", 60_000))
	}
	values.Set("longest", strings.Repeat("a", MaxAnswer))
	f := posted(t, values)
	if f.OK() || !strings.Contains(f.Error("longest").String(), "together") || len(f.Value("ff")) != 60_000 {
		t.Errorf("%v", f.errors)
	}
}

func TestWhatIsNoFormIsRefusedWhole(t *testing.T) {
	request := func(kind, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return r
	}
	const kind = "application/x-www-form-urlencoded"
	many := url.Values{}
	for i := range mostFields + 1 {
		many.Add("x", strings.Repeat("1", i%3))
	}
	for name, r := range map[string]*http.Request{
		"more than is read": request(kind, "a="+strings.Repeat("a", mostBody)), "JSON": request("application/json", "{}"), "no type": request("", "a=b"),
		"no encoding": request(kind, "a=%zz"), "too many": request(kind, many.Encode()), "a name that is none": request(kind, "%00=1"), "a long name": request(kind, strings.Repeat("n", 300)+"=1"),
	} {
		if _, err := ReadForm(reader("en"), r); err != ErrForm {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := ReadForm(reader("en"), httptest.NewRequest(http.MethodGet, "/?q=remand&s=a&s=b", nil))
	if err != nil || f.Value("q") != "remand" || !f.Ticked("s", "b") || f.Ticked("s", "c") || len(f.Values("s")) != 2 || !f.Has("q") || f.Has("z") || len(f.Names()) != 2 {
		t.Errorf("an address is not read: %v %v", f, err)
	}
}

func TestNumbersAndDaysAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]float64{"26.4": 26.4, "26,4": 26.4, " 1 234,5 ": 1234.5, "1\u202f234": 1234, "٢٦٫٤": 26.4, "\u22123": -3} {
		f := posted(t, url.Values{"n": {typed}})
		if v, given := f.Decimal("n"); v != want || !given || !f.OK() {
			t.Errorf("%q is %v %v", typed, v, given)
		}
	}
	for _, typed := range []string{"ten", "0x10", "Inf", "NaN", "1_0", "1,2,3", "1e999"} {
		f := posted(t, url.Values{"n": {typed}})
		if _, given := f.Decimal("n"); given || f.OK() || f.Value("n") != typed {
			t.Errorf("%q is taken", typed)
		}
	}
	f := posted(t, url.Values{"n": {"12"}, "none": {" "}, "half": {"1.5"}, "day": {"2026-11-17"}, "typed": {"17.11.2026"}, "no": {"yesterday"}, "at": {"2026-11-17T14:02"}})
	if n, given := f.Number("n"); n != 12 || !given {
		t.Error("12 is not read")
	}
	if _, given := f.Number("none"); given || !f.OK() {
		t.Error("nothing is taken for a number")
	}
	if _, given := f.Number("half"); given || f.OK() {
		t.Error("a half is taken for a whole number")
	}
	day, _ := f.Day("day")
	typed, _ := f.Day("typed")
	at, _ := f.Moment("at")
	if !day.Equal(time.Date(2026, 11, 17, 0, 0, 0, 0, ashgabat)) || !typed.Equal(day) || !at.Equal(now) {
		t.Errorf("%v %v %v", day, typed, at)
	}
	if _, given := f.Day("no"); given || len(f.Error("no")) == 0 {
		t.Error("yesterday is taken for a date")
	}
	p := f.Problems(Plain("Look"), func(name string) Text { return nil })
	if len(p.Items) != 2 || p.Items[0].Href != "#f-half" || p.Items[1].Text.String() != "no" {
		t.Errorf("%v", p)
	}
}

// TestShortAnswersStandInOneLine: a yes and a no in any language, and nothing that would
// have to be broken.
func TestShortAnswersStandInOneLine(t *testing.T) {
	of := func(texts ...string) (c Choices) {
		c.Two = true
		for _, s := range texts {
			c.Options = append(c.Options, Choice{Text: Plain(s)})
		}
		return c
	}
	under, one := of("Да", "Нет"), of("Да", "Нет")
	under.Options[0].Under = Plain("Threatened before")
	one.Two = false
	for _, c := range []struct {
		name    string
		choices Choices
		want    bool
	}{
		{"yes and no", of("Да", "Нет", "Не указано"), true},
		{"one is long", of("Да", "Непосредственный или уже происходит"), false},
		{"fourteen letters", of(strings.Repeat("ж", 14)), true},
		{"fifteen", of(strings.Repeat("ж", 15)), false},
		{"five", of("1", "2", "3", "4", "5"), false},
		{"with words under them", under, false},
		{"in one column", one, false},
	} {
		if got := c.choices.Brief(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
