package checklist

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The bounds of one answer, in bytes.
const (
	MaxValue = 64 << 10
	MaxNote  = 16 << 10
)

// The layouts of times, as XForms writes them.
const (
	dayLayout    = "2006-01-02"
	clockLayout  = "15:04:05.000Z07:00"
	momentLayout = "2006-01-02T15:04:05.000Z07:00"
)

// lexical turns what a person typed into what is stored. The zone of now is put to times
// that have none. An empty text is stored as empty.
func (q *Question) lexical(typed string, now time.Time) (string, error) {
	if err := plainText(typed, MaxValue); err != nil {
		return "", err
	}
	if q.Type == TypeText || q.Type == TypeHidden || q.Type == TypeCalculate {
		return typed, nil
	}
	s := strings.TrimFunc(typed, blank)
	if s == "" {
		return "", nil
	}
	switch q.Type {
	case TypeInteger:
		return wholeNumber(s)
	case TypeDecimal, TypeRange:
		return decimalNumber(s)
	case TypeDate:
		return calendarDay(s)
	case TypeTime:
		return clockTime(s, now)
	case TypeDateTime:
		return moment(s, now)
	case TypeSelectOne:
		return q.oneChoice(s)
	case TypeSelectMultiple:
		return q.someChoices(s, true)
	case TypeRank:
		return q.someChoices(s, false)
	case TypeGeopoint:
		return point(s)
	case TypeGeotrace, TypeGeoshape:
		return q.points(s)
	case TypeAcknowledge:
		return acknowledged(s)
	}
	return "", q.notAsked()
}

// notAsked says why a row takes no answer.
func (q *Question) notAsked() *Error {
	switch q.role {
	case attaches:
		return refused("later", "leave it open, or say in a state or a note why", "files cannot be attached yet")
	case remembers:
		return refused("computed", "", "%s is filled in by the program", q.Called)
	}
	return refused("not-a-question", "", "%s takes no answer", q.Called)
}

func plainText(s string, most int) error {
	switch {
	case len(s) > most:
		return refused("too-long", "shorten it", "the text has %d KiB; an answer may have %d KiB", len(s)>>10, most>>10)
	case !utf8.ValidString(s):
		return refused("not-text", "type it again", "what was given is not readable as text")
	case strings.ContainsRune(s, 0):
		return refused("not-text", "type it again", "the text holds a character that cannot be stored")
	}
	return nil
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200e' || r == '\u200f' }

// digits gives the digits of all scripts, and the signs that go with numbers, as ASCII
// has them.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case unicode.Is(unicode.Nd, r):
			return '0' + digitValue(r)
		case r == '\u066b': // the Arabic decimal separator
			return '.'
		case r == '\u2212' || r == '\u2012' || r == '\u2013': // minus, dashes
			return '-'
		case r == '\u066c' || blank(r): // the Arabic separator of thousands, blanks of all widths
			return ' '
		}
		return r
	}, s)
}

// digitValue counts back to the zero of a digit's script: digits stand in tens.
func digitValue(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

var (
	grouped   = regexp.MustCompile(`^[+-]?[0-9]{1,3}( [0-9]{3})+([.,][0-9]*)?$`)
	ambiguous = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2},[0-9]{3}$`)
	number    = regexp.MustCompile(`^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
)

// spelled brings a number to digits, a point and a minus, as far as its meaning is clear.
func spelled(typed string) (string, error) {
	s := digits(typed)
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, " ", "")
	}
	if ambiguous.MatchString(s) {
		return "", refused("not-a-number", "write "+strings.Replace(s, ",", "", 1)+" or "+strings.Replace(s, ",", ".", 1),
			"%q can be read in two ways", clipped(typed))
	}
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	s = strings.TrimPrefix(s, "+")
	if !number.MatchString(s) || len(s) > 40 {
		return "", refused("not-a-number", "write digits, as 12.5", "%q is not a number", clipped(typed))
	}
	return s, nil
}

