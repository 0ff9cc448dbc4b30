package checklist_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// row is a row of a small form: type and name with a label, and what else is set.
func row(kind, name, parent string, more ...func(*daylightv1.ChecklistQuestion)) *daylightv1.ChecklistQuestion {
	typ, list, _ := strings.Cut(kind, " ")
	q := &daylightv1.ChecklistQuestion{Name: name, Type: &typ, Labels: inEnglish("about " + name)}
	if list != "" {
		q.List = &list
	}
	if parent != "" {
		q.Parent = &parent
	}
	for _, m := range more {
		m(q)
	}
	return q
}

func inEnglish(text string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: "en", Text: &text}}
}

// version makes a version of the form "walk"; choices are list/name=label.
func version(t *testing.T, v string, rows []*daylightv1.ChecklistQuestion, choices ...string) *checklist.Form {
	t.Helper()
	f := &daylightv1.Checklist{
		Id: checklist.FormID("walk", v).String(), Code: proto.String("walk"), Version: &v,
		DefaultLanguage: proto.String("en"), Languages: []string{"en"}, Questions: rows,
	}
	for i, q := range rows {
		q.Order = proto.Uint32(uint32(i + 1))
	}
	for i, c := range choices {
		key, label, _ := strings.Cut(c, "=")
		key, retired := strings.CutPrefix(key, "-")
		f.Choices = append(f.Choices, &daylightv1.ChecklistChoice{Key: key, Order: proto.Uint32(uint32(i + 1)), Labels: inEnglish(label), Retired: proto.Bool(retired)})
	}
	f.Rows = proto.Uint32(uint32(len(f.Questions) + len(f.Choices)))
	form, problems := checklist.Compile(f)
	if form == nil {
		t.Fatalf("%+v", problems)
	}
	return form
}

const (
	walkVisit = "0190a6e2-7c1b-7000-8000-0000000000a1"
	turnA     = "0190a6e2-7c1b-7000-8000-0000000000b1"
	turnB     = "0190a6e2-7c1b-7000-8000-0000000000b2"
)

// answers makes a response to a form with answers as key=value, key:state or key#note.
func answers(f *checklist.Form, all ...string) *daylightv1.ChecklistResponse {
	visit, _ := record.ParseID(walkVisit)
	r := &daylightv1.ChecklistResponse{
		Id: checklist.ResponseID(visit, f.ID()).String(), VisitId: proto.String(walkVisit), ChecklistId: proto.String(f.ID().String()),
		ChecklistCode: proto.String(f.Code()), ChecklistVersion: proto.String(f.Version()), Language: proto.String("en"),
	}
	for _, s := range all {
		a := &daylightv1.Answer{}
		i := strings.IndexAny(s, "=:#")
		a.Key = s[:i]
		switch value := s[i+1:]; s[i] {
		case '=':
			a.Value, a.State = &value, daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum()
		case ':':
			a.State = daylightv1.AnswerState(daylightv1.AnswerState_value["ANSWER_STATE_"+strings.ToUpper(value)]).Enum()
		case '#':
			a.Note = &value
		}
		r.Answers = append(r.Answers, a)
	}
	return r
}

func turn(id, repeat, parent string, order uint32) *daylightv1.RepeatInstance {
	i := &daylightv1.RepeatInstance{Id: id, Repeat: &repeat, Order: &order}
	if parent != "" {
		i.Parent = &parent
	}
	return i
}

// said writes answers as answers reads them, sorted.
func said(r *daylightv1.ChecklistResponse) (out []string) {
	for _, a := range r.GetAnswers() {
		switch {
		case a.GetValue() != "":
			out = append(out, a.GetKey()+"="+a.GetValue())
		case a.GetState() > 1:
			out = append(out, a.GetKey()+":"+strings.ToLower(strings.TrimPrefix(a.GetState().String(), "ANSWER_STATE_")))
		}
		if a.GetNote() != "" {
			out = append(out, a.GetKey()+"#"+a.GetNote())
		}
	}
	slices.Sort(out)
	return out
}

func misfits(all []checklist.Misfit) (out []string) {
	for _, m := range all {
		out = append(out, fmt.Sprintf("%s %s", m.Key, m.Code))
	}
	return out
}

