package console_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// phone is a device that writes without a folder: it sees all, and seals what it sends.
type phone struct {
	*world
	key  ed25519.PrivateKey
	cert *journal.Certificate
	id   fold.WriterID
	seq  fold.Seq
	link fold.Link
}

func (w *world) phone(person string) *phone {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	w.must(err)
	p := &phone{world: w, key: key}
	_, _ = rand.Read(p.id[:])
	var serial journal.Serial
	_, _ = rand.Read(serial[:])
	p.cert = journal.NewDevelopment(key, serial, person, "field phone")
	p.link = journal.Genesis(p.id)
	return p
}

// verdictGate says the same of everything.
type verdictGate struct {
	exchange.Decision
	exchange.Reason
}

func (g verdictGate) May(exchange.Case) (exchange.Decision, exchange.Reason, error) {
	return g.Decision, g.Reason, nil
}

var holds = verdictGate{exchange.Held, exchange.Denied}

// states are the records as a device pulls them.
func (p *phone) state(id record.ID) *fold.State {
	p.Helper()
	first, err := p.store.Sync(p.Context(), nil, exchange.Ask{MoreOwn: true})
	p.must(err)
	r, err := p.store.Sync(p.Context(), nil, exchange.Ask{Epoch: first.Epoch, MaxPage: 1 << 30})
	p.must(err)
	for _, s := range r.States {
		if record.ID(s.Id) == id {
			out, err := fold.Decode(s.State)
			p.must(err)
			return out
		}
	}
	return fold.New()
}

// sends seals what the message changes, in one change, and gives the position where the
// office has it.
func (p *phone) sends(gate exchange.Gate, m record.Message) exchange.Position {
	p.Helper()
	kind, err := record.KindOf(m)
	p.must(err)
	id, err := record.IDOf(m)
	p.must(err)
	edits, _, err := record.Diff(m, p.state(id), record.Writer{ID: p.id}, record.Naming{}, nil)
	p.must(err)
	c := journal.Change{Time: journal.At(p.now().UnixMilli()), Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: edits}}}
	_, _ = rand.Read(c.Salt[:])
	b := journal.Batch{Writer: p.id, FirstSeq: p.seq + 1, Previous: p.link, Payloads: [][]byte{c.Encode()}, Serial: p.cert.Serial, Certificate: p.cert}
	p.seq, p.link = p.seq+1, b.Links()[0]
	b.Seal = journal.Seal(p.key, p.id, p.seq, p.link)
	first, err := p.store.Sync(p.Context(), nil, exchange.Ask{MoreOwn: true})
	p.must(err)
	_, took, err := p.store.For(store.Caller{Gate: gate}).Take(p.Context(), []journal.Batch{b}, exchange.Ask{Epoch: first.Epoch, MoreOwn: true})
	p.must(err)
	if len(took.Verdicts) == 0 {
		return 0
	}
	return exchange.Position(took.Verdicts[0].Position)
}

// visited is an office with a place, a visit and a finding of a phone's.
func visited(t *testing.T) (w *world, visit *daylightv1.Visit, finding *daylightv1.Finding) {
	w = newWorld(t)
	place := &daylightv1.Facility{Names: map[string]string{"en": "Central prison", "ru": "Центральная тюрьма"}, Region: proto.String("TM-A")}
	visit = &daylightv1.Visit{Title: proto.String("First visit"), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()}
	finding = &daylightv1.Finding{Title: proto.String("Beds"), Narrative: proto.String("Six persons share 12 m2."), Area: proto.String("MAT")}
	save := func(m record.Message) record.Message {
		items, err := w.store.Save(t.Context(), "Somebody", m)
		w.must(err)
		return items[0].Message
	}
	visit.FacilityId = proto.String(save(place).GetId())
	visit = save(visit).(*daylightv1.Visit)
	finding.VisitId = proto.String(visit.GetId())
	finding = save(finding).(*daylightv1.Finding)
	return w, visit, finding
}

// retitled is the finding with another title, as a device would save it.
func retitled(f *daylightv1.Finding, title string) *daylightv1.Finding {
	f = proto.CloneOf(f)
	f.Title = proto.String(title)
	return f
}

