package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sealedApp answers on loopback with the field app of a folder, under the name that it has
// there, until the test ends.
func sealedApp(t testing.TB, c *clientsync.Client) (app *App, url string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	t.Cleanup(s.Close)
	app, err := New(Config{Client: c, Host: s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	return app, s.URL
}

// interviewed is a folder with a visit, an interview with answers, and something sealed of
// each kind.
func interviewed(t *testing.T) (b *browser, visit *daylightv1.Visit, m *daylightv1.Interview) {
	b, visit, m = spoken(t)
	const yes, no = daylightv1.ConsentState_CONSENT_STATE_GIVEN, daylightv1.ConsentState_CONSENT_STATE_REFUSED
	m.IntervieweeType, m.Privacy, m.Selection = proto.String("DETAINEE"), proto.String("PRIVATE"), proto.String("TEAM_CHOICE")
	m.Language, m.Minutes, m.Interpreter = proto.String("tk"), proto.Uint32(35), proto.Bool(true)
	m.Allegation, m.ReprisalRisk = proto.Bool(true), daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT.Enum()
	for i, a := range asked[:5] {
		state := yes
		if i == 3 {
			state = no
		}
		m.Consents = append(m.Consents, &daylightv1.Consent{Scope: a.scope, State: state.Enum(), On: proto.String("2026-11-24")})
	}
	m.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: asked[4].scope, On: proto.String("2026-11-25"), ToldBy: proto.String("LAWYER")}}
	saved(t, b.app.client, m)
	c := b.app.client
	for record, content := range map[clientsync.Message]proto.Message{
		&daylightv1.InterviewNote{VisitId: &visit.Id, PersonId: m.PersonId, InterviewId: &m.Id}: &daylightv1.InterviewNoteContent{
			Text:      proto.String("He says that he was kept standing for two nights.\n\nHe did not sleep."),
			Officials: proto.String("Guard 7, tall, with a scar <b>on the chin</b>")},
		&daylightv1.MedicalNote{VisitId: &visit.Id, PersonId: m.PersonId}:    &daylightv1.MedicalNoteContent{Text: proto.String("x")},
		&daylightv1.ReprisalDetail{VisitId: &visit.Id, PersonId: m.PersonId}: &daylightv1.ReprisalDetailContent{Text: proto.String("x")},
	} {
		if err := c.SaveSealed(t.Context(), record, content); err != nil {
			t.Fatal(err)
		}
	}
	return b, visit, m
}

func TestEveryPageOfInterviewsOnEveryScreen(t *testing.T) {
	b, visit, m := interviewed(t)
	if err := b.app.client.Remember(t.Context(), rememberedHide, []byte("0")); err != nil { // pages of one screen are closed while others are looked at
		t.Fatal(err)
	}
	for _, s := range []browsertest.Setup{
		{Device: browsertest.Phone}, {Device: browsertest.Phone, Dark: true, Language: "ru"}, {Device: browsertest.Phone, Language: "ar"},
		{Device: browsertest.Desk}, {Device: browsertest.Desk, Dark: true, Language: "ar"}, {Device: browsertest.SmallPhone, Language: "tk"},
	} {
		t.Run(s.Name(), func(t *testing.T) {
			app, url := sealedApp(t, b.app.client)
			at := func(kind clientsync.Kind, id string, page ...string) string {
				return strings.TrimRight(url+"/r/"+app.handles.name(kind, id)+"/"+strings.Join(page, "/"), "/")
			}
			p := browsertest.Open(t, s)
			p.Allow("404") // what other areas mount
			p.Visit(url + app.StartPath())
			note := theOnly(t, app.client, clientsync.KindInterviewNote).GetId()
			medical := theOnly(t, app.client, clientsync.KindMedicalNote).(*daylightv1.MedicalNote)
			for _, page := range []struct{ name, at string }{
				{"interviews", at(clientsync.KindVisit, visit.Id, "interviews")},
				{"interview", at(clientsync.KindInterview, m.Id)},
				{"withdraw", at(clientsync.KindInterview, m.Id, "withdraw")},
				{"person", at(clientsync.KindPersonIdentity, m.GetPersonId())},
				{"medical", at(clientsync.KindMedicalNote, medical.Id)},
				{"desk", url + "/desk"},
				{"visit-desk", at(clientsync.KindVisit, visit.Id, "desk")},
				{"open", at(clientsync.KindInterviewNote, note, "open")},
				{"readers", at(clientsync.KindVisit, visit.Id, "readers")},
				{"all-readers", url + "/readers"},
			} {
				p.Visit(page.at)
				p.Accessible()
				p.Fits()
				if s.Device.Touch {
					p.Targets(44)
				}
				p.Shot("sealed-" + page.name)
			}
		})
	}
}

// What is typed is sealed while it is typed, and is not on the page that comes next.
func TestTypingSealsAndLeavingForgets(t *testing.T) {
	b, _, m := spoken(t)
	app, url := sealedApp(t, b.app.client)
	page := url + "/r/" + app.handles.name(clientsync.KindInterview, m.Id)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone})
	p.Allow("404")
	p.Visit(url + app.StartPath())
	p.Visit(page)
	if hidden := p.Hidden(); len(hidden) > 0 {
		t.Errorf("the keyboard reaches what the eye does not: %v", hidden)
	}
	const field = `[name="sealed.text"]`
	p.Type(field, "they came at night")
	p.WaitFor(`document.querySelector("[data-saved=sealed]").textContent.startsWith("Sealed and saved")`)
	const carried = `document.querySelector("#sealed [name=as]").value`
	before := browsertest.Eval[string](p, carried)
	p.Fill(field, "they came at night, twice")
	p.WaitFor(carried + ` !== "` + before + `"`)
	note := theOnly(t, app.client, clientsync.KindInterviewNote)
	if got := opensTo(t, app.client, note); !strings.Contains(got, "they came at night, twice") {
		t.Errorf("sealed is %s", got)
	}
	p.Visit(page)
	if got := browsertest.Eval[string](p, `document.documentElement.outerHTML`); strings.Contains(got, "at night") {
		t.Error("the page gives it back")
	}
	if got := browsertest.Eval[string](p, `document.querySelector('`+field+`').value`); got != "" {
		t.Errorf("the browser gives back %q", got)
	}
}
