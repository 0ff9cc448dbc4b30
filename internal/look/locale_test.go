package look

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// ashgabat is five hours ahead of UTC, all year.
var ashgabat = time.FixedZone("Asia/Ashgabat", 5*60*60)

// now is Tuesday 17 November 2026, 14:02 in Ashgabat.
var now = time.Date(2026, 11, 17, 9, 2, 0, 0, time.UTC)

func reader(tag string) *Locale { return Words().Locale(tag, ashgabat, now) }

func TestDatesAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for tag, want := range map[string][3]string{
		"en": {"17 November 2026", "Tuesday 17 November", "17 Nov 2025"},
		"ru": {"17 ноября 2026 г.", "вторник, 17 ноября", "17 нояб. 2025 г."},
		"uk": {"17 листопада 2026 р.", "вівторок, 17 листопада", "17 лист. 2025 р."},
		"tk": {"2026 ý. 17-nji noýabr", "17-nji noýabr, sişenbe", "2025 ý. 17-nji noý."},
		"ar": {"17 نوفمبر 2026", "الثلاثاء 17 نوفمبر", "17 نوفمبر 2025"},
	} {
		l := reader(tag)
		got := [3]string{l.Day(now).String(), l.Weekday(now).String(), l.ShortDay(now.AddDate(-1, 0, 0)).String()}
		if got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}

func TestATimeHasItsDateWhenNotToday(t *testing.T) {
	l := reader("en")
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{now, "today 14:02"},
		{time.Date(2026, 11, 16, 19, 0, 0, 0, time.UTC), "today 00:00"}, // midnight on the wall, not in UTC
		{time.Date(2026, 11, 16, 18, 59, 0, 0, time.UTC), "yesterday 23:59"},
		{now.AddDate(0, 0, 1), "tomorrow 14:02"},
		{now.AddDate(0, 0, -2), "15 Nov 14:02"},
		{now.AddDate(-1, 0, 0), "17 Nov 2025 14:02"},
		{time.Time{}, ""},
	} {
		if got := l.When(c.at).String(); got != c.want {
			t.Errorf("%s is %q, want %q", c.at, got, c.want)
		}
	}
	if got := string(l.Clock(now).HTML()); got != `<time datetime="2026-11-17T14:02:00+05:00"><bdi dir="ltr">14:02</bdi></time>` {
		t.Errorf("for programs: %s", got)
	}
	if got := l.ClockOrWhen(now).String() + " " + l.ClockOrWhen(now.AddDate(0, 0, -1)).String(); got != "14:02 yesterday 14:02" {
		t.Errorf("beside what was saved: %s", got)
	}
}

