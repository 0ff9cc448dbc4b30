package sample

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// whole is large enough for everything to turn up.
var whole = Config{Seed: 7, Places: 300, Visits: 240, Findings: 12, Recommendations: 4}

// sum stands for every byte of a history.
func sum(t *testing.T, c Config) [32]byte {
	t.Helper()
	h := sha256.New()
	for b := range Office(c) {
		fmt.Fprintln(h, b.Sent)
		for _, s := range b.Steps {
			m, err := proto.MarshalOptions{Deterministic: true}.Marshal(s.Message)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(h, s.By, s.At, s.Creates, s.Removes, s.Verdict, m)
		}
	}
	return [32]byte(h.Sum(nil))
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	c := Config{Seed: 3, Visits: 40}
	first := sum(t, c)
	if sum(t, c) != first {
		t.Error("the second time it is another history")
	}
	c.Seed = 4
	if sum(t, c) == first {
		t.Error("another seed gives the same history")
	}
}

func TestPeopleKeepTheirIDs(t *testing.T) {
	given := record.ID{1, 6: 0x40, 8: 0x80}
	c := Config{Seed: 3, Persons: []record.ID{given}}
	people, made := People(c), People(Config{Seed: 3})
	if people[0].ID != given || people[1].ID != made[1].ID || made[0].ID == given {
		t.Errorf("%s, then %s and %s", people[0].ID, people[1].ID, made[1].ID)
	}
	names := map[string]bool{}
	for _, p := range made {
		names[p.Name] = true
	}
	if len(names) != len(made) {
		t.Errorf("%d names for %d people", len(names), len(made))
	}
}

// played is what a history leaves behind.
type played struct {
	created map[string]record.Kind
	shown   map[string]record.Message // as far as merging tells
	removed map[string]bool
}

// playAll plays a history and fails the test where a step cannot be.
func playAll(t interface{ Errorf(string, ...any) }, c Config) played {
	p := played{map[string]record.Kind{}, map[string]record.Message{}, map[string]bool{}}
	people := len(People(c))
	var last time.Time
	for b := range Office(c) {
		if b.Sent.Before(last) || len(b.Steps) == 0 {
			t.Errorf("a batch of %d steps at %s, after %s", len(b.Steps), b.Sent, last)
		}
		last = b.Sent
		for _, s := range b.Steps {
			if s.By < 0 || s.By >= people {
				t.Errorf("step by %d of %d", s.By, people)
			}
			p.step(t, b, s)
		}
		for _, s := range b.Steps {
			p.refers(t, s)
		}
	}
	return p
}

func (p played) step(t interface{ Errorf(string, ...any) }, b Batch, s Step) {
	kind, err := record.KindOf(s.Message)
	if err == nil {
		err = record.Validate(s.Message)
	}
	if err != nil {
		t.Errorf("%v in %v", err, s.Message)
	}
	id := s.Message.GetId()
	if _, known := p.created[id]; known == s.Creates {
		t.Errorf("%s %s: created %v, known before %v", kind, id, s.Creates, known)
	}
	if s.At.After(b.Sent.Add(6 * time.Hour)) {
		t.Errorf("%s was written at %s and came at %s", kind, s.At, b.Sent)
	}
	switch {
	case s.Verdict != Taken:
	case s.Creates:
		p.created[id] = kind
		p.shown[id] = proto.Clone(s.Message).(record.Message)
	case s.Removes:
		p.removed[id] = true
	default:
		put(p.shown[id].ProtoReflect(), s.Message.ProtoReflect())
	}
}

// put sets what a step sets: of a field that has elements, those that it names.
func put(m, step protoreflect.Message) {
	step.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if !fd.IsList() || fd.Message() == nil {
			one := step.New()
			one.Set(fd, v)
			proto.Merge(m.Interface(), one.Interface())
			return true
		}
		key, list := fd.Message().Fields().ByNumber(1), m.Mutable(fd).List()
		for i := range v.List().Len() {
			e := v.List().Get(i)
			at := 0
			for at < list.Len() && !list.Get(at).Message().Get(key).Equal(e.Message().Get(key)) {
				at++
			}
			if at == list.Len() {
				list.Append(e)
			} else {
				list.Set(at, e)
			}
		}
		return true
	})
}

