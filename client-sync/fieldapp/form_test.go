package fieldapp

import (
	"errors"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/recordpage"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const passphrase = "marble anchor velvet spiral copper window"

func openClient(t testing.TB) *clientsync.Client {
	t.Helper()
	c, err := clientsync.Open(t.Context(), scenario.Cheap(clientsync.Config{Dir: t.TempDir(), Passphrase: passphrase, Person: "Monitor A", Device: "tablet"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func saved(t testing.TB, c *clientsync.Client, m clientsync.Message) clientsync.Message {
	t.Helper()
	if err := c.Save(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return m
}

func saveForm(t testing.TB, c *clientsync.Client, as clientsync.Message, posted url.Values, zone *time.Location) (recordpage.Outcome, error) {
	return recordpage.Save(as, posted, zone, func(m clientsync.Message) error { return c.Save(t.Context(), m) })
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestAFormChangesWhatItsAuthorChanged(t *testing.T) {
	c := openClient(t)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4"), Narrative: proto.String("damp"), Room: proto.String("4")}).(*daylightv1.Finding)
	page, err := recordpage.Pack(f)
	if err != nil {
		t.Fatal(err)
	}
	meanwhile := proto.Clone(f).(*daylightv1.Finding)
	meanwhile.Room = proto.String("5")
	saved(t, c, meanwhile)

	as, err := recordpage.Unpack(clientsync.KindFinding, f.GetId(), page)
	if err != nil {
		t.Fatal(err)
	}
	o, err := saveForm(t, c, as, form("narrative", "damp, with mould", "title", "Cell 4"), time.UTC)
	if err != nil || len(o.Bad) > 0 {
		t.Fatal(err, o.Bad)
	}
	got := o.Message.(*daylightv1.Finding)
	if got.GetNarrative() != "damp, with mould" || got.GetRoom() != "5" || got.GetTitle() != "Cell 4" {
		t.Errorf("it says %v", got)
	}
}

func TestWhatCannotBeSavedIsToldAndTheRestIsSaved(t *testing.T) {
	c := openClient(t)
	as := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	long := strings.Repeat("x", 200<<10)
	o, err := saveForm(t, c, as, form(
		"title", "Cell 14", "narrative", "nul \x00 here", "room", "bad \xff byte", "observed_at", "yesterday",
		"number_affected.exact", "many", "unit", long, "topic", "MAT.LIGHT"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	f := o.Message.(*daylightv1.Finding)
	if f.GetTitle() != "Cell 14" || f.GetTopic() != "MAT.LIGHT" || f.Narrative != nil || f.Room != nil || f.ObservedAt != nil || f.NumberAffected != nil {
		t.Errorf("saved was %v", f)
	}
	for path, word := range map[string]string{"narrative": "field-edit.bad-value", "room": "field-edit.bad-value", "observed_at": "field-edit.bad-value",
		"number_affected.exact": "field-edit.bad-count", "unit": "field-edit.bad-long"} {
		if o.Bad[path] == nil || o.Bad[path].Word != word {
			t.Errorf("%s: %+v", path, o.Bad[path])
		}
	}
	if len(o.Bad) != 5 {
		t.Errorf("told were %v", o.Bad)
	}
}

func TestElementsAreAddedTakenOutAndPutBack(t *testing.T) {
	c := openClient(t)
	as := saved(t, c, &daylightv1.Visit{Title: proto.String("v")})
	o, err := saveForm(t, c, as, form(recordpage.AddField, "sessions"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	id := o.Message.(*daylightv1.Visit).GetSessions()[0].GetId()
	if id == "" {
		t.Fatal("the new element has no id")
	}
	o, err = saveForm(t, c, o.Message, form(recordpage.At("sessions", id, "note"), "night"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	o, err = saveForm(t, c, o.Message, form(recordpage.DropField, recordpage.At("sessions", id)), time.UTC)
	if err != nil || o.Undo == "" || len(o.Message.(*daylightv1.Visit).GetSessions()) != 0 {
		t.Fatal(err, o)
	}
	o, err = saveForm(t, c, o.Message, form(recordpage.AgainField, o.Undo), time.UTC)
	if err != nil || o.Message.(*daylightv1.Visit).GetSessions()[0].GetNote() != "night" {
		t.Fatal(err, o.Message)
	}
}

func TestAFormOfNoPageOfOurs(t *testing.T) {
	c := openClient(t)
	as := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	for _, f := range []url.Values{form("id", "x"), form("merged_into", as.GetId()), form("nobody", "x"), form(recordpage.AddField, "title"), form(recordpage.DropField, "title"), form(recordpage.AgainField, "sessions=!")} {
		if _, err := saveForm(t, c, as, f, time.UTC); !errors.Is(err, recordpage.ErrForm) {
			t.Errorf("%v: %v", f, err)
		}
	}
	packed, err := recordpage.Pack(as)
	if err != nil {
		t.Fatal(err)
	}
	for shows, text := range map[string]string{"cut": packed[:len(packed)/2], "no base64": "%%", "empty": ""} {
		if _, err := recordpage.Unpack(clientsync.KindFinding, as.GetId(), text); shows != "empty" && !errors.Is(err, recordpage.ErrForm) {
			t.Errorf("%s: %v", shows, err)
		}
	}
	if _, err := recordpage.Unpack(clientsync.KindFinding, "another", packed); !errors.Is(err, recordpage.ErrForm) {
		t.Errorf("a form of another record: %v", err)
	}
	if _, err := recordpage.Unpack(clientsync.KindVisit, as.GetId(), packed); err == nil {
		t.Error("a form of another kind was taken")
	}
}

func TestAFormCarriesTheRecordWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(clientsync.Kinds()).Draw(rt, "kind")
		m := scenario.AnyRecord(rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1)), k)
		packed, err := recordpage.Pack(m)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := recordpage.Unpack(k, m.GetId(), packed)
		if err != nil || !proto.Equal(got, m) {
			rt.Fatal(err, got)
		}
	})
}
