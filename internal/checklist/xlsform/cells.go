package xlsform

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// styles say which of a workbook's cell formats show a number as a date or a time.
type styles struct {
	from1904 bool
	dates    []bool // by the number of the format
}

// The number formats that have no text in the file, by their numbers: dates and times,
// also those of East Asian calendars.
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

func (w *workbook) readStyles(name string) error {
	data, err := w.part(name)
	if err != nil {
		return err
	}
	s, own, inside := scanner{data: data}, map[int]bool{}, false
	for t := s.next(); t.kind != endOfFile; t = s.next() {
		switch {
		case t.name == "numFmt" && t.kind != closes:
			if id, err := strconv.Atoi(t.attr("numFmtId")); err == nil {
				own[id] = dateFormat(t.attr("formatCode"))
			}
		case t.name == "cellXfs":
			inside = t.kind == opens
		case t.name == "xf" && inside && t.kind != closes:
			id, _ := strconv.Atoi(t.attr("numFmtId"))
			is, custom := own[id]
			w.styles.dates = append(w.styles.dates, is || !custom && builtInDate(id))
		}
	}
	if s.bad {
		return errDamaged
	}
	return nil
}

// dateFormat reports whether a number format shows a date or a time: it has one of
// their letters outside quotes, brackets and escapes.
func dateFormat(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := byte('"')
			if c == '[' {
				end = ']'
			}
			n := strings.IndexByte(code[i+1:], end)
			if n < 0 {
				return false
			}
			if inside := strings.ToLower(code[i+1 : i+1+n]); c == '[' && strings.Trim(inside, "hms") == "" && inside != "" {
				return true // [h]:mm, hours beyond a day
			}
			i += n + 1
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return true
		}
	}
	return false
}

// value makes a cell of what stands in the file: its type, its style, its text.
func (w *workbook) value(kind, style, raw string) Cell {
	if raw == "" {
		return Cell{}
	}
	switch kind {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(raw)); err == nil && n >= 0 && n < len(w.strings) {
			return Cell{Text: w.strings[n]}
		}
		return Cell{}
	case "b":
		if raw == "1" || strings.EqualFold(raw, "true") {
			return Cell{Text: "TRUE", Kind: Bool}
		}
		return Cell{Text: "FALSE", Kind: Bool}
	case "e":
		return Cell{Text: raw, Kind: Error}
	case "d":
		return Cell{Text: strings.TrimSuffix(raw, "T00:00:00"), Kind: Date}
	case "str", "inlineStr":
		return Cell{Text: unescapeCell(raw)}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return Cell{Text: raw}
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.styles.dates) && w.styles.dates[i] {
		if text, ok := w.styles.date(n); ok {
			return Cell{Text: text, Kind: Date}
		}
	}
	return Cell{Text: plainNumber(n), Kind: Number}
}

// plainNumber writes a number as it was typed: with the fifteen digits that spreadsheets
// keep, without exponent, 1 and not 1.0.
func plainNumber(n float64) string {
	if short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
		n = short
	}
	if n == 0 {
		return "0"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// date is the day that a number stands for, the time of day, or both. Day 60 of the usual
// calendar, 29 February 1900, never was: the days before it count one less.
func (s styles) date(n float64) (string, bool) {
	if n < 0 || n >= 2_958_466 { // 31 December 9999 is the last day
		return "", false
	}
	day, fraction := math.Modf(n)
	ms := int64(math.Round(fraction * 86_400_000))
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case s.from1904:
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day < 60:
		zero = zero.AddDate(0, 0, 1)
	}
	at := zero.AddDate(0, 0, int(day)).Add(time.Duration(ms) * time.Millisecond).Round(time.Second)
	switch {
	case day == 0 && ms != 0:
		return at.Format("15:04:05"), true
	case ms == 0:
		return at.Format(time.DateOnly), true
	}
	return at.Format("2006-01-02T15:04:05"), true
}
