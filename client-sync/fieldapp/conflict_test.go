package fieldapp

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// apart are two devices and an office: what one saves comes to the other with sync.
type apart struct {
	t    testing.TB
	w    *scenario.World
	a, b *scenario.Device
}

func twoDevices(t testing.TB) *apart {
	t.Helper()
	w := scenario.New(t, 1)
	p := &apart{t: t, w: w}
	var err error
	if p.a, err = w.Add("A"); err != nil {
		t.Fatal(err)
	}
	if p.b, err = w.Add("B"); err != nil {
		t.Fatal(err)
	}
	return p
}

// sync brings everybody up to date.
func (p *apart) sync() {
	p.t.Helper()
	for _, d := range []*scenario.Device{p.a, p.b, p.a} {
		if err := d.Sync(false); err != nil {
			p.t.Fatal(err)
		}
	}
}

// change reads a record on a device, changes it and saves.
func change[M clientsync.Message](p *apart, on *scenario.Device, m M, do func(M)) {
	p.t.Helper()
	item, err := on.Client.Get(p.t.Context(), kindOf(m), m.GetId())
	if err != nil {
		p.t.Fatal(err)
	}
	now := item.Message.(M)
	do(now)
	saved(p.t, on.Client, now)
}

// parted is a finding whose narrative says one thing on A and another on B.
func parted(p *apart, before, a, b string) *daylightv1.Finding {
	p.t.Helper()
	visit := saved(p.t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7")})
	f := saved(p.t, p.a.Client, &daylightv1.Finding{VisitId: proto.String(visit.GetId()), Title: proto.String("Cell 12"), Narrative: proto.String(before)}).(*daylightv1.Finding)
	p.sync()
	change(p, p.a, f, func(f *daylightv1.Finding) { f.Narrative = proto.String(a) })
	change(p, p.b, f, func(f *daylightv1.Finding) { f.Narrative = proto.String(b) })
	p.sync()
	return f
}

func (b *browser) recordOf(m clientsync.Message) string {
	return "/r/" + b.app.handles.name(kindOf(m), m.GetId())
}

func itemOf(t testing.TB, c *clientsync.Client, m clientsync.Message) clientsync.Item {
	t.Helper()
	item, err := c.Get(t.Context(), kindOf(m), m.GetId())
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// visible is the text of a page without markup.
func visible(w *httptest.ResponseRecorder) string {
	text := regexp.MustCompile(`(?s)<(script|style|svg)\b.*?</(script|style|svg)>|<[^>]*>`).ReplaceAllString(w.Body.String(), "")
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

// tells fails unless the page shows every one of the words.
func tells(t testing.TB, w *httptest.ResponseRecorder, words ...string) {
	t.Helper()
	text := visible(w)
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%d: the page does not say %q:\n%s", w.Code, word, text)
		}
	}
}

// settle posts a choice about a conflict's field.
func (b *browser) settle(m clientsync.Message, field string, more ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	href := b.recordOf(m)
	return b.post(href+"/settle", form(append([]string{"as", as(b.t, b.get(href+"/two")), "_field", field}, more...)...))
}

func digestOf(v clientsync.Value) string {
	return recordpage.Version{JSON: v.JSON, Writer: v.Writer}.Digest()
}

// choiceOf is the value of the choice for the version of a device, mine or another's.
func choiceOf(t testing.TB, c *clientsync.Client, m clientsync.Message, own bool) string {
	t.Helper()
	for _, v := range itemOf(t, c, m).Conflicts[0].Values {
		if v.Own == own {
			return digestOf(v)
		}
	}
	t.Fatal("there is no such version")
	return ""
}

const (
	stood = "Cell 12 holds ten people. There are eight beds."
	mineA = "Cell 12 holds ten people. There are eight beds. Two sleep by the door."
	bSays = "Cell 12 holds eight people. There are eight beds."
)

func TestTwoVersionsStandSideBySide(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	tells(t, b.get("/two"), "Two versions", "What was found", "Cell 12")
	w := b.get(b.recordOf(f) + "/two")
	tells(t, w, "What was found", "Finding: Cell 12", "Before", stood, "Yours", "Combined, as written below", "Both, as accounts that contradict", "Leave it to the office", "Settle", "Later")
	for _, want := range []string{"<del>", "<ins>", `class="voice v-mine"`, `class="voice v-theirs"`, `class="voice v-before"`,
		"Cell 12 holds eight people. There are eight beds. Two sleep by the door.</textarea>"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("there is no %s in\n%s", want, w.Body)
		}
	}
	if strings.Contains(title(w), "Cell") {
		t.Errorf("the title says %q", title(w))
	}
}

