package look

import (
	"fmt"
	"html/template"
	"time"
)

// names of months and days, from January and from Sunday. The months of Russian and
// Ukrainian are in the genitive, as they stand in a date.
type calendar struct {
	months, short, days [12]string
}

var calendars = map[string]calendar{
	"en": {
		[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		[12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		[12]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}},
	"ru": {
		[12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		[12]string{"янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."},
		[12]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"}},
	"uk": {
		[12]string{"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"},
		[12]string{"січ.", "лют.", "бер.", "квіт.", "трав.", "черв.", "лип.", "серп.", "вер.", "жовт.", "лист.", "груд."},
		[12]string{"неділя", "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота"}},
	"tk": {
		[12]string{"ýanwar", "fewral", "mart", "aprel", "maý", "iýun", "iýul", "awgust", "sentýabr", "oktýabr", "noýabr", "dekabr"},
		[12]string{"ýan.", "few.", "mart", "apr.", "maý", "iýun", "iýul", "awg.", "sen.", "okt.", "noý.", "dek."},
		[12]string{"ýekşenbe", "duşenbe", "sişenbe", "çarşenbe", "penşenbe", "anna", "şenbe"}},
	"ar": {
		[12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		[12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		[12]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"}},
}

// stamped puts a text into a <time> that a program can read.
func stamped(machine string, words Text) Text {
	return wrapped(template.HTML(`<time datetime="`+template.HTMLEscapeString(machine)+`">`), words, "</time>")
}

// Clock is the time of day, 14:02.
func (l *Locale) Clock(t time.Time) Text {
	if t.IsZero() {
		return nil
	}
	t = t.In(l.Zone)
	return stamped(t.Format(time.RFC3339), Code(t.Format("15:04")))
}

// Day is a date with its year: 17 November 2026.
func (l *Locale) Day(t time.Time) Text { return l.date(t, calendar.long, true) }

// ShortDay is a date in short: 17 Nov, and its year when that is not this one.
func (l *Locale) ShortDay(t time.Time) Text {
	return l.date(t, calendar.brief, t.In(l.Zone).Year() != l.Now.Year())
}

// Weekday is a date with its day of the week: Tuesday 17 November.
func (l *Locale) Weekday(t time.Time) Text {
	if t.IsZero() {
		return nil
	}
	day := Plain(calendars[l.Tag].days[t.In(l.Zone).Weekday()])
	return l.Say("date.weekday", "weekday", day, "date", l.date(t, calendar.long, t.In(l.Zone).Year() != l.Now.Year()))
}

func (c calendar) long(m time.Month) string  { return c.months[m-1] }
func (c calendar) brief(m time.Month) string { return c.short[m-1] }

func (l *Locale) date(t time.Time, month func(calendar, time.Month) string, year bool) Text {
	if t.IsZero() {
		return nil
	}
	t = t.In(l.Zone)
	name := Plain(month(calendars[l.Tag], t.Month()))
	day := Plain(l.dayOfMonth(t.Day()))
	words := l.Say("date.day", "day", day, "month", name)
	if year {
		words = l.Say("date.day-year", "day", day, "month", name, "year", Plain(fmt.Sprint(t.Year())))
	}
	return stamped(t.Format(time.DateOnly), words)
}

// dayOfMonth is the number as it is written in a date; in Turkmen it is an ordinal, whose
// ending follows the vowels of the number.
func (l *Locale) dayOfMonth(n int) string {
	if l.Tag != "tk" {
		return fmt.Sprint(n)
	}
	switch n % 10 {
	case 6, 9:
		return fmt.Sprintf("%d-njy", n)
	case 0:
		if n == 10 || n == 30 {
			return fmt.Sprintf("%d-njy", n)
		}
	}
	return fmt.Sprintf("%d-nji", n)
}

// When is a moment as people say it: "today 14:02", "yesterday 20:40", "17 Nov 13:16",
// with the year when it is not this one.
func (l *Locale) When(t time.Time) Text {
	if t.IsZero() {
		return nil
	}
	switch clock := l.Clock(t); l.daysAgo(t) {
	case 0:
		return l.Say("date.today", "clock", clock)
	case 1:
		return l.Say("date.yesterday", "clock", clock)
	case -1:
		return l.Say("date.tomorrow", "clock", clock)
	default:
		return l.Say("date.day-clock", "date", l.ShortDay(t), "clock", clock)
	}
}

// Moment is a moment in full, for histories and documents: 17 November 2026, 14:02.
func (l *Locale) Moment(t time.Time) Text {
	if t.IsZero() {
		return nil
	}
	return l.Say("date.moment", "date", l.Day(t), "clock", l.Clock(t))
}

// ClockOrWhen is the time of day alone when it is today, as beside "Saved on this phone".
func (l *Locale) ClockOrWhen(t time.Time) Text {
	if l.daysAgo(t) == 0 {
		return l.Clock(t)
	}
	return l.When(t)
}

// Period is the days from one to another: "17–18 Nov 2026".
func (l *Locale) Period(from, to time.Time) Text {
	if from.IsZero() || to.IsZero() || l.daysBetween(from, to) == 0 {
		return firstOf(l.ShortDay(from), l.ShortDay(to))
	}
	a, b := from.In(l.Zone), to.In(l.Zone)
	if a.Month() == b.Month() && a.Year() == b.Year() && a.Year() == l.Now.Year() {
		return l.Say("date.days", "from", stamped(a.Format(time.DateOnly), Plain(fmt.Sprint(a.Day()))), "to", stamped(b.Format(time.DateOnly), Plain(l.dayOfMonth(b.Day()))),
			"month", Plain(calendars[l.Tag].brief(b.Month())))
	}
	return l.Say("date.period", "from", l.ShortDay(from), "to", l.ShortDay(to))
}

func firstOf(texts ...Text) Text {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

// daysAgo counts midnights on the wall, not 24 hours.
func (l *Locale) daysAgo(t time.Time) int { return l.daysBetween(t, l.Now) }

func (l *Locale) daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(l.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(b).Sub(day(a)).Hours() / 24)
}

// Long is a length of time in its two largest steps: "6 h 20 min", "3 days".
func (l *Locale) Long(d time.Duration) Text {
	if d < 0 {
		d = -d
	}
	minutes := int(d.Round(time.Minute) / time.Minute)
	hours, days := minutes/60, minutes/(24*60)
	switch {
	case days >= 2:
		return l.Say("span.days", "n", days)
	case hours >= 1 && minutes%60 != 0:
		return l.Say("span.hours-minutes", "hours", hours, "minutes", minutes%60)
	case hours >= 1:
		return l.Say("span.hours", "n", hours)
	default:
		return l.Say("span.minutes", "n", minutes)
	}
}

// Ago is "3 h ago"; a moment to come is "in 3 h".
func (l *Locale) Ago(t time.Time) Text {
	if t.After(l.Now) {
		return l.Say("span.in", "span", l.Long(t.Sub(l.Now)))
	}
	if l.Now.Sub(t) < time.Minute {
		return l.Say("span.now")
	}
	return l.Say("span.ago", "span", l.Long(l.Now.Sub(t)))
}

// Late says how many days a day is over: "12 days late", or how many are left.
func (l *Locale) Late(due time.Time) Text {
	switch days := l.daysAgo(due); {
	case days > 0:
		return l.Say("span.days-late", "n", days)
	case days == 0:
		return l.Say("span.due-today")
	default:
		return l.Say("span.days-left", "n", -days)
	}
}
