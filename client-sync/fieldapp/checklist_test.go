package fieldapp

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type row = daylightv1.ChecklistQuestion

func label(s string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: "en", Text: &s}}
}

// formID is the id of a version of the form of an office.
func formID(version string) string { return "01936b2e-7f00-7000-8000-00000000000" + version }

// walkForm is a small form of an office: rooms that repeat, a rule, and what follows.
func walkForm(version string, more ...*row) *daylightv1.Checklist {
	rows := append([]*row{
		{Name: "rooms_s", Type: proto.String("begin_group"), Labels: label("Rooms and cells")},
		{Name: "wing", Type: proto.String("text"), Labels: label("Which wing?"), Parent: proto.String("rooms_s"), Required: proto.String("yes")},
		{Name: "room", Type: proto.String("begin_repeat"), Labels: label("Cell ${number}"), Parent: proto.String("rooms_s")},
		{Name: "number", Type: proto.String("text"), Labels: label("Number"), Parent: proto.String("room")},
		{Name: "area", Type: proto.String("decimal"), Labels: label("Floor"), Parent: proto.String("room"), Topic: proto.String("MAT.SPACE"),
			Constraint: proto.String(". < 500"), ConstraintMessages: label("No cell is as large as that.")},
		{Name: "people", Type: proto.String("integer"), Labels: label("People who sleep here"), Parent: proto.String("room"), Required: proto.String("yes")},
		{Name: "each", Type: proto.String("calculate"), Parent: proto.String("room"), Calculation: proto.String("round(${area} div ${people}, 1)"),
			Topic: proto.String("MAT.SPACE"), Suggest: proto.String("${each} < 4")},
		{Name: "told", Type: proto.String("note"), Labels: label("${each} m² a person"), Parent: proto.String("room"), Relevant: proto.String("${people} > 0 and ${area} > 0")},
		{Name: "why", Type: proto.String("text"), Labels: label("Why so many?"), Parent: proto.String("room"), Relevant: proto.String("${people} > 4")},
	}, more...)
	for i, q := range rows {
		q.Order = proto.Uint32(uint32(i + 1))
	}
	return &daylightv1.Checklist{Id: formID(version), Code: proto.String("walk"), Version: &version, DefaultLanguage: proto.String("en"),
		Languages: []string{"en"}, Titles: map[string]string{"en": "A walk through"}, Rows: proto.Uint32(uint32(len(rows))), Questions: rows}
}

// walked is a visit on which the form was begun.
func walked(t *testing.T) (*browser, *clientsync.Client, string, string) {
	t.Helper()
	c := openClient(t)
	b := openApp(t, c)
	f := saved(t, c, walkForm("1")).(*daylightv1.Checklist)
	v := visitAt(t, c, "PEN_PRISON")
	list := b.get(b.href(clientsync.KindVisit, v.Id, "checklists"))
	if !strings.Contains(list.Body.String(), "A walk through") || !strings.Contains(list.Body.String(), "5 questions") {
		t.Fatalf("the form is not offered: %s", list.Body)
	}
	href := b.follow(b.post(b.href(clientsync.KindVisit, v.Id, "checklists"), form("_form", f.Id)))
	id := b.app.handles.of[strings.Split(href, "/")[2]].id
	return b, c, href, id
}

var hiddenPage = regexp.MustCompile(`name="_page" value="([^"]*)"`)

// answer posts answers of a page, and gives what came of it.
func (b *browser) answer(page *httptest.ResponseRecorder, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	action := regexp.MustCompile(`action="(/r/[a-z2-7]+/answer)"`).FindStringSubmatch(page.Body.String())
	if action == nil {
		b.t.Fatalf("there is no checklist on the page: %d %s", page.Code, page.Body)
	}
	v := form(pairs...)
	v.Set("as", as(b.t, page))
	v.Set("_page", hiddenPage.FindStringSubmatch(page.Body.String())[1])
	return b.post(action[1], v)
}

// script posts them as the script does.
func (b *browser) script(id, as, page string, pairs ...string) (a scriptAnswer) {
	b.t.Helper()
	v := form(pairs...)
	v.Set("as", as)
	v.Set("_page", page)
	w := b.post(b.href(clientsync.KindChecklistResponse, id, "answer"), v, "Accept", "application/json")
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		b.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return a
}

func responseOf(t testing.TB, c *clientsync.Client, id string) *daylightv1.ChecklistResponse {
	t.Helper()
	item, err := c.Get(t.Context(), clientsync.KindChecklistResponse, id)
	if err != nil {
		t.Fatal(err)
	}
	return item.Message.(*daylightv1.ChecklistResponse)
}

func answerTo(r *daylightv1.ChecklistResponse, key string) *daylightv1.Answer {
	for _, a := range r.GetAnswers() {
		if a.GetKey() == key {
			return a
		}
	}
	return nil
}

