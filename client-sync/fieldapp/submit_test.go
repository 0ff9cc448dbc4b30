package fieldapp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestWhatIsNeededStandsByItsPart: the single lines in sight, each with its part; a part with
// many unfolds, and none of its lines is lost.
func TestWhatIsNeededStandsByItsPart(t *testing.T) {
	l := look.Words().Locale("en", time.UTC, time.Now())
	var g gaps
	if g.count() != 0 || len(g.parts(l)) != 0 {
		t.Error("something is needed of nothing")
	}
	for _, at := range []struct {
		part string
		n    int
	}{{"Team", 1}, {"Access", mostTogether + 1}, {"Arrival", mostTogether}} {
		for range at.n {
			g.need(look.Plain(at.part), look.Row{Text: look.Plain("a line")})
		}
	}
	g.need(look.Plain("Team"), look.Row{Text: look.Plain("a line"), Under: look.Plain("its section")})
	if g.count() != 2+2*mostTogether+1 {
		t.Errorf("%d are needed", g.count())
	}
	parts := g.parts(l)
	if len(parts) != 2 {
		t.Fatalf("%v", parts)
	}
	single := parts[0].(look.Rows).Items
	if len(single) != 2+mostTogether || single[0].Under.String() != "Team" || single[1].Under.String() != "Team · its section" {
		t.Errorf("in sight: %v", single)
	}
	many := parts[1].(look.Unfold)
	if rows := many.Body[0].(look.Rows).Items; many.Summary.String() != "Access · 4" || len(rows) != mostTogether+1 || len(rows[0].Under) != 0 {
		t.Errorf("folded: %v", many)
	}
}

// TestTheRightsThatNobodyRatedAreOneLineToOpen: a visit in its first hour is no wall.
func TestTheRightsThatNobodyRatedAreOneLineToOpen(t *testing.T) {
	v := openTrip(t)
	page := v.page(v.href + "/submit").Body.String()
	folded, _, _ := strings.Cut(page[strings.Index(page, "<details"):], "</details>")
	if !strings.Contains(folded, "Access, right by right · ") || strings.Count(folded, v.href+"/access#") < 2*mostTogether {
		t.Errorf("%s", folded)
	}
}

// TestADayIsNoMinute: what was counted on a day was not counted at midnight.
func TestADayIsNoMinute(t *testing.T) {
	v := openTrip(t)
	visit := v.now()
	visit.Population = []*daylightv1.PopulationCount{{Category: proto.String(totalHeld), Persons: proto.Uint32(12),
		Source: daylightv1.CountSource_COUNT_SOURCE_REGISTER.Enum(), AsOf: proto.String("2026-03-12")}}
	saved(t, v.c, visit)
	page := v.page(v.href + "/counts")
	has(t, page, "12 March 2026")
	if strings.Contains(page.Body.String(), "00:00") {
		t.Error("a day is shown as its first minute")
	}
}

// TestWhatIsWithheldLeadsSomewhere: to its page where its kind has one, else to its history.
func TestWhatIsWithheldLeadsSomewhere(t *testing.T) {
	v := openTrip(t)
	note := saved(t, v.c, &daylightv1.InterviewNote{VisitId: proto.String(v.visit.GetId())})
	asked := saved(t, v.c, &daylightv1.Recommendation{VisitId: proto.String(v.visit.GetId())})
	for _, c := range []struct {
		kind     clientsync.Kind
		id, want string
	}{
		{clientsync.KindInterviewNote, note.GetId(), v.hrefTo(clientsync.KindInterviewNote, note.GetId())},
		{clientsync.KindRecommendation, asked.GetId(), v.hrefTo(clientsync.KindRecommendation, asked.GetId()) + "/history"},
	} {
		href := v.turn().pageFor(c.kind, c.id)
		if w := v.get(href); href != c.want || w.Code != http.StatusOK {
			t.Errorf("%v leads to %s: %d", c.kind, href, w.Code)
		}
	}
}
