package clientsync

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// noted is a device at a visit, with a note that says the text.
func noted(d *device, text string) (*daylightv1.Visit, *daylightv1.InterviewNote) {
	d.t.Helper()
	visit := &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()}
	d.save(visit)
	note := &daylightv1.InterviewNote{VisitId: &visit.Id, Language: proto.String("ru")}
	d.seal(note, &daylightv1.InterviewNoteContent{Text: &text})
	return visit, note
}

func (d *device) seal(m Message, content proto.Message) {
	d.t.Helper()
	if err := d.SaveSealed(d.t.Context(), m, content); err != nil {
		d.t.Fatal(err)
	}
}

// said opens the note: what each of its values says, or the code of why not.
func (d *device) said(note *daylightv1.InterviewNote) (out []string) {
	d.t.Helper()
	values, err := d.OpenSealed(d.t.Context(), KindInterviewNote, note.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, v := range values {
		if v.Problem != nil {
			out = append(out, CodeOf(v.Problem).String())
			continue
		}
		out = append(out, v.Content.(*daylightv1.InterviewNoteContent).GetText())
	}
	return out
}

func (d *device) says(note *daylightv1.InterviewNote, want ...string) {
	d.t.Helper()
	if got := d.said(note); strings.Join(got, "|") != strings.Join(want, "|") {
		d.t.Errorf("it says %q, want %q", got, want)
	}
}

func TestANoteIsSealedAsItIsTyped(t *testing.T) {
	d := newFrontDesk(t).enrolled()
	_, note := noted(d, "He said that")
	d.says(note, "He said that")
	before := bytes.Clone(note.Sealed)
	if bytes.Contains(before, []byte("He said")) || len(note.GetSeen()) == 0 {
		t.Errorf("saved as %q", before)
	}
	unsent := d.status().Unsent
	d.seal(note, &daylightv1.InterviewNoteContent{Text: proto.String("He said that")})
	if !bytes.Equal(note.Sealed, before) || d.status().Unsent != unsent {
		t.Error("an unchanged text got other bytes")
	}
	for _, text := range []string{"He said that the", "He said that the light"} { // autosave
		d.seal(note, &daylightv1.InterviewNoteContent{Text: &text})
	}
	d.says(note, "He said that the light")
	if now := d.status().Unsent; now != unsent+1 { // the change that made it is closed
		t.Errorf("autosave of a note left %d changes, %d before", now, unsent)
	}
	d.reopen()
	d.says(note, "He said that the light")
	note.Language = proto.String("tk")
	d.save(note)
	d.says(note, "He said that the light")
}

func TestOnlyTheRightContentIsSealed(t *testing.T) {
	d := newDevice(t)
	visit, _ := noted(d, "x")
	for shows, c := range map[string]struct {
		m       Message
		content proto.Message
		says    string
	}{
		"of another kind":     {&daylightv1.InterviewNote{VisitId: &visit.Id}, &daylightv1.MedicalNoteContent{}, "not what such a record seals"},
		"of a kind without":   {finding("x"), &daylightv1.MedicalNoteContent{}, "not what such a record seals"},
		"nothing":             {&daylightv1.InterviewNote{VisitId: &visit.Id}, nil, "not what such a record seals"},
		"without a visit":     {&daylightv1.InterviewNote{}, &daylightv1.InterviewNoteContent{}, "none is named"},
		"more than one holds": {&daylightv1.InterviewNote{VisitId: &visit.Id}, &daylightv1.InterviewNoteContent{Text: proto.String(strings.Repeat("x", compartment.MaxContent))}, "can be sealed together"},
	} {
		t.Run(shows, func(t *testing.T) {
			before := proto.Clone(c.m)
			err := d.SaveSealed(t.Context(), c.m, c.content)
			if err == nil || !strings.Contains(err.Error(), c.says) || !proto.Equal(before, c.m) {
				t.Errorf("got %v; the message is %v", err, c.m)
			}
		})
	}
}

// What a newer program has sealed beside what this one knows stays.
func TestContentOfANewerProgramIsKept(t *testing.T) {
	text, same, err := contentText(record.ID{1}, &daylightv1.InterviewNoteContent{Text: proto.String("b")},
		[]byte(`{"text":"a","officials":"two","mood":{"calm":true}}`))
	if err != nil || same || string(text) != `{"mood":{"calm":true},"record":"01000000-0000-0000-0000-000000000000","text":"b"}` {
		t.Errorf("%s, %v, %v", text, same, err)
	}
}

func TestWhoeverAsksAfterTheHandInLearnsNothing(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	visit, note := noted(d, "who spoke")
	if who, err := d.WhoCanRead(t.Context(), KindInterviewNote, note.Id); err != nil || len(who) != 2 || !who[0].UntilHandedIn || !who[1].Recovery {
		t.Errorf("before: %+v, %v", who, err)
	}
	visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	d.save(visit)
	d.says(note, "denied")
	d.reopen()
	d.says(note, "denied")
	if who, err := d.WhoCanRead(t.Context(), KindInterviewNote, note.Id); err != nil || len(who) != 1 || !who[0].Recovery {
		t.Errorf("after: %+v, %v", who, err)
	}
	err := d.db.Read(t.Context(), func(b *localdb.Book) error {
		all, err := b.Sealers(nil)
		for _, s := range all {
			if s.Secret != "" {
				t.Error("a private half is still here")
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// It can still write, and not read that either; the office's recovery key opens all.
	late := &daylightv1.InterviewNote{VisitId: &visit.Id}
	d.seal(late, &daylightv1.InterviewNoteContent{Text: proto.String("one thing more")})
	d.says(late, "denied")
	for n, want := range map[*daylightv1.InterviewNote]string{note: "who spoke", late: "one thing more"} {
		if got := g.recovers(d, n); !strings.Contains(got, want) {
			t.Errorf("the recovery key opens %q", got)
		}
	}
	// The visit comes back: what is written now can be read until it goes again.
	visit.State = daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()
	d.save(visit)
	back := &daylightv1.InterviewNote{VisitId: &visit.Id}
	d.seal(back, &daylightv1.InterviewNoteContent{Text: proto.String("again")})
	d.says(back, "again")
	d.says(note, "denied")
}

// recovers opens the note with the recovery key, as the age program would.
func (g *frontDesk) recovers(d *device, note *daylightv1.InterviewNote) string {
	g.t.Helper()
	m := d.get(note).Message.(*daylightv1.InterviewNote)
	for _, item := range d.list(Filter{Kind: KindSealingKey, Visit: m.GetVisitId()}) {
		key := item.Message.(*daylightv1.SealingKey)
		for _, w := range key.Wraps {
			k, err := compartment.Unwrap(w.Key, g.recovery.Secret(), key.GetPublic(), placeOf(key))
			if err != nil {
				continue
			}
			if text, err := k.Open(m.Sealed); err == nil {
				return string(text)
			}
		}
	}
	return ""
}

// Where the office has named nobody, the private half is the only one there is.
func TestAKeyThatNobodyElseHasStays(t *testing.T) {
	d := newDevice(t)
	visit, note := noted(d, "alone")
	visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	d.save(visit)
	d.says(note, "alone")
	g := newFrontDesk(t)
	d.config.HTTP = g.client()
	d.reopen()
	if _, err := d.Enrol(t.Context(), g.code(), "tablet"); err != nil {
		t.Fatal(err)
	}
	d.says(note, "denied")
	if got := g.recovers(d, note); !strings.Contains(got, "alone") {
		t.Errorf("the recovery key opens %q", got)
	}
}

// A server could put one person's words into the mouth of another.
func TestWordsOfAnotherRecordAreNotShown(t *testing.T) {
	d := newDevice(t)
	visit, note := noted(d, "of A")
	other := &daylightv1.InterviewNote{VisitId: &visit.Id, Sealed: note.Sealed}
	d.save(other)
	values, err := d.OpenSealed(t.Context(), KindInterviewNote, other.Id)
	if err != nil || len(values) != 1 || values[0].Content != nil || !errors.Is(values[0].Problem, errElsewhereSealed) {
		t.Errorf("%+v, %v", values, err)
	}
	d.says(note, "of A")
}
