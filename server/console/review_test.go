package console_test

import (
	"crypto/ed25519"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

const (
	markup = `"><script>alert(1)</script>{{.}}<b>`
)

// handed is a visit that a team's device has handed in, with findings.
type handed struct {
	*world
	place, visit string
	findings     []string
	key          ed25519.PrivateKey
	writer       fold.WriterID
	head         exchange.Head
	clock        journal.Clock
	told         bool
	states       map[record.ID]*fold.State
	epoch        []byte
}

func (h *handed) device(messages ...record.Message) {
	h.Helper()
	var payloads [][]byte
	first := h.head
	for _, m := range messages {
		h.must(record.FillIDs(m, func(k record.Kind) record.ID { return h.store.NewID(k) }))
		kind, _ := record.KindOf(m)
		id, _ := record.IDOf(m)
		if h.states[id] == nil {
			h.states[id] = fold.New()
		}
		edits, _, err := record.Diff(m, h.states[id], record.Writer{ID: h.writer}, record.Naming{}, nil)
		h.must(err)
		rest, guarded := record.Split(kind, edits)
		for _, e := range append([][]fold.Edit{rest}, guarded...) {
			if len(e) == 0 {
				continue
			}
			c := journal.Change{Time: h.clock.Next(h.now().UnixMilli()), Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: e}}}
			c.Salt[0] = byte(h.head.Seq)
			p := c.Encode()
			h.head.Seq++
			h.head.Link = journal.Next(h.head.Link, p)
			payloads = append(payloads, p)
			h.states[id].Apply(fold.Stamp{Dot: h.head.Dot, Link: h.head.Link, Time: c.Time}, e)
		}
	}
	cert := journal.NewDevelopment(h.key, journal.Serial{9}, "Lead monitor", "Phone 2")
	b := journal.Batch{Writer: h.writer, FirstSeq: first.Seq + 1, Previous: first.Link, Payloads: payloads, Serial: cert.Serial}
	if !h.told {
		b.Certificate, h.told = cert, true
	}
	b.Seal = journal.Seal(h.key, h.writer, h.head.Seq, h.head.Link)
	r, err := h.store.Sync(h.Context(), []journal.Batch{b}, exchange.Ask{Epoch: h.epoch, Own: h.head})
	h.must(err)
	h.epoch = r.Epoch
	for _, v := range r.Verdicts {
		if v.Decision != exchange.Accepted {
			h.Fatalf("the device's change is %v", v)
		}
	}
}

// shown is a record as the device has it.
func (h *handed) shown(kind record.Kind, id string) record.Message {
	of, err := record.ParseID(id)
	h.must(err)
	m, err := record.Show(kind, of, h.states[of], record.Naming{})
	h.must(err)
	return m
}

func (w *world) handedIn() *handed {
	w.Helper()
	h := &handed{world: w, key: ed25519.NewKeyFromSeed(make([]byte, 32)), writer: fold.WriterID{7}, states: map[record.ID]*fold.State{}}
	h.head = exchange.Head{Dot: fold.Dot{Writer: h.writer}, Link: journal.Genesis(h.writer)}
	place := &daylightv1.Facility{Names: map[string]string{"en": "Remand prison 1"}, Region: proto.String("TM-A"), Code: proto.String("P-1")}
	h.device(place)
	visit := &daylightv1.Visit{FacilityId: proto.String(place.Id), Code: proto.String("V-2026-488"), State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum(), Title: proto.String("First visit")}
	h.device(visit)
	for _, words := range []string{"Ten people in 26 m². " + markup, "There is no lamp in cell 4."} {
		f := &daylightv1.Finding{VisitId: proto.String(visit.Id), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"),
			Narrative: proto.String(words), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), Standards: []string{"NMR-12"}}
		h.device(f)
		h.findings = append(h.findings, f.Id)
	}
	v := h.shown(record.Visit, visit.Id).(*daylightv1.Visit)
	v.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	h.device(v)
	h.place, h.visit = place.Id, visit.Id
	return h
}

