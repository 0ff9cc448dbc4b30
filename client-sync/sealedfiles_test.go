package clientsync

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// files are those of the note, by their names.
func (d *device) files(note *daylightv1.InterviewNote) map[string]string {
	d.t.Helper()
	all, err := d.SealedFiles(d.t.Context(), KindInterviewNote, note.Id)
	if err != nil {
		d.t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range all {
		out[f.Name] = string(f.Content)
	}
	return out
}

func TestWhatIsSealedInFilesOpensWithTheRecoveryKeyAlone(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	visit, note := noted(d, "who spoke")
	short := note.Id[len(note.Id)-8:]
	got := d.files(note)
	if len(got) != 3 {
		t.Fatalf("%d files", len(got))
	}
	m := d.list(Filter{Kind: KindSealingKey})[0].Message.(*daylightv1.SealingKey)
	k, err := compartment.Unwrap([]byte(got[short+"-key-1.age"]), g.recovery.Secret(), m.GetPublic(), placeOf(m))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := k.Open([]byte(got[short+".age"])); err != nil || !strings.Contains(string(text), "who spoke") {
		t.Errorf("it says %s, %v", text, err)
	}
	for _, want := range []string{note.Id, visit.Id, "age -d -i recovery.txt -o key.txt " + short + "-key-1.age\n  age -d -i key.txt " + short + ".age\n"} {
		if !strings.Contains(got["README.txt"], want) {
			t.Errorf("it does not say %q:\n%s", want, got["README.txt"])
		}
	}
	// Handed in, this device opens it no more, and hands it on all the same.
	visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	d.save(visit)
	d.says(note, "denied")
	if again := d.files(note); again[short+".age"] != got[short+".age"] || again[short+"-key-1.age"] == "" {
		t.Error("the files are not what they were")
	}
}

func TestFilesOfNothingAreNotMade(t *testing.T) {
	d := newDevice(t) // nobody's recovery key
	visit, note := noted(d, "alone")
	empty := &daylightv1.InterviewNote{VisitId: &visit.Id}
	d.save(empty)
	for id, says := range map[string]string{
		note.Id: "no key to what is sealed here was wrapped", empty.Id: "nothing is sealed in this record", "x": "no record that seals anything is named",
	} {
		if got, err := d.SealedFiles(t.Context(), KindInterviewNote, id); err == nil || !strings.Contains(err.Error(), says) || got != nil {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
	if _, err := d.SealedFiles(t.Context(), KindVisit, visit.Id); CodeOf(err) != Invalid {
		t.Error(err)
	}
}

// lists gives the device a list of readers of interviews, as its root key has signed it.
func (d *device) lists(version uint64, recipients ...string) {
	d.t.Helper()
	list := compartment.List{Office: "Office", Version: version, Recovery: d.enrolment.Load().Recovery, Issued: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)}
	for i, r := range recipients {
		device := "0190e9c4-6a00-7abc-8def-00000000000" + string(rune('1'+i))
		list.Readers = append(list.Readers, compartment.Reader{Compartment: compartment.Interview, Recipient: r, Device: device, Name: "Reviewer"})
	}
	root, err := compartment.ParseRootKey("DAYLIGHT-ROOT-KEY-AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ")
	if err != nil {
		d.t.Fatal(err)
	}
	signed, err := compartment.Sign(list, root)
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.db.Write(d.t.Context(), func(b *localdb.Book) error {
		e := *d.enrolment.Load()
		e.RootKey, e.Office = ed25519.PublicKey(root.Public()), "Office"
		taken, err := takeReaders(b, &e, signed)
		if !taken {
			d.t.Error("the list was not taken")
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestRewrapGivesKeysToWhoLacksThem(t *testing.T) {
	d := newFrontDesk(t).enrolled()
	_, note := noted(d, "x")
	reader, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	d.lists(1, reader.Recipient())
	for _, want := range []int{1, 0} {
		if n, err := d.Rewrap(t.Context()); n != want || err != nil {
			t.Errorf("%d wraps, want %d (%v)", n, want, err)
		}
	}
	m := d.list(Filter{Kind: KindSealingKey})[0].Message.(*daylightv1.SealingKey)
	k, err := unwrapFor(reader.Secret(), m)
	if err != nil {
		t.Fatal(err)
	}
	body := d.get(note).Message.(*daylightv1.InterviewNote).Sealed
	if _, err := k.Open(body); err != nil {
		t.Error(err)
	}
	if n := len(d.files(note)); n != 3 {
		t.Errorf("%d files: what is wrapped for others goes along", n)
	}
	if err := d.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Rewrap(t.Context()); CodeOf(err) != Unauthenticated {
		t.Errorf("locked: %v", err)
	}
}
