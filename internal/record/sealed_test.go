package record_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ciphertext is what the library would have sealed.
func ciphertext(rest string) []byte { return []byte(record.SealedHeader + rest) }

func aNote(sealed []byte) *daylightv1.InterviewNote {
	return &daylightv1.InterviewNote{Id: anID, VisitId: proto.String(thirdID), Language: proto.String("ru"), Sealed: sealed}
}

func TestTheSealedKindsAndTheirCompartments(t *testing.T) {
	for k, want := range map[record.Kind]string{
		record.PersonIdentity: "person_identity COMPARTMENT_IDENTITY",
		record.InterviewNote:  "interview_note COMPARTMENT_INTERVIEW",
		record.MedicalNote:    "medical_note COMPARTMENT_MEDICAL",
		record.ReprisalDetail: "reprisal_detail COMPARTMENT_REPRISAL",
	} {
		if got := k.String() + " " + record.CompartmentOf(k).String(); got != want || record.KindIn(record.CompartmentOf(k)) != k {
			t.Errorf("%d: %s, want %s", k, got, want)
		}
		if !record.Sealed(k) || record.SealedField(k) != record.SealedContent || !record.Undated(k) {
			t.Errorf("%v: sealed %v in field %d, undated %v", k, record.Sealed(k), record.SealedField(k), record.Undated(k))
		}
	}
	for _, k := range []record.Kind{record.Facility, record.Visit, record.Finding, record.Term, record.SealingKey, 77} {
		if record.Sealed(k) || record.CompartmentOf(k) != 0 || record.Undated(k) != (k == record.SealingKey) {
			t.Errorf("%v: sealed %v, compartment %v, undated %v", k, record.Sealed(k), record.CompartmentOf(k), record.Undated(k))
		}
	}
	if k := record.KindIn(0); k != 0 {
		t.Errorf("no compartment is that of %v", k)
	}
}

// A content message is never a record: there is nothing that could store or send it.
func TestContentIsNoRecord(t *testing.T) {
	for _, m := range []proto.Message{
		&daylightv1.PersonIdentityContent{}, &daylightv1.InterviewNoteContent{},
		&daylightv1.MedicalNoteContent{}, &daylightv1.ReprisalDetailContent{}, &daylightv1.KeyWrap{},
	} {
		name := string(m.ProtoReflect().Descriptor().Name())
		if k, err := record.ParseKind(name); err == nil {
			t.Errorf("%s is a %v", name, k)
		}
		if _, ok := m.(record.Message); ok {
			t.Errorf("%s passes as a record", name)
		}
	}
}

func TestWhatHangsOnAVisitBesideFindings(t *testing.T) {
	for _, k := range record.Kinds()[record.PersonIdentity-1:] {
		if k == record.VisitPlan || k == record.Checklist || k == record.Standard {
			if record.HangsOnVisit(k) {
				t.Errorf("%v hangs on a visit", k)
			}
			continue
		}
		if !record.HangsOnVisit(k) || !record.HangsBy(k, record.SealedVisit) || record.HangsBy(k, record.SealedPerson) {
			t.Errorf("%v does not hang on its visit by its field %d alone", k, record.SealedVisit)
		}
	}
}

// The numbers that others use are those of the schema.
func TestTheFieldsOfSealedKinds(t *testing.T) {
	names := map[record.Kind]map[int32]string{
		record.PersonIdentity: {record.SealedVisit: "visit_id", record.SealedContent: "sealed"},
		record.InterviewNote:  {record.SealedVisit: "visit_id", record.SealedPerson: "person_id", record.SealedContent: "sealed"},
		record.MedicalNote:    {record.SealedVisit: "visit_id", record.SealedPerson: "person_id", record.SealedContent: "sealed"},
		record.ReprisalDetail: {record.SealedVisit: "visit_id", record.SealedPerson: "person_id", record.SealedContent: "sealed"},
		record.SealingKey: {
			record.SealedVisit: "visit_id", record.KeyCompartment: "compartment", record.KeyPublic: "public", record.KeyWraps: "wraps",
		},
	}
	for k, want := range names {
		found := 0
		for _, f := range record.Fields(k) {
			if name, named := want[f.Number]; named {
				found++
				if name != f.Name {
					t.Errorf("%v: field %d is %s, not %s", k, f.Number, f.Name, name)
				}
			}
			if f.Number > 7 && f.Sensitivity > daylightv1.Sensitivity_SENSITIVITY_CODED && f.Number != record.SealedContent {
				t.Errorf("%v: %s stands in the clear and may name somebody", k, f.Name)
			}
		}
		if found != len(want) {
			t.Errorf("%v has %d of %d fields", k, found, len(want))
		}
	}
}

