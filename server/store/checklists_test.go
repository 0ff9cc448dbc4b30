package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// aForm has so many questions, each with a label of that many bytes.
func aForm(code, version string, questions, bytes int) *daylightv1.Checklist {
	m := &daylightv1.Checklist{Code: &code, Version: &version, Titles: map[string]string{"en": "House"}, Rows: proto.Uint32(uint32(questions))}
	for i := range questions {
		m.Questions = append(m.Questions, &daylightv1.ChecklistQuestion{
			Name: fmt.Sprintf("q%04d", i), Order: proto.Uint32(uint32(i + 1)), Type: proto.String("text"),
			Labels: []*daylightv1.LocalText{{Language: "en", Text: proto.String(strings.Repeat("x", bytes))}},
		})
	}
	return m
}

func checklistsOf(t *testing.T, s *Store) (c Checklists) {
	err := s.Snapshot(t.Context(), func(r *Snapshot) (err error) {
		c, err = r.Checklists()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChecklistsAreReadWithRemovedOnes(t *testing.T) {
	w := newWorld(t)
	saved := must(w.Save(t.Context(), "Office", aForm("A", "1", 2, 3), aForm("A", "2", 2, 3), &daylightv1.Term{Code: proto.String("X")}))(t)
	id := must(record.IDOf(saved[0].Message))(t)
	must(w.Remove(t.Context(), "Office", record.Checklist, id, saved[0].Message.GetSeen()))(t)
	got := checklistsOf(t, w.Store)
	if len(got.Forms) != 2 || got.Forms[1].GetVersion() != "2" || len(got.Forms[1].GetQuestions()) != 2 || !slices.Equal(got.Removed, []string{id.String()}) {
		t.Errorf("%v", got)
	}
	if empty := checklistsOf(t, newWorld(t).Store); len(empty.Forms)+len(empty.Removed) != 0 {
		t.Errorf("an empty office has %v", empty)
	}
}

func TestFilledCountsWhatIsListed(t *testing.T) {
	w := newWorld(t)
	form := "0190a6e2-7c1b-5000-8000-000000000001"
	response := func(version, finished string) *daylightv1.ChecklistResponse {
		m := &daylightv1.ChecklistResponse{ChecklistCode: proto.String("A"), ChecklistVersion: &version, ChecklistId: &form}
		if finished != "" {
			m.FinishedAt = &finished
		}
		return m
	}
	saved := must(w.Save(t.Context(), "Office", response("1", ""), response("1", "2026-11-24"), response("1", "2026-11-24"), response("2", "")))(t)
	gone := must(record.IDOf(saved[2].Message))(t)
	must(w.Remove(t.Context(), "Office", record.ChecklistResponse, gone, saved[2].Message.GetSeen()))(t)
	var got []Filled
	err := w.Snapshot(t.Context(), func(r *Snapshot) (err error) {
		got, err = r.Filled()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	id := must(record.ParseID(form))(t)
	want := []Filled{{id, "A", "1", 2, 1}, {id, "A", "2", 1, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestLastChangeFollowsARecord(t *testing.T) {
	w := newWorld(t)
	m := must(w.Save(t.Context(), "Office", aForm("A", "1", 1, 1)))(t)[0].Message.(*daylightv1.Checklist)
	id := must(record.IDOf(m))(t)
	first := must(w.LastChange(t.Context(), id))(t)
	must(w.Save(t.Context(), "Office", aForm("B", "1", 1, 1)))(t)
	if again := must(w.LastChange(t.Context(), id))(t); again != first || first == 0 {
		t.Errorf("from %d to %d by a change of another record", first, again)
	}
	m.Hidden = proto.Bool(true)
	must(w.Save(t.Context(), "Office", m))(t)
	if then := must(w.LastChange(t.Context(), id))(t); then <= first {
		t.Errorf("still at %d", then)
	}
	if none := must(w.LastChange(t.Context(), record.ID{1}))(t); none != 0 {
		t.Errorf("a record that is not there was changed at %d", none)
	}
}

// A form of 2,000 questions is more than one change can hold.
func TestSaveEachDividesALargeRecord(t *testing.T) {
	w := newWorld(t)
	form := aForm("A", "1", 2000, 500)
	if _, err := w.Save(t.Context(), "Office", form); err == nil {
		t.Fatal("it fits into one change, which shows nothing")
	}
	before := must(w.Head(t.Context()))(t)
	saved := must(w.SaveEach(t.Context(), "Office", form))(t)
	if n := must(w.Head(t.Context()))(t) - before; n < 3 || n > 12 {
		t.Errorf("it took %d changes", n)
	}
	got := saved[0].Message.(*daylightv1.Checklist)
	if saved[0].Status.GetIncomplete() || len(got.GetQuestions()) != 2000 || got.GetRows() != 2000 || got.GetTitles()["en"] != "House" {
		t.Errorf("%d questions, rows %d", len(got.GetQuestions()), got.GetRows())
	}
	for _, q := range got.GetQuestions() {
		q.Labels[0].Text = proto.String(strings.Repeat("y", 500))
	}
	again := must(w.SaveEach(t.Context(), "Office", got))(t)[0].Message.(*daylightv1.Checklist)
	if text := again.GetQuestions()[1999].GetLabels()[0].GetText(); text[0] != 'y' {
		t.Errorf("the last label is %.5s", text)
	}
	w.whole()
}

func TestPortionsBeginWithWhatIsNoElement(t *testing.T) {
	r := journal.RecordEdits{Kind: record.Checklist, ID: record.ID{1}}
	value := make([]byte, 100<<10)
	for i := range 12 {
		r.Edits = append(r.Edits, fold.Edit{Path: fold.Path{Field: 16, Element: true, Key: fmt.Sprint(i)}, Value: value})
	}
	r.Edits = append(r.Edits, fold.Edit{Path: fold.Path{Field: 22}, Value: []byte{1}})
	all := portions(r)
	if len(all) < 3 || all[0].Edits[0].Field != 22 {
		t.Fatalf("%d portions, the first begins with field %d", len(all), all[0].Edits[0].Field)
	}
	n := 0
	for i, p := range all {
		if size := (journal.Change{Records: []journal.RecordEdits{p}}).Size(); size > journal.MaxChange || p.ID != r.ID || p.Kind != r.Kind {
			t.Errorf("portion %d has %d bytes", i, size)
		}
		n += len(p.Edits)
	}
	if n != len(r.Edits) {
		t.Errorf("%d of %d edits are left", n, len(r.Edits))
	}
	r.Edits = r.Edits[11:]
	if small := portions(r); len(small) != 1 || small[0].Edits[0].Key != "11" {
		t.Errorf("a small one became %d", len(small))
	}
}