func TestPeriodsAreShortWhereTheyCanBe(t *testing.T) {
	for _, c := range []struct {
		tag      string
		from, to time.Time
		want     string
	}{
		{"en", now, now, "17 Nov"}, {"en", now, now.AddDate(0, 0, 1), "17–18 Nov"}, {"tk", now, now.AddDate(0, 0, 1), "17–18-nji noý."},
		{"en", now, now.AddDate(0, 0, 20), "17 Nov – 7 Dec"}, {"ru", now.AddDate(-1, 0, 0), now, "17 нояб. 2025 г. – 17 нояб."},
		{"en", now, time.Time{}, "17 Nov"}, {"en", time.Time{}, time.Time{}, ""},
	} {
		if got := reader(c.tag).Period(c.from, c.to).String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestSpansCountAsTheLanguageCounts(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct{ tag, got, want string }{
		{"en", reader("en").Long(6*time.Hour + 20*time.Minute).String(), "6 h 20 min"},
		{"en", reader("en").Long(2 * time.Hour).String(), "2 h"},
		{"en", reader("en").Long(47 * time.Hour).String(), "47 h"},
		{"en", reader("en").Long(3 * day).String(), "3 days"},
		{"ru", reader("ru").Long(21 * day).String(), "21 день"},
		{"ru", reader("ru").Long(3 * day).String(), "3 дня"},
		{"ru", reader("ru").Long(12 * day).String(), "12 дней"},
		{"ar", reader("ar").Long(2 * day).String(), "يومان"},
		{"ar", reader("ar").Long(3 * day).String(), "3 أيام"},
		{"ar", reader("ar").Long(11 * day).String(), "11 يومًا"},
		{"ar", reader("ar").Long(100 * day).String(), "100 يوم"},
		{"tk", reader("tk").Long(12 * day).String(), "12 gün"},
		{"en", reader("en").Ago(now.Add(-3 * time.Hour)).String(), "3 h ago"},
		{"en", reader("en").Ago(now.Add(3 * time.Hour)).String(), "in 3 h"},
		{"en", reader("en").Ago(now).String(), "just now"},
		{"en", reader("en").Late(now.AddDate(0, 0, -12)).String(), "12 days late"},
		{"en", reader("en").Late(now.AddDate(0, 0, -1)).String(), "1 day late"},
		{"en", reader("en").Late(now).String(), "due today"},
		{"uk", reader("uk").Late(now.AddDate(0, 0, 4)).String(), "залишилося 4 дні"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.tag, c.got, c.want)
		}
	}
}

func TestTurkmenDaysHaveTheirEndings(t *testing.T) {
	l := reader("tk")
	for day, want := range map[int]string{1: "1-nji", 6: "6-njy", 9: "9-njy", 10: "10-njy", 16: "16-njy", 20: "20-nji", 29: "29-njy", 30: "30-njy", 31: "31-nji"} {
		if got := l.dayOfMonth(day); got != want {
			t.Errorf("%d is %s, want %s", day, got, want)
		}
	}
}

func TestNumbersHaveTheirUnitsAndGaps(t *testing.T) {
	for _, c := range []struct {
		what string
		got  Text
		want string
	}{
		{"four digits stay whole", reader("en").Number(2026), "2026"},
		{"thousands", reader("ar").Number(48213), "48\u202f213"},
		{"millions below nothing", reader("ru").Number(-1234567), "\u22121\u202f234\u202f567"},
		{"a comma", reader("ru").Decimal(26.4, -1), "26,4"},
		{"a point", reader("en").Decimal(26.4, -1), "26.4"},
		{"digits asked for", reader("tk").Decimal(12345.678, 2), "12\u202f345,68"},
		{"no minus nothing", reader("en").Decimal(-0.001, 1), "0.0"},
		{"a unit", reader("ru").Measure(26.4, "m2"), "26,4\u00a0м²"},
		{"a unit nobody knows", reader("ru").Measure(3, "<b>"), "3\u00a0<b>"},
		{"a share", reader("en").Percent(0.914), "91%"},
		{"a share in Russian", reader("ru").Percent(0.914), "91\u00a0%"},
		{"of how many", reader("en").Of(7, 12), "7 / 12"},
		{"a small file", reader("en").Bytes(999), "999\u00a0B"},
		{"a file", reader("ru").Bytes(4_100_000), "4,1\u00a0МБ"},
		{"a large file", reader("en").Bytes(22_400_000), "22\u00a0MB"},
		{"one", reader("en").List(Plain("a")), "a"},
		{"two", reader("ru").List(Plain("a"), Plain("b")), "a и b"},
		{"three", reader("ar").List(Plain("أ"), Plain("ب"), Plain("ج")), "أ، ب وج"},
		{"none", reader("en").List(), ""},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestTheLanguageIsTheNearestOne(t *testing.T) {
	for _, c := range []struct{ cookie, accept, want string }{
		{"", "", "en"}, {"", "ru-RU,ru;q=0.9,en;q=0.8", "ru"}, {"", "uk-UA", "uk"}, {"", "tk-TM,ru;q=0.5", "tk"}, {"", "ar-EG", "ar"},
		{"", "hy,fr;q=0.5,ru;q=0.1", "ru"}, {"", "hy", "en"}, {"", "fr", "en"}, {"", ";;;", "en"},
		{"tk", "ru", "tk"}, {"xx", "ru", "ru"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", c.accept)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
		}
		if got := LanguageOf(r); got != c.want {
			t.Errorf("%q %q gives %s, want %s", c.cookie, c.accept, got, c.want)
		}
	}
	for asked, want := range map[string]string{"ru": "ru", "kk": "ru", "uk-UA": "uk", "hy": "en", "": "en", "nonsense!": "en"} {
		if got := Words().Locale(asked, nil, now).Tag; got != want {
			t.Errorf("%q is answered in %s, want %s", asked, got, want)
		}
	}
}

func TestWhatAPersonChoseIsRemembered(t *testing.T) {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "https://office.example/", nil)
	SetLanguage(w, r, "tk")
	SetTheme(w, r, ThemeSun)
	SetTheme(w, r, "nonsense")
	SetLanguage(w, r, "xx")
	cookies := w.Result().Cookies()
	if len(cookies) != 4 || cookies[0].Value != "tk" || !cookies[0].HttpOnly || !cookies[0].Secure || cookies[1].Value != "sun" || cookies[1].HttpOnly ||
		cookies[2].MaxAge >= 0 || cookies[3].MaxAge >= 0 {
		t.Errorf("%v", cookies)
	}
	r.AddCookie(cookies[1])
	if ThemeOf(r) != ThemeSun {
		t.Error("the theme is forgotten")
	}
	if ThemeOf(httptest.NewRequest(http.MethodGet, "/", nil)) != ThemeAuto {
		t.Error("nobody chose a theme, and there is one")
	}
	if !strings.Contains(string(LanguageName("ar").HTML()), `lang="ar"`) {
		t.Error("a language's own name is not marked as such")
	}
}