func TestAHeldChangeIsReadAndAdmitted(t *testing.T) {
	w, _, finding := visited(t)
	at := w.phone("The monitor").sends(holds, retitled(finding, `Crowding <script>alert(1)</script>`))
	b := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	b.get("/held").wants(200, "First visit", "The monitor", "Beds", "Waits for a decision")
	if strings.Contains(b.page, "Crowding") {
		t.Error("the list says what the change says")
	}
	page := fmt.Sprintf("/held/%d", at)
	b.get(page).wants(200, "Held change № "+fmt.Sprint(at), "Crowding <script>", "Beds", "Admit the whole change", "left the visit's team")
	if strings.Contains(b.page, "<script>alert") {
		t.Error("what a monitor wrote is markup")
	}
	seen := b.field("seen")
	b.post(page, "do", "admit", "seen", seen, "why", " ").wants(422, "Say why")
	b.post(page, "do", "burn", "seen", seen, "why", "x").wants(400)
	b.post(page, "do", "admit", "seen", seen, "why", "The paper notes say the same.").wants(200, "counts from now on", "admitted the change", "The paper notes say the same.")
	if b.at != page+"?done=admitted" {
		t.Errorf("the answer stands at %s", b.at)
	}
	item, err := w.store.Get(t.Context(), record.Finding, mustID(t, finding.GetId()))
	w.must(err)
	if got := item.Message.(*daylightv1.Finding).GetTitle(); !strings.HasPrefix(got, "Crowding") {
		t.Errorf("the finding says %q", got)
	}
	b.get("/held").wants(200, "Nothing here")
	b.get("/held?which=held").wants(200, "Admitted")
	b.post(page, "do", "leave", "seen", seen, "why", "x").wants(409, "Somebody decided")
	w.must(w.store.Check(t.Context(), func(f store.Finding) { t.Error(f) }))
}

