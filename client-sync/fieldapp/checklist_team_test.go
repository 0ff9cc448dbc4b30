package fieldapp

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestTwoAnswersStandBesideEachOtherUntilOneIsGivenAgain: two of a team answer one question
// differently without a network.
func TestTwoAnswersStandBesideEachOtherUntilOneIsGivenAgain(t *testing.T) {
	w := scenario.New(t, 1)
	both := []*scenario.Device{}
	for _, name := range []string{"A", "B"} {
		d, err := w.Add(name)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, d)
	}
	meet := func() {
		t.Helper()
		for range 2 {
			for _, d := range both {
				if err := d.Sync(true); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	a, b := both[0].Client, both[1].Client
	f := walkForm("1")
	v := &daylightv1.Visit{Title: proto.String("Autumn visit")}
	if err := a.Save(t.Context(), f, v); err != nil {
		t.Fatal(err)
	}
	meet()
	ids := []string{}
	for i, c := range []*clientsync.Client{a, b} {
		x, err := c.BeginChecklist(t.Context(), v.Id, f.Id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.Set(forms.ParseKey("wing"), forms.Given{Value: []string{"Wing A", "Wing B"}[i]}); err != nil {
			t.Fatal(err)
		}
		if err := c.SaveChecklist(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, x.Response().GetId())
	}
	before := openApp(t, a)
	early := before.get(before.href(clientsync.KindChecklistResponse, ids[0], "fill"))
	meet()
	page := before.get(before.href(clientsync.KindChecklistResponse, ids[0], "fill"))
	text := page.Body.String()
	if !strings.Contains(text, "Two people answered differently") || !strings.Contains(text, "Wing A") || !strings.Contains(text, "Wing B") || !strings.Contains(text, "/two\"") {
		t.Fatalf("%s", text)
	}
	if whole := before.get(before.href(clientsync.KindChecklistResponse, ids[0])).Body.String(); !strings.Contains(whole, "1 with two answers") {
		t.Error("the whole does not count it")
	}
	// A page from before the other answer had come, and which changed nothing, settles nothing.
	before.answer(early, "v:wing", "Wing A")
	if it := contestedItem(t, a, ids[0]); len(it) != 2 {
		t.Fatalf("a page that changed nothing has settled it: %v", it)
	}
	before.answer(page, "v:wing", "Wing A and B")
	if it := contestedItem(t, a, ids[0]); len(it) != 0 {
		t.Errorf("there are still %v", it)
	}
	meet()
	if a := answerTo(responseOf(t, b, ids[0]), "wing"); a.GetValue() != "Wing A and B" {
		t.Errorf("the other has %v", a)
	}
}

func contestedItem(t *testing.T, c *clientsync.Client, id string) []forms.Candidate {
	t.Helper()
	x, err := c.OpenChecklist(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	it, _ := x.Item(forms.ParseKey("wing"))
	return it.Contested
}
