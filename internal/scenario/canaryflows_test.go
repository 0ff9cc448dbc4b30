package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// writing saves at every pause, as pages do, removes, looks for words, and reads.
func (w *canaries) writing() {
	a := w.hands[0]
	f := w.writes(a)
	w.middle = func() { w.looks("while it is written") }
	for range 3 {
		f.Narrative = proto.String(f.GetNarrative() + " " + w.text(openText, "what is saved at a pause"))
		a.saves(f)
	}
	w.middle = nil
	gone := w.writes(a)
	w.synced(a.Client)
	if err := a.Remove(w.t.Context(), gone); err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, filter := range []clientsync.Filter{{Text: f.GetTitle()}, {}, {IncludeRemoved: true, OnlyUnsent: true}} {
		for item, err := range a.List(w.t.Context(), filter) {
			if err != nil {
				w.t.Fatal(err)
			}
			if _, err := a.History(w.t.Context(), item.Kind, item.ID); err != nil {
				w.t.Fatal(err)
			}
			n++
		}
	}
	if n < 4 {
		w.t.Errorf("%d records were read", n)
	}
	w.everybody()
	for _, err := range []error{
		a.Save(w.t.Context(), &daylightv1.Finding{Id: w.text(openText, "what is no id")}),
		a.Save(w.t.Context(), &daylightv1.Finding{VisitId: proto.String(w.text(openText, "what is no id"))}),
		a.Save(w.t.Context(), &daylightv1.Finding{Title: proto.String(w.text(openText, "what is no text") + "\xff")}),
	} {
		w.fails(err, "")
	}
}

// disagreeing lets two write the same field without seeing each other, and settles it.
func (w *canaries) disagreeing() {
	a, b := w.hands[0], w.hands[1]
	w.summary(a, w.text(openText, "a summary"))
	w.summary(b, w.text(openText, "another summary"))
	w.everybody()
	item, err := a.Get(w.t.Context(), clientsync.KindVisit, w.visit.Id)
	if err != nil || len(item.Conflicts) != 1 {
		w.t.Fatalf("%d conflicts, %v", len(item.Conflicts), err)
	}
	w.looks("in a conflict")
	if err := a.Resolve(w.t.Context(), item.Message, item.Conflicts[0], item.Conflicts[0].Values[1]); err != nil {
		w.t.Fatal(err)
	}
	w.everybody()
}

// refusing lets somebody write what they may not, and puts the refusal away.
func (w *canaries) refusing() {
	c := w.hands[2]
	v := c.visit(w.visit.Id)
	v.Team = append(v.Team, &daylightv1.TeamMember{Id: w.hands[3].id, Person: proto.String(w.text(openText, "a name for the team"))})
	c.saves(v)
	w.synced(c.Client)
	refused, err := c.Refused(w.t.Context())
	if err != nil || len(refused) != 1 {
		w.t.Fatalf("%d refusals, %v", len(refused), err)
	}
	w.looks("before a refusal is put away")
	if err := c.Dismiss(w.t.Context(), refused[0].Number); err != nil {
		w.t.Fatal(err)
	}
}

// sealing writes what is meant for a few, twice each, as it is typed; opens it; and hands
// the visit in.
func (w *canaries) sealing() {
	a := w.hands[0]
	visit := &daylightv1.Visit{FacilityId: &w.place.Id, Team: []*daylightv1.TeamMember{a.monitor()}}
	a.saves(visit)
	w.middle = func() { w.looks("while it is sealed") }
	notes := []clientsync.Message{
		&daylightv1.PersonIdentity{VisitId: &visit.Id}, &daylightv1.InterviewNote{VisitId: &visit.Id},
		&daylightv1.MedicalNote{VisitId: &visit.Id}, &daylightv1.ReprisalDetail{VisitId: &visit.Id},
	}
	for _, m := range notes {
		for range 2 {
			w.sealed(a, m)
		}
	}
	w.middle = nil
	w.sealingKeys(a, visit.Id)
	w.everybody()
	for _, item := range collected(w, a, clientsync.Filter{Visit: visit.Id}) {
		if !clientsync.Sealed(item.Kind) {
			continue
		}
		if values, err := a.OpenSealed(w.t.Context(), item.Kind, item.ID); err != nil || len(values) != 1 || values[0].Problem != nil {
			w.t.Fatalf("%v: %+v, %v", item.Kind, values, err)
		}
		if _, err := a.WhoCanRead(w.t.Context(), item.Kind, item.ID); err != nil {
			w.t.Fatal(err)
		}
	}
	w.looks("after it was opened")
	visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	a.saves(visit)
	w.sealed(a, notes[1])
	w.everybody()
	w.looks("after the visit was handed in")
}