func title(w *httptest.ResponseRecorder) string {
	_, rest, _ := strings.Cut(w.Body.String(), "<title>")
	title, _, _ := strings.Cut(rest, "</title>")
	return title
}

func TestOneVersionIsTaken(t *testing.T) {
	for _, own := range []bool{true, false} {
		p := twoDevices(t)
		f := parted(p, stood, mineA, bSays)
		b := openApp(t, p.a.Client)
		w := b.settle(f, "narrative", "_choice", choiceOf(t, p.a.Client, f, own), "_why", "the list says so")
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		tells(t, b.get(w.Header().Get("Location")), "Settled")
		want := map[bool]string{true: mineA, false: bSays}[own]
		p.sync()
		for _, d := range []*scenario.Device{p.a, p.b} {
			item := itemOf(t, d.Client, f)
			if got := item.Message.(*daylightv1.Finding).GetNarrative(); got != want || len(item.Conflicts) != 0 {
				t.Errorf("%s: %q, %d conflicts; want %q", d.Name, got, len(item.Conflicts), want)
			}
		}
		tells(t, openApp(t, p.b.Client).get("/review"), "the list says so")
	}
}

func TestTwoTextsAreCombinedByWords(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	text := "Cell 12 holds eight people. There are eight beds. Two sleep by the door."
	if w := b.settle(f, "narrative", "_choice", "combine", "_text", text); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	item := itemOf(t, p.a.Client, f)
	if got := item.Message.(*daylightv1.Finding).GetNarrative(); got != text || len(item.Conflicts) != 0 {
		t.Errorf("%q, %d conflicts", got, len(item.Conflicts))
	}
}

func TestACombinedTextThatIsOneOfTheVersionsSettlesToo(t *testing.T) {
	for _, text := range []string{mineA, bSays} {
		p := twoDevices(t)
		f := parted(p, stood, mineA, bSays)
		b := openApp(t, p.a.Client)
		b.settle(f, "narrative", "_choice", "combine", "_text", text)
		if item := itemOf(t, p.a.Client, f); len(item.Conflicts) != 0 || item.Message.(*daylightv1.Finding).GetNarrative() != text {
			t.Errorf("%q: %d conflicts", text, len(item.Conflicts))
		}
	}
}

func TestAPlaceThatBothChangedIsDecidedByAPerson(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, "ten people", "twelve people", "eight people")
	b := openApp(t, p.a.Client)
	w := b.get(b.recordOf(f) + "/two")
	tells(t, w, "One place still has two values", "[twelve / eight] people")
	w = b.settle(f, "narrative", "_choice", "combine", "_text", "[twelve / eight] people, says the list")
	tells(t, w, "One place still has two values", "[twelve / eight] people, says the list")
	if w.Code != http.StatusUnprocessableEntity || len(itemOf(t, p.a.Client, f).Conflicts) != 1 {
		t.Errorf("%d", w.Code)
	}
}