func TestCarryingOverSaysWhatDoesNotFit(t *testing.T) {
	label := func(text string) func(*daylightv1.ChecklistQuestion) {
		return func(q *daylightv1.ChecklistQuestion) { q.Labels = inEnglish(text) }
	}
	calculated := func(q *daylightv1.ChecklistQuestion) { q.Calculation = proto.String("1 + 1") }
	choices := []string{"cond/good=Good", "cond/poor=Poor", "cond/bad=Bad"}
	for name, c := range map[string]struct {
		before, now   []*daylightv1.ChecklistQuestion
		older, newer  []string // choices
		answer        string
		carried, says []string
	}{
		"the same question": {before: rows(row("text", "q", "")), now: rows(row("text", "q", "")), answer: "q=seen", carried: []string{"q=seen"}},
		"in another group": {before: rows(row("begin_group", "a", ""), row("text", "q", "a")), now: rows(row("begin_group", "b", ""), row("text", "q", "b")),
			answer: "q=seen", carried: []string{"q=seen"}},
		"a question that is gone":     {before: rows(row("text", "q", "")), now: rows(row("text", "other", "")), answer: "q=seen", says: []string{"q question-gone"}},
		"that is a group now":         {before: rows(row("text", "q", "")), now: rows(row("begin_group", "q", "")), answer: "q=seen", says: []string{"q question-gone"}},
		"that is calculated now":      {before: rows(row("integer", "q", "")), now: rows(row("integer", "q", "", calculated)), answer: "q=3", says: []string{"q computed"}},
		"a number that is text now":   {before: rows(row("integer", "q", "")), now: rows(row("text", "q", "")), answer: "q=3", carried: []string{"q=3"}},
		"a text that is a number now": {before: rows(row("text", "q", "")), now: rows(row("integer", "q", "")), answer: "q=3", carried: []string{"q=3"}},
		"a text that is no number":    {before: rows(row("text", "q", "")), now: rows(row("integer", "q", "")), answer: "q=three", says: []string{"q type-changed"}},
		"a fraction that is to be whole": {before: rows(row("decimal", "q", "")), now: rows(row("integer", "q", "")), answer: "q=3.5",
			says: []string{"q type-changed"}},
		"a moment that is to be a day": {before: rows(row("dateTime", "q", "")), now: rows(row("date", "q", "")), answer: "q=2026-11-24T09:00:00.000+05:00",
			says: []string{"q type-changed"}},
		"a text that happens to be a choice": {before: rows(row("text", "q", "")), now: rows(row("select_one cond", "q", "")), newer: choices,
			answer: "q=good", says: []string{"q type-changed"}},
		"a choice that is to be text": {before: rows(row("select_one cond", "q", "")), now: rows(row("text", "q", "")), older: choices,
			answer: "q=good", says: []string{"q type-changed"}},
		"one choice where several are asked": {before: rows(row("select_one cond", "q", "")), now: rows(row("select_multiple cond", "q", "")), older: choices, newer: choices,
			answer: "q=good", carried: []string{"q=good"}},
		"several choices where one is asked": {before: rows(row("select_multiple cond", "q", "")), now: rows(row("select_one cond", "q", "")), older: choices, newer: choices,
			answer: "q=good poor", says: []string{"q type-changed"}},
		"a choice that is gone": {before: rows(row("select_multiple cond", "q", "")), now: rows(row("select_multiple cond", "q", "")), older: choices, newer: choices[:2],
			answer: "q=good bad", says: []string{"q choice-gone"}},
		"a choice that is retired": {before: rows(row("select_one cond", "q", "")), now: rows(row("select_one cond", "q", "")), older: choices, newer: []string{"-cond/good=Good"},
			answer: "q=good", carried: []string{"q=good"}, says: []string{"q choice-retired"}},
		"a choice that says otherwise": {before: rows(row("select_one cond", "q", "")), now: rows(row("select_one cond", "q", "")), older: choices, newer: []string{"cond/good=Bearable"},
			answer: "q=good", carried: []string{"q=good"}, says: []string{"q choice-reworded"}},
		"a choice with other blanks and capitals": {before: rows(row("select_one cond", "q", "")), now: rows(row("select_one cond", "q", "")), older: choices, newer: []string{"cond/good=GOOD "},
			answer: "q=good", carried: []string{"q=good"}},
		"a question that is worded otherwise": {before: rows(row("text", "q", "")), now: rows(row("text", "q", "", label("more exactly"))),
			answer: "q=seen", carried: []string{"q=seen"}, says: []string{"q question-reworded"}},
		"a choice that is a state now": {before: rows(row("select_one some", "q", "")), now: rows(row("select_one some", "q", "")),
			older: []string{"some/yes=Yes", "some/not_asked=Not asked"}, newer: []string{"some/yes=Yes", "some/not_asked=Not asked",
				"some/refused=r", "some/not_applicable=n", "some/not_allowed_in=i", "some/not_known=k"},
			answer: "q=not_asked", carried: []string{"q:not_asked"}},
		"a state with another type": {before: rows(row("text", "q", "")), now: rows(row("integer", "q", "")), answer: "q:refused", carried: []string{"q:refused"}},
		"a note alone":              {before: rows(row("text", "q", "")), now: rows(row("integer", "q", "")), answer: "q#ask again", carried: []string{"q#ask again"}},
		"a turn": {before: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")), now: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")),
			answer: "q/" + turnA + "=seen", carried: []string{"q/" + turnA + "=seen"}},
		"a repeat that is gone": {before: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")), now: rows(row("text", "q", "")),
			answer: "q/" + turnA + "=seen", says: []string{"q/" + turnA + " repeat-gone"}},
		"a question that moved out of its repeat": {before: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")),
			now:    rows(row("begin_repeat", "rooms", ""), row("text", "r", "rooms"), row("text", "q", "")),
			answer: "q/" + turnA + "=seen", says: []string{"q/" + turnA + " moved"}},
		"a question that moved into a repeat": {before: rows(row("text", "q", "")), now: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")),
			answer: "q=seen", says: []string{"q moved"}},
		"a question that moved into another repeat": {before: rows(row("begin_repeat", "rooms", ""), row("text", "q", "rooms")),
			now:    rows(row("begin_repeat", "rooms", ""), row("text", "r", "rooms"), row("begin_repeat", "wards", ""), row("text", "q", "wards")),
			answer: "q/" + turnA + "=seen", says: []string{"q/" + turnA + " moved"}},
		"an answer to nobody's question": {before: rows(row("text", "q", "")), now: rows(row("text", "q", "")), answer: "stray=1", says: []string{"stray question-gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := version(t, "1", c.before, c.older...), version(t, "2", c.now, c.newer...)
			old := answers(from, c.answer)
			if strings.Contains(c.answer, turnA) {
				old.Instances = append(old.Instances, turn(turnA, "rooms", "", 1))
			}
			before := proto.Clone(old)
			r, why := checklist.Carry(checklist.Open(from, old, checklist.Options{}), to, nil, checklist.Options{})
			if got := said(r); !slices.Equal(got, c.carried) {
				t.Errorf("carried over: %q, want %q", got, c.carried)
			}
			if got := misfits(why); !slices.Equal(got, c.says) {
				t.Errorf("said: %q, want %q", got, c.says)
			}
			for _, m := range why {
				if m.Text == "" || strings.Contains(m.Text, "{") || m.Carried != (m.To.Question != "" && m.Code != checklist.MisfitAnsweredAlready) {
					t.Errorf("%+v", m)
				}
			}
			if !proto.Equal(old, before) {
				t.Error("the older response was changed")
			}
			if r.GetContinuesId() != old.GetId() || r.GetChecklistVersion() != "2" || r.GetId() == old.GetId() {
				t.Errorf("%v", r)
			}
			if err := record.Validate(r); err != nil {
				t.Error(err)
			}
		})
	}
}

