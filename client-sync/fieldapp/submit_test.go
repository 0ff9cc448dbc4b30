package fieldapp

import (
	"net/http"
	"regexp"
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

// TestMissingQuestionsAreNamedAsTheReaderReads: a checklist says "Was this part of the visit
// done?" in every chapter, and is written in more languages than one.
func TestMissingQuestionsAreNamedAsTheReaderReads(t *testing.T) {
	v := openTrip(t)
	offered, err := v.c.Checklists(t.Context(), "PEN_COLONY_GENERAL")
	if err != nil || len(offered) == 0 {
		t.Fatal(offered, err)
	}
	if _, err := v.c.BeginChecklist(t.Context(), v.visit.GetId(), offered[0].ID.String()); err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`<span class="row-t">(.*?)<span class="row-s">(.*?)</a>`)
	for tag, want := range map[string]string{"en": "Was this part of the visit done?", "ru": "Проведена ли эта часть посещения?"} {
		if err := v.c.Remember(t.Context(), rememberedLanguage, []byte(tag)); err != nil {
			t.Fatal(err)
		}
		seen, alike := map[string]bool{}, 0
		for _, m := range row.FindAllStringSubmatch(v.page(v.href+"/submit").Body.String(), -1) {
			if strings.Contains(m[1], want) {
				alike++
				seen[m[2]] = true
			}
		}
		if alike < 5 || len(seen) != alike {
			t.Errorf("%s: %d questions of the same words are told apart in %d ways", tag, alike, len(seen))
		}
	}
}

// TestWhatConsentClosesIsCalledByItsName: and leads to a page that there is.
func TestWhatConsentClosesIsCalledByItsName(t *testing.T) {
	v := openTrip(t)
	i := saved(t, v.c, &daylightv1.Interview{VisitId: proto.String(v.visit.GetId())}).(*daylightv1.Interview)
	note := &daylightv1.InterviewNote{VisitId: proto.String(v.visit.GetId()), InterviewId: proto.String(i.GetId())}
	if err := v.c.SaveSealed(t.Context(), note, &daylightv1.InterviewNoteContent{Text: proto.String("He was kept standing.")}); err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(v.page(v.href+"/submit").Body.String(), "Kept from some use")
	rows, _, _ = strings.Cut(rows, "</ul>")
	if !strings.Contains(rows, ">Interview<") || !strings.Contains(rows, ">Interview note<") || strings.Contains(rows, ">Visit<") {
		t.Errorf("the rows are %s", rows)
	}
	for _, m := range regexp.MustCompile(`<a class="row" href="([^"]*)"`).FindAllStringSubmatch(rows, -1) {
		v.page(m[1])
	}
}

// TestWhereSomebodyPrintedIsFoundAgain: which checklist was printed stands in no address that
// is kept.
func TestWhereSomebodyPrintedIsFoundAgain(t *testing.T) {
	v := openTrip(t)
	offered, err := v.c.Checklists(t.Context(), "PEN_COLONY_GENERAL")
	if err != nil || len(offered) == 0 {
		t.Fatal(offered, err)
	}
	v.page(v.href + "/blank-form?form=" + offered[0].Code)
	on := regexp.MustCompile(`<a class="btn btn-main btn-wide" href="([^"]*)"`).FindStringSubmatch(v.page("/").Body.String())
	if on == nil || !strings.HasPrefix(on[1], v.href) {
		t.Fatalf("home leads on to %v", on)
	}
	v.page(on[1])
}
