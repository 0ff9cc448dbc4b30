package scenario

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// label is what a device calls a term.
func (d *Device) label(l vocabulary.List, c vocabulary.Code, language string) vocabulary.Label {
	d.w.T.Helper()
	set, err := d.Client.Terms(background())
	d.w.must(err)
	return set.Label(l, c, language)
}

// Two desks change the same shipped term with no network between them: it is one record,
// and what they disagree on is a conflict. What the office adds comes with a sync; what is
// shipped never travels.
func TestTheOfficesWordsTravelAndTheShippedOnesDoNot(t *testing.T) {
	w := New(t, 1)
	var desks []*Device
	for _, name := range []string{"A", "B"} {
		d, err := w.Add(name)
		w.must(err)
		w.must(d.Sync(false))
		desks = append(desks, d)
	}
	a, b := desks[0], desks[1]
	if a.Net.Down > 2000 {
		t.Errorf("a first sync with no records brought %d bytes", a.Net.Down)
	}
	for d, labels := range map[*Device]map[string]string{a: {"ru": "Свет", "tk": "Yşyk"}, b: {"ru": "Освещение"}} {
		set, err := d.Client.Terms(background())
		w.must(err)
		r := set.TermRecord(vocabulary.FindingTopic, "MAT.LIGHT")
		r.Labels = labels
		w.must(d.save(r))
	}
	own := &daylightv1.Term{List: proto.String("PLACE_TYPE"), Code: proto.String("TM_X"), Number: proto.Uint32(100000), Labels: map[string]string{"ru": "Иное"}}
	w.must(w.Office.save(own))
	for range 2 {
		for _, d := range desks {
			w.must(d.Sync(true))
		}
	}
	for _, d := range desks {
		if got := d.label(vocabulary.FindingTopic, "MAT.LIGHT", "tk"); got.Text != "Yşyk" {
			t.Errorf("%s: %+v", d.Name, got)
		}
		if got := d.label(vocabulary.PlaceType, "TM_X", "tk"); got.Text != "Иное" || got.Language != "ru" {
			t.Errorf("%s: %+v", d.Name, got)
		}
		conflicts := 0
		for item, err := range d.Client.Conflicts(background()) {
			w.must(err)
			if conflicts++; item.ID != vocabulary.TermID(vocabulary.FindingTopic, "MAT.LIGHT").String() || item.Conflicts[0].Key != "ru" {
				t.Errorf("%s: %+v", d.Name, item)
			}
		}
		if conflicts != 1 {
			t.Errorf("%s has %d conflicts", d.Name, conflicts)
		}
	}
	words, err := w.Office.Store.Words(background())
	w.must(err)
	if len(words.Terms) != 2 {
		t.Errorf("the office has %d records of terms", len(words.Terms))
	}
	if got := vocabulary.New(words.Terms, words.Standards).Label(vocabulary.FindingTopic, "MAT.LIGHT", "ru"); got != a.label(vocabulary.FindingTopic, "MAT.LIGHT", "ru") {
		t.Errorf("the office says %+v", got)
	}
}