func wholeNumber(typed string) (string, error) {
	s, err := spelled(typed)
	if err != nil {
		e := *err.(*Error)
		e.Cure = strings.Replace(e.Cure, "digits, as 12.5", "digits alone, as 12", 1)
		return "", &e
	}
	if whole, rest, ok := strings.Cut(s, "."); ok {
		if strings.Trim(rest, "0") != "" {
			return "", refused("not-whole", "write a number without a fraction, as 12", "%q is not a whole number", clipped(typed))
		}
		s = whole
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return "", refused("too-large", "write a number of up to 18 digits", "%q is too large", clipped(typed))
	}
	return strconv.FormatInt(n, 10), nil
}

func decimalNumber(typed string) (string, error) {
	s, err := spelled(typed)
	if err != nil {
		return "", err
	}
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	whole, fraction, point := strings.Cut(s, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	s = whole
	if point && fraction != "" {
		s += "." + fraction
	}
	if strings.Trim(s, "0.") == "" {
		sign = ""
	}
	return sign + s, nil
}

var dayFirst = regexp.MustCompile(`^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})$`)

func calendarDay(typed string) (string, error) {
	s := digits(typed)
	if day, err := time.Parse(dayLayout, s); err == nil && inYears(day) {
		return s, nil
	}
	cure := "write year, month and day, as 2026-11-20"
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		guess := fmt.Sprintf("%s-%02s-%02s", m[3], m[2], m[1])
		if day, err := time.Parse(dayLayout, guess); err == nil && inYears(day) {
			cure = "write " + guess
		}
	}
	return "", refused("not-a-date", cure, "%q is not a date", clipped(typed))
}

func inYears(t time.Time) bool { return t.Year() >= 1000 && t.Year() <= 9999 }

// zones are the ways in which a time may say its offset.
var zones = []string{"Z07:00", "Z0700", "Z07"}

// minuteLayouts are a day with its time, as people give it.
var minuteLayouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05"}

