package checklist

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestRelevanceAndCalculationsFollowAnswers(t *testing.T) {
	x := filling(t, []row{
		{"integer", "held", "label", "Held"},
		{"integer", "places", "label", "Places"},
		{"calculate", "over", "calculation", "${held} - ${places}"},
		{"begin_group", "g", "label", "Too many", "relevant", "${over} > 0"},
		{"text", "why", "label", "Why are there ${over} too many?"},
		{"end"},
	})
	x.wants(t, "over", "")
	if got := x.page(); got != "held places" {
		t.Errorf("the page is %q", got)
	}
	x.set(t, "held", "150")
	x.set(t, "places", "120")
	x.wants(t, "over", "30")
	if got := x.page(); got != "held places g why" {
		t.Errorf("the page is %q", got)
	}
	if got := x.get(t, "why").Label; got != (Text{"Why are there 30 too many?", "en"}) {
		t.Errorf("the label is %v", got)
	}
}

func TestWhatBecameIrrelevantIsKeptAndCountsNowhere(t *testing.T) {
	x := filling(t, []row{
		{"text", "a"}, {"text", "b", "relevant", "${a} = 'x'", "required", "yes"}, {"calculate", "c", "calculation", "concat('<', ${b}, '>')"},
	})
	x.set(t, "a", "x")
	x.set(t, "b", "kept")
	x.wants(t, "c", "<kept>")
	before, _ := proto.Marshal(stored(x, "b"))
	x.set(t, "a", "y")
	x.wants(t, "c", "<>", "b", "")
	after, _ := proto.Marshal(x.Response().GetAnswers()[1])
	if string(before) != string(after) {
		t.Errorf("the answer was %x and is %x", before, after)
	}
	if p := x.Progress().All; p.Asked != 1 || p.Done != 1 {
		t.Errorf("the progress is %+v", p)
	}
	if got := x.codes(); got != "" {
		t.Errorf("the flags are %s", got)
	}
	if c := x.Rows()[0].Rows[0].Cells[1]; c != (Cell{}) {
		t.Errorf("the row has %+v", c)
	}
	x.set(t, "a", "x")
	x.wants(t, "b", "kept", "c", "<kept>")
}

func TestStatesAreReadAsTheFormCallsThem(t *testing.T) {
	x := filling(t, []row{
		{"integer", "n"},
		{"select_one na", "n_na", "relevant", "${n} = ''", "required", "yes", "state_of", "n"},
		{"select_one kind", "k"}, {"select_one consent", "yn"}, {"select_multiple kind", "m"},
		{"calculate", "seen", "calculation", "concat(${n}, '/', ${n_na}, '/', ${k}, '/', ${m})"},
	}, append(states("kind", choiceRow{"kind", "bed", "Bed"}), append(states("na"), choiceRow{"consent", "yes"}, choiceRow{"consent", "no"})...)...)
	if got := x.page(); got != "n k yn m" {
		t.Errorf("the page is %q", got)
	}
	if it := x.get(t, "n"); !it.Missing || !it.States || !it.Required {
		t.Errorf("n is %+v", it)
	}
	x.state(t, "n", daylightv1.AnswerState_ANSWER_STATE_REFUSED)
	x.set(t, "k", "not_asked")
	x.set(t, "m", "not_known")
	x.wants(t, "seen", "/refused/not_asked/not_known", "n_na", "refused")
	if a := stored(x, "k"); a.GetState() != daylightv1.AnswerState_ANSWER_STATE_NOT_ASKED || a.GetValue() != "" {
		t.Errorf("stored is %v", a)
	}
	if it := x.get(t, "n"); it.Missing || !it.Done || it.Value != "" {
		t.Errorf("n is %+v", it)
	}
	if it := x.get(t, "k"); it.Display != "Reason: not_asked" || len(it.Choices) != 1 {
		t.Errorf("k is %+v", it)
	}
	x.state(t, "n", daylightv1.AnswerState_ANSWER_STATE_NOT_KNOWN)
	x.wants(t, "n_na", "not_known")
	x.set(t, "n", "4")
	x.wants(t, "n_na", "", "seen", "4//not_asked/not_known")
	if _, err := x.Set(Key{Question: "yn"}, Given{State: daylightv1.AnswerState_ANSWER_STATE_REFUSED}); err == nil {
		t.Error("a question whose list lacks the states took one")
	}
	if _, err := x.Set(Key{Question: "n_na"}, Given{Value: "refused"}); err == nil {
		t.Error("the row that tells the state was set")
	}
}

