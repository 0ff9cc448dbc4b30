package expr

import (
	"maps"
	"slices"
	"strings"
)

// A Signature says how a function is called.
type Signature struct {
	Least int    // fewest arguments
	Most  int    // most arguments; -1: any number
	Form  string // as people write it, `?` marks what may be left out: "substr(text, from, to?)"
	Does  string // what for, one clause
}

// Functions returns every function that Compile knows, by name. The map is the
// caller's own.
func Functions() map[string]Signature { return maps.Clone(signatures) }

// signatures is part 5 of the sources (see doc.go), in its order, with what is
// older XPath and needed beside it: floor, ceiling, last.
var signatures = map[string]Signature{
	// text
	"string":           {1, 1, "string(value)", "the value as text"},
	"concat":           {1, -1, "concat(a, b, …)", "texts put together, of a repeat the answers of all instances"},
	"join":             {1, -1, "join(separator, a, b, …)", "texts put together with a separator between them"},
	"substr":           {2, 3, "substr(text, from, to?)", "a part of a text, counted from 0, without the character at to"},
	"substring-before": {2, 2, "substring-before(text, part)", "what stands before the first part"},
	"substring-after":  {2, 2, "substring-after(text, part)", "what stands after the first part"},
	"translate":        {3, 3, "translate(text, from, to)", "the text with characters replaced one by one"},
	"string-length":    {0, 1, "string-length(text)", "how many characters"},
	"normalize-space":  {0, 1, "normalize-space(text)", "the text trimmed, with single blanks inside"},
	"contains":         {2, 2, "contains(text, part)", "whether the part stands in the text"},
	"starts-with":      {2, 2, "starts-with(text, part)", "whether the text begins with the part"},
	"ends-with":        {2, 2, "ends-with(text, part)", "whether the text ends with the part"},
	"regex":            {2, 2, "regex(text, pattern)", "whether the whole text fits the regular expression"},
	"digest":           {2, 3, "digest(text, algorithm, encoding?)", "MD5, SHA-1, SHA-256, SHA-384 or SHA-512 of the text, in base64 or hex"},
	"base64-decode":    {1, 1, "base64-decode(text)", "the text that was encoded"},
	"extract-signed":   {2, 2, "extract-signed(text, key)", "what was signed, or empty when the Ed25519 signature does not fit"},
	"uuid":             {0, 1, "uuid(length?)", "a random identifier; keep it with once()"},
	"pulldata":         {4, 4, "pulldata('file', 'column wanted', 'column searched', value)", "a value looked up in an attached file"},

	// truth and choice
	"if":                  {3, 3, "if(condition, then, else)", "one of two values"},
	"coalesce":            {2, 2, "coalesce(a, b)", "the first that is not empty"},
	"once":                {1, 1, "once(value)", "the question's own value if it has one, else the value"},
	"true":                {0, 0, "true()", "true"},
	"false":               {0, 0, "false()", "false"},
	"not":                 {1, 1, "not(condition)", "the opposite"},
	"boolean":             {1, 1, "boolean(value)", "whether the value counts as true"},
	"boolean-from-string": {1, 1, "boolean-from-string(text)", "true for the texts true and 1"},
	"checklist":           {2, -1, "checklist(least, most, a, b, …)", "whether the number of yes answers lies between; -1: no bound"},
	"weighted-checklist":  {2, -1, "weighted-checklist(least, most, a, weight of a, …)", "whether the weight of the yes answers lies between; -1: no bound"},

	// numbers
	"number":  {1, 1, "number(value)", "the value as a number"},
	"int":     {1, 1, "int(value)", "the number cut towards 0"},
	"round":   {1, 2, "round(number, places?)", "the number rounded"},
	"floor":   {1, 1, "floor(number)", "the next whole number below"},
	"ceiling": {1, 1, "ceiling(number)", "the next whole number above"},
	"abs":     {1, 1, "abs(number)", "the number without its sign"},
	"sqrt":    {1, 1, "sqrt(number)", "the square root"},
	"exp":     {1, 1, "exp(number)", "e to the power of the number"},
	"exp10":   {1, 1, "exp10(number)", "10 to the power of the number"},
	"log":     {1, 1, "log(number)", "the natural logarithm"},
	"log10":   {1, 1, "log10(number)", "the logarithm to base 10"},
	"pow":     {2, 2, "pow(number, power)", "the number to a power"},
	"sin":     {1, 1, "sin(radians)", "the sine"},
	"cos":     {1, 1, "cos(radians)", "the cosine"},
	"tan":     {1, 1, "tan(radians)", "the tangent"},
	"asin":    {1, 1, "asin(number)", "the arc sine, in radians"},
	"acos":    {1, 1, "acos(number)", "the arc cosine, in radians"},
	"atan":    {1, 1, "atan(number)", "the arc tangent, in radians"},
	"atan2":   {2, 2, "atan2(y, x)", "the angle of a point, in radians"},
	"pi":      {0, 0, "pi()", "3.14159…"},
	"random":  {0, 0, "random()", "a random number from 0 to below 1; keep it with once()"},
	"sum":     {1, 1, "sum(${question in a repeat})", "the sum over all instances"},
	"max":     {1, -1, "max(a, b, …)", "the largest, of a repeat over all instances"},
	"min":     {1, -1, "min(a, b, …)", "the smallest, of a repeat over all instances"},

	// nodes and repeats
	"count":           {1, 1, "count(${repeat})", "how many instances"},
	"count-non-empty": {1, 1, "count-non-empty(${question in a repeat})", "how many are answered"},
	"position":        {0, 1, "position(..)", "the place of the repeat instance, from 1"},
	"last":            {0, 0, "last()", "how many there are, inside [ ]"},
	"indexed-repeat":  {3, 7, "indexed-repeat(${question}, ${repeat}, index, …)", "the answer in the instance with that index, from 1; up to three levels"},
	"instance":        {1, 1, "instance('list or file')", "a choice list or attached file"},
	"current":         {0, 0, "current()", "the question that bears the expression"},
	"randomize":       {1, 2, "randomize(nodes, seed?)", "the nodes in random order, the same for the same seed"},

	// dates and times
	"today":             {0, 0, "today()", "today's date"},
	"now":               {0, 0, "now()", "date and time now"},
	"date":              {1, 1, "date(value)", "a date, from a number of days since 1970-01-01 or from text"},
	"date-time":         {1, 1, "date-time(value)", "a date with time, from a number of days since 1970-01-01 or from text"},
	"decimal-date-time": {1, 1, "decimal-date-time(value)", "days since 1970-01-01, with the time as a fraction"},
	"decimal-time":      {1, 1, "decimal-time(time)", "the time as a fraction of the day"},
	"format-date":       {2, 2, "format-date(date, '%Y-%m-%d')", "the date written in a form: %Y %y %m %n %b %d %e %a"},
	"format-date-time":  {2, 2, "format-date-time(dateTime, '%Y-%m-%d %H:%M')", "date and time written in a form: also %H %h %M %S %3"},

	// selects
	"selected":       {2, 2, "selected(${question}, 'choice')", "whether the choice is among those chosen"},
	"selected-at":    {2, 2, "selected-at(${question}, index)", "the choice at that place, counted from 0"},
	"count-selected": {1, 1, "count-selected(${question})", "how many choices are chosen"},
	"jr:choice-name": {2, 2, "jr:choice-name(choice, '${question}')", "the label of a choice in the language shown"},

	// places
	"area":       {1, -1, "area(shape)", "the area in square metres"},
	"distance":   {1, -1, "distance(trace)", "the length of the way in metres"},
	"geofence":   {2, 2, "geofence(point, shape)", "whether the point lies in the shape"},
	"intersects": {1, 1, "intersects(trace)", "whether the line crosses itself"},
}

