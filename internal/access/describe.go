package access

import (
	"fmt"
	"strings"
	"text/tabwriter"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Describe is the table as aligned text, a line for each role: how far it reads (r),
// writes (w) and creates (c), whose visits it leads, whether it decides how severe a
// finding is, whether it is granted for a region, and its actions. What is sealed
// follows, of which this says who holds it, not who can open it; and the steps of a
// visit: whose they are, from which states to which.
func Describe() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROLE\tPLACES\tVISITS\tFINDINGS\tTERMS\tLEADS\tSTEPS\tDECIDES\tREGION\tACTIONS")
	for _, r := range Roles() {
		row := table[r]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r, row.places, row.visits, row.findings, row.terms,
			row.leads, row.steps, yes(row.decides), [...]string{whole: "-", either: "may", within: "must"}[row.bound], words(row.office))
	}
	w.Flush()
	fmt.Fprintln(&b)
	fmt.Fprintln(w, "BESIDE\tRAW\tFLAGS\tRECOMMENDATIONS\tCOMMENTS\tPLANS")
	for _, r := range Roles() {
		row := table[r]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r, row.raw, row.flags, row.recommendations, row.comments, row.plans)
	}
	w.Flush()
	fmt.Fprintln(&b)
	fmt.Fprintln(w, "SEALED\tIDENTITY\tINTERVIEW\tMEDICAL\tREPRISAL\tKEYS")
	for _, r := range Roles() {
		row := table[r]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r, row.identity, row.interview, row.medical, row.reprisal, row.keys)
	}
	w.Flush()
	fmt.Fprintln(&b)
	fmt.Fprintln(w, "STEP\tFROM\tTO")
	for _, s := range steps {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.by, s.from, s.to)
	}
	w.Flush()
	return b.String()
}

// String joins what may be done as far as it may be done.
func (c cell) String() string {
	does := map[bool]string{true: "wc", false: "w"}[c.creates]
	switch {
	case c.reads == None:
		return "-"
	case c.writes == None:
		return c.reads.String() + " r"
	case c.writes == c.reads:
		return c.reads.String() + " r" + does
	}
	return c.reads.String() + " r, " + c.writes.String() + " " + does
}

// String lists the reaches in lower case, as own+region.
func (r Reach) String() string { return set(uint(r), "own", "head", "made", "region", "all") }

func (h hand) String() string {
	return set(uint(h), "team", "lead", "plan", "review", "approve", "follow", "reopen")
}

// String lists the states, neighbours as PREPARED..SUBMITTED.
func (s states) String() string {
	var out []string
	for v := daylightv1.VisitState(0); v < 32; v++ {
		if !s.has(v) {
			continue
		}
		first := v
		for s.has(v + 1) {
			v++
		}
		switch v - first {
		case 0:
			out = append(out, stateName(v))
		case 1:
			out = append(out, stateName(first), stateName(v))
		default:
			out = append(out, stateName(first)+".."+stateName(v))
		}
	}
	return strings.Join(out, ", ")
}

func stateName(v daylightv1.VisitState) string {
	if v == daylightv1.VisitState_VISIT_STATE_UNSPECIFIED {
		return "none"
	}
	return strings.TrimPrefix(v.String(), "VISIT_STATE_")
}

func set(bits uint, names ...string) string {
	var out []string
	for i, name := range names {
		if bits&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, "+")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}

func words(actions []Action) string {
	if len(actions) == 0 {
		return "-"
	}
	var out []string
	for _, a := range actions {
		out = append(out, a.String())
	}
	return strings.Join(out, " ")
}
