package fieldapp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (b *browser) interview(id string) *daylightv1.Interview {
	b.t.Helper()
	item, err := b.app.client.Get(b.t.Context(), clientsync.KindInterview, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return item.Message.(*daylightv1.Interview)
}

func TestAnInterviewWithOnePersonHasACode(t *testing.T) {
	b, visit, m := spoken(t)
	person := theOnly(t, b.app.client, clientsync.KindPersonIdentity).(*daylightv1.PersonIdentity)
	code := person.GetPseudonym()
	if m.GetPersonId() != person.Id || m.GetHeldOn() != time.Now().Format("2006-01-02") || len(code) != 8 || code[1] != '-' || code[5] != '-' {
		t.Errorf("%v %v", m, person)
	}
	for _, at := range []string{b.hrefOf(clientsync.KindInterview, m.Id), b.hrefOf(clientsync.KindVisit, visit.Id, "interviews")} {
		w := b.get(at)
		title, _, _ := strings.Cut(w.Body.String(), "</title>")
		if !strings.Contains(w.Body.String(), code) || strings.Contains(title, code) || strings.Contains(at, person.Id) {
			t.Errorf("%s: %s", at, w.Body)
		}
	}
	b.post(b.hrefOf(clientsync.KindVisit, visit.Id, "interview-group"), form())
	if n := len(allOf(t, b.app.client, clientsync.KindPersonIdentity)); n != 1 {
		t.Errorf("a group has %d codes", n-1)
	}
}

func TestCodesAreMadeOfNothing(t *testing.T) {
	b := openApp(t, openClient(t))
	turn := b.app.turn(nil, request("GET", "/"))
	seen := map[string]bool{}
	for range 500 {
		code := turn.newCode()
		if seen[code] || code[0] < 'A' || strings.ContainsAny(code, "01258BGIJOQSZ") {
			t.Fatal(code)
		}
		seen[code] = true
	}
}

func TestConsentIsAnsweredUseByUse(t *testing.T) {
	b, _, m := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, m.Id)
	w := b.get(page)
	if !strings.Contains(w.Body.String(), "Yes to 0. The other 14 count as no.") || strings.Contains(w.Body.String(), `value="CONSENT_STATE_GIVEN" checked`) || strings.Contains(w.Body.String(), `value="CONSENT_STATE_REFUSED" checked`) {
		t.Errorf("%s", w.Body)
	}
	a := b.seals(page+"/save", form("as", as(t, w), "_page", "", "consents[CONSENT_SCOPE_NOTES].state", "CONSENT_STATE_GIVEN"))
	if !strings.Contains(a.Parts["agreed"], "Yes to 1.") {
		t.Errorf("%+v", a)
	}
	got := b.interview(m.Id).GetConsents()
	if len(got) != 1 || got[0].GetScope() != daylightv1.ConsentScope_CONSENT_SCOPE_NOTES || got[0].GetState() != daylightv1.ConsentState_CONSENT_STATE_GIVEN || got[0].GetOn() != time.Now().Format("2006-01-02") {
		t.Errorf("%v", got)
	}
	// Without script all questions come, and those that nobody answered are not sent.
	b.post(page+"/save", form("as", as(t, b.get(page)), "_page", "", "consents[CONSENT_SCOPE_NOTES].state", "CONSENT_STATE_REFUSED", "language", "tk", "minutes", "٣٥"))
	m = b.interview(m.Id)
	if len(m.GetConsents()) != 1 || m.GetConsents()[0].GetState() != daylightv1.ConsentState_CONSENT_STATE_REFUSED || m.GetMinutes() != 35 || m.GetLanguage() != "tk" {
		t.Errorf("%v", m)
	}
}