// sealed writes new words into every field of the record's content.
func (w *canaries) sealed(h hand, m clientsync.Message) {
	w.t.Helper()
	kind, err := record.KindOf(m)
	if err != nil {
		w.t.Fatal(err)
	}
	content := clientsync.NewContent(kind)
	r := content.ProtoReflect()
	for i := range r.Descriptor().Fields().Len() {
		f := r.Descriptor().Fields().Get(i)
		r.Set(f, protoreflect.ValueOfString(w.text(sealedText, string(f.FullName()))))
	}
	if err := h.SaveSealed(w.t.Context(), m, content); err != nil {
		w.t.Fatal(err)
	}
}

// sealingKeys plants the private halves, which only the recovery key gives away.
func (w *canaries) sealingKeys(h hand, visit string) {
	w.t.Helper()
	n := 0
	for _, item := range collected(w, h, clientsync.Filter{Visit: visit, Kind: clientsync.KindSealingKey}) {
		m := item.Message.(*daylightv1.SealingKey)
		for _, wrap := range m.Wraps {
			place := compartment.Place{Compartment: compartment.Compartment(m.GetCompartment()), Visit: visit}
			if k, err := compartment.Unwrap(wrap.Key, w.recovery.Secret(), m.GetPublic(), place); err == nil {
				w.age("the private half of a compartment's key", k.Secret())
				n++
			}
		}
	}
	if n != 4 {
		w.t.Errorf("%d keys of compartments were found", n)
	}
}

func collected(w *canaries, h hand, f clientsync.Filter) (out []clientsync.Item) {
	w.t.Helper()
	for item, err := range h.List(w.t.Context(), f) {
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, item)
	}
	return out
}

// puts keeps a bundle as a person would, on a stick.
func (w *canaries) puts(name string, b []byte) []byte {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.aside, name), b, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// handing makes bundles, and takes them whole, cut off, altered and as somebody else.
func (w *canaries) handing() {
	a, b, c := w.hands[0], w.hands[1], w.hands[2]
	w.writes(a)
	made := w.puts("team.age", w.bundle(a, b, c))
	_, err := b.Import(w.t.Context(), io.MultiReader(bytes.NewReader(made[:len(made)-9])))
	w.fails(err, "cut off")
	altered := bytes.Clone(made)
	altered[len(altered)/2] ^= 1
	_, err = b.Import(w.t.Context(), bytes.NewReader(altered))
	w.fails(err, "byte")
	_, err = w.hands[3].Import(w.t.Context(), bytes.NewReader(made))
	w.fails(err, "somebody else")
	// While it is taken it stands in the folder: the reader looks there in the middle.
	looked := false
	_, err = b.Import(w.t.Context(), io.MultiReader(bytes.NewReader(made[:len(made)/2]), reader(func([]byte) (int, error) {
		aside, _ := filepath.Glob(filepath.Join(b.dir, "*.part"))
		if looked = looked || len(aside) == 1; looked {
			w.looks("while a bundle is taken")
		}
		return 0, io.EOF
	}), bytes.NewReader(made[len(made)/2:])))
	if err != nil || !looked {
		w.t.Fatalf("looked at what is put aside: %v, %v", looked, err)
	}
	w.takes(c, made)
	w.puts("back.age", w.bundle(b, a))
	w.writes(a)
	answer, _ := w.office(w.puts("stick.age", w.made(a, clientsync.To{Office: true})))
	w.takes(a, w.puts("answer.age", answer))
	w.everybody()
}

