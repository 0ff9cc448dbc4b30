package main

import "strings"

// nearest gives the name that was probably meant, empty when none is close: the
// fewest letters to add, drop, change or swap, at most a third of what was typed.
// Names that only lack a part in front or behind are meant too: CONCERN for
// FINDING_KIND_CONCERN, fac for facility.
func nearest(typed string, names []string) string {
	typed = strings.ToLower(typed)
	best, found := 1+max(1, len(typed)/3), ""
	for _, name := range names {
		if d := distance(typed, strings.ToLower(name)); d < best {
			best, found = d, name
		}
	}
	if found != "" || len(typed) < 3 {
		return found
	}
	for _, name := range names {
		low := strings.ToLower(name)
		if strings.HasSuffix(low, "_"+typed) || strings.HasPrefix(low, typed) {
			return name
		}
	}
	return ""
}

// didYouMean is a hint: the nearest name with what stands in front of it, otherwise
// what else helps.
func didYouMean(before, typed string, names []string, otherwise string) string {
	if name := nearest(typed, names); name != "" {
		return "Did you mean " + before + name + "?"
	}
	return otherwise
}

// distance counts the single letters to add, drop or change, and the neighbours to
// swap, that lead from a to b (optimal string alignment, in bytes).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
