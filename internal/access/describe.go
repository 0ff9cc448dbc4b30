package access

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/daylight-npm/daylight/internal/record"
)

// Describe is the table as aligned text, a line for each role: how far it reads (r),
// writes (w) and creates (c), whose visits it leads, whether it decides how severe a
// finding is, whether it is granted for a region, and its actions. What else a visit
// leaves follows, with whose hands a role lends to a recommendation's paper; what is
// sealed, of which this says who holds it, not who can open it; and the steps of a visit
// and of that paper: whose they are, from which states to which.
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
	fmt.Fprintln(w, "BESIDE\tRAW\tFLAGS\tRECOMMENDATIONS\tPAPER\tCOMMENTS\tPLANS")
	for _, r := range Roles() {
		row := table[r]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r, row.raw, row.flags, row.recommendations, row.paper, row.comments, row.plans)
	}
	w.Flush()
	fmt.Fprintln(&b)
	fmt.Fprintln(w, "SEALED\tIDENTITY\tINTERVIEW\tMEDICAL\tREPRISAL\tKEYS")
	for _, r := range Roles() {
		row := table[r]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r, row.identity, row.interview, row.medical, row.reprisal, row.keys)
	}
	w.Flush()
	for _, k := range []record.Kind{record.Visit, record.Recommendation} {
		c := cycles[k]
		fmt.Fprintf(&b, "\n")
		fmt.Fprintf(w, "%s\tFROM\tTO\n", map[record.Kind]string{record.Visit: "STEP", record.Recommendation: "PAPER"}[k])
		for _, r := range c.rules {
			fmt.Fprintf(w, "%s\t%s\t%s\n", r.by, c.list(r.from), c.list(r.to))
		}
		w.Flush()
	}
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
func (r Reach) String() string { return set(uint(r), "own", "head", "made", "region", "all", "mine") }

func (h hand) String() string {
	return set(uint(h), "team", "lead", "plan", "review", "approve", "follow", "reopen", "draft")
}

// list names the states of a set, neighbours as PREPARED..SUBMITTED.
func (c cycle) list(s states) string {
	var out []string
	for v := State(0); v < 32; v++ {
		if !s.has(v) {
			continue
		}
		first := v
		for s.has(v + 1) {
			v++
		}
		switch v - first {
		case 0:
			out = append(out, c.name(v))
		case 1:
			out = append(out, c.name(first), c.name(v))
		default:
			out = append(out, c.name(first)+".."+c.name(v))
		}
	}
	return strings.Join(out, ", ")
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