func (w *world) stored(kind record.Kind, id string) store.Item {
	w.Helper()
	of, err := record.ParseID(id)
	w.must(err)
	item, err := w.store.Get(w.Context(), kind, of)
	w.must(err)
	return item
}

// as is the record that the first form of the page carries.
func (b *browser) as() string { b.Helper(); return b.field("as") }

// commentsOf are those of a visit, oldest first, by their texts.
func (h *handed) comments() (out []*daylightv1.ReviewComment) {
	h.Helper()
	page, err := h.store.List(h.Context(), record.ReviewComment, store.Query{})
	h.must(err)
	for _, i := range page.Items {
		out = append(out, i.Message.(*daylightv1.ReviewComment))
	}
	return out
}

func TestAVisitIsTakenDecidedAndSentOn(t *testing.T) {
	h := newWorld(t).handedIn()
	b := h.member(h.person("Reviewer", reviewerRole))
	b.get("/review").wants(200, "Waiting for a reviewer", "Remand prison 1", "V-2026-488")
	desk := "/visits/" + h.visit + "/review"
	b.get(desk).wants(200, "Take it for review", "Severity decided: 0 of 2", "Lead monitor", "There is no lamp", "proposed by the team")
	b.post(desk, "as", b.as(), "_to", "VISIT_STATE_UNDER_REVIEW").wants(200, "You review this visit now", "Reviewed by")
	if got := h.stored(record.Visit, h.visit).Message.(*daylightv1.Visit).GetState(); got != daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW {
		t.Fatalf("it stands at %s", got)
	}
	other := h.member(h.person("Case officer", caseRole))
	other.get(desk).wants(200, "Reviewer")
	other.get("/review").wants(200, "Being reviewed")

	b.get("/findings/"+h.findings[0]).wants(200, "Ten people in 26 m². "+markup, "1 of 2", "The team proposes", "NMR")
	if strings.Contains(b.page, "<script>alert") || strings.Contains(b.page, "Ten people in 26 m².</title>") {
		t.Error("what a monitor wrote is markup, or stands in the title")
	}
	b.post("/findings/"+h.findings[0], "as", b.as(), "severity_decided", "FINDING_SEVERITY_CRITICAL", "evidence_status", "EVIDENCE_STATUS_ESTABLISHED",
		"topic", "MAT.SPACE", "has", "standards", "standards", "NMR-12", "standards", "NMR-13", "_say", "Two people on the floor.").wants(200, "Saved. What the team proposed stays", "decided by the office")
	f := h.stored(record.Finding, h.findings[0]).Message.(*daylightv1.Finding)
	if f.GetSeverityDecided() != daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL || f.GetSeverityProposed() != daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS || !slices.Equal(f.GetStandards(), []string{"NMR-12", "NMR-13"}) {
		t.Errorf("it is %v", f)
	}
	c := h.comments()
	if len(c) != 1 || c[0].GetAboutField() != "severity_decided" || c[0].GetAboutId() != h.findings[0] || c[0].GetText() != "Two people on the floor." || c[0].GetAuthor() != "Reviewer" {
		t.Errorf("why is %v", c)
	}
	// Who decides over an old page is told, and decides anew over what stands.
	other.get("/findings/"+h.findings[0]).wants(200, "decided by the office")
	old := other.as()
	b.get("/findings/" + h.findings[0])
	b.post("/findings/"+h.findings[0], "as", b.as(), "severity_decided", "FINDING_SEVERITY_MINOR").wants(200, "Saved.")
	other.post("/findings/"+h.findings[0], "as", old, "severity_decided", "FINDING_SEVERITY_SERIOUS").wants(409, "has moved on", "Minor")
	other.post("/findings/"+h.findings[0], "as", other.as(), "severity_decided", "FINDING_SEVERITY_SERIOUS").wants(200, "Saved.")

	b.get(desk).wants(200, "Severity decided: 1 of 2", "1 finding has no decided severity yet", "Report drafted")
	b.post(desk, "as", b.as(), "_to", "VISIT_STATE_REPORT_DRAFTED").wants(200, "The step was taken")
	b.post(desk, "as", b.as(), "_to", "VISIT_STATE_FINAL").wants(403, "only")
	head := h.member(h.person("Head", headRole))
	head.get(desk).wants(200, "Approve")
	head.post(desk, "as", head.as(), "_to", "VISIT_STATE_FINAL").wants(200, "The step was taken")
}

