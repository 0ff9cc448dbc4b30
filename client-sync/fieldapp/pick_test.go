package fieldapp

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// asOf is the record as the page's form carries it.
func (v *trip) asOf(path string) string {
	v.t.Helper()
	return hiddenAs.FindStringSubmatch(v.page(path).Body.String())[1]
}

var picked = regexp.MustCompile(`(?s)<fieldset class="q pick.*?</fieldset>`)

func TestOfManyTopicsTheChosenAndTheLikelyStandInSight(t *testing.T) {
	v := openTrip(t)
	r := saved(t, v.c, &daylightv1.RegisterCheck{VisitId: proto.String(v.visit.GetId()), Topics: []string{"MAT.WATER", "GONE.TOPIC"}})
	page := v.page(v.recordOf(r)).Body.String()
	pick := picked.FindString(page)
	first, folded, _ := strings.Cut(pick, "<details")
	for _, code := range []string{"MAT.WATER", "GONE.TOPIC"} {
		if !strings.Contains(first, `value="`+code+`" checked`) {
			t.Errorf("%s is chosen, and does not stand in front", code)
		}
		if strings.Count(page, `value="`+code+`"`) != 1 {
			t.Errorf("%s is not there once", code)
		}
	}
	if n := strings.Count(first, "<label class=\"choice\""); n > 2+mostInSight {
		t.Errorf("%d answers are in sight", n)
	}
	if strings.Count(folded, "<summary") < 5 || strings.Count(pick, `type="checkbox"`) < 100 {
		t.Errorf("the rest does not unfold by areas: %d groups, %d answers", strings.Count(folded, "<summary"), strings.Count(pick, `type="checkbox"`))
	}
	ids := regexp.MustCompile(`type="checkbox" id="(f-topics[^"]*)"`).FindAllStringSubmatch(pick, -1)
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id[1]] {
			t.Errorf("two answers have the id %s", id[1])
		}
		seen[id[1]] = true
	}
	// All taken out again, as a browser without script sends it.
	v.did(v.recordOf(r)+"/save", url.Values{"as": {v.asOf(v.recordOf(r))}, "has": {"topics"}})
	item, err := v.c.Get(t.Context(), clientsync.KindRegisterCheck, r.GetId())
	if err != nil || len(item.Message.(*daylightv1.RegisterCheck).GetTopics()) != 0 {
		t.Errorf("%v: %v stay", err, item.Message)
	}
}

func TestFewAnswersAreAllInSight(t *testing.T) {
	v := openTrip(t)
	about := v.page(v.href + "/about").Body.String()
	if strings.Contains(about, "data-pick") || !strings.Contains(about, `name="time_bands"`) {
		t.Error("few answers unfold")
	}
}

func TestPartnerBodiesAreTypedOneALine(t *testing.T) {
	v := openTrip(t)
	v.did(v.href+"/save", url.Values{"as": {v.asOf(v.href + "/about")}, "_page": {"about"}, "partner_bodies": {" Ombudsman \r\n\r\nBar association\r\nOmbudsman"}})
	if got := v.now().GetPartnerBodies(); !slices.Equal(got, []string{"Bar association", "Ombudsman"}) && !slices.Equal(got, []string{"Ombudsman", "Bar association"}) {
		t.Errorf("%q", got)
	}
	v.did(v.href+"/save", url.Values{"as": {v.asOf(v.href + "/about")}, "_page": {"about"}, "partner_bodies": {"\r\n"}})
	if got := v.now().GetPartnerBodies(); len(got) != 0 {
		t.Errorf("%q stays", got)
	}
}

func TestAVisitFollowsOneToTheSamePlace(t *testing.T) {
	v := openTrip(t)
	hasNot(t, v.page(v.href+"/about"), "follows_id")
	old := saved(t, v.c, &daylightv1.Visit{FacilityId: proto.String(v.place.GetId()), EnteredAt: proto.String("2025-03-12T09:00+05:00")})
	elsewhere := saved(t, v.c, &daylightv1.Visit{FacilityId: proto.String(v.c.NewID(clientsync.KindFacility)), EnteredAt: proto.String("2025-04-12T09:00+05:00")})
	w := v.page(v.href + "/about")
	has(t, w, `name="follows_id"`, old.GetId())
	hasNot(t, w, elsewhere.GetId())
	v.did(v.href+"/save", url.Values{"as": {v.asOf(v.href + "/about")}, "_page": {"about"}, "follows_id": {old.GetId()}})
	if v.now().GetFollowsId() != old.GetId() {
		t.Errorf("it follows %q", v.now().GetFollowsId())
	}
}

func TestChecklistsAreTakenAlong(t *testing.T) {
	v := openTrip(t)
	page := v.page(v.href + "/checklists").Body.String()
	all := regexp.MustCompile(`name="checklists" value="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(all) == 0 {
		t.Fatal("no form can be taken along")
	}
	v.did(v.href+"/save", url.Values{"as": {v.asOf(v.href + "/checklists")}, "_page": {"checklists"}, "has": {"checklists"}, "checklists": {all[0][1]}})
	if got := v.now().GetChecklists(); !slices.Equal(got, []string{all[0][1]}) {
		t.Errorf("%q are taken along", got)
	}
	has(t, v.page(v.href), "Taken along and not begun")
}

func TestHowFarAFindingMayTravelIsSaved(t *testing.T) {
	v := openTrip(t)
	f := saved(t, v.c, &daylightv1.Finding{VisitId: proto.String(v.visit.GetId()), Narrative: proto.String("dark")})
	for _, class := range []string{"CONFIDENTIALITY_CLASS_RESTRICTED", ""} {
		v.did(v.recordOf(f)+"/save", url.Values{"as": {v.asOf(v.recordOf(f))}, "confidentiality": {class}})
		item, err := v.c.Get(t.Context(), clientsync.KindFinding, f.GetId())
		if err != nil {
			t.Fatal(err)
		}
		if got := item.Message.(*daylightv1.Finding); class != "" && got.GetConfidentiality().String() != class || class == "" && got.Confidentiality != nil {
			t.Errorf("%q was chosen, and %s stands", class, got.GetConfidentiality())
		}
	}
}

var (
	savingForm  = regexp.MustCompile(`(?s)<form[^>]* data-save=.*?</form>`)
	firstButton = regexp.MustCompile(`<button[^>]*>`)
)

// TestEnterIsTheSaveOfEveryForm: the first button of a form is what a browser takes Enter for.
func TestEnterIsTheSaveOfEveryForm(t *testing.T) {
	w := walkAll(t)
	tried := 0
	for _, address := range w.addresses() {
		for _, f := range savingForm.FindAllString(w.get(address).Body.String(), -1) {
			tried++
			if b := firstButton.FindString(f); strings.Contains(b, " name=") || strings.Contains(b, "formaction") {
				t.Errorf("%s: Enter presses %s", address, b)
			}
		}
	}
	if tried < 15 {
		t.Errorf("only %d forms were tried", tried)
	}
}
