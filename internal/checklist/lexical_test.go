package checklist

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhatIsUnderstoodAsAnAnswer(t *testing.T) {
	f := compiled(t, []row{
		{"integer", "i"}, {"decimal", "d"}, {"date", "day"}, {"time", "at"}, {"dateTime", "when"}, {"text", "text"}, {"geopoint", "p"}, {"geotrace", "line"},
		{"geoshape", "shape"}, {"acknowledge", "ok"}, {"select_one l", "one"}, {"select_multiple l", "some"}, {"rank l", "order"}, {"range", "r"}, {"image", "photo"},
	}, choiceRow{"l", "a"}, choiceRow{"l", "b"}, choiceRow{"l", "c"})
	for _, c := range []struct{ question, typed, want, cure string }{
		{"i", "12", "12", ""}, {"i", " 12 ", "12", ""}, {"i", "+5", "5", ""}, {"i", "-0", "0", ""}, {"i", "007", "7", ""}, {"i", "12.0", "12", ""},
		{"i", "١٢", "12", ""}, {"i", "−۳", "-3", ""}, {"i", "१२३", "123", ""}, {"i", "12\u00a0000", "12000", ""}, {"i", "1 234 567", "1234567", ""},
		{"i", "9223372036854775807", "9223372036854775807", ""}, {"i", "9223372036854775808", "", "up to 18 digits"},
		{"i", "12.5", "", "without a fraction"}, {"i", "about 12", "", "digits alone"}, {"i", "1e3", "", "digits alone"}, {"i", "12 13", "", "digits"}, {"i", "0x1f", "", "digits"},
		{"d", "12,5", "12.5", ""}, {"d", "12.50", "12.50", ""}, {"d", ".5", "0.5", ""}, {"d", "5.", "5", ""}, {"d", "-0.0", "0.0", ""}, {"d", "٣٫٥", "3.5", ""},
		{"d", "12 345,6", "12345.6", ""}, {"d", "1,234", "", "write 1234 or 1.234"}, {"d", "0,125", "0.125", ""}, {"d", "1.2.3", "", "as 12.5"}, {"d", "1,2,3", "", "as 12.5"}, {"d", "NaN", "", "as 12.5"},
		{"r", "7", "7", ""}, {"d", strings.Repeat("9", 50), "", "as 12.5"},
		{"day", "2026-11-20", "2026-11-20", ""}, {"day", "٢٠٢٦-١١-٢٠", "2026-11-20", ""}, {"day", "20.11.2026", "", "write 2026-11-20"}, {"day", "1/2/2026", "", "write 2026-02-01"},
		{"day", "2026-02-30", "", "as 2026-11-20"}, {"day", "0999-01-01", "", "as 2026"}, {"day", "2024-02-29", "2024-02-29", ""}, {"day", "2026-1-2", "", "as 2026"}, {"day", "31.02.2026", "", "as 2026-11-20"},
		{"at", "9:15", "09:15:00.000+05:00", ""}, {"at", "09:15", "09:15:00.000+05:00", ""}, {"at", "09:15:30.250+03:00", "09:15:30.250+03:00", ""}, {"at", "25:00", "", "as 09:15"}, {"at", "noon", "", "as 09:15"},
		{"when", "2026-11-20T09:15", "2026-11-20T09:15:00.000+05:00", ""}, {"when", "2026-11-20 09:15", "2026-11-20T09:15:00.000+05:00", ""}, {"when", "2026-11-20T09:15:00Z", "2026-11-20T09:15:00.000Z", ""},
		{"when", "2026-11-20", "", "as 2026-11-20T09:15"}, {"text", " as it is\n", " as it is\n", ""}, {"text", "a\x00b", "", "type it again"}, {"text", "a\xffb", "", "type it again"},
		{"text", strings.Repeat("x", MaxValue+1), "", "shorten it"}, {"p", "37.95 58.38", "37.95 58.38 0 0", ""}, {"p", "37.95, 58.38", "37.95 58.38 0 0", ""}, {"p", "37.95,58.38", "37.95 58.38 0 0", ""},
		{"p", "91 0", "", "latitude"}, {"p", "1 2 3 4 5", "", "latitude"}, {"p", "1 2 3 -4", "", "latitude"}, {"line", "1 2; 3 4", "1 2 0 0; 3 4 0 0", ""}, {"line", "1 2", "", "two places"},
		{"shape", "1 2;3 4;5 6;1 2", "1 2 0 0; 3 4 0 0; 5 6 0 0; 1 2 0 0", ""}, {"shape", "1 2;3 4;5 6", "", "again at the end"}, {"ok", "ok", "OK", ""}, {"ok", "no", "", "write OK"},
		{"one", "a", "a", ""}, {"one", "a b", "", "choose one"}, {"one", "z", "", "choose one of the list"}, {"some", "c  a c", "a c", ""}, {"some", "a z", "", "choose one of the list"},
		{"order", "c a", "c a", ""}, {"order", "c a b", "c a b", ""}, {"order", "c a c", "", "each choice once"}, {"photo", "x.jpg", "", "state or a note"},
	} {
		x := begun(t, f)
		got, err := x.Set(Key{Question: c.question}, Given{Value: c.typed})
		switch {
		case c.cure == "" && err != nil:
			t.Errorf("%s %.40q: %v", c.question, c.typed, err)
		case c.cure != "" && (err == nil || !strings.Contains(err.(*Error).Cure, c.cure)):
			t.Errorf("%s %.40q gave %q and %v", c.question, c.typed, got.Value, err)
		case c.cure == "" && (got.Value != c.want || got.Rewritten != (c.want != c.typed)):
			t.Errorf("%s %.40q is %q, rewritten %v", c.question, c.typed, got.Value, got.Rewritten)
		case c.cure != "" && len(x.r.GetAnswers()) > 0:
			t.Errorf("%s %.40q was refused and stored", c.question, c.typed)
		}
	}
}

