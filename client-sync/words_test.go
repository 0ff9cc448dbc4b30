package clientsync

import (
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/terms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (d *device) terms() *terms.Set {
	d.t.Helper()
	set, err := d.Terms(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return set
}

func (d *device) saveAll(messages ...Message) {
	d.t.Helper()
	for _, m := range messages {
		if err := d.Save(d.t.Context(), m); err != nil {
			d.t.Fatal(err)
		}
	}
}

func TestTermsAreTheShippedWordsWithTheOfficesOwn(t *testing.T) {
	d := newDevice(t)
	if got := d.terms().Label("FINDING_AREA", "TREAT", "tk"); got.Text != "Обращение" || got.Language != "ru" {
		t.Errorf("%+v", got)
	}
	light := d.terms().TermRecord(terms.FindingTopic, "MAT.SPACE")
	light.Labels = map[string]string{"tk": "Ýagtylyk"}
	own := &daylightv1.Term{List: proto.String("PLACE_TYPE"), Code: proto.String("TM_X"), Number: proto.Uint32(100000), Parent: proto.String("PENAL"), Labels: map[string]string{"en": "X"}}
	law := &daylightv1.Standard{Ref: proto.String("TKM-1"), Instrument: proto.String("TKM"), Topics: []string{"MAT.SPACE"}}
	d.saveAll(light, own, law)
	set := d.terms()
	if got := set.Label(terms.FindingTopic, "MAT.SPACE", "tk"); got.Text != "Ýagtylyk" {
		t.Errorf("%+v", got)
	}
	if _, ok := set.Lookup(terms.PlaceType, "TM_X"); !ok {
		t.Error("the office's own term is not there")
	}
	if cited := set.StandardsFor("MAT.SPACE", terms.Tenant{}, time.Now()); !slices.ContainsFunc(cited, func(c terms.Cited) bool { return c.Ref == "TKM-1" }) {
		t.Error("the office's own law is not cited")
	}
	d.reopen()
	if got := d.terms().Label(terms.FindingTopic, "MAT.SPACE", "tk"); got.Text != "Ýagtylyk" {
		t.Errorf("opened again: %+v", got)
	}

	t.Run("a removed term stays readable, a removed change is taken back", func(t *testing.T) {
		for _, m := range []Message{d.terms().TermRecord(terms.FindingTopic, "MAT.SPACE"), d.terms().TermRecord(terms.PlaceType, "TM_X")} {
			if err := d.Remove(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		set := d.terms()
		if got := set.Label(terms.FindingTopic, "MAT.SPACE", "tk"); got.Language != "ru" {
			t.Errorf("%+v", got)
		}
		if got, _ := set.Lookup(terms.PlaceType, "TM_X"); got.Labels["en"] != "X" || got.OfferedOn(time.Now()) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("and may be changed again", func(t *testing.T) {
		again := d.terms().TermRecord(terms.FindingTopic, "MAT.SPACE")
		again.Labels = map[string]string{"tk": "Yşyk"}
		d.saveAll(again)
		if got := d.terms().Label(terms.FindingTopic, "MAT.SPACE", "tk"); got.Text != "Yşyk" {
			t.Errorf("%+v", got)
		}
	})
}

func TestTermsAreMadeAnewOnlyWhenOneChanges(t *testing.T) {
	d := newDevice(t)
	first := d.terms()
	d.saveAll(&daylightv1.Finding{Title: proto.String("No light")})
	if d.terms() != first {
		t.Error("a finding made the words anew")
	}
	r := first.TermRecord("SEX", "MALE")
	r.Labels = map[string]string{"en": "Man"}
	d.saveAll(r)
	second := d.terms()
	if second == first || second.Label("SEX", "MALE", "en").Text != "Man" {
		t.Error("the change is not there")
	}
	// There and back again: the words are the same, the record is another, and a form that
	// was opened on the set can be saved.
	for _, label := range []string{"Gent", "Man", "Chap"} {
		r := d.terms().TermRecord("SEX", "MALE")
		r.Labels["en"] = label
		d.saveAll(r)
	}
	if got := d.terms().Label("SEX", "MALE", "en"); got.Text != "Chap" {
		t.Errorf("%+v", got)
	}
}

func TestALockedFolderHasNoTerms(t *testing.T) {
	d := newDevice(t)
	d.terms()
	if err := d.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if set, err := d.Terms(t.Context()); !errors.Is(err, ErrLocked) || set != nil {
		t.Errorf("%v %v", set, err)
	}
	if d.words.made != nil {
		t.Error("the words are still in memory")
	}
	if err := d.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	d.terms()
}