// unsupported are functions that forms of other programs use, and what to write here.
var unsupported = map[string]string{
	"trim":                 "write normalize-space(text)",
	"substring":            "write substr(text, from, to), which counts from 0",
	"difference-in-months": "write int((date - date) div 30.4375)",
	"search":               "search() stands in the column appearance; in an expression write instance('list')/root/item[…]",
	"jr:itext":             "write ${question} in the label, or jr:choice-name(choice, '${question}')",
	"name":                 "write the question as ${name}",
	"local-name":           "write the question as ${name}",
	"id":                   "write the question as ${name}",
	"lang":                 "put the texts into the form's languages",
	"text":                 "leave it out: a path gives its text",
	"node":                 "leave it out: write . for the question itself, .. for its group",
	"len":                  "write string-length(text)",
	"length":               "write string-length(text)",
	"average":              "write sum(${a}) div count(${a})",
	"avg":                  "write sum(${a}) div count(${a})",
	"mean":                 "write sum(${a}) div count(${a})",
	"isblank":              "write ${a} = ''",
	"isempty":              "write ${a} = ''",
	"concatenate":          "write concat(a, b)",
	"and":                  "and stands between two conditions: a and b",
	"or":                   "or stands between two conditions: a or b",
	"div":                  "div stands between two numbers: a div b",
	"mod":                  "mod stands between two numbers: a mod b",
}

// Nearest returns the name of the functions that is nearest to a mistyped one, and
// false when none is near.
func Nearest(name string) (string, bool) {
	return nearest(name, slices.Sorted(maps.Keys(signatures)))
}

// nearest counts letters to insert, drop, change or swap: a third of the name may
// be wrong, at most two letters. Case and hyphens count for nothing.
func nearest(name string, known []string) (string, bool) {
	plain := func(s string) []rune {
		return []rune(strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(s)))
	}
	word := plain(name)
	if len(word) > 64 {
		return "", false
	}
	best, least := "", min(2, len(word)/3)+1
	for _, k := range known {
		if d := edits(word, plain(k)); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// edits is the distance of Damerau and Levenshtein (optimal alignment).
func edits(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		now := make([]int, len(b)+1)
		now[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last = last, now
	}
	return last[len(b)]
}