func mustID(t *testing.T, s string) record.ID {
	id, err := record.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAHeldChangeIsLeftAndTakenUpAgain(t *testing.T) {
	w, _, finding := visited(t)
	page := fmt.Sprintf("/held/%d", w.phone("The monitor").sends(holds, retitled(finding, "Crowding")))
	b := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	b.get(page).post(page, "do", "leave", "seen", b.field("seen"), "why", "It was about another place.").wants(200, "stays held", "Take it up again")
	b.get("/held").wants(200, "Nothing here")
	b.get("/held?which=held").wants(200, "Left held")
	b.get(page).post(page, "do", "reopen", "seen", b.field("seen")).wants(200, "waits for a decision again")
	b.get("/held").wants(200, "Waits for a decision")
}

// What somebody else wrote since stands beside it.
func TestAdmittingSaysWhatWouldStand(t *testing.T) {
	w, _, finding := visited(t)
	page := fmt.Sprintf("/held/%d", w.phone("The monitor").sends(holds, retitled(finding, "Crowding")))
	_, err := w.store.Save(t.Context(), "Somebody", retitled(finding, "Bedding"))
	w.must(err)
	b := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	b.get(page).wants(200, "Bedding", "Crowding", "2 versions")
}

func TestAStepIsJudgedAsTheirsWhoAdmitIt(t *testing.T) {
	w, visit, _ := visited(t)
	planned := &daylightv1.Visit{FacilityId: visit.FacilityId, Title: proto.String("Second visit"), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()}
	items, err := w.store.Save(t.Context(), "Somebody", planned)
	w.must(err)
	planned = items[0].Message.(*daylightv1.Visit)
	step := proto.CloneOf(planned)
	step.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
	page := fmt.Sprintf("/held/%d", w.phone("The monitor").sends(holds, step))
	reviewer := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	reviewer.get(page).wants(200, "for others to decide")
	head := w.member(w.person("The head", headRole))
	head.get(page).wants(200, "Admit the whole change")
	_, err = w.store.Save(t.Context(), "Somebody", step)
	w.must(err)
	head.post(page, "do", "admit", "seen", head.field("seen"), "why", "x").wants(409, "the record says so already")
	if strings.Contains(head.page, "Admit the whole change") {
		t.Error("it is offered to admit a step that was taken")
	}
}

func TestHeldIsForWhoMayReadAndDecide(t *testing.T) {
	w, _, finding := visited(t)
	at := w.phone("The monitor").sends(holds, retitled(finding, "Crowding"))
	page := fmt.Sprintf("/held/%d", at)
	reader := w.member(w.person("The follow-up officer", daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER))
	reader.get(page).wants(200, "Crowding", "for others to decide")
	reader.post(page, "do", "admit", "seen", "0", "why", "I would like to").wants(403, "for others to decide")
	for _, role := range []daylightv1.OfficeRole{daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR, adminRole, daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER} {
		b := w.member(w.person("Somebody "+role.String(), role))
		b.get("/held").wants(404)
		b.get(page).wants(404)
		b.post(page, "do", "admit", "seen", "0", "why", "I would like to").wants(404)
	}
	medical := w.member(w.person("The doctor", daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER))
	medical.get("/held").wants(200, "Nothing here")
	medical.get(page).wants(404)
	reader.get("/held/1").wants(404)
	reader.get("/held/no").wants(404)
	reader.get("/held?person="+finding.GetId()).wants(200, "Nothing here")
	reader.get("/held?person=no").wants(404)
}

func TestARefusedChangeIsReadable(t *testing.T) {
	w, _, finding := visited(t)
	at := w.phone("The monitor").sends(verdictGate{exchange.Refused, exchange.Denied}, retitled(finding, "Crowding"))
	b := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	b.get("/held").wants(200, "Nothing here")
	b.get("/held?which=refused").wants(200, "Refused", "Beds")
	b.get("/held?which=refused&reason=stale").wants(200, "Nothing here")
	b.get(fmt.Sprintf("/held/%d", at)).wants(200, "Refused change", "Crowding", "Nobody in the writer's place")
	if strings.Contains(b.page, "name=\"do\"") {
		t.Error("something is offered to do with it")
	}
}

// sits signs somebody in through the form, whom member has set up before.
func (b *browser) sits(p *browsertest.Page) {
	p.Visit(b.url + "/sign-in")
	p.Type("#f-name", b.person.GetName())
	p.Type("#f-passphrase", good)
	p.Type("#f-code", b.oneTime())
	p.Enter()
}

// TestAHeldChangeByKeyboard: from the list to the admitted change.
func TestAHeldChangeByKeyboard(t *testing.T) {
	w, visit, finding := visited(t)
	phone := w.phone("The monitor")
	at := phone.sends(holds, retitled(finding, "Crowding in the second cell"))
	phone.sends(verdictGate{exchange.Refused, exchange.Denied}, retitled(finding, "Somebody's name"))
	phone.sends(holds, &daylightv1.Finding{Id: visit.GetFacilityId()[:35] + "9", VisitId: proto.String(visit.GetId()), Title: proto.String("Bedding"), Narrative: proto.String("No sheets in 4 of 6 rooms."), Area: proto.String("MAT")})
	b := w.member(w.person("The reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	shots := setups()[:1]
	if os.Getenv("DAYLIGHT_SHOTS") != "" {
		shots = setups()
	}
	for i, s := range shots {
		p := browsertest.Open(t, s)
		b.sits(p)
		p.Visit(w.url + "/held?which=all")
		p.Accessible()
		p.Fits()
		p.Shot("held")
		p.Visit(fmt.Sprintf("%s/held/%d", w.url, at))
		p.Accessible()
		p.Fits()
		p.Shot("held-one")
		if i > 0 {
			continue
		}
		p.Visit(w.url + "/held")
		p.TabTo(fmt.Sprintf("a[href='/held/%d']", at))
		p.Enter()
		p.TabTo("#f-why")
		p.Press("The paper notes say the same.")
		p.TabTo("button[value=admit]")
		p.Enter()
		if p.Count(".note.n-settled") != 1 {
			t.Errorf("nothing says that it was admitted: %s", p.URL())
		}
		p.Accessible()
		p.Shot("held-admitted")
	}
}