func TestContentInTheClearIsRefused(t *testing.T) {
	key := func(key []byte) record.Message {
		return &daylightv1.SealingKey{Id: anID, Wraps: []*daylightv1.KeyWrap{{Id: anotherID, Key: key}}}
	}
	for shows, c := range map[string]struct {
		m     record.Message
		field string
	}{
		"sealed":                      {aNote(ciphertext("x")), ""},
		"nothing yet":                 {aNote(nil), ""},
		"cleared":                     {aNote([]byte{}), ""},
		"the header alone":            {aNote(ciphertext("")), ""},
		"words":                       {aNote([]byte("He was beaten by")), "sealed"},
		"words of content":            {aNote([]byte(`{"text": "He was beaten by"}`)), "sealed"},
		"a part of the header":        {aNote([]byte(record.SealedHeader[:9])), "sealed"},
		"a header further on":         {aNote(append([]byte("x"), ciphertext("")...)), "sealed"},
		"a header of another version": {aNote([]byte("age-encryption.org/v2\n")), "sealed"},
		"a sealed private half":       {key(ciphertext("x")), ""},
		"a private half":              {key([]byte("AGE-SECRET-KEY-1")), "wraps[1].key"},
		"a public half":               {&daylightv1.SealingKey{Id: anID, Public: proto.String("age1qx0")}, ""},
		"what is none":                {&daylightv1.SealingKey{Id: anID, Public: proto.String("AGE-SECRET-KEY-1")}, "public"},
		"only the beginning of one":   {&daylightv1.SealingKey{Id: anID, Public: proto.String("age1")}, "public"},
		"the public half of a reader": {&daylightv1.SealingKey{Id: anID, Wraps: []*daylightv1.KeyWrap{{Id: anotherID, Recipient: proto.String("age2")}}}, "wraps[1].recipient"},
	} {
		t.Run(shows, func(t *testing.T) {
			err := record.Validate(c.m)
			var p *record.Problem
			if errors.As(err, &p); (err == nil) != (c.field == "") || err != nil && p.Field != c.field {
				t.Fatalf("got %v", err)
			}
			if err != nil && (strings.Contains(err.Error(), "beaten") || p.Hint == "") {
				t.Errorf("it repeats what stands there, or helps nobody: %v", err)
			}
		})
	}
}

func TestSealedIsBoundedLikeAnyField(t *testing.T) {
	if err := record.Validate(aNote(ciphertext(strings.Repeat("x", record.MaxField-64)))); err != nil {
		t.Error(err)
	}
	var p *record.Problem
	if err := record.Validate(aNote(ciphertext(strings.Repeat("x", record.MaxField)))); !errors.As(err, &p) || !p.TooLarge || p.Field != "sealed" {
		t.Errorf("got %v", err)
	}
}

func TestIDsOfSealedKindsAreAskedForByKind(t *testing.T) {
	var asked []record.Kind
	ids := counter()
	fresh := func(k record.Kind) record.ID { asked = append(asked, k); return ids(k) }
	key := &daylightv1.SealingKey{Wraps: []*daylightv1.KeyWrap{{}, {Id: anotherID}}}
	if err := record.FillIDs(key, fresh); err != nil || len(asked) != 2 || asked[0] != record.SealingKey || asked[1] != record.SealingKey {
		t.Errorf("asked for %v: %v", asked, err)
	}
	if asked = nil; record.FillIDs(aFinding(), fresh) != nil || len(asked) != 0 {
		t.Errorf("asked for %v", asked)
	}
}

func TestTwoCiphertextsAreAConflictAndShownBySize(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	a.save(t, aNote(ciphertext("one")))
	b.pull(a)
	form := b.show(t, record.InterviewNote).(*daylightv1.InterviewNote)
	a.save(t, set(a.show(t, record.InterviewNote), ciphertext("one and more")))
	b.save(t, set(form, ciphertext("two")))
	a.pull(b)
	path := fold.Path{Field: record.SealedContent}
	entries := a.state.Entries(path)
	if len(a.state.Conflicts()) != 1 || len(entries) != 2 {
		t.Fatalf("%d values, %d conflicts", len(entries), len(a.state.Conflicts()))
	}
	for _, e := range entries {
		content, _ := record.Content(e.Value)
		if want := `"` + record.SealedWords(len(content)) + `"`; record.FieldJSON(record.InterviewNote, path, e.Value) != want {
			t.Errorf("shown as %s, want %s", record.FieldJSON(record.InterviewNote, path, e.Value), want)
		}
	}
	if got := record.FieldJSON(record.InterviewNote, path, nil); got != "" {
		t.Errorf("cleared is shown as %s", got)
	}
	a.save(t, set(a.show(t, record.InterviewNote), ciphertext("both")))
	if now := a.show(t, record.InterviewNote).(*daylightv1.InterviewNote); len(a.state.Conflicts()) != 0 || !bytes.Equal(now.Sealed, ciphertext("both")) {
		t.Errorf("not settled: %q", now.Sealed)
	}
}

func set(m record.Message, sealed []byte) record.Message {
	m.(*daylightv1.InterviewNote).Sealed = sealed
	return m
}

func TestUnchangedCiphertextIsNoEdit(t *testing.T) {
	a := newDevice(1)
	a.save(t, aNote(ciphertext("one")))
	form := a.show(t, record.InterviewNote).(*daylightv1.InterviewNote)
	form.Language = proto.String("tk")
	edits := a.save(t, form)
	if len(edits) != 1 || edits[0].Field == record.SealedContent {
		t.Errorf("%d edits: %v", len(edits), edits)
	}
}

func TestACiphertextPassesTheServersCheck(t *testing.T) {
	a := newDevice(1)
	edits := a.save(t, aNote(ciphertext(strings.Repeat("\xff\x00", 100))))
	if err := record.CheckEdits(record.InterviewNote, edits); err != nil {
		t.Error(err)
	}
	for i, e := range edits {
		if e.Field == record.SealedContent {
			edits[i].Value = append([]byte{}, e.Value[:len(e.Value)-1]...)
		}
	}
	if record.CheckEdits(record.InterviewNote, edits) == nil {
		t.Error("one that is cut off passes")
	}
}
