package store

import (
	"context"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
)

// indexed brings the search up to the end of the log.
func (w *world) indexed() {
	w.Helper()
	for more := true; more; {
		more = must(w.Index(w.Context()))(w)
	}
}

func (w *world) found(text string) string {
	w.Helper()
	return fmt.Sprint(w.titles(record.Finding, Query{Text: text}))
}

func TestSearchFindsWords(t *testing.T) {
	w := newWorld(t)
	for title, narrative := range map[string]string{
		"space": "Six persons share twelve metres; the café is closed.",
		"light": "No daylight in cell C-12. Шесть человек.",
	} {
		f := aFinding(record.ID{1}, narrative)
		f.Title = &title
		w.save("Clerk", f)
	}
	w.indexed()
	for text, want := range map[string]string{
		"persons":                         "[space]",
		"PERSONS twelve":                  "[space]",
		"twelve daylight":                 "[]",
		"day":                             "[light]", // the last word may be a beginning
		"day cell":                        "[]",      // another may not
		"c":                               "[light]", // of C-12, and of no word that begins so
		"persons cl":                      "[space]",
		"persons c":                       "[]",
		"cafe":                            "[space]",
		"шесть":                           "[light]",
		"C-12":                            "[light]",
		"Monitor":                         "[]", // who noted it is no text to search
		`"persons`:                        "[space]",
		`persons OR NOT (daylight*) NEAR`: "[]",
		`-"*^:(){}`:                       "[]",
		"narrative:six":                   "[]",
	} {
		if got := w.found(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestSearchSaysHowFarItGoes(t *testing.T) {
	w := newWorld(t)
	f := aFinding(record.ID{1}, "Six persons share twelve metres.")
	f.Title = proto.String("space")
	id := w.save("Clerk", f)
	page := must(w.List(t.Context(), record.Finding, Query{Text: "six"}))(t)
	if len(page.Items) != 0 || page.SearchedUpTo != 0 {
		t.Errorf("%d found up to %d before the search was filled", len(page.Items), page.SearchedUpTo)
	}
	w.indexed()
	page = must(w.List(t.Context(), record.Finding, Query{Text: "six"}))(t)
	if head := must(w.Head(t.Context()))(t); len(page.Items) != 1 || page.SearchedUpTo != head {
		t.Errorf("%d found up to %d of %d", len(page.Items), page.SearchedUpTo, head)
	}
	m := w.finding(id)
	m.Narrative = proto.String("Eight persons share twelve metres.")
	w.save("Clerk", m)
	w.indexed()
	if w.found("six") != "[]" || w.found("eight") != "[space]" {
		t.Errorf("six: %s, eight: %s", w.found("six"), w.found("eight"))
	}
}

func TestSearchGoesForwardInBoundedSteps(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	for i := range 2*stepRecords + 10 {
		d.save(t, aFinding(record.ID{1}, fmt.Sprintf("Cell number %d.", i)))
	}
	d.push(w)
	for i, want := range []bool{true, true, false, false} {
		if more := must(w.Index(t.Context()))(t); more != want {
			t.Errorf("step %d: more is %v", i, more)
		}
		page := must(w.List(t.Context(), record.Finding, Query{Text: "number", PageSize: 1}))(t)
		if want := min((i+1)*stepRecords, 2*stepRecords+10); int(page.SearchedUpTo) != want && int(page.SearchedUpTo) != want-1 {
			t.Errorf("step %d: searched up to %d", i, page.SearchedUpTo)
		}
	}
	if n := len(w.titles(record.Finding, Query{Text: "number", PageSize: 500})); n != 2*stepRecords+10 {
		t.Errorf("%d found", n)
	}
}

func TestRunFillsTheSearchUntilItIsStopped(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.Run(ctx) }()
	f := aFinding(record.ID{1}, "Six persons share twelve metres.")
	f.Title = proto.String("space")
	w.save("Clerk", f)
	for w.found("six") != "[space]" {
		// until the search has come so far
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
