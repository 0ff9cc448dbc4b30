package console_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// told is an office in which some findings may leave and some not.
func told(t *testing.T) (w *world, visit *daylightv1.Visit) {
	w, visit, _ = visited(t)
	save := func(m record.Message) record.Message {
		items, err := w.store.Save(t.Context(), "Somebody", m)
		w.must(err)
		return items[0].Message
	}
	interview := func(state daylightv1.ConsentState) string {
		consents := []*daylightv1.Consent{}
		for scope := range daylightv1.ConsentScope_name {
			if scope > 0 {
				consents = append(consents, &daylightv1.Consent{Scope: daylightv1.ConsentScope(scope), State: state.Enum()})
			}
		}
		return save(&daylightv1.Interview{VisitId: proto.String(visit.GetId()), Consents: consents}).GetId()
	}
	finding := func(title string, adapt func(*daylightv1.Finding)) *daylightv1.Finding {
		f := &daylightv1.Finding{VisitId: proto.String(visit.GetId()), Title: proto.String(title), Area: proto.String("MAT")}
		adapt(f)
		return save(f).(*daylightv1.Finding)
	}
	finding(`=HYPERLINK("http://example.org")`, func(*daylightv1.Finding) {})
	finding("Restricted", func(f *daylightv1.Finding) {
		f.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum()
	})
	finding("Agreed to", func(f *daylightv1.Finding) {
		f.InterviewIds = []string{interview(daylightv1.ConsentState_CONSENT_STATE_GIVEN)}
	})
	refused := finding("Not agreed to", func(f *daylightv1.Finding) {
		f.InterviewIds = []string{interview(daylightv1.ConsentState_CONSENT_STATE_REFUSED)}
	})
	finding("Of an interview that is not here", func(f *daylightv1.Finding) { f.InterviewIds = []string{visit.GetFacilityId()} })
	save(&daylightv1.Recommendation{VisitId: proto.String(visit.GetId()), Texts: map[string]string{"en": "Repeats what nobody agreed to"}, FindingIds: []string{refused.GetId()}})
	save(&daylightv1.Recommendation{VisitId: proto.String(visit.GetId()), Texts: map[string]string{"en": "Mend the beds"}})
	return w, visit
}

// column are the values of a column of a CSV file.
func column(t *testing.T, file, name string) (out []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], name)
	if at < 0 {
		t.Fatalf("there is no column %s in %q", name, rows[0])
	}
	for _, r := range rows[1:] {
		out = append(out, r[at])
	}
	return out
}

func TestAnExportHoldsWhatMayLeave(t *testing.T) {
	w, visit := told(t)
	b := w.member(w.person("The head", headRole))
	b.get("/findings/export?format=csv").wants(200)
	if got := column(t, b.page, "title"); !slices.Equal(got, []string{"Beds", `'=HYPERLINK("http://example.org")`, "Agreed to"}) {
		t.Errorf("%q", got)
	}
	if got := b.header.Get("Content-Disposition"); got != `attachment; filename="daylight-findings-2026-11-25.csv"` {
		t.Errorf("it is called %s", got)
	}
	if n := len(w.notes()); w.notes()[n-1] != "a list was exported: 3 records, finding" {
		t.Errorf("the access log says %q", w.notes()[n-1])
	}
	b.get("/recommendations/export?format=csv").wants(200)
	if got := column(t, b.page, "visit_id"); len(got) != 1 {
		t.Errorf("%d recommendations, want the one that repeats nothing", len(got))
	}
	b.get("/visits/export?format=csv&state=PLANNED").wants(200)
	if got := column(t, b.page, "id"); len(got) != 0 {
		t.Errorf("%d visits, want none that are planned", len(got))
	}
	b.get("/visits/export?format=csv&state=IN_PROGRESS&region=TM-A").wants(200)
	if got := column(t, b.page, "id"); !slices.Equal(got, []string{visit.GetId()}) {
		t.Errorf("%q", got)
	}
	b.get("/places/export?format=csv").wants(200)
	if got := column(t, b.page, "region"); !slices.Equal(got, []string{"TM-A"}) {
		t.Errorf("%q", got)
	}
}

func TestAnExportIsAWorkbook(t *testing.T) {
	w, _ := told(t)
	b := w.member(w.person("The head", headRole))
	b.get("/findings/export?format=xlsx").wants(200)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.page)))
	w.must(err)
	rows, err := book.GetRows("finding")
	w.must(err)
	if len(rows) != 4 {
		t.Errorf("%d rows, want a head and three findings", len(rows))
	}
	for _, name := range []string{"A1", "B1"} {
		if f, err := book.GetCellFormula("finding", name); err != nil || f != "" {
			t.Errorf("%s holds a formula %q, %v", name, f, err)
		}
	}
	about, err := book.GetRows("about")
	w.must(err)
	if len(about) < 4 || !slices.Equal(about[1], []string{"left out: restricted", "1"}) || !slices.Equal(about[2], []string{"left out: no consent", "2"}) {
		t.Errorf("the first sheet says %q", about)
	}
	left, err := os.ReadDir(w.store.Dir())
	w.must(err)
	for _, f := range left {
		if strings.Contains(f.Name(), "export") || strings.Contains(f.Name(), "aside") {
			t.Errorf("%s is left behind", f.Name())
		}
	}
}

func TestExportsAreForWhoMayAndHasProved(t *testing.T) {
	w, _ := told(t)
	head := w.member(w.person("The head", headRole))
	w.pass(6 * time.Minute)
	head.get("/findings/export?format=csv").wants(200, "confirm")
	if !strings.HasPrefix(head.at, "/confirm") {
		t.Errorf("it answers at %s", head.at)
	}
	for _, role := range []daylightv1.OfficeRole{caseRole, adminRole, daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR, daylightv1.OfficeRole_OFFICE_ROLE_MONITOR} {
		b := w.member(w.person("Somebody "+role.String(), role))
		for _, path := range []string{"/exports", "/findings/export?format=csv", "/visits/export?format=xlsx"} {
			b.get(path).wants(404)
		}
	}
	before := len(w.notes())
	other := w.member(w.person("The ombudsperson", daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON))
	since := len(w.notes())
	for _, path := range []string{"/findings/export", "/findings/export?format=pdf", "/visits/export?format=csv&state=GONE", "/visits/export?format=csv&from=yesterday", "/visits/export?format=csv&person=x", "/people/export?format=csv"} {
		other.get(path).wants(404)
	}
	if len(w.notes()) != since || before > since {
		t.Error("what was not exported is in the log as exported")
	}
}

func TestTheExportsPageSaysWhatIsLeftOut(t *testing.T) {
	w, _ := told(t)
	b := w.member(w.person("The head", headRole))
	b.get("/exports").wants(200, "did not agree", "no export lately", "/places/export?format=xlsx")
	b.get("/findings/export?format=csv").wants(200)
	b.get("/exports").wants(200, "a list was exported: 3 records, finding", "The head")
}

// TestTheExportsPageStands however a person has it.
func TestTheExportsPageStands(t *testing.T) {
	w, _ := told(t)
	b := w.member(w.person("The head", headRole))
	b.get("/findings/export?format=csv").wants(200)
	shots := setups()[:1]
	if os.Getenv("DAYLIGHT_SHOTS") != "" {
		shots = setups()[:4]
	}
	for _, s := range shots {
		p := browsertest.Open(t, s)
		b.sits(p)
		p.Visit(w.url + "/exports")
		p.Accessible()
		p.Fits()
		p.Shot("exports")
	}
}