func TestAVisitGoesBackWithWhatIsAskedFor(t *testing.T) {
	h := newWorld(t).handedIn()
	b := h.member(h.person("Reviewer", reviewerRole))
	desk := "/visits/" + h.visit + "/review"
	b.get(desk)
	as := b.as()
	b.post(desk, "as", as, "_to", "VISIT_STATE_CONSOLIDATED", "_back", " ").wants(422, "Write what the team is asked for")
	if len(h.comments()) != 0 {
		t.Error("a return without words was kept")
	}
	b.post(desk, "as", as, "_to", "VISIT_STATE_CONSOLIDATED", "_back", "Count the beds again. "+markup).wants(200, "went back to its team", "Count the beds again. "+markup)
	c := h.comments()
	if len(c) != 1 || c[0].GetKind() != daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST || c[0].GetVisitId() != h.visit || c[0].AboutId != nil {
		t.Errorf("%v", c)
	}
	// Once it stands elsewhere, an old page takes no step.
	b.post(desk, "as", as, "_to", "VISIT_STATE_UNDER_REVIEW").wants(409, "changed by you in another window")
	other := h.member(h.person("Case officer", caseRole))
	other.post(desk, "as", as, "_to", "VISIT_STATE_UNDER_REVIEW").wants(403, "It stands at")
}

func TestCommentsAreAskedAnsweredCorrectedAndSettled(t *testing.T) {
	h := newWorld(t).handedIn()
	b := h.member(h.person("Reviewer", reviewerRole))
	ask := "/comments/new?kind=finding&id=" + h.findings[0]
	b.get(ask+"&field=narrative").wants(200, "An answer from the team")
	b.post(ask, "_field", "narrative", "_kind", "REVIEW_COMMENT_KIND_QUESTION", "_say", " ").wants(422, "Write something first")
	b.post(ask, "_field", "id", "_kind", "REVIEW_COMMENT_KIND_QUESTION", "_say", "x").wants(400)
	b.post(ask, "_field", "narrative", "_kind", "REVIEW_COMMENT_KIND_QUESTION", "_say", "How many beds? "+markup).wants(200, "Said.", "How many beds? "+markup)
	c := h.comments()[0]
	if c.GetAboutKind() != "finding" || c.GetAboutField() != "narrative" || c.GetVisitId() != h.visit {
		t.Errorf("it is %v", c)
	}
	h.device(&daylightv1.ReviewComment{VisitId: proto.String(h.visit), AboutKind: c.AboutKind, AboutId: c.AboutId, AboutField: c.AboutField, ReplyTo: proto.String(c.Id), Text: proto.String("Eight.")})
	b.get("/visits/"+h.visit+"/review").wants(200, "1 question", "1 answer")
	page := "/comments/" + c.Id
	b.get(page).wants(200, "Eight.", "Phone 2", "Lead monitor", "Correct your own words")
	b.post(page, "as", b.as(), "_do", "correct", "text", "How many beds were there?").wants(200, "Your words are corrected")
	b.post(page, "as", b.as(), "_do", "settle", "_say", "Thank you.").wants(200, "It is settled", "Thank you.")
	if got := h.stored(record.ReviewComment, c.Id).Message.(*daylightv1.ReviewComment); !got.GetSettled() || got.GetText() != "How many beds were there?" {
		t.Errorf("%v", got)
	}
	other := h.member(h.person("Follow-up officer", followRole))
	other.get(page).wants(200, "Thank you.", "Open it again")
	if strings.Contains(other.page, "Correct your own words") {
		t.Error("somebody else's words can be corrected")
	}
	other.post(page, "as", other.as(), "_do", "correct", "text", "mine now").wants(403, "Nothing was saved")
	other.post(page, "as", other.as(), "_do", "reopen").wants(200, "open again")
	other.post(page, "as", other.as(), "_do", "else").wants(400)
}