func TestAChecklistIsFilledWithoutScript(t *testing.T) {
	b, c, href, id := walked(t)
	page := b.get(href)
	text := page.Body.String()
	if !strings.Contains(text, "Rooms and cells") || !strings.Contains(text, "Which wing?") || !strings.Contains(text, "None yet.") || strings.Contains(text, "<title>Rooms") {
		t.Fatalf("%s", text)
	}
	// The button adds a room and saves what was typed.
	w := b.answer(page, "v:wing", "B <b>wing</b>", "_do", "add room ")
	room := b.get(b.follow(w))
	r := responseOf(t, c, id)
	if len(r.GetInstances()) != 1 || answerTo(r, "wing").GetValue() != "B <b>wing</b>" {
		t.Fatalf("it is %v", r)
	}
	turn := r.GetInstances()[0].GetId()
	at := func(q string) string { return "v:" + q + "/" + turn }
	if text := room.Body.String(); !strings.Contains(text, "People who sleep here") || strings.Contains(text, "Why so many?") {
		t.Errorf("%s", text)
	}
	w = b.answer(room, at("number"), "12", at("area"), "26,4", at("people"), "10")
	room = b.get(b.follow(w))
	text = room.Body.String()
	for _, want := range []string{"Cell 12", "2.6 m² a person", "Why so many?", "This suggests a finding", "Saved on this device"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// An answer that breaks the rule is kept and said.
	w = b.answer(room, at("area"), "26400")
	if text := b.get(b.follow(w)).Body.String(); !strings.Contains(text, "No cell is as large as that.") || !strings.Contains(text, "kept all the same") || answerTo(responseOf(t, c, id), "area/"+turn).GetValue() != "26400" {
		t.Errorf("%s", text)
	}
	// What is no answer stays in its control, and the rest of the page is saved.
	w = b.answer(room, at("people"), "many", at("why"), "no room elsewhere", at("area"), "26.4")
	if text := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, `value="many"`) || !strings.Contains(text, "Write a number in digits") ||
		answerTo(responseOf(t, c, id), "why/"+turn).GetValue() != "no room elsewhere" {
		t.Errorf("%d %s", w.Code, text)
	}
}

func TestWhyThereIsNoAnswerIsAnAnswer(t *testing.T) {
	b, c, href, id := walked(t)
	page := b.get(href)
	x, err := c.OpenChecklist(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	states := false
	if it, ok := x.Item(forms.ParseKey("wing")); ok {
		states = it.States
	}
	if !states {
		t.Skip("the form offers no states")
	}
	b.answer(page, "s:wing", "refused", "n:wing", "at the gate")
	a := answerTo(responseOf(t, c, id), "wing")
	if a.GetState() != forms.Refused || a.GetNote() != "at the gate" || a.GetValue() != "" {
		t.Errorf("it is %v", a)
	}
	page = b.get(href)
	if !strings.Contains(page.Body.String(), "Not answered: ") {
		t.Error("the page does not say why")
	}
	b.answer(page, "v:wing", "B", "s:wing", "refused", "n:wing", "at the gate")
	if a := answerTo(responseOf(t, c, id), "wing"); a.GetValue() != "B" || a.GetState() == forms.Refused || a.GetNote() != "at the gate" {
		t.Errorf("it is %v", a)
	}
}

func TestAReasonTakesThePlaceOfAnAnswer(t *testing.T) {
	b, c, href, id := walked(t)
	b.answer(b.get(href), "v:wing", "B")
	b.answer(b.get(href), "v:wing", "B", "s:wing", "not_known")
	if a := answerTo(responseOf(t, c, id), "wing"); a.GetState() != forms.NotKnown || a.GetValue() != "" {
		t.Errorf("it is %v", a)
	}
	b.answer(b.get(href), "v:wing", "", "s:wing", "")
	if a := answerTo(responseOf(t, c, id), "wing"); a != nil {
		t.Errorf("it is %v", a)
	}
}

func TestANoteThatIsTooLongKeepsTheAnswerBesideIt(t *testing.T) {
	b, c, href, id := walked(t)
	long := strings.Repeat("long ", 4<<10)
	w := b.answer(b.get(href), "v:wing", "B", "n:wing", long)
	if text := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, long) || !strings.Contains(text, "longer than one field can hold") {
		t.Errorf("%d", w.Code)
	}
	if a := answerTo(responseOf(t, c, id), "wing"); a.GetValue() != "B" || a.GetNote() != "" {
		t.Errorf("it is %v", a)
	}
	huge := strings.Repeat("x", 1<<20)
	w = b.answer(b.get(href), "v:wing", huge, "n:wing", "as told")
	if text := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, huge) {
		t.Errorf("what was pasted is not on the page: %d", w.Code)
	}
	if a := answerTo(responseOf(t, c, id), "wing"); a.GetValue() != "B" || a.GetNote() != "as told" {
		t.Errorf("it is %v", a)
	}
}

