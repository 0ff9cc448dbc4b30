package fieldapp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// hands are how a person works the pages: all of one visit has to be possible with each.
type hands interface {
	// lead follows a link or a button to the page that comes next.
	lead(selector string)
	// write types into a field that is in sight.
	write(selector, text string)
	// tick chooses an answer that is in sight, or opens what a summary stands for.
	tick(selector string)
	// choose takes an answer from a list that opens.
	choose(selector, value string)
	// kept waits until the form says that it is saved, or saves it where nothing does so by
	// itself.
	kept(form string)
}

// keyboard is somebody who has no pointer. Every stop on the way has to show that it has
// the focus, and to stand in the window.
type keyboard struct {
	*served
	t *testing.T
}

// stop is where the focus is.
type stop struct {
	Here  bool
	Name  string
	Wrong string
}

const stopCheck = `(() => {
	const e = document.activeElement, name = e.localName + "#" + e.id + " " + (e.name || e.textContent.trim().slice(0, 30));
	if (e === document.body) return {Here: false, Name: "the page", Wrong: ""};
	let wrong = "";
	const seen = e.closest(".choice") || e, outline = getComputedStyle(seen);
	if (outline.outlineStyle === "none" || !parseFloat(outline.outlineWidth)) wrong ||= "has no outline";
	const r = seen.getBoundingClientRect();
	if (!r.width || !r.height || r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) wrong ||= "is not in the window";
	const before = window.before;
	if (before && before.isConnected && !e.matches(".skip") && !(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) && before !== e) wrong ||= "comes out of order";
	window.before = e;
	return {Here: e.matches(%q), Name: name, Wrong: wrong};
})()`

const mostStops = 300

// reach presses Tab until the focus is where it should be; past the end it comes round.
func (k keyboard) reach(selector string) {
	k.t.Helper()
	if browsertest.Eval[bool](k.Page, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
		return
	}
	for range mostStops {
		k.Press(browsertest.Tab)
		at := browsertest.Eval[stop](k.Page, fmt.Sprintf(stopCheck, selector))
		if at.Wrong != "" {
			k.t.Errorf("%s %s", at.Name, at.Wrong)
		}
		if at.Here {
			return
		}
		if at.Name == "the page" { // round: the next stop is the first again
			browsertest.Eval[any](k.Page, "window.before = null")
		}
	}
	k.t.Fatalf("the keyboard does not reach %s on %s", selector, k.Title())
}

func (k keyboard) lead(selector string) {
	k.t.Helper()
	k.reach(selector)
	if status := k.Enter(); status >= 400 {
		k.t.Fatalf("%s leads to %d", selector, status)
	}
}

func (k keyboard) write(selector, text string) {
	k.t.Helper()
	k.reach(selector)
	k.Press(text)
}

// tick: of answers that exclude each other Tab reaches one, and the arrows the others.
func (k keyboard) tick(selector string) {
	k.t.Helper()
	checked := fmt.Sprintf("(e => e.checked ?? e.parentElement.open)(document.querySelector(%q))", selector)
	name := browsertest.Eval[string](k.Page, fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e.type === "radio" ? e.name : ""; })()`, selector))
	if name == "" {
		k.reach(selector)
		k.Press(browsertest.Space)
	} else {
		k.reach(fmt.Sprintf(`input[name="%s"]`, name))
		for range 20 {
			if browsertest.Eval[bool](k.Page, checked) {
				break
			}
			k.Press(browsertest.Down)
		}
	}
	if !browsertest.Eval[bool](k.Page, checked) {
		k.t.Errorf("%s is not chosen", selector)
	}
}

func (k keyboard) choose(selector, value string) {
	k.t.Helper()
	k.reach(selector)
	for range mostStops {
		if k.Value(selector) == value {
			return
		}
		k.Press(browsertest.Down)
	}
	k.t.Fatalf("%s never is %s; it is %q, and the focus on %s", selector, value, k.Value(selector), k.Focused())
}

func (k keyboard) kept(form string) {
	k.t.Helper()
	k.Press(browsertest.Tab) // who leaves a field has it saved
	k.WaitFor(fmt.Sprintf(`/saved/i.test(document.querySelector('[data-saved="%s"]').textContent) && !document.querySelector('[aria-invalid]')`, form))
}

// plain is somebody whose browser runs no script: every form has its own button.
type plain struct {
	*served
	t *testing.T
}

func (p plain) lead(selector string) {
	p.t.Helper()
	if status := p.Follow(selector); status >= 400 {
		p.t.Fatalf("%s leads to %d", selector, status)
	}
}
func (p plain) write(selector, text string) { p.t.Helper(); p.Type(selector, text) }
func (p plain) tick(selector string)        { p.t.Helper(); p.Tap(selector) }
func (p plain) choose(selector, value string) {
	p.t.Helper()
	p.Fill(selector, value)
}
func (p plain) kept(form string) {
	p.t.Helper()
	p.lead(fmt.Sprintf(`form#%s [data-plain]:not([hidden])`, form))
	if n := p.Count("[aria-invalid]"); n > 0 {
		p.t.Errorf("%d answers are refused on %s", n, p.Title())
	}
}