func rows(all ...*daylightv1.ChecklistQuestion) []*daylightv1.ChecklistQuestion { return all }

// A value that does not fit is left behind; what was noted beside it is not.
func TestANoteIsCarriedOverWithoutItsValue(t *testing.T) {
	from, to := version(t, "1", rows(row("text", "q", ""))), version(t, "2", rows(row("integer", "q", "")))
	old := answers(from, "q=three")
	old.Answers[0].Note = proto.String("counted twice")
	r, _ := checklist.Carry(checklist.Open(from, old, checklist.Options{}), to, nil, checklist.Options{})
	if got := said(r); !slices.Equal(got, []string{"q#counted twice"}) || r.GetAnswers()[0].State != nil {
		t.Errorf("%v", r.GetAnswers())
	}
}

func TestTwoDevicesCarryOverToTheSame(t *testing.T) {
	wards := rows(row("begin_repeat", "wards", "", func(q *daylightv1.ChecklistQuestion) { q.RepeatCount = proto.String("2") }),
		row("text", "ward", "wards"), row("begin_repeat", "rooms", "wards"), row("text", "room", "rooms"))
	from, to := version(t, "1", wards), version(t, "2", wards)
	visit, _ := record.ParseID(walkVisit)
	old := checklist.Begin(from, checklist.ResponseID(visit, from.ID()), visit, checklist.Options{})
	if len(old.GetInstances()) != 2 {
		t.Fatalf("%v", old)
	}
	second := old.GetInstances()[1].GetId()
	old.Instances = append(old.Instances, turn(turnA, "rooms", second, 1))
	old.Answers = answers(from, "ward/"+second+"=B", "room/"+turnA+"=B1").Answers
	x := checklist.Open(from, old, checklist.Options{})
	r, why := checklist.Carry(x, to, nil, checklist.Options{})
	again, _ := checklist.Carry(x, to, nil, checklist.Options{})
	if !proto.Equal(r, again) || len(why) != 0 || r.GetId() != checklist.ResponseID(visit, to.ID()).String() {
		t.Errorf("%v, then %v, %v", r, again, why)
	}
	response, _ := record.ParseID(r.GetId())
	counted := checklist.InstanceID(response, "wards", record.ID{}, 2).String()
	if got := said(r); !slices.Equal(got, []string{"room/" + turnA + "=B1", "ward/" + counted + "=B"}) || len(r.GetInstances()) != 3 {
		t.Errorf("%q, %v", got, r.GetInstances())
	}
	for _, i := range r.GetInstances() {
		if i.GetRepeat() == "rooms" && i.GetParent() != counted {
			t.Errorf("the room stands in %s", i.GetParent())
		}
	}
}