func TestTheScriptGetsWhatBecameRelevant(t *testing.T) {
	b, c, href, id := walked(t)
	room := b.get(b.follow(b.answer(b.get(href), "_do", "add room ")))
	turn := responseOf(t, c, id).GetInstances()[0].GetId()
	at, page := func(q string) string { return "v:" + q + "/" + turn }, hiddenPage.FindStringSubmatch(room.Body.String())[1]
	a := b.script(id, as(t, room), page, at("people"), "10")
	if !strings.Contains(a.Parts[fillID], "Why so many?") || !strings.HasPrefix(a.Saved, "Saved on this device") || !strings.Contains(a.Parts[jumpID], "You are here") {
		t.Errorf("%+v", a)
	}
	bad := b.script(id, a.As, page, at("area"), "wide")
	if !strings.Contains(bad.Refused[at("area")], "Write a number") || bad.As == "" {
		t.Errorf("%+v", bad)
	}
	null := b.script(id, a.As, page, at("number"), "1\x002")
	if null.Refused[at("number")] == "" {
		t.Errorf("%+v", null)
	}
	// Another window of the same person, which does not know of the ten.
	stale := b.script(id, as(t, room), page, at("people"), "8")
	if !strings.Contains(stale.Refused[at("people")], "another window") || answerTo(responseOf(t, c, id), "people/"+turn).GetValue() != "10" {
		t.Errorf("%+v", stale)
	}
	again := b.script(id, stale.As, page, at("people"), "8")
	if len(again.Refused) > 0 || answerTo(responseOf(t, c, id), "people/"+turn).GetValue() != "8" {
		t.Errorf("%+v", again)
	}
	if w, ok := b.app.was(t.Context()); !ok || w.ID != id || w.Page != "fill" || w.Field != at("people") {
		t.Errorf("where somebody was: %+v", w)
	}
}

func TestARoomIsTakenOutAndPutBack(t *testing.T) {
	b, c, href, id := walked(t)
	room := b.get(b.follow(b.answer(b.get(href), "_do", "add room ")))
	turn := responseOf(t, c, id).GetInstances()[0].GetId()
	room = b.get(b.follow(b.answer(room, "v:number/"+turn, "12")))
	w := b.answer(room, "_do", "drop "+turn)
	text := w.Body.String()
	if w.Code != 200 || !strings.Contains(text, "It was taken out.") || len(responseOf(t, c, id).GetInstances()) != 0 {
		t.Fatalf("%d %s", w.Code, text)
	}
	undo := regexp.MustCompile(`name="again" value="([^"]*)"`).FindStringSubmatch(text)[1]
	back := b.get(b.follow(b.post(b.href(clientsync.KindChecklistResponse, id, "turn"), form("again", undo))))
	if !strings.Contains(back.Body.String(), "Cell 12") || answerTo(responseOf(t, c, id), "number/"+turn).GetValue() != "12" {
		t.Errorf("%s", back.Body)
	}
	if w := b.post(b.href(clientsync.KindChecklistResponse, id, "turn"), form("again", "x")); w.Code != http.StatusBadRequest {
		t.Errorf("a form that is none answers %d", w.Code)
	}
}

func TestAFindingIsWrittenFromAnAnswer(t *testing.T) {
	b, c, href, id := walked(t)
	room := b.get(b.follow(b.answer(b.get(href), "_do", "add room ")))
	turn := responseOf(t, c, id).GetInstances()[0].GetId()
	w := b.answer(room, "v:area/"+turn, "26.4", "v:people/"+turn, "10", "_do", "offer each/"+turn)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// It was suggested only once these were saved, and so it is.
	finding := b.get(b.follow(w))
	if !strings.Contains(finding.Body.String(), "An answer in a checklist") {
		t.Fatalf("%s", finding.Body)
	}
	b.post(b.follow(w)+"/save", form("as", as(t, finding), "_page", "", "narrative", "2.6 m2 each"))
	overview := b.get(b.href(clientsync.KindChecklistResponse, id)).Body.String()
	if strings.Contains(overview, "Worth a finding?") {
		t.Error("it is suggested once more")
	}
	if text := b.get(b.follow(b.answer(room, "_do", ""))).Body.String(); !strings.Contains(text, "A finding was written from this") {
		t.Errorf("%s", text)
	}
}

