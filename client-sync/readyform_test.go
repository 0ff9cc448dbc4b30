package clientsync

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (d *device) forms() *forms.Catalogue {
	d.t.Helper()
	all, err := d.Forms(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

const today = "2026-11-24"

func codesOf(all []forms.Offered) (out []string) {
	for _, o := range all {
		out = append(out, o.Code)
	}
	return out
}

func TestFormsAreThoseThatShipWithTheOfficesOwn(t *testing.T) {
	d := newDevice(t)
	shipped := d.forms()
	if got := codesOf(shipped.Offered("PEN_REMAND", today)); !slices.Equal(got, []string{"npm_prison"}) {
		t.Errorf("offered at a prison: %q", got)
	}
	over, _ := shipped.Record(checklist.FormID("npm_prison", "2026112301"))
	over.Hidden = proto.Bool(true)
	code, version := "own", "1"
	own := &daylightv1.Checklist{
		Id: checklist.FormID(code, version).String(), Code: &code, Version: &version, Rows: proto.Uint32(1),
		Questions: []*daylightv1.ChecklistQuestion{{Name: "q", Type: proto.String("text")}},
	}
	d.save(over, own)
	if got := codesOf(d.forms().Offered("PEN_REMAND", today)); !slices.Equal(got, []string{"own"}) {
		t.Errorf("with the office's own: %q", got)
	}
	if err := d.Remove(t.Context(), d.get(over).Message); err != nil {
		t.Fatal(err)
	}
	if err := d.Remove(t.Context(), d.get(own).Message); err != nil {
		t.Fatal(err)
	}
	again := d.forms()
	if got := codesOf(again.Offered("PEN_REMAND", today)); !slices.Equal(got, []string{"npm_prison"}) {
		t.Errorf("with both removed: %q", got)
	}
	if f, ok := again.Version("own", "1"); !ok || len(f.GetQuestions()) != 1 {
		t.Error("a removed form cannot be read any more")
	}
}

func TestFormsAreReadAnewOnlyWhenOneChanges(t *testing.T) {
	d := newDevice(t)
	first := d.forms()
	d.save(&daylightv1.Finding{Title: proto.String("No light")})
	if d.forms() != first {
		t.Error("a finding had the forms read anew")
	}
	d.lock()
	if d.Client.forms.all.made != nil {
		t.Error("the forms are still in memory")
	}
}

// What ships speaks the words that ship.
func TestTheWordsOfShippedFormsExist(t *testing.T) {
	words := vocabulary.Shipped()
	for _, f := range checklist.Shipped() {
		for _, p := range f.GetPlaceTypes() {
			if _, ok := words.Lookup(vocabulary.PlaceType, vocabulary.Code(p)); !ok {
				t.Errorf("%s: there is no type of place %s", f.GetCode(), p)
			}
		}
		for _, q := range f.GetQuestions() {
			if _, ok := words.Lookup(vocabulary.FindingTopic, vocabulary.Code(q.GetTopic())); q.GetTopic() != "" && !ok {
				t.Errorf("%s, %s: there is no topic %s", f.GetCode(), q.GetName(), q.GetTopic())
			}
			for _, ref := range q.GetStandards() {
				if _, ok := words.Standard(vocabulary.Ref(ref)); !ok {
					t.Errorf("%s, %s: there is no standard %s", f.GetCode(), q.GetName(), ref)
				}
			}
			if q.GetSuggest() != "" && (q.GetTopic() == "" || len(q.GetStandards()) == 0) {
				t.Errorf("%s, %s suggests a finding without topic or standard", f.GetCode(), q.GetName())
			}
		}
	}
}