func TestContestedAnswersAreBothKept(t *testing.T) {
	f := compiled(t, []row{{"integer", "n", "required", "yes"}, {"calculate", "c", "calculation", "${n} * 2"}})
	r := begun(t, f)
	r.set(t, "n", "4")
	o := options()
	o.Contested = map[string][]*daylightv1.Answer{"n": {{Key: "n", State: answered.Enum(), Value: proto.String("4")}, {Key: "n", State: daylightv1.AnswerState_ANSWER_STATE_REFUSED.Enum()}}}
	x := Open(f, r.Response(), o)
	x.wants(t, "c", "8")
	it := x.get(t, "n")
	if len(it.Contested) != 2 || it.Contested[0].Value != "4" || it.Contested[1].State != daylightv1.AnswerState_ANSWER_STATE_REFUSED {
		t.Errorf("contested is %+v", it.Contested)
	}
	if p := x.Progress().All; p != (Count{Asked: 1, Done: 1, Contested: 1}) {
		t.Errorf("the progress is %+v", p)
	}
	if got := x.codes(); got != "answer-contested n" {
		t.Errorf("the flags are %s", got)
	}
	if k, ok := x.Next(Key{}); !ok || k.Question != "n" {
		t.Errorf("next is %v", k)
	}
	if c := x.Rows()[0].Rows[0].Cells[0]; c.Others != 1 {
		t.Errorf("the cell is %+v", c)
	}
	x.set(t, "n", "4")
	if len(x.get(t, "n").Contested) != 0 || len(x.Settled()) != 1 || len(o.Contested) != 1 {
		t.Error("giving the answer anew did not settle it")
	}
}

func TestUnknownAnswersSurvive(t *testing.T) {
	f := compiled(t, []row{{"text", "a"}, {"begin_repeat", "r"}, {"text", "b"}, {"end"}})
	r := begun(t, f).Response()
	newer := []byte{0xfa, 0x3e, 1, 'x'} // field 1007
	a := &daylightv1.Answer{Key: "a", Value: proto.String("old")}
	a.ProtoReflect().SetUnknown(newer)
	r.Answers = append(r.Answers, a, &daylightv1.Answer{Key: "gone", Value: proto.String("1")},
		&daylightv1.Answer{Key: "b/0190a6e2-7c1b-7000-8000-00000000dead", Value: proto.String("2")})
	r.Instances = append(r.Instances, &daylightv1.RepeatInstance{Id: "0190a6e2-7c1b-7000-8000-00000000beef", Repeat: proto.String("other")})
	r.ProtoReflect().SetUnknown(newer)
	x := Open(f, r, options())
	if !proto.Equal(x.Response(), r) {
		t.Error("opening changed the response")
	}
	if got := x.codes(); got != "answer-of-unknown-question gone, answer-of-removed-turn b/0190a6e2-7c1b-7000-8000-00000000dead" {
		t.Errorf("the flags are %s", got)
	}
	x.set(t, "a", "new")
	got := x.Response()
	if string(got.ProtoReflect().GetUnknown()) != string(newer) || string(got.GetAnswers()[0].ProtoReflect().GetUnknown()) != string(newer) {
		t.Error("what a newer program wrote is lost")
	}
	if len(got.GetAnswers()) != 3 || len(got.GetInstances()) != 1 {
		t.Errorf("left are %v", got)
	}
	if _, err := x.RestoreInstance("0190a6e2-7c1b-7000-8000-00000000dead"); err != nil {
		t.Fatal(err)
	}
	x.wants(t, "b/0190a6e2-7c1b-7000-8000-00000000dead", "2")
}