// wholeVisit is one visit, from home to the hand-in.
func wholeVisit(h hands) {
	const back, toVisit = ".bar a.bar-btn", `a[href^="/r/"].btn-main`
	row := func(page string) { h.lead(`.rows a[href$="/` + page + `"]`) }

	// A visit to a place that is on no list.
	h.lead(`.tabs a[href="/visit"]`)
	h.lead(`a[href="/places?for=visit"]`)
	h.write("#f-q", "Quarantine ward")
	h.lead("form#find .btn-main")
	h.lead(`form[action="/places/new"] button`)
	h.choose("#f-main_type", "PEN_CELL_PRISON")
	h.kept("form")
	h.lead(toVisit)
	for range 3 { // authorised, prepared, in progress
		h.lead(`#f-state form[action$="/step"] button`)
	}

	row("team")
	h.lead(`button[name="add"][value="team"]`)
	h.write(`input[name$=".person"]`, "Lead monitor")
	h.tick(`input[name$=".roles"][value="TEAM_ROLE_HEAD"]`)
	h.kept("form")
	h.lead(back)

	row("arrival")
	h.lead(`form[action$="/now"] button`)
	h.lead(`form[action$="/now"] button`)
	h.lead(back)

	row("access")
	h.lead(`form[action$="/full"] button`)
	h.choose(`select[name="access[ACCESS_RIGHT_A20C_ALL_PREMISES].rating"]`, "ACCESS_RATING_PARTIAL")
	h.kept("form")
	h.lead(back)

	row("counts")
	h.lead(`form[action$="/count"] button`)
	h.write(`input[name$=".persons"]`, "412")
	h.kept("form")
	h.lead(back)

	row("checklists")
	h.lead(`form:has([name="_form"][value="` + formID("1") + `"]) button`)
	h.write(`[name="v:wing"]`, "B")
	h.kept("form")
	h.lead(back) // to the checklist
	h.lead(back) // to all of them
	h.lead(back)

	h.lead(`form[action$="/finding"] button`)
	h.write(`#f-narrative`, "Twelve people in 20 m2")
	h.tick(`input[name="kind"][value="FINDING_KIND_CONCERN"]`)
	h.choose("#f-topic", "MAT.SPACE")
	h.tick(`input[name="severity_proposed"][value="FINDING_SEVERITY_SERIOUS"]`)
	h.tick(`input[name="sources"][value="EVIDENCE_SOURCE_OBSERVATION"]`)
	h.choose("#f-evidence_status", "EVIDENCE_STATUS_CONSISTENT")
	h.tick(`input[name="in_closing_talk"][value="yes"]`)
	h.kept("form")
	h.lead(`.foot .btn-main`)

	row("interviews")
	h.lead(`form[action$="/interview-one"] button`)
	h.choose("#f-interviewee_type", "DETAINEE")
	h.tick(`input[name="consents[CONSENT_SCOPE_TAKE_PART].state"][value="CONSENT_STATE_GIVEN"]`)
	h.tick(`input[name="consents[CONSENT_SCOPE_NOTES].state"][value="CONSENT_STATE_GIVEN"]`)
	h.tick(`input[name="reprisal_risk"][value="REPRISAL_RISK_LOW"]`)
	h.kept("form")
	h.write(`[name="sealed.text"]`, "kept standing for two nights")
	h.kept("sealed")
	h.lead(`.foot .btn-main`)
	h.lead(back)

	row("registers")
	h.lead(`form[action$="/begin"] button`)
	h.choose("#f-register_type", "CUSTODY")
	h.write("#f-entries_in_period", "240")
	h.write("#f-entries_seen", "40")
	h.tick("fieldset.pick details:last-of-type summary")
	h.tick("fieldset.pick details:last-of-type input")
	h.kept("form")
	h.lead(back)
	h.lead(back)

	row("undertakings")
	h.lead(`form[action$="/begin"] button`)
	h.write("#f-text", "New lamps in wing B")
	h.write("#f-by", "head of the place")
	h.kept("form")
	h.lead(back)
	h.lead(back)

	row("closing")
	h.lead(`form[action$="/point"] button`)
	h.write(`textarea[name$=".reply"]`, "By spring")
	h.kept("form")
	h.lead(back)

	h.lead(`#f-state form[action$="/step"] button`) // the field work is complete
	h.lead(`.main > .flow > a[href$="/submit"]`)
	h.write("#f-gap", "No time for the last wing")
	h.tick("#f-sealed")
	h.lead(`button[form="submit"]`)
}