// refers: what is named was made before, or in the same batch.
func (p played) refers(t interface{ Errorf(string, ...any) }, s Step) {
	for _, r := range record.References(s.Message) {
		if _, shipped := checklist.NewCatalogue(nil).Form(r.ID); shipped {
			continue
		}
		if kind, known := p.created[r.ID.String()]; !known || kind != r.Kind {
			t.Errorf("%s of %s names a %s that there is not", r.Field, s.Message.GetId(), r.Kind)
		}
	}
	if m, ok := s.Message.(*daylightv1.Recommendation); ok {
		for _, a := range m.Assessments {
			for _, id := range []string{a.GetVisitId(), a.GetFindingId()} {
				if _, known := p.created[id]; id != "" && !known {
					t.Errorf("an assessment names %s, which there is not", id)
				}
			}
		}
	}
}

func TestEveryKindIsThereAndEverythingRefersToWhatIs(t *testing.T) {
	p := playAll(t, whole)
	counts := map[record.Kind]int{}
	for _, k := range p.created {
		counts[k]++
	}
	for _, k := range record.Kinds() {
		left := record.Sealed(k) || k == record.SealingKey || k == record.Checklist
		if (counts[k] > 0) == left {
			t.Errorf("%d records of kind %s", counts[k], k)
		}
	}
	if n := counts[record.Finding]; n < 240*12*85/100 || n > 240*12*115/100 {
		t.Errorf("%d findings in 240 visits with 12 on average", n)
	}
	if len(p.removed) == 0 {
		t.Error("nothing was removed")
	}
}

// What it classifies with is in the vocabulary, with what the office added.
func TestEveryCodeIsInTheVocabulary(t *testing.T) {
	p := playAll(t, whole)
	var terms []*daylightv1.Term
	var standards []*daylightv1.Standard
	for _, m := range p.shown {
		switch m := m.(type) {
		case *daylightv1.Term:
			terms = append(terms, m)
		case *daylightv1.Standard:
			standards = append(standards, m)
		}
	}
	words := vocabulary.New(terms, standards)
	for _, m := range p.shown {
		for _, f := range record.UnknownCodes(m, words.Knows) {
			t.Errorf("%T: %s", m, f.Text)
		}
		if f, ok := m.(*daylightv1.Finding); ok {
			for _, ref := range f.GetStandards() {
				if _, known := words.Standard(vocabulary.Ref(ref)); !known {
					t.Errorf("no standard %s", ref)
				}
			}
		}
	}
}

// Most of an office is as it should be, and a little is not.
func TestFewRecordsHaveFlags(t *testing.T) {
	c := whole
	c.Places = 2500
	p := playAll(t, c)
	flagged, codes := 0, map[string]int{}
	for _, m := range p.shown {
		all := record.Flags(m)
		if len(all) > 0 {
			flagged++
		}
		for _, f := range all {
			codes[f.Code]++
		}
	}
	if flagged*10 > len(p.shown) {
		t.Errorf("%d of %d records have flags: %v", flagged, len(p.shown), codes)
	}
	for _, code := range []string{"occupancy-high", "capacity-zero"} {
		if codes[code] == 0 {
			t.Errorf("none is flagged as %s: %v", code, codes)
		}
	}
}

func TestVisitsAndRecommendationsStandWhereTheirAgeSays(t *testing.T) {
	p := playAll(t, whole)
	visits, states := map[daylightv1.VisitState]int{}, map[daylightv1.RecommendationState]int{}
	repeated, twoLines := 0, 0
	for _, m := range p.shown {
		switch m := m.(type) {
		case *daylightv1.Visit:
			visits[m.GetState()]++
		case *daylightv1.Recommendation:
			states[m.GetState()]++
			if m.GetPredecessorId() != "" {
				repeated++
			}
			if len(m.GetAddressees()) > 1 {
				twoLines++
			}
		}
	}
	for _, stage := range [][]daylightv1.VisitState{
		{planned, authorised, prepared}, {complete, consolidated, submitted}, {underReview, drafted, commented}, {final, published}, {inFollowUp}, {closedVisit}, {cancelled},
	} {
		if !slices.ContainsFunc(stage, func(s daylightv1.VisitState) bool { return visits[s] > 0 }) {
			t.Errorf("no visit stands at any of %v: %v", stage, visits)
		}
	}
	for _, s := range []daylightv1.RecommendationState{issuedState, receivedState, answeredState, verifiedState, doneState, supersededState} {
		if states[s] == 0 {
			t.Errorf("no recommendation stands at %s: %v", s, states)
		}
	}
	if repeated == 0 || twoLines == 0 {
		t.Errorf("%d repeated, %d to several addressees", repeated, twoLines)
	}
}

