package checklist_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// inPrison begins the checklist for prisons, let in and with the sections of registers,
// premises and regime done.
func inPrison(t *testing.T) *checklist.Filling {
	t.Helper()
	_, message := prison()
	f, problems := checklist.Compile(message)
	if f == nil {
		t.Fatalf("%v", problems)
	}
	visit, _ := record.ParseID(walkVisit)
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.FixedZone("", 5*3600))
	made := byte(0)
	o := checklist.Options{Language: "en", Now: func() time.Time { return at }, NewID: func() (id record.ID) {
		made++
		id[15] = made
		return id
	}}
	x := checklist.Open(f, checklist.Begin(f, checklist.ResponseID(visit, f.ID()), visit, o), o)
	fill(t, x, "entry_result=full", "regs_state=done", "prem_state=done", "regime_state=done")
	return x
}

// fill answers key=value, or key:state.
func fill(t *testing.T, x *checklist.Filling, all ...string) {
	t.Helper()
	for _, s := range all {
		a := answers(x.Form(), s).GetAnswers()[0]
		if _, err := x.Set(checklist.ParseKey(a.GetKey()), checklist.Given{Value: a.GetValue(), State: a.GetState(), Note: a.GetNote()}); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// suggested are the keys whose answers suggest a finding.
func suggested(x *checklist.Filling) (out []string) {
	for _, o := range x.Offers() {
		if o.Suggested {
			out = append(out, o.Key.Question)
		}
	}
	return out
}

func TestWhatIsBeyondAReferenceSuggestsAFinding(t *testing.T) {
	for _, c := range []struct {
		len, wid, annex, persons string
		want                     bool
	}{
		{"3", "2", "0", "1", false}, {"3", "1.9", "0", "1", true}, // 6 m2 for one alone
		{"4", "4", "0", "4", false}, {"4", "4", "0.4", "4", true}, // 4 m2 for each of several
		{"4", "4", "0", "0", false}, // nobody slept there
	} {
		x := inPrison(t)
		room, _, err := x.AddInstance("rooms", "")
		if err != nil {
			t.Fatal(err)
		}
		fill(t, x, "room_len/"+room+"="+c.len, "room_wid/"+room+"="+c.wid, "room_annex/"+room+"="+c.annex)
		if c.persons != "" {
			fill(t, x, "room_persons/"+room+"="+c.persons)
		}
		if got := slices.Contains(suggested(x), "room_m2pp"); got != c.want {
			t.Errorf("%+v suggests: %v", c, got)
		}
	}
	for answer, want := range map[string]bool{
		"iso_longest=15": false, "iso_longest=16": true, "iso_longest:not_known": false,
		"open_air=one": false, "open_air=under1": true, "open_air=no_air": true, "open_air:not_asked": false,
	} {
		x := inPrison(t)
		fill(t, x, answer)
		if got := len(suggested(x)) > 0; got != want {
			t.Errorf("%s suggests: %v", answer, got)
		}
	}
}

func TestAnOfferSaysWhatFollowsFromTheQuestionAndNothingThatWasSaid(t *testing.T) {
	x := inPrison(t)
	room, _, _ := x.AddInstance("rooms", "")
	fill(t, x, "room_label/"+room+"=WORDS A1", "room_len/"+room+"=3", "room_wid/"+room+"=1.5", "room_annex/"+room+"=0", "room_persons/"+room+"=1")
	i := slices.IndexFunc(x.Offers(), func(o checklist.Offer) bool { return o.Suggested })
	o := x.Offers()[i]
	want := &daylightv1.Finding{
		VisitId: proto.String(walkVisit), ResponseId: proto.String(x.Response().GetId()), AnswerKey: proto.String("room_m2pp/" + room),
		Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"),
		Standards: []string{"CPT-CPT_Inf_2015_44", "NMR-13"},
	}
	if !proto.Equal(o.Finding, want) || o.Answer != "4.5" || o.Question.Text != "Floor space for each person (m2)" {
		t.Errorf("%+v", o)
	}
	for _, o := range x.Offers() {
		if b, _ := protojson.Marshal(o.Finding); strings.Contains(string(b), "WORDS") {
			t.Errorf("%s: the finding repeats what was answered: %s", o.Key, b)
		}
		if err := record.Validate(o.Finding); err != nil && !strings.Contains(err.Error(), "id") {
			t.Errorf("%s: %v", o.Key, err)
		}
	}
}

func TestOnlyAnswersOffer(t *testing.T) {
	keys := func(x *checklist.Filling) (out []string) {
		for _, o := range x.Offers() {
			out = append(out, o.Key.Question)
		}
		return out
	}
	for answer, want := range map[string]bool{
		"kitchen=poor": true, "kitchen:not_allowed_in": true, "kitchen:not_asked": false, "kitchen:refused": false, "kitchen#a note": false,
	} {
		x := inPrison(t)
		fill(t, x, answer)
		if got := slices.Contains(keys(x), "kitchen"); got != want {
			t.Errorf("%s offers: %v", answer, got)
		}
	}
	x := inPrison(t)
	fill(t, x, "kitchen=poor", "open_air=no_air", "prem_state=not_asked", "regime_state:refused")
	if got := keys(x); slices.Contains(got, "kitchen") || slices.Contains(got, "open_air") {
		t.Errorf("what is no longer asked offers: %q", got)
	}
	t.Run("what is contested offers nothing until it is settled", func(t *testing.T) {
		x := inPrison(t)
		fill(t, x, "kitchen=poor")
		other := answers(x.Form(), "kitchen=good").GetAnswers()
		x.Stand(x.Response(), map[string][]*daylightv1.Answer{"kitchen": other})
		if slices.Contains(keys(x), "kitchen") {
			t.Error("it is offered")
		}
		fill(t, x, "kitchen=good")
		if !slices.Contains(keys(x), "kitchen") {
			t.Error("it is not offered")
		}
	})
}

func TestWhatAFindingRestsOnIsNotOfferedAgain(t *testing.T) {
	x := inPrison(t)
	fill(t, x, "kitchen=poor", "shower=daily")
	all := x.Offers()
	i := slices.IndexFunc(all, func(o checklist.Offer) bool { return o.Key.Question == "kitchen" })
	left := checklist.Untaken(all, []*daylightv1.Finding{all[i].Finding, {ResponseId: proto.String(turnA), AnswerKey: proto.String("shower")}})
	if len(left) != len(all)-1 || slices.ContainsFunc(left, func(o checklist.Offer) bool { return o.Key.Question == "kitchen" }) {
		t.Errorf("%d of %d are left", len(left), len(all))
	}
}

// What the filling stands on is replaced under the hands of whoever fills it.
func TestAFillingGoesOnWithWhatIsStored(t *testing.T) {
	x := inPrison(t)
	room, _, _ := x.AddInstance("rooms", "")
	fill(t, x, "room_len/"+room+"=4")
	stored := x.Response()
	mate := checklist.Open(x.Form(), stored, checklist.Options{})
	fill(t, mate, "room_wid/"+room+"=3", "kitchen=good")
	x.Stand(mate.Response(), nil)
	x.Items() // all is evaluated once: what follows has to reach it
	fill(t, x, "room_annex/"+room+"=1", "room_persons/"+room+"=2")
	fresh := checklist.Open(x.Form(), x.Response(), checklist.Options{Language: "en"})
	for _, key := range []string{"room_m2/" + room, "room_m2pp/" + room, "rooms_below_n", "kitchen"} {
		a, _ := x.Item(checklist.ParseKey(key))
		b, _ := fresh.Item(checklist.ParseKey(key))
		if a.Value != b.Value || a.Value == "" {
			t.Errorf("%s: %q, opened anew %q", key, a.Value, b.Value)
		}
	}
	if got := len(x.Items()); got != len(fresh.Items()) {
		t.Errorf("the page has %d rows, opened anew %d", got, len(fresh.Items()))
	}
	if stored.GetAnswers()[0].GetKey() == "" || len(mate.Response().GetAnswers()) == len(x.Response().GetAnswers()) {
		t.Error("the two share their answers")
	}
}

func TestAFillingIsReadInAnotherLanguageAndStaysAsItIs(t *testing.T) {
	x := inPrison(t)
	fill(t, x, "kitchen=poor")
	before, english := x.Response(), labelOf(x, "kitchen")
	x.ReadIn("ru")
	if russian := labelOf(x, "kitchen"); russian.Language != "ru" || russian.Text == english.Text || x.Language() != "ru" {
		t.Errorf("it asks %v", russian)
	}
	if !proto.Equal(before, x.Response()) {
		t.Error("the response changed")
	}
	x.ReadIn("en")
	if again := labelOf(x, "kitchen"); again != english {
		t.Errorf("it asks %v", again)
	}
}

func labelOf(x *checklist.Filling, name string) checklist.Text {
	it, _ := x.Item(checklist.Key{Question: name})
	return it.Label
}