func TestAWholeVisitByKeyboardAloneAndWithoutScript(t *testing.T) {
	t.Run("by keyboard", func(t *testing.T) {
		tryWholeVisit(t, browsertest.Setup{Device: browsertest.Desk}, func(p *served) hands { return keyboard{p, t} })
	})
	t.Run("without script", func(t *testing.T) {
		tryWholeVisit(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true}, func(p *served) hands { return plain{p, t} })
	})
}

func tryWholeVisit(t *testing.T, s browsertest.Setup, with func(*served) hands) {
	c := openClient(t)
	saved(t, c, walkForm("1"))
	p := serve(t, c, s)
	wholeVisit(with(p))

	v := theOnly(t, c, clientsync.KindVisit).(*daylightv1.Visit)
	if v.GetState() != daylightv1.VisitState_VISIT_STATE_SUBMITTED || v.GetArrivedAt() == "" || v.GetEnteredAt() == "" {
		t.Errorf("the visit stands at %s", v.GetState())
	}
	place := theOnly(t, c, clientsync.KindFacility).(*daylightv1.Facility)
	if place.GetNames()["en"] != "Quarantine ward" || place.GetMainType() != "PEN_CELL_PRISON" || v.GetFacilityId() != place.GetId() {
		t.Errorf("the place is %v", place)
	}
	if len(v.Team) != 1 || v.Team[0].GetPerson() != "Lead monitor" || !slices.Equal(v.Team[0].GetRoles(), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}) {
		t.Errorf("the team is %v", v.Team)
	}
	partial := 0
	for _, a := range v.Access {
		if a.GetRating() == daylightv1.AccessRating_ACCESS_RATING_PARTIAL {
			partial++
		}
	}
	if partial != 1 || len(v.Population) != 1 || v.Population[0].GetPersons() != 412 {
		t.Errorf("access is %v, the counts are %v", v.Access, v.Population)
	}
	if got := answerTo(theOnly(t, c, clientsync.KindChecklistResponse).(*daylightv1.ChecklistResponse), "wing").GetValue(); got != "B" {
		t.Errorf("the checklist says %q", got)
	}
	f := theOnly(t, c, clientsync.KindFinding).(*daylightv1.Finding)
	if f.GetTopic() != "MAT.SPACE" || f.GetSeverityProposed() != daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS || f.GetEvidenceStatus() != daylightv1.EvidenceStatus_EVIDENCE_STATUS_CONSISTENT || f.GetNarrative() != "Twelve people in 20 m2" {
		t.Errorf("the finding is %v", f)
	}
	if got := len(agreed(theOnly(t, c, clientsync.KindInterview).(*daylightv1.Interview))); got != 2 {
		t.Errorf("%d uses were agreed to", got)
	}
	if got := opensTo(t, c, theOnly(t, c, clientsync.KindInterviewNote)); !strings.Contains(got, "two nights") {
		t.Errorf("sealed is %s", got)
	}
	r := theOnly(t, c, clientsync.KindRegisterCheck).(*daylightv1.RegisterCheck)
	if r.GetRegisterType() != "CUSTODY" || r.GetEntriesSeen() != 40 || len(r.GetTopics()) != 1 {
		t.Errorf("the register is %v", r)
	}
	if u := theOnly(t, c, clientsync.KindUndertaking).(*daylightv1.Undertaking); u.GetText() != "New lamps in wing B" || u.GetBy() == "" {
		t.Errorf("the promise is %v", u)
	}
	if len(v.ClosingPoints) != 1 || v.ClosingPoints[0].GetReply() != "By spring" {
		t.Errorf("the closing talk is %v", v.ClosingPoints)
	}
	if n := theOnly(t, c, clientsync.KindNote).(*daylightv1.Note); !strings.Contains(n.GetText(), "No time for the last wing") {
		t.Errorf("why is %v", n)
	}
}

// TestEnterInAFieldSavesAndTakesNothingOut: a browser takes Enter for the first button of
// the form, which on this page would take the member out.
func TestEnterInAFieldSavesAndTakesNothingOut(t *testing.T) {
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %t", script), func(t *testing.T) {
			v := openTrip(t)
			m := v.now()
			m.Team = []*daylightv1.TeamMember{{}}
			saved(t, v.c, m)
			p, url := v.chrome(t, browsertest.Setup{Device: browsertest.Desk, NoScript: !script})
			p.Visit(url + v.href + "/team")
			p.Type(`input[name$=".person"]`, "Lead monitor")
			if script {
				p.Press(browsertest.Return)
				p.WaitFor(`document.querySelector('[data-saved="form"]').textContent.includes("Saved on this device")`)
			} else {
				p.Enter()
			}
			if team := v.now().GetTeam(); len(team) != 1 || team[0].GetPerson() != "Lead monitor" {
				t.Errorf("the team is %v", team)
			}
		})
	}
}