func TestSomethingIsWrongOnPurpose(t *testing.T) {
	people := People(whole)
	verdicts, suspect, both, joined := map[Verdict]int{}, 0, 0, 0
	for b := range Office(whole) {
		set := map[string]int{}
		for _, s := range b.Steps {
			verdicts[s.Verdict]++
			if s.At.After(b.Sent.Add(10 * time.Minute)) {
				suspect++
			}
			if f, ok := s.Message.(*daylightv1.Finding); ok && !s.Creates && f.Narrative != nil {
				if by, again := set[f.Id]; again && by != s.By {
					both++
				}
				set[f.Id] = s.By
			}
			if f, ok := s.Message.(*daylightv1.Facility); ok && f.MergedInto != nil {
				joined++
				if people[s.By].Role != caseOfficer {
					t.Errorf("%s joins places", people[s.By].Name)
				}
			}
		}
	}
	if verdicts[Refused] == 0 || verdicts[Held] == 0 || suspect == 0 || both == 0 || joined == 0 {
		t.Errorf("%v refused and held, %d suspect, %d written by two, %d places joined", verdicts, suspect, both, joined)
	}
}

// Whatever is asked for, a history comes out that can be.
func TestAnySmallOffice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Config{
			Seed: rapid.Uint64().Draw(t, "seed"), Places: rapid.IntRange(0, 30).Draw(t, "places"), Visits: rapid.IntRange(0, 25).Draw(t, "visits"),
			Findings: rapid.IntRange(0, 12).Draw(t, "findings"), Recommendations: rapid.IntRange(0, 9).Draw(t, "recommendations"),
			Until:     time.Date(rapid.IntRange(1995, 2040).Draw(t, "year"), 12, 31, 0, 0, 0, 0, time.UTC),
			Countries: rapid.SliceOfN(rapid.SampledFrom([]string{"TM", "UA", "KZ", "KG"}), 0, 3).Draw(t, "countries"),
		}
		c.From = c.Until.AddDate(0, 0, -rapid.IntRange(1, 3000).Draw(t, "days"))
		playAll(t, c)
	})
}

// Every text is whole, and says something in the language that it is in.
func TestTextsAreFilledIn(t *testing.T) {
	texts := map[string]bool{}
	for b := range Office(whole) {
		for _, s := range b.Steps {
			eachText(s.Message.ProtoReflect(), func(text string) {
				if strings.ContainsAny(text, "{}") || strings.TrimSpace(text) != text {
					t.Errorf("%q", text)
				}
				texts[text] = true
			})
		}
	}
	if len(texts) < 3000 {
		t.Errorf("only %d different texts", len(texts))
	}
}

func eachText(m protoreflect.Message, do func(string)) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.IsMap():
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool { do(v.String()); return true })
		case fd.IsList() && fd.Message() != nil:
			for i := range v.List().Len() {
				eachText(v.List().Get(i).Message(), do)
			}
		case fd.Message() != nil && !fd.IsList():
			eachText(v.Message(), do)
		case fd.Kind() == protoreflect.StringKind && !fd.IsList():
			do(v.String())
		}
		return true
	})
}

// The file of topics is read as it is meant: ten digits, known letters, and for each
// topic what can be said in Russian.
func TestTopicsAreWhole(t *testing.T) {
	b := theBook()
	if len(b.topics) < 40 {
		t.Errorf("%d topics", len(b.topics))
	}
	for line := range strings.Lines(topicText) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == "@" && (len(words) < 6 || len(words[2]) != 10 || len(words[4]) < 2) {
			t.Errorf("the heading %q is not whole", strings.TrimSpace(line))
		}
	}
	for _, s := range b.topics {
		if slices.Contains(s.from, 0) || slices.Compact(slices.Sorted(slices.Values(s.from))) == nil {
			t.Errorf("%s has sources %v", s.name, s.from)
		}
		for _, lang := range []string{"ru", "uk", "en"} {
			for _, kind := range []string{"t", "n", "r"} {
				if len(s.said[lang+" "+kind]) == 0 {
					t.Errorf("%s has no sentence %q in %s", s.name, kind, lang)
				}
			}
		}
	}
	for _, p := range placeTypes {
		if len(b.grouped[p.group]) < 3 || units[p.words] == nil || rooms[p.words] == nil {
			t.Errorf("%s has %d topics", p.code, len(b.grouped[p.group]))
		}
	}
}

func TestAHistoryMayBeLeftInTheMiddle(t *testing.T) {
	n := 0
	var first, again []byte
	for b := range Office(Config{}) {
		if n++; n == 5 {
			first, _ = proto.MarshalOptions{Deterministic: true}.Marshal(b.Steps[0].Message)
			break
		}
	}
	n = 0
	for b := range Office(Config{}) {
		if n++; n == 5 {
			again, _ = proto.MarshalOptions{Deterministic: true}.Marshal(b.Steps[0].Message)
		}
	}
	if len(first) == 0 || !bytes.Equal(first, again) {
		t.Error("it does not begin anew")
	}
}