func inZone(layouts []string, s string, now time.Time) (time.Time, bool) {
	for _, layout := range layouts {
		for _, z := range zones {
			if t, err := time.Parse(layout+z, s); err == nil {
				return t, true
			}
		}
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func clockTime(typed string, now time.Time) (string, error) {
	// The day counts for the offset of zones with summer time.
	day := now.Format(dayLayout) + "T"
	t, ok := inZone(minuteLayouts, day+digits(typed), now)
	if !ok {
		return "", refused("not-a-time", "write hours and minutes, as 09:15", "%q is not a time", clipped(typed))
	}
	return t.Format(clockLayout), nil
}

func moment(typed string, now time.Time) (string, error) {
	s := strings.Replace(digits(typed), " ", "T", 1)
	t, ok := inZone(minuteLayouts, s, now)
	if !ok || !inYears(t) {
		return "", refused("not-a-moment", "write day and time, as 2026-11-20T09:15", "%q is not a day with a time", clipped(typed))
	}
	return t.Format(momentLayout), nil
}

func acknowledged(typed string) (string, error) {
	switch strings.ToLower(typed) {
	case "ok", "yes", "true", "1":
		return "OK", nil
	}
	return "", refused("not-acknowledged", "write OK, or leave it open", "%q does not acknowledge", clipped(typed))
}

func (q *Question) oneChoice(s string) (string, error) {
	switch {
	case q.list != nil && q.list.byName[s] != nil: // a name may hold a blank where only one is chosen
		return s, nil
	case strings.IndexFunc(s, unicode.IsSpace) >= 0:
		return "", refused("several-choices", "choose one", "%q are several choices", clipped(s))
	}
	return "", q.unknownChoice(s)
}

// chosen are the names of the choices in a value.
func (q *Question) chosen(value string) []string {
	if q.Type == TypeSelectOne {
		return []string{value}
	}
	return strings.Fields(value)
}

func (q *Question) unknownChoice(s string) *Error {
	cure := "choose one of the list"
	if q.list == nil || len(q.list.choices) == 0 {
		cure = "the list is empty, as a file that it is read from is missing"
	}
	return refused("unknown-choice", cure, "%q is not a choice of this question", clipped(s))
}

// someChoices reads names with blanks between. Where order says nothing they are stored
// in the order of the list, so that two who choose the same store the same.
func (q *Question) someChoices(s string, inOrder bool) (string, error) {
	names := strings.Fields(s)
	seen := map[string]bool{}
	for _, n := range names {
		if q.list == nil || q.list.byName[n] == nil {
			return "", q.unknownChoice(n)
		}
		if seen[n] && !inOrder {
			return "", refused("twice", "name each choice once", "%q stands twice in the order", clipped(n))
		}
		seen[n] = true
	}
	if inOrder {
		slices.SortStableFunc(names, func(a, b string) int { return q.list.byName[a].place - q.list.byName[b].place })
		names = slices.Compact(names)
	}
	return strings.Join(names, " "), nil
}

func point(typed string) (string, error) {
	bad := refused("not-a-place", "write latitude and longitude, as 37.95 58.38", "%q is not a place", clipped(typed))
	parts := strings.Fields(strings.ReplaceAll(digits(typed), ", ", " "))
	if len(parts) == 1 {
		parts = strings.Split(parts[0], ",")
	}
	if len(parts) < 2 || len(parts) > 4 {
		return "", bad
	}
	for i, bound := range []float64{90, 180, math.MaxFloat64, math.MaxFloat64} {
		if i == len(parts) {
			parts = append(parts, "0")
		}
		s, err := decimalNumber(parts[i])
		if err != nil {
			return "", bad
		}
		if v, err := strconv.ParseFloat(s, 64); err != nil || math.Abs(v) > bound || i == 3 && v < 0 {
			return "", bad
		}
		parts[i] = s
	}
	return strings.Join(parts, " "), nil
}

func (q *Question) points(typed string) (string, error) {
	var out []string
	for _, p := range strings.FieldsFunc(typed, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimFunc(p, blank) == "" {
			continue
		}
		s, err := point(strings.TrimFunc(p, blank))
		if err != nil {
			return "", err
		}
		out = append(out, s)
	}
	if q.Type == TypeGeotrace && len(out) < 2 {
		return "", refused("not-a-line", "give two places or more, with ; between", "a line has two places or more")
	}
	if q.Type == TypeGeoshape && (len(out) < 4 || out[0] != out[len(out)-1]) {
		return "", refused("not-a-shape", "give three places or more with ; between, and the first again at the end", "an area ends where it begins")
	}
	return strings.Join(out, "; "), nil
}

// stateNames are the states as choices of a list are called.
var stateNames = map[daylightv1.AnswerState]string{
	daylightv1.AnswerState_ANSWER_STATE_NOT_ASKED:      "not_asked",
	daylightv1.AnswerState_ANSWER_STATE_REFUSED:        "refused",
	daylightv1.AnswerState_ANSWER_STATE_NOT_APPLICABLE: "not_applicable",
	daylightv1.AnswerState_ANSWER_STATE_NOT_ALLOWED_IN: "not_allowed_in",
	daylightv1.AnswerState_ANSWER_STATE_NOT_KNOWN:      "not_known",
}

// StateName is a state as lists of choices call it, as not_asked; empty for an answer,
// for none, and for a state that this program does not know.
func StateName(s daylightv1.AnswerState) string { return stateNames[s] }

// StateNamed is the state of that name; 0 for another name.
func StateNamed(name string) daylightv1.AnswerState { return namedStates[name] }

var namedStates = func() map[string]daylightv1.AnswerState {
	out := map[string]daylightv1.AnswerState{}
	for s, name := range stateNames {
		out[name] = s
	}
	return out
}()
