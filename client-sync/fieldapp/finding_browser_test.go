package fieldapp

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// served is the app as the program serves it, for a real browser.
type served struct {
	*browsertest.Page
	app *App
	url string
}

func serve(t *testing.T, c *clientsync.Client, s browsertest.Setup) *served {
	t.Helper()
	a, url := onPort(t, c)
	p := &served{browsertest.Open(t, s), a, url}
	p.Allow("404") // the way in leads home, which this area does not serve
	p.Visit(url + a.StartPath())
	return p
}

func (p *served) at(kind clientsync.Kind, id string, page ...string) string {
	return p.url + strings.TrimRight("/r/"+p.app.handles.name(kind, id)+"/"+strings.Join(page, "/"), "/")
}

func onlyFinding(t *testing.T, c *clientsync.Client) *daylightv1.Finding {
	t.Helper()
	for item, err := range c.List(t.Context(), clientsync.Filter{Kind: clientsync.KindFinding}) {
		if err != nil {
			t.Fatal(err)
		}
		return item.Message.(*daylightv1.Finding)
	}
	t.Fatal("there is no finding")
	return nil
}

// TestAFindingTakesTwelveTaps counts every touch from the page of the visit, from which the
// tab of findings is one away.
func TestAFindingTakesTwelveTaps(t *testing.T) {
	c := openClient(t)
	v := visitAt(t, c, "PEN_REMAND")
	p := serve(t, c, browsertest.Setup{Device: browsertest.Phone})
	p.Visit(p.at(clientsync.KindVisit, v.Id, "findings"))
	p.Taps = 1 // the tab
	p.Follow("a.btn-main")
	p.Tap("#f-narrative")
	p.Type("#f-narrative", "Cell 12 holds ten people. There are eight beds.")
	p.Tap(`input[name=kind][value=FINDING_KIND_CONCERN]`)
	p.WaitFor(`/^Saved on this device/.test(document.querySelector('.saved').textContent.trim())`)
	if got := p.Focused(); !strings.Contains(got, "f-kind") {
		t.Errorf("after the page was drawn anew the focus is on %s", got)
	}
	p.Tap("#f-topic") // opens the list
	p.Taps++          // and chooses
	p.Fill("#f-topic", "MAT.SPACE")
	p.Tap(`input[name=severity_proposed][value=FINDING_SEVERITY_SERIOUS]`)
	p.Tap(`input[name=sources][value=EVIDENCE_SOURCE_OBSERVATION]`)
	p.Tap("#f-evidence_status")
	p.Taps++
	p.Fill("#f-evidence_status", "EVIDENCE_STATUS_ESTABLISHED")
	p.WaitFor(`document.querySelector('input[name=standards][value="NMR-13"]') && !document.querySelector('.q-missing')`)
	p.WaitFor(`document.querySelector('#f-evidence_status option[selected]')?.value === 'EVIDENCE_STATUS_ESTABLISHED'`) // as the server drew it
	t.Logf("%d taps", p.Taps)
	if p.Taps > 12 {
		t.Errorf("it took %d taps", p.Taps)
	}
	f := onlyFinding(t, c)
	if f.GetTopic() != "MAT.SPACE" || f.GetArea() != "MAT" || f.GetSeverityProposed() != daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS || len(f.GetSources()) != 1 || f.GetEvidenceStatus() == 0 || !strings.HasPrefix(f.GetNarrative(), "Cell 12") {
		t.Errorf("it says %v", f)
	}
	if flags := c.Check(f); len(flags) > 0 {
		t.Errorf("something is missing: %v", flags)
	}
}

