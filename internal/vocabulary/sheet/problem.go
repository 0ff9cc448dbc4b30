package sheet

import (
	"fmt"
	"strings"
)

// MostProblems is how many are named of one file.
const MostProblems = 50

// Problem is something in a file that is not right.
type Problem struct {
	// Sheet is its name, empty for the file as a whole. Row counts from 1, the head
	// included; 0 means the whole sheet. Column is as spreadsheets call it, with its name:
	// D (en); empty means the whole row.
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	// Text says what is wrong and what to do. It repeats no label.
	Text string `json:"text"`
}

// String is the place, then the text.
func (p Problem) String() string {
	var at []string
	if p.Sheet != "" {
		at = append(at, "sheet "+p.Sheet)
	}
	if p.Row > 0 {
		at = append(at, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		at = append(at, "column "+p.Column)
	}
	if len(at) == 0 {
		return p.Text
	}
	return strings.Join(at, ", ") + ": " + p.Text
}

// Refused is a file that is not taken, and why. Nothing of it was.
type Refused struct {
	Problems []Problem
	// More problems were found than are named.
	More int
}

// Error is a line for each problem.
func (r *Refused) Error() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.String()
	}
	if r.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", r.More))
	}
	return strings.Join(lines, "\n")
}

func (r *Refused) add(p Problem) {
	if len(r.Problems) == MostProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, p)
}

// or gives nil when nothing is wrong.
func (r *Refused) or() error {
	if len(r.Problems) == 0 {
		return nil
	}
	return r
}

// refuse is a file with one thing wrong as a whole.
func refuse(format string, args ...any) error {
	return &Refused{Problems: []Problem{{Text: fmt.Sprintf(format, args...)}}}
}