func TestCountedTurns(t *testing.T) {
	rows := []row{{"integer", "n"}, {"begin_repeat", "cell", "label", "Cell", "repeat_count", "${n}"},
		{"integer", "p", "default", "position(..)"}, {"end"}, {"calculate", "sum", "calculation", "sum(${p})"}}
	f := compiled(t, rows)
	x, y := begun(t, f), begun(t, f)
	x.set(t, "n", "3")
	y.set(t, "n", "2")
	if len(x.r.GetInstances()) != 3 || x.r.GetInstances()[0].GetId() != y.r.GetInstances()[0].GetId() {
		t.Fatal("two devices made other turns")
	}
	x.wants(t, "sum", "6")
	x.set(t, "n", "1")
	x.wants(t, "sum", "6")
	if it := x.get(t, "cell"); it.Turns != 3 || it.CanAdd {
		t.Errorf("the repeat is %+v", it)
	}
	first, last := x.r.GetInstances()[0].GetId(), x.r.GetInstances()[2].GetId()
	if _, err := x.RemoveInstance(first); err == nil {
		t.Error("a turn that is counted was removed")
	}
	if _, err := x.RemoveInstance(last); err != nil {
		t.Error(err)
	}
	x.wants(t, "sum", "3")
	for given, want := range map[string]int{"-1": 2, "": 2, "1000": 1000, "2000": 1000} {
		x.set(t, "n", given)
		if got := len(x.root.kids[1].kids); got != want {
			t.Errorf("n = %q gives %d turns, not %d", given, got, want)
		}
		if len(x.r.GetInstances()) == 1000 {
			break
		}
	}
	x.set(t, "n", "1001")
	if !strings.HasPrefix(x.codes(), "too-many-turns cell") {
		t.Errorf("the flags are %.80s", x.codes())
	}
	if _, _, err := x.AddInstance("cell", ""); err == nil {
		t.Error("a counted turn was added by hand")
	}
}

func TestTurnsAreAddedRemovedAndBroughtBack(t *testing.T) {
	x := filling(t, []row{
		{"begin_repeat", "cell", "label", "Cell ${name}"}, {"text", "name", "default", "A"}, {"integer", "p"},
		{"begin_repeat", "defect", "label", "Defect"}, {"integer", "grade"}, {"calculate", "here", "calculation", "count(${defect})"}, {"end"},
		{"calculate", "at", "calculation", "position(..)"}, {"end"},
		{"calculate", "all", "calculation", "sum(${p})"}, {"calculate", "defects", "calculation", "count(${defect})"},
	})
	a := x.add(t, "cell", "")
	b := x.add(t, "cell", "")
	d := x.add(t, "defect", b)
	x.add(t, "defect", b)
	x.set(t, "p/"+a, "4")
	x.set(t, "p/"+b, "6")
	x.set(t, "grade/"+d, "2")
	x.wants(t, "all", "10", "at/"+b, "2", "defects", "2", "here/"+d, "2")
	if it := x.get(t, "cell/"+b); it.Kind != ItemTurn || it.Position != 2 || it.Label.Text != "Cell A" || !it.CanRemove {
		t.Errorf("the turn is %+v", it)
	}
	if it := x.get(t, "defect/"+d); it.Label.Text != "Defect 1" {
		t.Errorf("the turn is called %q", it.Label.Text)
	}
	if it := x.get(t, "defect/"+b); it.Kind != ItemRepeat || it.Turns != 2 {
		t.Errorf("the repeat is %+v", it)
	}
	before := x.Response()
	if _, err := x.RemoveInstance(a); err != nil {
		t.Fatal(err)
	}
	x.wants(t, "all", "6", "at/"+b, "1")
	if _, err := x.RestoreInstance(a); err != nil {
		t.Fatal(err)
	}
	x.wants(t, "all", "10", "at/"+b, "2")
	x.RemoveInstance(d)
	x.RemoveInstance(b)
	if _, err := x.RestoreInstance(d); err == nil {
		t.Error("a turn came back without what it stands in")
	}
	x.RestoreInstance(b)
	x.RestoreInstance(d)
	x.wants(t, "all", "10", "defects", "2")
	if len(x.r.GetAnswers()) != len(before.GetAnswers()) || len(x.r.GetInstances()) != len(before.GetInstances()) {
		t.Error("something is lost")
	}
	tables := x.Rows()
	if len(tables) != 3 || len(tables[1].Rows) != 2 || len(tables[2].Rows) != 2 || tables[2].Rows[0].Parent != b || tables[1].Rows[0].Title.Text != "Cell A" {
		t.Errorf("the tables are %+v", tables)
	}
}

func TestOnceAndTrigger(t *testing.T) {
	f := compiled(t, []row{
		{"integer", "n"}, {"text", "other"},
		{"calculate", "draw", "calculation", "once(random())"},
		{"calculate", "stamp", "calculation", "concat(${n}, '-', ${other})", "trigger", "${n}"},
		{"calculate", "after", "calculation", "concat(${stamp}, '!')"},
	})
	x := begun(t, f)
	o := options()
	o.Now = func() time.Time { return clock.Add(time.Hour) }
	y := Open(f, Begin(f, ResponseID(visit, f.ID()), visit, o), o)
	if x.read(t, "draw") == "" || x.read(t, "draw") != y.read(t, "draw") || stored(x, "draw") == nil {
		t.Errorf("drawn are %q and %q", x.read(t, "draw"), y.read(t, "draw"))
	}
	x.set(t, "other", "a")
	x.wants(t, "stamp", "", "after", "!")
	x.set(t, "n", "1")
	x.wants(t, "stamp", "1-a", "after", "1-a!")
	x.set(t, "other", "b")
	x.wants(t, "stamp", "1-a")
	if stored(x, "stamp").GetValue() != "1-a" || stored(x, "after") != nil {
		t.Error("what is stored is not what is triggered")
	}
	x.set(t, "n", "")
	x.wants(t, "stamp", "-b")
}