// TestWhatIsTypedStaysWhileThePageIsDrawnAnew: the answer of a save comes while its author
// goes on typing.
func TestWhatIsTypedStaysWhileThePageIsDrawnAnew(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	f := saved(t, c, walkForm("1")).(*daylightv1.Checklist)
	v := visitAt(t, c, "PEN_PRISON")
	_ = b
	x, err := c.BeginChecklist(t.Context(), v.Id, f.Id)
	if err != nil {
		t.Fatal(err)
	}
	id := x.Response().GetId()
	p := serve(t, c, browsertest.Setup{Device: browsertest.Phone})
	p.Visit(p.at(clientsync.KindChecklistResponse, id, "fill"))
	p.Follow(`button[value^="add room"]`)
	p.Type(`input[name^="v:people/"]`, "10")
	p.TabTo(`textarea[name^="n:people/"], details summary`)
	p.WaitFor(`document.querySelector('[name^="v:why/"]')`)
	p.Type(`[name^="v:why/"]`, "because")
	// Elsewhere on the page something changes while a field is typed in.
	p.Fill(`input[name^="v:area/"]`, "26.4")
	p.Tap(`[name^="v:why/"]`)
	p.Type(`[name^="v:why/"]`, " of the repairs")
	p.WaitFor(`document.getElementById('fill').textContent.includes('2.6 m²')`)
	if got := p.Value(`[name^="v:why/"]`); got != "because of the repairs" {
		t.Errorf("the field holds %q", got)
	}
	if got := p.Focused(); !strings.Contains(got, "v_why") {
		t.Errorf("the focus is on %s", got)
	}
	p.WaitFor(`document.querySelector('.saved').textContent.includes('Saved on this device')`)
	p.Fill(`input[name^="v:area/"]`, "wide")
	p.WaitFor(`document.querySelector('.error') && document.querySelector('.error').textContent.includes('number')`)
	p.Type(`[name^="v:why/"]`, " there")
	p.WaitFor(`document.querySelector('.saved').textContent.includes('Saved on this device')`)
	if got := p.Value(`input[name^="v:area/"]`); got != "wide" {
		t.Errorf("what was refused is %q", got)
	}
	r := responseOf(t, c, id)
	turn := r.GetInstances()[0].GetId()
	if answerTo(r, "area/"+turn).GetValue() != "26.4" {
		t.Errorf("it is %v", r)
	}
}

// TestAChecklistByKeyboardAlone answers, says why there is no answer, and goes on.
func TestAChecklistByKeyboardAlone(t *testing.T) {
	c := openClient(t)
	f := saved(t, c, walkForm("1")).(*daylightv1.Checklist)
	v := visitAt(t, c, "PEN_PRISON")
	x, err := c.BeginChecklist(t.Context(), v.Id, f.Id)
	if err != nil {
		t.Fatal(err)
	}
	id := x.Response().GetId()
	p := serve(t, c, browsertest.Setup{Device: browsertest.Desk})
	p.Visit(p.at(clientsync.KindChecklistResponse, id, "fill"))
	p.TabTo(`textarea[name="v:wing"]`)
	p.Press("B")
	p.TabTo("#fill summary")
	p.Press(browsertest.Space)
	p.TabTo(`textarea[name="n:wing"]`)
	p.Press("as the plan has it")
	p.WaitFor(`document.querySelector('textarea[name="n:wing"]').defaultValue === 'as the plan has it' || /Saved on this device/.test(document.querySelector('.saved').textContent)`)
	p.TabTo(`button[name="_do"][value="next"]`)
	if status := p.Enter(); status != 200 {
		t.Errorf("it answers %d", status)
	}
	if a := answerTo(responseOf(t, c, id), "wing"); a.GetValue() != "B" || a.GetNote() != "as the plan has it" {
		t.Errorf("it is %v", a)
	}
	if got := p.Text("h1"); got != "A walk through" {
		t.Errorf("after the last question stands %q", got)
	}
}

