package fieldapp

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestHistoryTellsInWordsWhoChangedWhat(t *testing.T) {
	p := twoDevices(t)
	p.b.Wrong(3000 * 24 * time.Hour)
	f := parted(p, stood, mineA, bSays)
	change(p, p.a, f, func(f *daylightv1.Finding) {
		f.SeverityProposed = daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum()
	})
	b := openApp(t, p.a.Client)
	w := b.get(b.recordOf(f) + "/history")
	tells(t, w, "Who changed what", "You changed “Severity, proposed”", "Serious", "You began this record (Finding)", "Two versions of “What was found”",
		"Compare and settle", "this device", "not sent yet", "received", "[added: Two sleep by the door.]", "For the record")
	if strings.Contains(title(w), "Cell") || title(w) == "" {
		t.Errorf("the title says %q", title(w))
	}
	// The other's change is not here, only what stands of it.
	b2 := openApp(t, p.b.Client)
	tells(t, b2.get(b2.recordOf(f)+"/history"), "A team-mate wrote what stands now", "came from the office", "Earlier history, and that of others, is at the office")
	item := itemOf(t, p.a.Client, f)
	for _, v := range item.Conflicts[0].Values {
		if v.ClockSuspect {
			tells(t, b.get(b.recordOf(f)+"/two"), "The clock of that device was in doubt")
			return
		}
	}
	t.Error("the office found no clock suspect")
}

func TestALongHistoryComesInPages(t *testing.T) {
	c := openClient(t)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("x")}).(*daylightv1.Finding)
	other := saved(t, c, &daylightv1.Finding{}).(*daylightv1.Finding)
	for i := range eachHistory + 10 {
		f.Room = proto.String(fmt.Sprint("room ", i))
		other.Room = f.Room
		saved(t, c, f)
		saved(t, c, other) // so that no change amends the one before
	}
	b := openApp(t, c)
	first := b.get(b.recordOf(f) + "/history")
	tells(t, first, fmt.Sprint("room ", eachHistory+9))
	if n := strings.Count(first.Body.String(), `class="log-when"`); n != eachHistory {
		t.Errorf("%d changes on a page", n)
	}
	tells(t, b.get(b.recordOf(f)+fmt.Sprintf("/history?from=%d", eachHistory)), "room 0", "began this record")
	for _, from := range []string{"-1", "9999", "x"} {
		if w := b.get(b.recordOf(f) + "/history?from=" + from); w.Code != http.StatusOK {
			t.Errorf("from=%s: %d", from, w.Code)
		}
	}
}

// TestEveryRecordHasAHistory: whatever a record holds, its history is told in every language.
func TestEveryRecordHasAHistory(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	r := rand.New(rand.NewPCG(1, 1))
	for _, kind := range clientsync.Kinds() {
		for range 3 {
			m := scenario.AnyRecord(r, kind)
			if err := c.Save(t.Context(), m); err != nil {
				continue // not one that an app can save
			}
			for _, lang := range []string{"en", "ar", "tk"} {
				b.language = lang
				if w := b.get(b.recordOf(m) + "/history"); w.Code != http.StatusOK || strings.Contains(visible(w), "field-history.") {
					t.Errorf("%s in %s: %d %s", kind, lang, w.Code, visible(w))
				}
			}
		}
	}
}

func TestARecordThatIsBegunHasNoHistoryYet(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	href := b.turn().begin(&daylightv1.Finding{})
	for _, page := range []string{"/history", "/two", "/review"} {
		if w := b.get(href + page); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", page, w.Code, visible(w))
		}
	}
}

func TestValuesInWords(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	for _, x := range []struct {
		kind              clientsync.Kind
		field, key, value string
		want              string
	}{
		{clientsync.KindFinding, "title", "", `"Cell <b>4</b>"`, "Cell <b>4</b>"},
		{clientsync.KindFinding, "severity_proposed", "", `"FINDING_SEVERITY_SERIOUS"`, "Serious"},
		{clientsync.KindFinding, "severity_proposed", "", `99`, "99"},
		{clientsync.KindFinding, "in_closing_talk", "", `true`, "Yes"},
		{clientsync.KindFinding, "number_affected", "", `{"at_least":2,"at_most":5}`, "At least: 2 · At most: 5"},
		{clientsync.KindFinding, "observed_at", "", `"2026-11-24T14:02+05:00"`, "24 November 2026, 14:02"},
		{clientsync.KindFinding, "observed_at", "", `"2026-11"`, "2026-11"},
		{clientsync.KindFinding, "visit_id", "", `"0190a6e2-7c1b-7000-8000-000000000001"`, "Visit, not on this device"},
		{clientsync.KindFinding, "sources", "EVIDENCE_SOURCE_OBSERVATION", `"EVIDENCE_SOURCE_OBSERVATION"`, "bservation"},
		{clientsync.KindFinding, "title", "", ``, "nothing"},
		{clientsync.KindFinding, "field 99", "", `"AAAA"`, "AAAA"},
		{clientsync.KindFacility, "names", "ru", `"Колония"`, "Колония"},
		{clientsync.KindVisit, "delay_minutes", "", `35`, "35"},
		{clientsync.KindInterviewNote, "sealed", "", `"(sealed, 4296 bytes)"`, "only those who are named"},
		{clientsync.KindMeasurement, "value", "", `26.4`, "26.4"},
	} {
		if got := b.turn().valueWords(x.kind, x.field, x.key, x.value).String(); !strings.Contains(got, x.want) {
			t.Errorf("%s %s: %q, want %q", x.field, x.value, got, x.want)
		}
	}
}

// turn is a request for which no page is made.
func (b *browser) turn() *turn {
	return b.app.turn(nil, request("GET", "/"))
}
