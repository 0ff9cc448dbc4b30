package console_test

import (
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var twoPattern = regexp.MustCompile(`href="(/places/duplicates/two\?[^"]*)"`)

// followed opens the first address of a pattern on the page.
func (b *browser) followed(p *regexp.Regexp) *browser {
	b.Helper()
	m := p.FindStringSubmatch(b.page)
	if m == nil {
		b.Fatalf("%s leads to nothing like %s: %.2000s", b.at, p, b.text())
	}
	return b.get(html.UnescapeString(m[1]))
}

func TestWhatIsThereTwiceIsJoinedAndTakenApart(t *testing.T) {
	w := newWorld(t)
	w.place("Colony No. 14", "Ashford")
	c := w.place("Colony No 14", "Ashford", func(f *daylightv1.Facility) {
		f.Address, f.Names["ru"] = proto.String("Mill Lane 3"), "Колония № 14"
	})
	b := w.member(w.person("Case officer", caseRole))
	b.get("/places/duplicates").wants(200, "Pairs that look alike: 1", "the same town").followed(twoPattern).
		wants(200, "Two that look alike", "Mill Lane 3", "Колония № 14", "Join the two", "differs")
	at, seenLoser, seenWinner := b.at, b.field("seen-loser"), b.field("seen-winner")
	if !strings.Contains(b.page, `value="address" checked`) && !strings.Contains(b.page, `value="address"`) {
		t.Error("the address is not offered")
	}
	// What has changed since is not joined unseen.
	a := w.places()["Colony No. 14"]
	a.Note = proto.String("Asked the ministry.")
	_, err := w.store.Save(t.Context(), "Desk", a)
	w.must(err)
	b.post(at, "seen-loser", seenLoser, "seen-winner", seenWinner, "carry", "address").wants(409, "has changed since", "Asked the ministry.")
	b.post(at, "seen-loser", b.field("seen-loser"), "seen-winner", b.field("seen-winner"), "carry", "address").wants(200, "The two are one from now on", "Nothing looks like it is there twice")
	got := w.places()
	if len(got) != 1 || got["Colony No. 14"].GetAddress() != "Mill Lane 3" || got["Colony No. 14"].GetNames()["ru"] != "" {
		t.Errorf("the places are %v", got)
	}
	b.history(got["Colony No. 14"], "Case officer")

	b.get("/places/duplicates/merged").wants(200, "Colony No 14", "Take apart")
	b.post("/places/duplicates/merged", "loser", c.Id, "seen", b.field("seen")).wants(200, "It stands for itself again", "Address")
	if n := len(w.places()); n != 2 {
		t.Errorf("%d places", n)
	}
	b.get("/places/duplicates").wants(200, "Pairs that look alike: 1")
	notes := strings.Join(w.notes(), "\n")
	if !strings.Contains(notes, "a record was merged into another") || !strings.Contains(notes, "a merge was undone") {
		t.Error("the access log does not keep who joined and took apart")
	}
}

func TestTheOtherOneMayStay(t *testing.T) {
	w := newWorld(t)
	a, c := w.place("Colony No. 14", "Ashford"), w.place("Colony No 14", "Ashford")
	b := w.member(w.person("Case officer", caseRole))
	at := "/places/duplicates/two?a=" + c.Id + "&b=" + a.Id
	b.get(at).wants(200)
	b.post(at, "seen-loser", b.field("seen-loser"), "seen-winner", b.field("seen-winner")).wants(200)
	if got := w.places(); len(got) != 1 || got["Colony No 14"] == nil {
		t.Errorf("the places are %v", got)
	}
	b.get(at).wants(200, "These two cannot be joined", "joined to a record already")
}

func TestVisitsThatWereMadeTwice(t *testing.T) {
	w := newWorld(t)
	f := w.place("Colony No. 14", "Ashford")
	for range 2 {
		_, err := w.store.Save(t.Context(), "Desk", &daylightv1.Visit{FacilityId: proto.String(f.Id), PlannedStart: proto.String("2026-11-24"), PlannedEnd: proto.String("2026-11-24")})
		w.must(err)
	}
	b := w.member(w.person("Case officer", caseRole))
	b.get("/places/duplicates?kind=visit").wants(200, "Pairs that look alike: 1", "the same day").followed(twoPattern).wants(200, "Join the two")
	b.post(b.at, "seen-loser", b.field("seen-loser"), "seen-winner", b.field("seen-winner")).wants(200, "The two are one")
	b.get("/places/duplicates/merged?kind=visit").wants(200, "Take apart")
}

func TestWhoJoins(t *testing.T) {
	w := newWorld(t)
	a, c := w.place("Colony No. 14", "Ashford"), w.place("Colony No 14", "Ashford")
	at := "/places/duplicates/two?a=" + a.Id + "&b=" + c.Id
	b := w.member(w.person("Reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	b.get(at).wants(200, "Joining them is for others")
	seen := func(id string) string {
		m, err := w.store.Get(t.Context(), record.Facility, w.id(id))
		w.must(err)
		return base64.RawURLEncoding.EncodeToString(m.Message.GetSeen())
	}
	b.post(at, "seen-loser", seen(c.Id), "seen-winner", seen(a.Id)).wants(403, "for others")
	if len(w.places()) != 2 {
		t.Error("a reviewer has joined two places")
	}
	w.member(w.person("Second administrator", adminRole)).get("/places/duplicates").wants(404)
}

func (w *world) id(s string) record.ID {
	w.Helper()
	id, err := record.ParseID(s)
	w.must(err)
	return id
}