// TestPagesOfFindingsAndChecklistsForEverybody looks at each page as it is had: on a phone
// and a desk, light and dark, from left and from right.
func TestPagesOfFindingsAndChecklistsForEverybody(t *testing.T) {
	c := openClient(t)
	v, finding, response, empty := pagesToSee(t, c)
	setups := []browsertest.Setup{
		{Device: browsertest.Phone}, {Device: browsertest.Phone, Dark: true, Language: "ru"}, {Device: browsertest.SmallPhone, Language: "ar"},
		{Device: browsertest.Desk, Dark: true}, {Device: browsertest.Phone, Language: "uk", NoScript: true},
	}
	if os.Getenv("DAYLIGHT_SHOTS") == "" {
		setups = setups[:3] // the rest is for whoever looks at the pictures
	}
	for _, s := range setups {
		t.Run(s.Name(), func(t *testing.T) {
			tag := s.Language
			if tag == "" {
				tag = "en"
			}
			if err := c.Remember(t.Context(), rememberedLanguage, []byte(tag)); err != nil {
				t.Fatal(err)
			}
			p := serve(t, c, s)
			for name, href := range map[string]string{
				"finding": p.at(clientsync.KindFinding, finding), "findings": p.at(clientsync.KindVisit, v, "findings"),
				"checklists": p.at(clientsync.KindVisit, v, "checklists"), "checklist": p.at(clientsync.KindChecklistResponse, response),
				"checklist-question": p.url + p.app.fillAt(response, "rooms_s"), "checklist-access": p.at(clientsync.KindChecklistResponse, empty, "fill"),
			} {
				if status := p.Visit(href); status != 200 {
					t.Errorf("%s: %d", name, status)
				}
				p.Accessible()
				p.Fits()
				if s.Device.Touch {
					p.Targets(44)
				}
				p.Shot(name)
				if _, html := p.Weight(); html > 150<<10 {
					t.Errorf("%s has %d KiB", name, html>>10)
				}
			}
		})
	}
}

// fillAt is the address of the page of the last turn.
func (a *App) fillAt(response, key string) string {
	t := a.turn(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if x, err := t.filling(t.ctx(), response); err == nil {
		if i := x.Response().GetInstances(); len(i) > 0 {
			return t.fillHref(response, "area/"+i[len(i)-1].GetId())
		}
	}
	return t.fillHref(response, key)
}

// pagesToSee fills a visit with what its pages show.
func pagesToSee(t *testing.T, c *clientsync.Client) (visit, finding, response, empty string) {
	t.Helper()
	f := saved(t, c, walkForm("1")).(*daylightv1.Checklist)
	v := visitAt(t, c, "PEN_REMAND")
	one := saved(t, c, &daylightv1.Finding{VisitId: &v.Id, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"),
		Narrative:        proto.String("Cell 12 holds ten people in 26.4 m². There are eight beds. Two people sleep on mattresses by the door and change places each week. The window opens; the light stays on all night."),
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), Standards: []string{"NMR-13"},
		Sources: []daylightv1.EvidenceSource{1, 8}, NumberAffected: &daylightv1.CountRange{Exact: proto.Uint32(10)}, Unit: proto.String("Wing B"), Room: proto.String("cell 12")}).(*daylightv1.Finding)
	saved(t, c, &daylightv1.Finding{VisitId: &v.Id, Kind: daylightv1.FindingKind_FINDING_KIND_GOOD_PRACTICE.Enum(), Topic: proto.String("CONTACT.CALLS"), Narrative: proto.String("Telephone calls are free and on every day."), EvidenceStatus: daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED.Enum(), Sources: []daylightv1.EvidenceSource{1}})
	saved(t, c, &daylightv1.Finding{VisitId: &v.Id, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(), Topic: proto.String("HEALTH.ACCESS"), Narrative: proto.String("A person with a fractured arm waits for a doctor for the third day."), EvidenceStatus: daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED.Enum(), Sources: []daylightv1.EvidenceSource{1, 7}})
	saved(t, c, &daylightv1.Measurement{VisitId: &v.Id, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR.Enum(), Value: proto.Float64(40), Unit: proto.String("min")})
	x, err := c.BeginChecklist(t.Context(), v.Id, f.Id)
	if err != nil {
		t.Fatal(err)
	}
	set := func(key, value string) {
		if _, err := x.Set(forms.ParseKey(key), forms.Given{Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	set("wing", "Wing B")
	for _, room := range [][3]string{{"10, wing B", "22", "4"}, {"11, wing B", "24", ""}, {"12, wing B", "26.4", "10"}} {
		turn, _, err := x.AddInstance("room", "")
		if err != nil {
			t.Fatal(err)
		}
		set("number/"+turn, room[0])
		set("area/"+turn, room[1])
		set("people/"+turn, room[2])
	}
	if err := c.SaveChecklist(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	o, _ := forms.Shipped().Newest("npm_prison", "2026-11-26")
	y, err := c.BeginChecklist(t.Context(), v.Id, o.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	return v.Id, one.Id, x.Response().GetId(), y.Response().GetId()
}
