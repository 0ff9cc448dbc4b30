package register

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// foldText is text for comparing: Unicode form, case and spaces do not count.
func foldText(s string) string {
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFC.String(s))), " ")
}

// empties are the ways of writing nothing, folded.
var empties = []string{"", "na", "n/a", "n.a.", "#n/a", "-", "--", "–", "—", "null", "none", "nil", "nan", "#ref!", "#value!", "?",
	"н/д", "нет данных", "немає даних"}

// clean gives a cell's text, with nothing for the ways of writing nothing.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\uFEFF'
	}), " ")
	if slices.Contains(empties, foldText(s)) {
		return ""
	}
	return s
}

// parts cuts a cell that holds several values.
func parts(s string) (out []string) {
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == ';' }) {
		if p = clean(p); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

var grouped = regexp.MustCompile(`^\d{1,3}(?:[ ,'\x{00A0}\x{202F}]\d{3})+$`)

// count reads a number of persons: 1234, 1 234, 1,234 or 1234.0.
func count(s string) (uint32, bool) {
	if grouped.MatchString(s) {
		s = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
	}
	if whole, rest, ok := strings.Cut(s, "."); ok && rest != "" && strings.Trim(rest, "0") == "" && len(rest) < 3 {
		s = whole
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// degrees reads a coordinate, also with a decimal comma.
func degrees(s string) (float64, bool) {
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

var (
	yes = []string{"1", "yes", "y", "true", "t", "x", "да", "так", "hawa", "+", "✓"}
	no  = []string{"0", "no", "n", "false", "f", "нет", "ні", "ýok"}
)

func truth(s string) (is, ok bool) {
	f := foldText(s)
	return slices.Contains(yes, f), slices.Contains(yes, f) || slices.Contains(no, f)
}

var states = map[string]daylightv1.FacilityState{
	"active": daylightv1.FacilityState_FACILITY_STATE_ACTIVE, "open": daylightv1.FacilityState_FACILITY_STATE_ACTIVE,
	"operational": daylightv1.FacilityState_FACILITY_STATE_ACTIVE, "operating": daylightv1.FacilityState_FACILITY_STATE_ACTIVE,
	"in use": daylightv1.FacilityState_FACILITY_STATE_ACTIVE, "действует": daylightv1.FacilityState_FACILITY_STATE_ACTIVE,
	"действующее": daylightv1.FacilityState_FACILITY_STATE_ACTIVE, "діє": daylightv1.FacilityState_FACILITY_STATE_ACTIVE,
	"closed": daylightv1.FacilityState_FACILITY_STATE_CLOSED, "inactive": daylightv1.FacilityState_FACILITY_STATE_CLOSED,
	"закрыто": daylightv1.FacilityState_FACILITY_STATE_CLOSED, "ликвидировано": daylightv1.FacilityState_FACILITY_STATE_CLOSED,
	"закрито": daylightv1.FacilityState_FACILITY_STATE_CLOSED, "ліквідовано": daylightv1.FacilityState_FACILITY_STATE_CLOSED,
	"temporary": daylightv1.FacilityState_FACILITY_STATE_TEMPORARY, "временно": daylightv1.FacilityState_FACILITY_STATE_TEMPORARY,
	"тимчасово":   daylightv1.FacilityState_FACILITY_STATE_TEMPORARY,
	"unconfirmed": daylightv1.FacilityState_FACILITY_STATE_UNCONFIRMED,
}

func stateOf(s string) (daylightv1.FacilityState, bool) {
	if is, ok := truth(s); ok {
		if is {
			return daylightv1.FacilityState_FACILITY_STATE_ACTIVE, true
		}
		return daylightv1.FacilityState_FACILITY_STATE_CLOSED, true
	}
	v, ok := states[foldText(s)]
	return v, ok
}

var sexWords = map[string][]daylightv1.Sex{
	"male": {daylightv1.Sex_SEX_MALE}, "m": {daylightv1.Sex_SEX_MALE}, "men": {daylightv1.Sex_SEX_MALE},
	"м": {daylightv1.Sex_SEX_MALE}, "мужской": {daylightv1.Sex_SEX_MALE}, "мужчины": {daylightv1.Sex_SEX_MALE}, "чоловіча": {daylightv1.Sex_SEX_MALE}, "чоловіки": {daylightv1.Sex_SEX_MALE},
	"female": {daylightv1.Sex_SEX_FEMALE}, "f": {daylightv1.Sex_SEX_FEMALE}, "women": {daylightv1.Sex_SEX_FEMALE},
	"ж": {daylightv1.Sex_SEX_FEMALE}, "женский": {daylightv1.Sex_SEX_FEMALE}, "женщины": {daylightv1.Sex_SEX_FEMALE}, "жіноча": {daylightv1.Sex_SEX_FEMALE}, "жінки": {daylightv1.Sex_SEX_FEMALE},
	"mixed": both, "both": both, "co-gender": both, "coed": both, "co-ed": both, "all": both, "смешанный": both, "змішана": both,
}

var both = []daylightv1.Sex{daylightv1.Sex_SEX_FEMALE, daylightv1.Sex_SEX_MALE}

// sexes reads which sexes a place holds; false for a word that it does not know.
func sexes(s string) (out []daylightv1.Sex, ok bool) {
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("|;,/&+", r) }) {
		found, ok := sexWords[foldText(w)]
		if !ok {
			return nil, false
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out), len(out) > 0
}

// excelEpoch is day 0 of a spreadsheet's dates.
var excelEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// A dateDoubt is what had to be supposed to read a date.
type dateDoubt string

var (
	isoDate   = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)
	slashed   = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})$`)
	serial    = regexp.MustCompile(`^\d{5}$`)
	timeAfter = regexp.MustCompile(`[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$`)
)

// date reads a date that may be partial or have passed through a spreadsheet,
// and says what it had to suppose. Empty: it cannot be read.
func date(s string) (string, dateDoubt) {
	s = timeAfter.ReplaceAllString(s, "")
	if isoDate.MatchString(s) {
		return real(s), ""
	}
	if m := slashed.FindStringSubmatch(s); m != nil {
		return dayAndMonth(m[1], m[3], m[4], m[2] == ".")
	}
	if serial.MatchString(s) {
		n, _ := strconv.Atoi(s)
		return real(excelEpoch.AddDate(0, 0, n).Format(time.DateOnly)), "it was read as a spreadsheet's day number"
	}
	for _, layout := range []string{"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "2-Jan-2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return real(t.Format(time.DateOnly)), ""
		}
	}
	return "", ""
}

// dayAndMonth reads 5.3.1999 as the fifth of March, and keeps only the year of
// 5/3/1999, which half of the world reads the other way round.
func dayAndMonth(a, b, year string, dots bool) (string, dateDoubt) {
	day, _ := strconv.Atoi(a)
	month, _ := strconv.Atoi(b)
	switch {
	case dots, day > 12 && month <= 12, day == month:
	case month > 12 && day <= 12:
		day, month = month, day
	default:
		return real(year), "day and month cannot be told apart, so only the year was kept"
	}
	return real(year + "-" + two(month) + "-" + two(day)), ""
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// real gives back a date that exists within the years that records take.
func real(s string) string {
	layout := "2006-01-02"[:min(len(s), 10)]
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1800 || t.Year() > 2199 {
		return ""
	}
	return s
}

// mangled are codes that a spreadsheet has turned into something else.
var mangled = regexp.MustCompile(`(?i)^(\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}|\d(\.\d+)?E\+\d+)$`)

// pseudo are names that stand for no place, folded.
var pseudo = regexp.MustCompile(`(?i)^(state ?-?wide|nation ?-?wide|all facilities|all prisons|(grand )?totals?|sub ?totals?|various|unknown|other|всего|итого|усього|разом|jemi)( .*)?$`)