type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }

// losingSight takes B out of the team while B has something unsent.
func (w *canaries) losingSight() {
	a, b := w.hands[0], w.hands[1]
	w.writes(b)
	with := a.visit(w.visit.Id)
	without := proto.Clone(with).(*daylightv1.Visit)
	without.Team = slices.DeleteFunc(without.Team, func(m *daylightv1.TeamMember) bool { return m.Id == b.id })
	a.saves(without)
	w.synced(a.Client)
	w.synced(b.Client)
	if b.visit(w.visit.Id) != nil {
		w.t.Fatal("B still sees the visit")
	}
	w.looks("after what may no longer be seen was swept out")
	without.Team = with.Team
	a.saves(without)
	w.everybody()
}

// renewing gives each device another certificate and token.
func (w *canaries) renewing() {
	for i, h := range w.hands {
		w.locked(i, func() { w.opens(h.dir) })
	}
	w.now = w.now.Add(70 * 24 * time.Hour)
	w.everybody()
	before := len(w.planted())
	for i, h := range w.hands {
		w.locked(i, func() { w.opens(h.dir) })
	}
	if len(w.planted()) < before+len(w.hands) {
		w.t.Error("no device has got another token")
	}
}

// restoring tells everybody that the office has lost something, and is out of reach.
func (w *canaries) restoring() {
	w.writes(w.hands[0])
	if err := w.store.NewEpoch(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.everybody()
}

// operating makes codes and tokens, and copies of what the office has.
func (w *canaries) operating() {
	text := w.code(w.hands[0].id)
	code, err := enrol.Parse(text)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{secret, "a code", []byte(text), true})
	w.key("what is secret in a code", code.Secret[:])
	token, err := w.operator.IssueToken(w.t.Context(), &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
		Name: w.text(openText, "a token's name"), Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}}, Until: w.now.Add(24 * time.Hour).UnixMilli(),
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := enrol.ParseToken(token.Secret)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{secret, "a program's token as text", []byte(token.Secret), true})
	w.key("a program's token", raw[:])
	c := w.open(w.t.TempDir())
	_, err = c.Enrol(w.t.Context(), text[:len(text)-3]+"AAA", "a tablet")
	w.fails(err, "")
	if _, err := c.Enrol(w.t.Context(), text, w.text(openText, "a device's label")); err != nil {
		w.t.Fatal(err)
	}
	_, err = w.open(w.t.TempDir()).Enrol(w.t.Context(), text, "a tablet")
	w.fails(err, "used already")
	w.unreachable(code)

	for { // as Run does behind the log, so that the search's own tables are looked at too
		if more, err := w.store.Index(w.t.Context()); err != nil {
			w.t.Fatal(err)
		} else if !more {
			break
		}
	}
	out, err := os.Create(filepath.Join(w.store.Dir(), "log.bin")) // as daylightd export
	if err != nil {
		w.t.Fatal(err)
	}
	defer out.Close()
	if err := w.store.Export(w.t.Context(), out); err != nil {
		w.t.Fatal(err)
	}
}

// unreachable asks an office that does not answer.
func (w *canaries) unreachable(code enrol.Code) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{address, "the address of nobody", []byte(nobody), true})
	code.Endpoints = []string{"https://" + nobody}
	_, err = w.open(w.t.TempDir()).Enrol(w.t.Context(), code.Encode(), "a tablet")
	w.fails(err, "")
	if chain := fmt.Sprint(errors.Unwrap(err)); !strings.Contains(chain, nobody) {
		w.t.Errorf("the cause does not say who did not answer: %s", chain)
	}
}
