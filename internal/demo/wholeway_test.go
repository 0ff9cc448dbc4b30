package main

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// atDesk is somebody of the office at a browser.
type atDesk struct {
	*browsertest.Page
	t    *testing.T
	base string
}

func (d *door) atDesk(t *testing.T, name string) *atDesk {
	t.Helper()
	i := slices.IndexFunc(d.seats, func(s *sitter) bool { return s.name == name })
	b := browsertest.Open(t, browsertest.Setup{Device: browsertest.Desk})
	b.Visit(d.address(d.seats[i]))
	b.WaitFor(`location.pathname == "/"`)
	return &atDesk{b, t, "http://" + d.host(d.seats[i])}
}

// to goes to an address.
func (a *atDesk) to(path string) {
	a.t.Helper()
	if status := a.Visit(a.base + path); status != http.StatusOK {
		a.t.Fatalf("%s answers %d", path, status)
	}
}

// follow goes where a link of the page leads that says so.
func (a *atDesk) follow(text string) {
	a.t.Helper()
	href := browsertest.Eval[string](a.Page, fmt.Sprintf(`([...document.querySelectorAll("main a[href]")].find(a => a.textContent.includes(%q)) || {}).href || ""`, text))
	if href == "" {
		a.t.Fatalf("at %s no link says %q: %.1500s", a.URL(), text, a.Text("main"))
	}
	if status := a.Visit(href); status != http.StatusOK {
		a.t.Fatalf("%q answers %d", text, status)
	}
}

// says fails unless the page does.
func (a *atDesk) says(all ...string) {
	a.t.Helper()
	text := strings.Join(strings.Fields(a.Text("main")), " ")
	for _, want := range all {
		if !strings.Contains(text, want) {
			a.t.Errorf("%s does not say %q: %.2500s", a.URL(), want, text)
		}
	}
}

// put types a text, or chooses what is called so.
func (a *atDesk) put(pairs ...string) {
	a.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		done := browsertest.Eval[bool](a.Page, fmt.Sprintf(`(() => { const name = %q, value = %q;
			const all = [...document.querySelectorAll("main [name]")].filter(e => e.name === name && e.type !== "hidden");
			const box = all.find(e => (e.type === "radio" || e.type === "checkbox") && e.value === value);
			if (box) { box.checked = true; return true; }
			const e = all.find(e => e.type !== "radio" && e.type !== "checkbox");
			if (!e) return false;
			e.value = value;
			return e.value === value; })()`, pairs[i], pairs[i+1]))
		if !done {
			a.t.Fatalf("%s has no control %s for %q", a.URL(), pairs[i], pairs[i+1])
		}
	}
}

// send sends a form by one of its buttons.
func (a *atDesk) send(button string) {
	a.t.Helper()
	if a.Count(button) == 0 {
		a.t.Fatalf("%s has no %s: %.1500s", a.URL(), button, a.Text("main"))
	}
	browsertest.Eval[bool](a.Page, fmt.Sprintf(`(() => { for (let e = document.querySelector(%q); e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true; return true; })()`, button))
	if status := a.Follow(button); status != http.StatusOK {
		a.t.Fatalf("%s: %s answers %d: %.1500s", a.URL(), button, status, a.Text("main"))
	}
}