func TestTextsForPeople(t *testing.T) {
	x := filling(t, []row{{"decimal", "d"}, {"calculate", "c", "calculation", "1"}, {"note", "n"}, {"text", "ro", "read_only", "yes"}})
	for key, want := range map[string]string{
		"d": `"12,5 m" is not a number: write digits, as 12.5`, "c": "c is calculated, or filled in by the program", "n": "n takes no answer",
		"ro": "ro can only be read here", "zz": `the form has no question "zz", or not in that turn`,
	} {
		if _, err := x.Set(ParseKey(key), Given{Value: "12,5 m"}); err == nil || err.Error() != want {
			t.Errorf("%s says %v", key, err)
		}
	}
	if _, err := x.Set(Key{Question: "d"}, Given{Value: "1", State: 3}); err == nil {
		t.Error("a state and a value were taken together")
	}
}

// What is stored is understood as itself, so that a device may set what another stored.
func TestStoredIsUnderstoodAsItself(t *testing.T) {
	f := compiled(t, []row{{"integer", "i"}, {"decimal", "d"}, {"date", "day"}, {"time", "at"}, {"dateTime", "when"}, {"geopoint", "p"}, {"select_multiple l", "some"}, {"text", "t"}}, choiceRow{"l", "a"}, choiceRow{"l", "b"})
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.SampledFrom(f.questions).Draw(t, "question")
		s := rapid.StringMatching(`[-+]?[0-9٠-٩ ]{0,6}[.,:T -]?[0-9ab ]{0,6}([-:][0-9]{2}){0,3}Z?`).Draw(t, "typed")
		once, err := q.lexical(s, clock)
		if err != nil {
			return
		}
		twice, err := q.lexical(once, clock.Add(time.Hour))
		if err != nil || once != twice {
			t.Fatalf("%s %q is stored as %q, and that as %q: %v", q.Name, s, once, twice, err)
		}
	})
}

func FuzzLexical(f *testing.F) {
	form, _ := Compile(sheet([]row{{"integer", "i"}, {"decimal", "d"}, {"date", "day"}, {"time", "at"}, {"dateTime", "when"}, {"geopoint", "p"}, {"geoshape", "s"}, {"rank l", "r"}}, choiceRow{"l", "a"}))
	for _, s := range []string{"1,234.5", "٣٫٥", "2026-11-20T09:15:00.000+05:00", "1 2; 3 4", "a a", "-.", "\u066c1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, q := range form.questions {
			once, err := q.lexical(s, clock)
			if err != nil {
				continue
			}
			if twice, err := q.lexical(once, clock); err != nil || twice != once {
				t.Fatalf("%s %q is stored as %q, and that as %q: %v", q.Name, s, once, twice, err)
			}
		}
	})
}