func TestTheWholeOfAChecklistAndItsEnd(t *testing.T) {
	b, c, _, id := walked(t)
	whole := b.href(clientsync.KindChecklistResponse, id)
	text := b.get(whole).Body.String()
	if !strings.Contains(text, "0 / 1") || !strings.Contains(text, "1 required answer missing") || !strings.Contains(text, "Finish with 1 open") {
		t.Errorf("%s", text)
	}
	next := b.follow(b.get(whole + "/next"))
	if !strings.Contains(next, "/fill?at=") || strings.Contains(next, "wing") || strings.Contains(next, id) {
		t.Errorf("the next one is at %s", next)
	}
	b.post(whole+"/finish", form("_end", "yes"))
	if text := b.get(whole).Body.String(); responseOf(t, c, id).GetFinishedAt() == "" || !strings.Contains(text, "Reopen") {
		t.Errorf("%s", text)
	}
	if text := b.get(next[:strings.Index(next, "#")]).Body.String(); !strings.Contains(text, "Needed before submitting") {
		t.Error("what is missing is not marked")
	}
	b.post(whole+"/finish", form("_end", "no"))
	page := b.get(next[:strings.Index(next, "#")])
	w := b.answer(page, "v:wing", "B", "_do", "next")
	if to := b.follow(w); responseOf(t, c, id).GetFinishedAt() != "" || to != whole {
		t.Errorf("after the last one it leads to %s", to)
	}
}

func TestANewerVersionIsOfferedAndCarriedOver(t *testing.T) {
	b, c, href, id := walked(t)
	b.answer(b.get(href), "v:wing", "B", "n:wing", "as the plan has it")
	newer := walkForm("2", &row{Name: "kitchen", Type: proto.String("text"), Labels: label("What about the kitchen?")})
	newer.Questions[1].Type = proto.String("integer")
	saved(t, c, newer)
	whole := b.href(clientsync.KindChecklistResponse, id)
	if text := b.get(whole).Body.String(); !strings.Contains(text, "A newer version of this form is here") {
		t.Fatalf("%s", text)
	}
	w := b.post(whole+"/carry", form("_form", newer.Id))
	if text := w.Body.String(); w.Code != 200 || !strings.Contains(text, "1 answer was left behind") || !strings.Contains(text, "Which wing?") || !strings.Contains(text, "asks for another sort of answer") {
		t.Errorf("%d %s", w.Code, text)
	}
	if answerTo(responseOf(t, c, id), "wing").GetValue() != "B" {
		t.Error("the older one changed")
	}
}

func TestAFormThatIsNotHereIsSaidCalmly(t *testing.T) {
	b, c, _, _ := walked(t)
	r := saved(t, c, &daylightv1.ChecklistResponse{ChecklistCode: proto.String("other"), ChecklistVersion: proto.String("7"), ChecklistId: proto.String(formID("7")),
		Answers: []*daylightv1.Answer{{Key: "said", Value: proto.String("<i>nothing</i>"), State: daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum()}}}).(*daylightv1.ChecklistResponse)
	for _, page := range []string{"", "fill", "next"} {
		w := b.get(b.href(clientsync.KindChecklistResponse, r.Id, page))
		if text := w.Body.String(); w.Code != 200 || !strings.Contains(text, "not wholly on this device") || !strings.Contains(text, "&lt;i&gt;nothing") {
			t.Errorf("%s: %d %s", page, w.Code, text)
		}
	}
}

func TestAShippedFormFitsOnItsPages(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitAt(t, c, "PEN_REMAND")
	o, ok := forms.Shipped().Newest("npm_prison", "2026-11-26")
	if !ok {
		t.Fatal("there is no form for prisons")
	}
	for _, tag := range []string{"ru", "en", "ar"} {
		if err := c.Remember(t.Context(), rememberedLanguage, []byte(tag)); err != nil {
			t.Fatal(err)
		}
		href := b.follow(b.post(b.href(clientsync.KindVisit, v.Id, "checklists"), url.Values{"_form": {o.ID.String()}}))
		for to := href; strings.Contains(to, "/fill"); {
			href = to
			to = b.follow(b.answer(b.get(to), "_do", "back"))
		}
		start, pages := time.Now(), 1
		for page := b.get(href); pages < 100; pages++ {
			if n := page.Body.Len(); page.Code != 200 || n > 150<<10 {
				t.Errorf("%s page %d: %d, %d KiB", tag, pages, page.Code, n>>10)
			}
			w := b.answer(page, "_do", "forward")
			to := b.follow(w)
			if !strings.Contains(to, "/fill") {
				break
			}
			page = b.get(to)
		}
		if pages < 10 || pages > 60 {
			t.Errorf("%s: the form has %d pages", tag, pages)
		}
		t.Logf("%s: %d pages in %v", tag, pages, time.Since(start))
	}
	if w := b.get(b.href(clientsync.KindVisit, v.Id, "checklists")); !strings.Contains(w.Body.String(), "Another one") && !strings.Contains(w.Body.String(), "واحدة أخرى") {
		t.Error("a second one is not offered")
	}
}