func TestEachRoleSeesAndDecidesWhatItMay(t *testing.T) {
	h := newWorld(t).handedIn()
	finding, desk := "/findings/"+h.findings[0], "/visits/"+h.visit+"/review"
	reads := h.member(h.person("Follow-up officer", followRole))
	reads.get(finding).wants(200, "Ten people")
	if strings.Contains(reads.page, "Save the decision") {
		t.Error("who decides nothing is asked")
	}
	reads.post(finding, "as", "x").wants(404)
	reads.get(desk).wants(200, "There is no lamp")
	if strings.Contains(reads.page, "Take it for review") {
		t.Error("who reviews nothing may take it")
	}
	medical := h.member(h.person("Medical reviewer", medicalRole))
	medical.get(finding).wants(404)
	medical.get(desk).wants(200, "Findings are not for your role", "Write a comment")
	if strings.Contains(medical.page, "lamp") {
		t.Error("the medical reviewer sees findings")
	}
	medical.post("/comments/new?kind=visit&id="+h.visit, "_field", "", "_kind", "REVIEW_COMMENT_KIND_REMARK", "_say", "Injuries need photographs with a scale.").wants(200, "Injuries need")
	medical.get("/comments/new?kind=finding&id=" + h.findings[0]).wants(404)
	admin := h.member(h.admin)
	for _, at := range []string{finding, desk, "/review", "/two", "/records/finding/" + h.findings[0] + "/two", "/comments/" + h.comments()[0].Id, "/comments/new?kind=visit&id=" + h.visit} {
		admin.get(at).wants(404)
	}
	monitor := h.member(h.person("Monitor", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
	monitor.get(desk).wants(404)
	monitor.get(finding).wants(404)
}

func TestWhatCameAfterItWasHandedInIsShownAsLate(t *testing.T) {
	h := newWorld(t).handedIn()
	b := h.member(h.person("Reviewer", reviewerRole))
	desk, late := "/visits/"+h.visit+"/review", h.findings[1]
	b.get(desk)
	if strings.Contains(b.page, "Came late") {
		t.Error("what came before is late")
	}
	b.get("/findings/" + late)
	b.post("/findings/"+late, "as", b.as(), "severity_decided", "FINDING_SEVERITY_MINOR")
	b.get(desk)
	if strings.Contains(b.page, "Came late") {
		t.Error("the office's own decision is late")
	}
	f := h.shown(record.Finding, late).(*daylightv1.Finding)
	f.Room = proto.String("Cell 4a")
	h.device(f)
	b.get(desk).wants(200, "Came late", "Changed after it was handed in")
	b.get("/findings/"+late).wants(200, "Changed after the visit was handed in", "Cell 4a", "Phone 2")
	b.get("/findings/" + h.findings[0])
	if strings.Contains(b.page, "Changed after the visit") {
		t.Error("all is late")
	}
}

// parted makes a finding's narrative stand in two versions.
func (h *handed) parted(field func(*daylightv1.Finding, string), one, other string) {
	h.Helper()
	m := proto.Clone(h.stored(record.Finding, h.findings[1]).Message).(*daylightv1.Finding)
	field(m, other)
	_, err := h.store.Save(h.Context(), "Doctor (11111111)", m)
	h.must(err)
	f := h.shown(record.Finding, h.findings[1]).(*daylightv1.Finding)
	field(f, one)
	h.device(f)
	if n := len(h.stored(record.Finding, h.findings[1]).Status.Conflicts); n != 1 {
		h.Fatalf("%d conflicts", n)
	}
}

func narrate(f *daylightv1.Finding, s string) { f.Narrative = proto.String(s) }

var choicePattern = regexp.MustCompile(`name="_choice" value="([0-9a-f]{16})"`)

func TestTwoVersionsAreSettledAtTheOffice(t *testing.T) {
	for name, at := range map[string]int{"the one in front": 0, "another": 1, "combined": -1} {
		t.Run(name, func(t *testing.T) {
			h := newWorld(t).handedIn()
			h.parted(narrate, "There is no lamp in cell 4. It is cold.", "There is no lamp in cells 4 and 5.")
			versions := h.stored(record.Finding, h.findings[1]).Status.Conflicts[0].Values
			b := h.member(h.person("Reviewer", reviewerRole))
			two := "/records/finding/" + h.findings[1] + "/two"
			b.get("/two").wants(200, "What was found")
			b.get("/findings/"+h.findings[1]).wants(200, "stands in two versions")
			b.get(two).wants(200, "Two versions of “What was found”", "Lead monitor", "Phone 2", "Doctor", "at the office", "Before", "Ask the team")
			post, says := []string{"as", b.as(), "_field", "narrative", "_key", "", "_why", "Asked both.", "_choice", "combine", "_text", "There is no lamp."}, `"There is no lamp."`
			if at >= 0 {
				post[9], says = b.version(at), versions[at].Json
			}
			b.post(two, post...).wants(200, "Settled.")
			item := h.stored(record.Finding, h.findings[1])
			if got := item.Message.(*daylightv1.Finding).GetNarrative(); len(item.Status.Conflicts) != 0 || `"`+got+`"` != says {
				t.Errorf("it says %q, with %v", got, item.Status.Conflicts)
			}
			if cs := h.comments(); len(cs) != 1 || cs[0].GetText() != "Asked both." || cs[0].GetAboutField() != "narrative" {
				t.Errorf("%v", cs)
			}
			b.get("/two").wants(200, "Nothing stands in two versions")
			b.post(two, post...).wants(200, "This record stands in one version")
		})
	}
}

func (b *browser) version(i int) string { b.Helper(); return b.shown(choicePattern)[i] }

func TestTwoVersionsAreLeftOrKeptBoth(t *testing.T) {
	h := newWorld(t).handedIn()
	h.parted(narrate, "There is no lamp. It is cold. "+markup, "There are no lamps at all.")
	two := "/records/finding/" + h.findings[1] + "/two"
	reads := h.member(h.person("Follow-up officer", followRole))
	reads.get(two).wants(200, "Ask the team")
	if strings.Contains(reads.page, `value="combine"`) || strings.Contains(reads.page, "<script>alert") {
		t.Error("who writes no finding may settle it, or words are markup")
	}
	reads.post(two, "as", reads.as(), "_field", "narrative", "_key", "", "_choice", "combine", "_text", "mine").wants(403, "Nothing was saved")
	reads.post(two, "as", reads.as(), "_field", "narrative", "_key", "", "_choice", "leave").wants(200, "The team is asked")
	if c := h.comments(); len(c) != 1 || c[0].GetKind() != daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION {
		t.Errorf("%v", c)
	}
	b := h.member(h.person("Reviewer", reviewerRole))
	b.get(two)
	b.post(two, "as", b.as(), "_field", "narrative", "_key", "").wants(422, "Choose what should stand")
	b.post(two, "as", b.as(), "_field", "narrative", "_key", "", "_choice", "both").wants(200, "Settled.")
	f := h.stored(record.Finding, h.findings[1])
	if len(f.Status.Conflicts) != 0 || len(f.Message.(*daylightv1.Finding).GetContradicts()) != 1 {
		t.Errorf("%v", f)
	}
	other := h.stored(record.Finding, f.Message.(*daylightv1.Finding).GetContradicts()[0]).Message.(*daylightv1.Finding)
	if other.GetNarrative() == f.Message.(*daylightv1.Finding).GetNarrative() || !slices.Contains([]string{"Doctor", "Lead monitor"}, other.GetNotedBy()) {
		t.Errorf("the other account is %v", other)
	}
}