func TestAYesIsTakenBackInAStepOfItsOwn(t *testing.T) {
	b, _, m := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, m.Id)
	if w := b.get(page + "/withdraw"); !strings.Contains(w.Body.String(), "There is no yes") {
		t.Errorf("%s", w.Body)
	}
	b.seals(page+"/save", form("as", as(t, b.get(page)), "_page", "", "consents[CONSENT_SCOPE_USE_ANONYMOUS].state", "CONSENT_STATE_GIVEN"))
	shown := as(t, b.get(page+"/withdraw"))
	for _, bad := range [][]string{{}, {"scope", "CONSENT_SCOPE_NOTES"}, {"scope", "CONSENT_SCOPE_USE_ANONYMOUS", "on", "2999-01-01"}, {"scope", "CONSENT_SCOPE_USE_ANONYMOUS", "on", "soon"}} {
		if w := b.post(page+"/withdraw", form(append(bad, "as", shown)...)); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, w.Code)
		}
	}
	if len(b.interview(m.Id).GetWithdrawals()) != 0 {
		t.Fatal("something was written down")
	}
	w := b.post(page+"/withdraw", form("as", shown, "scope", "CONSENT_SCOPE_USE_ANONYMOUS", "on", "2026-11-20", "told_by", "LAWYER"))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	m = b.interview(m.Id)
	if got := m.GetWithdrawals(); len(got) != 1 || got[0].GetToldBy() != "LAWYER" || got[0].GetOn() != "2026-11-20" || len(m.GetConsents()) != 1 || len(agreed(m)) != 0 {
		t.Errorf("%v", m)
	}
	if w := b.get(page); !strings.Contains(w.Body.String(), ">20 November 2026</time>. Told by: The lawyer") || strings.Contains(w.Body.String(), `name="consents[CONSENT_SCOPE_USE_ANONYMOUS].state"`) {
		t.Errorf("%s", w.Body)
	}
	// A mistake is taken out again, and can be put back.
	w = b.post(page+"/save", form("as", as(t, b.get(page+"/withdraw")), "_page", "withdraw", "drop", "withdrawals[CONSENT_SCOPE_USE_ANONYMOUS]"))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Put it back") || len(b.interview(m.Id).GetWithdrawals()) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAHighRiskSaysWhatToDo(t *testing.T) {
	b, _, m := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, m.Id)
	a := b.seals(page+"/save", form("as", as(t, b.get(page)), "_page", "", "reprisal_risk", "REPRISAL_RISK_IMMINENT"))
	if !strings.Contains(a.Parts["urgent"], "Tell the head of the visit now") {
		t.Errorf("%+v", a.Parts)
	}
	at := b.post(page+"/reprisal", form()).Header().Get("Location")
	handle := strings.TrimPrefix(at, "/r/")
	target, ok := b.app.handles.find(handle)
	if !ok || target.kind != clientsync.KindReprisalCase {
		t.Fatalf("it leads to %q", at)
	}
	c := b.app.drafts.find(target.id).(*daylightv1.ReprisalCase)
	if !c.GetUrgent() || c.GetPersonId() != m.GetPersonId() || c.GetRisk() != daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT {
		t.Errorf("%v", c)
	}
	saved(t, b.app.client, c)
	if again := b.post(page+"/reprisal", form()).Header().Get("Location"); again != at {
		t.Errorf("a second case is begun at %q", again)
	}
}

func TestACodeIsGivenLater(t *testing.T) {
	b, visit, m := spoken(t)
	b.post(b.hrefOf(clientsync.KindVisit, visit.Id, "interview-group"), form())
	for _, other := range allOf(t, b.app.client, clientsync.KindInterview) {
		if other.GetId() == m.Id {
			continue
		}
		page := b.hrefOf(clientsync.KindInterview, other.GetId())
		if w := b.get(page); !strings.Contains(w.Body.String(), "Give the person a code") {
			t.Errorf("%s", w.Body)
		}
		b.post(page+"/code", form())
		b.post(page+"/code", form()) // a second tap gives no second code
		if b.interview(other.GetId()).GetPersonId() == "" || len(allOf(t, b.app.client, clientsync.KindPersonIdentity)) != 2 {
			t.Error("no code, or two")
		}
	}
}

func TestInterviewsOfALockedFolderAreClosed(t *testing.T) {
	b, visit, m := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, m.Id)
	action, form1 := sealedOn(t, b.get(page))
	if err := b.app.client.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{page, page + "/withdraw", b.hrefOf(clientsync.KindVisit, visit.Id, "interviews"), b.hrefOf(clientsync.KindVisit, visit.Id, "desk"), "/desk", "/readers"} {
		if w := b.get(at); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/unlock" {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
	if w := b.post(action, form("as", form1, "sealed.text", "x")); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
}

func TestAnInterviewThatIsGone(t *testing.T) {
	b, _, _ := spoken(t)
	if w := b.get(b.hrefOf(clientsync.KindInterview, "6f9619ff-8b86-4d01-b42d-00c04fc964ff")); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	lone := saved(t, b.app.client, &daylightv1.Interview{HeldOn: proto.String("2026-11-20"), PersonId: proto.String("6f9619ff-8b86-4d01-b42d-00c04fc964ff")})
	if w := b.get(b.hrefOf(clientsync.KindInterview, lone.GetId())); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "whose code is not on this device") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
