package checklist

import (
	"cmp"
	"strings"
)

// CompareVersions orders versions of a form as people read them: numbers in them by their
// value, everything else by its letters, so that 9 comes before 10, v2 before v10 and
// 2026112301 before 2026112302. It is 0 only for texts that are the same.
func CompareVersions(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		var partA, partB string
		partA, restA = versionPart(restA)
		partB, restB = versionPart(restB)
		if c := compareParts(partA, partB); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// versionPart cuts off what stands in front: digits, or what is none.
func versionPart(s string) (part, rest string) {
	n := 1
	for n < len(s) && digit(s[n]) == digit(s[0]) {
		n++
	}
	return s[:n], s[n:]
}

func compareParts(a, b string) int {
	if !digit(a[0]) || !digit(b[0]) {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
