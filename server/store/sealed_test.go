package store

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func aNote(visit record.ID, sealed string) *daylightv1.InterviewNote {
	return &daylightv1.InterviewNote{VisitId: proto.String(visit.String()), Language: proto.String("ru"), Sealed: []byte(record.SealedHeader + sealed)}
}

func aKey(visit record.ID) *daylightv1.SealingKey {
	return &daylightv1.SealingKey{
		VisitId: proto.String(visit.String()), Compartment: daylightv1.Compartment_COMPARTMENT_INTERVIEW.Enum(),
		Public: proto.String("age1qx"), Wraps: []*daylightv1.KeyWrap{{Recipient: proto.String("age1reader"), Key: []byte(record.SealedHeader + "x")}},
	}
}

// The office keeps what it cannot read as it keeps the rest: it merges, is derived
// again from the log to the same bytes, and is told by its size.
func TestCiphertextsMergeAndAreToldByTheirSize(t *testing.T) {
	w, a, b := newWorld(t), newDevice(1), newDevice(2)
	visit := a.save(t, aVisit(a.save(t, aFacility("Central prison", "CP-1"))))
	long := strings.Repeat("\xfe\x01 secret ", 9000)
	id := a.save(t, aNote(visit, long))
	a.save(t, aKey(visit))
	a.push(w)
	b.pull(w)
	for d, sealed := range map[*device]string{a: "one", b: "another"} {
		m := d.show(t, record.InterviewNote, id).(*daylightv1.InterviewNote)
		m.Sealed = []byte(record.SealedHeader + sealed)
		d.save(t, m)
		d.push(w)
	}
	item := must(w.Get(t.Context(), record.InterviewNote, id))(t)
	if len(item.Status.Conflicts) != 1 || len(item.Status.Conflicts[0].Values) != 2 {
		t.Fatalf("%v", item.Status)
	}
	entries, _, err := w.History(t.Context(), record.InterviewNote, id, 0, "")
	if err != nil || len(entries) != 3 {
		t.Fatal(len(entries), err)
	}
	size := 0
	for _, e := range append(entries, &daylightv1.HistoryEntry{}) {
		for _, x := range e.Edits {
			if x.Field == "sealed" && !strings.HasPrefix(x.Json, `"(sealed, `) {
				t.Errorf("shown as %.60s", x.Json)
			}
		}
		size += proto.Size(e)
	}
	if size += proto.Size(item.Status); size > 4096 {
		t.Errorf("what is told of a ciphertext of %d bytes takes %d", len(long), size)
	}
	seen := must(w.Get(t.Context(), record.InterviewNote, id))(t).Message.(*daylightv1.InterviewNote)
	seen.Sealed = []byte(record.SealedHeader + "both")
	now := must(w.Save(t.Context(), "Reader", seen))(t)[0]
	if len(now.Status.Conflicts) != 0 || !bytes.HasSuffix(now.Message.(*daylightv1.InterviewNote).Sealed, []byte("both")) {
		t.Errorf("not settled: %v", now.Status)
	}
	w.whole()
}

func TestWhatIsSealedIsItsVisitsAndNobodyElses(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	anna, boris := d.newID(), d.newID()
	a, b := newReader(PersonHolder(anna)), newReader(PersonHolder(boris))
	for _, r := range []*reader{a, b} {
		r.Kinds[record.InterviewNote], r.Kinds[record.SealingKey] = r.Kinds[record.Visit], r.Kinds[record.Visit]
	}
	delete(b.Kinds, record.SealingKey)
	place := d.save(t, aFacility("Central prison", "CP-1"))
	visit := d.save(t, inTeam(aVisit(place), anna))
	note, key := d.save(t, aNote(visit, "x")), d.save(t, aKey(visit))
	person := d.save(t, &daylightv1.PersonIdentity{VisitId: proto.String(visit.String())}) // of a kind that neither sees
	d.push(w)
	a.pull(w)
	a.wants(t, place, visit, note, key)
	b.pull(w)
	b.wants(t)
	d.save(t, inTeam(d.show(t, record.Visit, visit).(*daylightv1.Visit), boris))
	d.push(w)
	a.pull(w)
	a.wants(t)
	b.pull(w)
	b.wants(t, place, visit, note)
	for kind, id := range map[record.Kind]record.ID{record.SealingKey: key, record.PersonIdentity: person} {
		if _, _, err := w.For(Caller{Sight: b.Sight}).History(t.Context(), kind, id, 0, ""); err == nil {
			t.Errorf("the history of a %v is told to whoever does not see it", kind)
		}
	}
	w.whole()
}

func TestTheOfficesIDsOfNotesDoNotTellTheTime(t *testing.T) {
	w := newWorld(t)
	for _, m := range []record.Message{aVisit(record.ID{1}), aFinding(record.ID{1}, "x"), aNote(record.ID{1}, "x"), aKey(record.ID{1}), &daylightv1.PersonIdentity{Sex: daylightv1.Sex_SEX_MALE.Enum()}} {
		saved := must(w.Save(t.Context(), "Clerk", m))(t)[0].Message
		want := byte('7')
		if record.Undated(must(record.KindOf(m))(t)) {
			want = '4'
		}
		if got := saved.GetId()[14]; got != want {
			t.Errorf("%T: %s is of version %c", m, saved.GetId(), got)
		}
	}
}

func TestNoWordFindsWhatIsSealed(t *testing.T) {
	w := newWorld(t)
	must(w.Save(t.Context(), "Clerk", aNote(record.ID{1}, "secret words"), aKey(record.ID{1})))(t)
	w.indexed()
	var n int
	if err := w.read(t.Context(), func(l *ledger) error {
		return l.QueryRow(`SELECT count(*) FROM search WHERE search MATCH $1`, `"secret" OR "words" OR "age" OR "age1qx"`).Scan(&n)
	}); err != nil || n != 0 {
		t.Errorf("%d records are found: %v", n, err)
	}
}