// TestFromAnUploadToAnAssessmentInAFollowUp: what a device uploads is reviewed, asked about and
// answered; a recommendation is drafted from it, approved, issued and answered; and a follow-up
// visit, whose team carries it, finds that nothing was done. The office works in browsers alone.
func TestFromAnUploadToAnAssessmentInAFollowUp(t *testing.T) {
	if testing.Short() {
		t.Skip("browsers go the whole way")
	}
	ctx, dir := t.Context(), t.TempDir()
	o := servedOffice(t, dir)
	pages, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d, err := o.openDoor(ctx, pages)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	wanted, err := seated("reviewer,officer,head,follow-up")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range wanted {
		if err := d.seat(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	s := newStory(&strings.Builder{}, dir, o)
	if _, _, err := s.letIn(ctx, s.a); err != nil {
		t.Fatal(err)
	}
	w := &wholeWay{T: t, device: s.a}
	w.synced()
	t.Cleanup(func() { _ = s.a.Close() })

	// The device hands a visit in.
	place := &daylightv1.Facility{Names: map[string]string{"en": "Ak Derýa remand prison"}, MainType: proto.String("PRE_REMAND"), Region: proto.String("TM-A"), ResponsibleBody: proto.String("INTERIOR"), Code: proto.String("P-1")}
	w.save(place)
	visit := w.visit(place, "V-1")
	finding := &daylightv1.Finding{VisitId: &visit.Id, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.BEDDING"), Title: proto.String("Nine beds for eighteen men"),
		Narrative: proto.String("Cell 14 has nine beds. Eighteen men sleep in turns."), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), Standards: []string{"NMR-21"}}
	w.save(finding)
	w.handIn(visit)

	// The reviewer takes it, decides and asks.
	reviewer := d.atDesk(t, "reviewer")
	reviewer.to("/")
	reviewer.says("A visit is handed in and waits for a reviewer")
	reviewer.to("/visits/" + visit.Id + "/review")
	reviewer.send(`button[name="_to"][value="VISIT_STATE_UNDER_REVIEW"], form .btn-main`)
	reviewer.says("You review this visit now")
	reviewer.follow("Nine beds")
	reviewer.put("severity_decided", "FINDING_SEVERITY_CRITICAL")
	reviewer.send(`form[action^="/findings/"] .btn-main`)
	reviewer.says("Critical")
	reviewer.to("/comments/new?kind=finding&id=" + finding.Id)
	reviewer.put("_field", "narrative", "_say", "Since when?", "_kind", "REVIEW_COMMENT_KIND_QUESTION")
	reviewer.send(`form[action^="/comments/new"] .btn-main`)
	reviewer.says("Since when?")

	// The team reads the question beside the field, and answers.
	w.synced()
	question := w.comment("Since when?")
	if question.GetAboutField() != "narrative" || question.GetAboutId() != finding.Id {
		t.Errorf("the question stands beside %s of %s", question.GetAboutField(), question.GetAboutId())
	}
	w.save(&daylightv1.ReviewComment{VisitId: &visit.Id, AboutKind: question.AboutKind, AboutId: question.AboutId, AboutField: question.AboutField, ReplyTo: &question.Id,
		Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum(), Text: proto.String("Since the second wing was closed in May."), Author: proto.String("Monitor A")})
	w.synced()
	reviewer.to("/comments/" + question.Id)
	reviewer.says("Since the second wing was closed in May.")

	// The officer drafts, the head approves, the follow-up officer issues and records the answer.
	officer := d.atDesk(t, "officer")
	officer.to("/findings/" + finding.Id)
	officer.to("/recommendations/new?finding=" + finding.Id)
	officer.says("Nine beds for eighteen men", "NMR-21")
	officer.put("texts[en]", "Give each person a bed of their own.", "horizon", "RECOMMENDATION_HORIZON_SHORT")
	officer.send(`form[action^="/recommendations/new"] .btn-main`)
	officer.says("Give each person a bed of their own.")
	at := "/recommendations/" + strings.SplitN(strings.TrimPrefix(officer.URL(), officer.base+"/recommendations/"), "?", 2)[0]
	officer.send(`button[name="to"][value="IN_REVIEW"]`)
	head := d.atDesk(t, "head")
	head.to(at)
	head.send(`button[name="to"][value="APPROVED"]`)
	follows := d.atDesk(t, "follow-up")
	follows.to(at + "/step/ISSUED")
	follows.put("code", "R-2026-0001")
	follows.send(`form[action$="/step/ISSUED"] .btn-main`)
	follows.says("R-2026-0001")
	follows.to(at + "/answers/new")
	follows.put("response", "AUTHORITY_RESPONSE_ACCEPTED", "received_on", time.Now().Format(time.DateOnly), "text", "Beds were ordered.")
	follows.send(`form[action$="/answers/new"] .btn-main`)
	follows.says("Beds were ordered.")

	// A follow-up visit carries it to the cell door.
	again := w.visit(place, "V-2")
	carried := w.carried(again)
	if !slices.Contains(carried, "R-2026-0001") {
		t.Errorf("the dossier has %v", carried)
	}
	w.save(&daylightv1.Finding{VisitId: &again.Id, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.BEDDING"), Title: proto.String("Still nine beds"), ChecksId: proto.String(strings.TrimPrefix(at, "/recommendations/")),
		ImplementationSeen: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED.Enum(), ImplementationBasis: daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT.Enum()})
	w.handIn(again)
	follows.to(at + "/assessments/new")
	follows.put("assessments[].status", "IMPLEMENTATION_STATUS_NOT_IMPLEMENTED", "assessments[].basis", "IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT", "assessments[].visit_id", again.Id, "assessments[].note", "Counted at night.")
	follows.send(`form[action$="/assessments/new"] .btn-main`)
	follows.says("Not implemented", "Accepted", "Counted at night.", "V-2")
}

// wholeWay is the team's side.
type wholeWay struct {
	*testing.T
	*device
}

func (w *wholeWay) save(m clientsync.Message) {
	w.Helper()
	if err := w.Save(w.Context(), m); err != nil {
		w.Fatal(err)
	}
}

func (w *wholeWay) synced() {
	w.Helper()
	if _, err := w.Sync(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// visit begins one, whose head the device's person is.
func (w *wholeWay) visit(place *daylightv1.Facility, code string) *daylightv1.Visit {
	w.Helper()
	v := &daylightv1.Visit{FacilityId: &place.Id, Code: &code, State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum(), ArrivedAt: proto.String(time.Now().Format("2006-01-02T15:04-07:00")),
		Team: []*daylightv1.TeamMember{{Id: w.person, Person: proto.String(w.who), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}}}
	w.save(v)
	w.synced()
	return v
}

func (w *wholeWay) handIn(v *daylightv1.Visit) {
	w.Helper()
	v.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	w.save(v)
	w.synced()
}

// comment is the one with that text, as the device has it.
func (w *wholeWay) comment(text string) *daylightv1.ReviewComment {
	w.Helper()
	for item, err := range w.List(w.Context(), clientsync.Filter{Kind: clientsync.KindReviewComment}) {
		if err != nil {
			w.Fatal(err)
		}
		if c := item.Message.(*daylightv1.ReviewComment); c.GetText() == text {
			return c
		}
	}
	w.Fatalf("no comment says %q on the device", text)
	return nil
}

// carried are the codes of the recommendations that the team carries to a visit.
func (w *wholeWay) carried(v *daylightv1.Visit) (out []string) {
	w.Helper()
	for item, err := range w.List(w.Context(), clientsync.Filter{Kind: clientsync.KindRecommendation}) {
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, item.Message.(*daylightv1.Recommendation).GetCode())
	}
	return out
}
