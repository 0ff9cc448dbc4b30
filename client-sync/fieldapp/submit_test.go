package fieldapp

import (
	"regexp"
	"strings"
	"testing"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"google.golang.org/protobuf/proto"
)

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