func TestWhatATeamMateAnsweredInTheNewerOneStays(t *testing.T) {
	three := rows(row("text", "a", ""), row("text", "b", ""), row("text", "c", ""))
	from, to := version(t, "1", three), version(t, "2", three)
	into := answers(to, "a=mine", "b=same", "c#look again")
	into.Seen = []byte("token")
	r, why := checklist.Carry(checklist.Open(from, answers(from, "a=theirs", "b=same", "c=theirs"), checklist.Options{}), to, into, checklist.Options{})
	if got := said(r); !slices.Equal(got, []string{"a=mine", "b=same", "c#look again", "c=theirs"}) || string(r.GetSeen()) != "token" {
		t.Errorf("%q", got)
	}
	if got := misfits(why); !slices.Equal(got, []string{"a answered-already"}) {
		t.Errorf("%q", got)
	}
	if got := said(into); !slices.Equal(got, []string{"a=mine", "b=same", "c#look again"}) {
		t.Errorf("the caller's own was changed: %q", got)
	}
}

// A second response of the visit, as for another building, goes on as one of its own.
func TestASecondResponseIsCarriedOverBesideTheFirst(t *testing.T) {
	q := rows(row("text", "q", ""))
	from, to := version(t, "1", q), version(t, "2", q)
	second := answers(from, "q=other building")
	second.Id = turnB
	x := checklist.Open(from, second, checklist.Options{})
	r, _ := checklist.Carry(x, to, nil, checklist.Options{})
	visit, _ := record.ParseID(walkVisit)
	if r.GetId() == checklist.ResponseID(visit, to.ID()).String() || r.GetId() != checklist.CarriedID(x, to).String() {
		t.Errorf("%s", r.GetId())
	}
}