func TestRulingsOnRelevance(t *testing.T) {
	x := filling(t, []row{
		{"text", "photo"}, {"text", "hid", "relevant", "${photo} != ''"},
		{"calculate", "r1", "calculation", "if(${hid} = '', 'empty', 'full')"},
		{"calculate", "r2", "calculation", "if(${photo}, 'a', 'b')"},
		{"begin_repeat", "rep"}, {"text", "in"}, {"end"},
		{"calculate", "r2s", "calculation", "if(${rep}, 'some', 'none')"},
	})
	x.wants(t, "r1", "empty", "r2", "b", "r2s", "none")
	x.set(t, "photo", "p")
	x.set(t, "hid", "h")
	x.add(t, "rep", "")
	x.wants(t, "r1", "full", "r2", "a", "r2s", "some")
	x.set(t, "photo", "")
	x.wants(t, "r1", "empty", "r2", "b")
}

// What stands in a group goes with it, and so does what is calculated from that.
func TestARelevantGroupBringsWhatIsInIt(t *testing.T) {
	x := filling(t, []row{
		{"text", "on"}, {"begin_group", "g", "relevant", "${on} = 'yes'"}, {"begin_group", "h"}, {"integer", "a", "default", "4"},
		{"calculate", "b", "calculation", "${a} * 2"}, {"end"}, {"end"}, {"calculate", "c", "calculation", "concat(${a}, ':', ${b})"},
	})
	for range 2 {
		x.wants(t, "c", ":")
		if changed := x.set(t, "on", "yes"); len(changed.Keys) != 6 {
			t.Errorf("changed are %v", changed.Keys)
		}
		x.wants(t, "c", "4:8")
		x.set(t, "on", "no")
	}
}

func TestConstraintsAreFlaggedAndNeverRefused(t *testing.T) {
	x := filling(t, []row{
		{"integer", "n", "constraint", ". > 0 and . < ${most}", "constraint_message", "Below ${most}"}, {"integer", "most"},
		{"range", "r", "parameters", "start=0 end=10 step=1"},
	})
	x.set(t, "most", "5")
	x.set(t, "n", "9")
	if it := x.get(t, "n"); !it.Broken || it.BrokenMessage.Text != "Below 5" || !it.Done || len(it.Flags) != 1 {
		t.Errorf("n is %+v", it)
	}
	x.set(t, "r", "11")
	if got := x.codes(); got != "constraint-broken n, out-of-range r" {
		t.Errorf("the flags are %s", got)
	}
	x.set(t, "most", "10")
	x.set(t, "r", "10")
	if got := x.codes(); got != "" {
		t.Errorf("the flags are %s", got)
	}
	x.set(t, "n", "12")
	x.state(t, "n", daylightv1.AnswerState_ANSWER_STATE_NOT_KNOWN)
	if x.get(t, "n").Broken {
		t.Error("a state breaks a constraint")
	}
}