func TestBothAreKeptAsAccountsThatContradict(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	if w := b.settle(f, "narrative", "_choice", "both"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	p.sync()
	for _, d := range []*scenario.Device{p.a, p.b} {
		told := map[string]*daylightv1.Finding{}
		for item, err := range d.Client.List(t.Context(), clientsync.Filter{Kind: clientsync.KindFinding}) {
			if err != nil || len(item.Conflicts) != 0 {
				t.Fatal(err, item.Conflicts)
			}
			told[item.Message.(*daylightv1.Finding).GetNarrative()] = item.Message.(*daylightv1.Finding)
		}
		x, y := told[mineA], told[bSays]
		if len(told) != 2 || x == nil || y == nil || x.GetContradicts()[0] != y.GetId() || y.GetContradicts()[0] != x.GetId() || y.GetTitle() != "Cell 12" || y.GetVisitId() != x.GetVisitId() {
			t.Errorf("%s: %v", d.Name, told)
		}
	}
}

func TestOtherTextsKeepBothUnderTheirAuthors(t *testing.T) {
	p := twoDevices(t)
	n := saved(t, p.a.Client, &daylightv1.Note{Text: proto.String("x")}).(*daylightv1.Note)
	p.sync()
	change(p, p.a, n, func(n *daylightv1.Note) { n.Text = proto.String("dark") })
	change(p, p.b, n, func(n *daylightv1.Note) { n.Text = proto.String("light") })
	p.sync()
	b := openApp(t, p.a.Client)
	b.settle(n, "text", "_choice", "both")
	got := itemOf(t, p.a.Client, n).Message.(*daylightv1.Note).GetText()
	if got != "Monitor A:\ndark\n\nA team-mate:\nlight" {
		t.Errorf("%q", got)
	}
}

func TestItIsLeftToTheOffice(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	if w := b.settle(f, "narrative", "_choice", "leave", "_why", "ask the doctor"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if len(itemOf(t, p.a.Client, f).Conflicts) != 1 {
		t.Error("it was settled")
	}
	tells(t, b.get("/review"), "ask the doctor", "What was found")
}

func TestElementsAndRemovalsAreSettled(t *testing.T) {
	p := twoDevices(t)
	v := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7"), Access: []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS}}}).(*daylightv1.Visit)
	f := saved(t, p.a.Client, &daylightv1.Finding{VisitId: proto.String(v.GetId()), Title: proto.String("Cell 4")}).(*daylightv1.Finding)
	p.sync()
	change(p, p.a, v, func(v *daylightv1.Visit) { v.Access[0].Note = proto.String("at once") })
	change(p, p.b, v, func(v *daylightv1.Visit) { v.Access[0].Note = proto.String("after an hour") })
	item := itemOf(t, p.a.Client, f)
	if err := p.a.Client.Remove(t.Context(), item.Message); err != nil {
		t.Fatal(err)
	}
	change(p, p.b, f, func(f *daylightv1.Finding) { f.Room = proto.String("4") })
	p.sync()
	b := openApp(t, p.a.Client)
	c := itemOf(t, p.a.Client, v).Conflicts
	if len(c) != 1 {
		t.Fatalf("%v", c)
	}
	w := b.get(b.recordOf(v) + "/two")
	tells(t, w, "Access: ", "at once", "after an hour")
	b.settle(v, "access", "_key", c[0].Key, "_choice", choiceOf(t, p.a.Client, v, false))
	if item := itemOf(t, p.a.Client, v); len(item.Conflicts) != 0 || item.Message.(*daylightv1.Visit).GetAccess()[0].GetNote() != "after an hour" {
		t.Errorf("%v", item)
	}
	tells(t, b.get(b.recordOf(f)+"/two"), "Keep the record", "Remove the record", "removed")
	for _, v := range itemOf(t, p.a.Client, f).Conflicts[0].Values {
		if v.JSON == "" {
			b.settle(f, "removed", "_choice", digestOf(v))
		}
	}
	if item := itemOf(t, p.a.Client, f); len(item.Conflicts) != 0 || item.Removed {
		t.Errorf("%v", item)
	}
}

func TestAnElementIsCombinedPartByPart(t *testing.T) {
	p := twoDevices(t)
	v := saved(t, p.a.Client, &daylightv1.Visit{Access: []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS, Note: proto.String("asked")}}}).(*daylightv1.Visit)
	p.sync()
	change(p, p.a, v, func(v *daylightv1.Visit) { v.Access[0].Rating = daylightv1.AccessRating_ACCESS_RATING_FULL.Enum() })
	change(p, p.b, v, func(v *daylightv1.Visit) {
		v.Access[0].Note, v.Access[0].RequestedAt = proto.String("after an hour"), proto.String("2026-11-24T14:02+05:00")
	})
	p.sync()
	b := openApp(t, p.a.Client)
	w := b.get(b.recordOf(v) + "/two")
	tells(t, w, "Combined, part by part as below", "Rating", "Full", "Asked at", "24 November 2026, 14:02", "after an hour")
	for _, chosen := range []string{`name="_part_rating" value="mine" checked`, `name="_part_note" value="theirs" checked`, `name="_part_requested_at" value="theirs" checked`} {
		if !strings.Contains(w.Body.String(), chosen) {
			t.Errorf("not chosen beforehand: %s in\n%s", chosen, w.Body)
		}
	}
	key := itemOf(t, p.a.Client, v).Conflicts[0].Key
	tells(t, b.settle(v, "access", "_key", key, "_choice", "combine", "_part_note", "mine"), "Choose what should stand")
	if w := b.settle(v, "access", "_key", key, "_choice", "combine", "_part_rating", "mine", "_part_note", "theirs", "_part_requested_at", "theirs"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	item := itemOf(t, p.a.Client, v)
	if got := item.Message.(*daylightv1.Visit).GetAccess()[0]; len(item.Conflicts) != 0 || got.GetRating() != daylightv1.AccessRating_ACCESS_RATING_FULL || got.GetNote() != "after an hour" || got.GetRequestedAt() == "" {
		t.Errorf("%v", item)
	}
}

func TestWhatCannotBeSettledIsToldAndKept(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	for _, c := range []struct {
		says string
		form []string
	}{
		{"Choose what should stand", nil},
		{"Choose what should stand", []string{"_choice", "0000000000000000"}},
		{"cannot be stored", []string{"_choice", "combine", "_text", "a\x00b"}},
		{"not saved", []string{"_choice", "combine", "_text", strings.Repeat("long ", 200<<10)}},
		{"cannot be stored", []string{"_choice", choiceOf(t, p.a.Client, f, true), "_why", "a\x00b"}},
	} {
		w := b.settle(f, "narrative", c.form...)
		if w.Code != http.StatusUnprocessableEntity || len(itemOf(t, p.a.Client, f).Conflicts) != 1 {
			t.Errorf("%v: %d", c.says, w.Code)
		}
		if len(c.form) > 2 && !strings.Contains(w.Body.String(), html.EscapeString(strings.ReplaceAll(c.form[3], "\x00", "\ufffd"))) {
			t.Errorf("%s: what was typed is gone", c.says)
		}
		if text := visible(w); !strings.Contains(strings.ToLower(text), strings.ToLower(c.says)) {
			t.Errorf("it does not say %q: %.3000s", c.says, text)
		}
	}
	href := b.recordOf(f)
	if w := b.post(href+"/settle", form("as", "nonsense")); w.Code != http.StatusBadRequest {
		t.Errorf("a form that is none: %d", w.Code)
	}
	old := as(t, b.get(href+"/two"))
	b.settle(f, "narrative", "_choice", "combine", "_text", "settled")
	if w := b.post(href+"/settle", form("as", old, "_field", "narrative", "_choice", "combine", "_text", "too late")); w.Code != http.StatusSeeOther {
		t.Errorf("what is settled already: %d", w.Code)
	}
	tells(t, b.get(href+"/two"), "This record stands in one version")
	if w := b.get("/r/aaaaaaaaaaaaaaaa/two"); w.Code != http.StatusNotFound {
		t.Errorf("a record that is gone: %d", w.Code)
	}
	if err := p.a.Client.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*httptest.ResponseRecorder{b.get("/two"), b.get(href + "/two"), b.get(href + "/history"), b.get("/review"), b.get("/refused"), b.post(href+"/settle", form("as", old))} {
		if w.Header().Get("Location") != "/unlock" {
			t.Errorf("a locked folder: %d %s", w.Code, w.Body)
		}
	}
}

func TestABannerLeadsToTwoVersions(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, stood, mineA, bSays)
	b := openApp(t, p.a.Client)
	onePage(b)
	w := b.get(b.recordOf(f))
	tells(t, w, "A team-mate changed this field on another device", "What was found")
	if !strings.Contains(w.Body.String(), b.recordOf(f)+"/two") {
		t.Error("nothing leads to the versions")
	}
}

func TestWhatTextsGrewFrom(t *testing.T) {
	if text, open := look.Joined("ten people and two beds", "ten people, cold, and two mats"); open == 0 || !strings.HasPrefix(text, "ten people") {
		t.Errorf("%q %d", text, open)
	}
}