func TestChoices(t *testing.T) {
	c := sheet([]row{
		{"select_one region", "region"}, {"select_one town", "town", "choice_filter", "region = ${region}"},
		{"select_multiple region", "some"}, {"rank region", "order"},
		{"calculate", "name", "calculation", "jr:choice-name(${town}, '${town}')"},
		{"calculate", "look", "calculation", "instance('town')/root/item[name = ${town}]/region"},
	}, choiceRow{"region", "n", "North", "ru", "Север"}, choiceRow{"region", "s", "South"},
		choiceRow{"town", "a", "Alma", "region", "n"}, choiceRow{"town", "b", "Bedre", "region", "s", "ru", "Бедре"}, choiceRow{"town", "c", "Ceker", "region", "n"})
	f, _ := Compile(c)
	x := begun(t, f)
	if got := x.get(t, "town").Choices; len(got) != 0 {
		t.Errorf("offered are %v", got)
	}
	x.set(t, "region", "n")
	if got := x.get(t, "town").Choices; len(got) != 2 || got[1].Name != "c" {
		t.Errorf("offered are %v", got)
	}
	x.set(t, "town", "a")
	x.wants(t, "name", "Alma", "look", "n")
	x.set(t, "region", "s")
	if got := x.codes(); got != "choice-filtered-out town" {
		t.Errorf("the flags are %s", got)
	}
	if it := x.get(t, "town"); it.Display != "Alma" || it.Value != "a" {
		t.Errorf("the town is %+v", it)
	}
	x.set(t, "some", "s n s")
	x.set(t, "order", "s")
	if got := stored(x, "some").GetValue(); got != "n s" {
		t.Errorf("stored is %q", got)
	}
	retired := proto.Clone(c).(*daylightv1.Checklist)
	retired.Choices[1].Retired = proto.Bool(true)
	g, _ := Compile(retired)
	o := options()
	o.Language = "ru-RU"
	y := Open(g, x.Response(), o)
	if got := y.codes(); got != "retired-choice-chosen region, choice-filtered-out town, retired-choice-chosen some, retired-choice-chosen order" {
		t.Errorf("the flags are %s", got)
	}
	if it := y.get(t, "some"); it.Display != "Север, South" || len(it.Choices) != 1 || it.Choices[0].Label != (Text{"Север", "ru"}) {
		t.Errorf("it is %+v", it)
	}
	y.set(t, "town", "b")
	y.wants(t, "name", "Бедре")
}

// Real forms have choices with a blank in their names; of a select of one they work.
func TestAChoiceWithABlank(t *testing.T) {
	x := filling(t, []row{{"select_one street", "a"}, {"calculate", "foot", "calculation", "${a} = 'foot path'"}}, choiceRow{"street", "foot path", "Foot path"})
	x.set(t, "a", "foot path")
	x.wants(t, "foot", "true")
	if it := x.get(t, "a"); it.Display != "Foot path" || x.codes() != "" {
		t.Errorf("it is %+v with %s", it, x.codes())
	}
}

func TestNames(t *testing.T) {
	x := filling(t, []row{
		{"begin_repeat", "house"}, {"text", "name"},
		{"begin_repeat", "person"}, {"text", "name"}, {"calculate", "own", "calculation", "${name}"}, {"end"},
		{"calculate", "here", "calculation", "${name}"}, {"end"},
	})
	h := x.add(t, "house", "")
	p := x.add(t, "person", h)
	x.set(t, "name/"+h, "H")
	x.set(t, "house~person~name/"+p, "P")
	x.wants(t, "own/"+p, "P", "here/"+h, "H")
}

// The clock of expressions stands still once the response is finished.
func TestFinish(t *testing.T) {
	c := sheet([]row{{"start", "s"}, {"today", "d"}, {"calculate", "day", "calculation", "today()"}, {"hidden", "e"}, {"text", "a"}})
	c.Questions[3].Type = proto.String("end")
	f, problems := Compile(c)
	if f == nil {
		t.Fatal(problems)
	}
	x := begun(t, f)
	x.wants(t, "s", "2026-11-23T14:30:00.000+05:00", "d", "2026-11-23", "day", "2026-11-23", "e", "")
	x.Finish(clock)
	x.wants(t, "e", "2026-11-23T14:30:00.000+05:00")
	if err := record.Validate(x.Response()); err != nil {
		t.Error(err)
	}
	y := Open(f, x.Response(), Options{})
	y.wants(t, "day", "2026-11-23", "e", "2026-11-23T14:30:00.000+05:00")
	y.set(t, "a", "put right")
	y.wants(t, "day", "2026-11-23")
	y.Reopen()
	y.wants(t, "day", "1970-01-01", "e", "")
}

// Two who begin without a network begin the same, and what they answer alike agrees.
func TestTwoDevicesBeginTheSame(t *testing.T) {
	f := compiled(t, []row{
		{"integer", "n", "default", "2"}, {"begin_repeat", "cell", "repeat_count", "${n}"}, {"text", "name", "default", "concat('C', position(..))"},
		{"calculate", "draw", "calculation", "once(int(random() * 1000))"}, {"end"},
	})
	a, b := begun(t, f).Response(), begun(t, f).Response()
	if !proto.Equal(a, b) || len(a.GetInstances()) != 2 || len(a.GetAnswers()) != 5 {
		t.Errorf("they begin with\n%v\nand\n%v", a, b)
	}
	if err := record.Validate(a); err != nil {
		t.Error(err)
	}
}
