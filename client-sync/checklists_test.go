package clientsync

import (
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visit saves a visit.
func (d *device) visit() string {
	d.t.Helper()
	v := &daylightv1.Visit{Title: proto.String("Autumn visit")}
	d.save(v)
	return v.Id
}

// formID is the newest version of a form.
func (d *device) formID(code string) string {
	d.t.Helper()
	o, ok := d.forms().Newest(code, today)
	if !ok {
		d.t.Fatalf("there is no form %s", code)
	}
	return o.ID.String()
}

// begin begins a form on a new visit.
func (d *device) begin(code string) *forms.Filling {
	d.t.Helper()
	x, err := d.BeginChecklist(d.t.Context(), d.visit(), d.formID(code))
	if err != nil {
		d.t.Fatal(err)
	}
	return x
}

func (d *device) openChecklist(id string) *forms.Filling {
	d.t.Helper()
	x, err := d.OpenChecklist(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return x
}

// answer answers and saves: key, value by turns.
func (d *device) answer(x *forms.Filling, all ...string) {
	d.t.Helper()
	for i := 0; i < len(all); i += 2 {
		if _, err := x.Set(forms.ParseKey(all[i]), forms.Given{Value: all[i+1]}); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := d.SaveChecklist(d.t.Context(), x); err != nil {
		d.t.Fatal(err)
	}
}

func valueAt(x *forms.Filling, key string) string {
	it, _ := x.Item(forms.ParseKey(key))
	return it.Value
}

// walk is a small form of an office, with rows as kind name and what else is set.
func walk(version string, rows ...*daylightv1.ChecklistQuestion) *daylightv1.Checklist {
	f := &daylightv1.Checklist{
		Id: checklist.FormID("walk", version).String(), Code: proto.String("walk"), Version: &version, DefaultLanguage: proto.String("en"),
		Languages: []string{"en"}, Titles: map[string]string{"en": "Walk"}, Rows: proto.Uint32(uint32(len(rows))), Questions: rows,
	}
	for i, q := range rows {
		q.Order = proto.Uint32(uint32(i + 1))
	}
	return f
}

func text(name string, more ...func(*daylightv1.ChecklistQuestion)) *daylightv1.ChecklistQuestion {
	q := &daylightv1.ChecklistQuestion{Name: name, Type: proto.String("text")}
	for _, m := range more {
		m(q)
	}
	return q
}

func required(q *daylightv1.ChecklistQuestion) { q.Required = proto.String("yes") }

func TestChecklistsAreOfferedByPlaceAndDay(t *testing.T) {
	d := newDevice(t)
	got, err := d.Checklists(t.Context(), "PEN_REMAND")
	if err != nil || !slices.Equal(codesOf(got), []string{"npm_prison"}) {
		t.Errorf("%q, %v", codesOf(got), err)
	}
	if got, err := d.Checklists(t.Context(), ""); err != nil || len(got) != 4 {
		t.Errorf("%q, %v", codesOf(got), err)
	}
}

func TestABegunChecklistIsSavedAndBegunOnce(t *testing.T) {
	d := newDevice(t)
	initial := text("place", func(q *daylightv1.ChecklistQuestion) { q.Default = proto.String("at the gate") })
	d.save(walk("1", initial, text("said")))
	visit, form := d.visit(), d.formID("walk")
	x, err := d.BeginChecklist(t.Context(), visit, form)
	if err != nil {
		t.Fatal(err)
	}
	id := x.Response().GetId()
	d.reopen()
	if got := valueAt(d.openChecklist(id), "place"); got != "at the gate" {
		t.Errorf("the default is %q", got)
	}
	x = d.openChecklist(id)
	d.answer(x, "said", "nothing")
	again, err := d.BeginChecklist(t.Context(), visit, form)
	if err != nil || again.Response().GetId() != id || valueAt(again, "said") != "nothing" {
		t.Errorf("begun again: %v, %v", again.Response(), err)
	}
	other, err := d.BeginAnotherChecklist(t.Context(), visit, form)
	if err != nil || other.Response().GetId() == id || valueAt(other, "said") != "" {
		t.Errorf("another: %v, %v", other, err)
	}
	if n := len(d.list(Filter{Kind: KindChecklistResponse, Visit: visit})); n != 2 {
		t.Errorf("the visit has %d", n)
	}
}

func TestWhatCannotBeBegunIsSaid(t *testing.T) {
	d := newDevice(t)
	visit, form := d.visit(), d.formID("npm_prison")
	ctx := t.Context()
	begin := func(visit, form string) error {
		_, err := d.BeginChecklist(ctx, visit, form)
		return err
	}
	wantCode(t, begin("0190a6e2-7c1b-7000-8000-000000000001", form), NotFound, "no visit with this id")
	wantCode(t, begin(visit, "0190a6e2-7c1b-7000-8000-000000000001"), NotFound, "is not on this device")
	wantCode(t, begin(visit, "prison"), Invalid, "not a record's id")

	x, err := d.BeginChecklist(ctx, visit, form)
	if err != nil {
		t.Fatal(err)
	}
	r := d.get(x.Response()).Message
	if err := d.Remove(ctx, r); err != nil {
		t.Fatal(err)
	}
	wantCode(t, begin(visit, form), Conflicting, "was removed")
	v := d.get(&daylightv1.Visit{Id: visit}).Message
	if err := d.Remove(ctx, v); err != nil {
		t.Fatal(err)
	}
	wantCode(t, begin(visit, form), NotFound, "this visit was removed")
}

// A response whose form is not here, not whole or broken says so, and can still be read.
func TestAResponseWithoutItsFormCanBeRead(t *testing.T) {
	d := newDevice(t)
	part, broken := walk("2", text("a")), walk("3", text("a", func(q *daylightv1.ChecklistQuestion) { q.Relevant = proto.String("${b} = 1") }))
	part.Rows = proto.Uint32(3)
	d.save(part, broken)
	for version, c := range map[string]struct {
		code Code
		says string
	}{"1": {NotFound, "walk version 1 is not on this device"}, "2": {Unavailable, "1 of 3 rows"}, "3": {Invalid, "cannot be filled"}} {
		r := &daylightv1.ChecklistResponse{
			VisitId: proto.String(d.visit()), ChecklistId: proto.String(checklist.FormID("walk", version).String()),
			ChecklistCode: proto.String("walk"), ChecklistVersion: &version,
			Answers: []*daylightv1.Answer{{Key: "a", Value: proto.String("seen")}},
		}
		d.save(r)
		_, err := d.OpenChecklist(t.Context(), r.Id)
		wantCode(t, err, c.code, c.says)
		var known *Error
		if !errors.As(err, &known) || known.Hint == "" {
			t.Errorf("version %s: no hint in %v", version, err)
		}
		if got := d.get(r).Message.(*daylightv1.ChecklistResponse); got.GetAnswers()[0].GetValue() != "seen" {
			t.Errorf("version %s: %v", version, got)
		}
		if flags := d.Check(r); slices.ContainsFunc(flags, func(f Flag) bool { return f.Code == "answer-missing" }) {
			t.Errorf("version %s: %v", version, flags)
		}
		report, err := d.CheckVisit(t.Context(), r.GetVisitId())
		if err != nil || len(report.Checklists) != 1 || CodeOf(report.Checklists[0].Problem) != c.code {
			t.Errorf("version %s: %+v, %v", version, report.Checklists, err)
		}
	}
}

func TestASaveBringsWhatWasSavedElsewhere(t *testing.T) {
	d := newDevice(t)
	x := d.begin("npm_prison")
	other := d.openChecklist(x.Response().GetId())
	d.answer(x, "cap_official", "200")
	d.answer(other, "present_team", "150")
	d.answer(x, "entry_result", "full")
	if valueAt(x, "present_team") != "150" || valueAt(x, "occupancy_pct") != "75" {
		t.Errorf("%q, %q", valueAt(x, "present_team"), valueAt(x, "occupancy_pct"))
	}
	t.Run("the same answer in two windows is not written over", func(t *testing.T) {
		if _, err := other.Set(forms.Key{Question: "cap_official"}, forms.Given{Value: "300"}); err != nil {
			t.Fatal(err)
		}
		d.answer(x, "cap_official", "201")
		err := d.SaveChecklist(t.Context(), other)
		var stale *StaleError
		if !errors.As(err, &stale) || valueAt(other, "cap_official") != "300" {
			t.Errorf("%v; it says %q", err, valueAt(other, "cap_official"))
		}
	})
}

func TestAFormIsCompiledOnceUntilItsRecordChanges(t *testing.T) {
	d := newDevice(t)
	form := walk("1", text("a"))
	d.save(form)
	id := d.begin("walk").Response().GetId()
	first := d.openChecklist(id).Form()
	d.save(finding("no light"))
	if d.openChecklist(id).Form() != first {
		t.Error("a finding had the form compiled anew")
	}
	m := d.get(form).Message.(*daylightv1.Checklist)
	m.Titles["ru"] = "Обход"
	d.save(m)
	second := d.openChecklist(id).Form()
	if second == first || second.Title("ru").Text != "Обход" {
		t.Error("the change is not there")
	}
	d.lock()
	if d.Client.forms.ready != nil || d.Client.forms.order != nil {
		t.Error("forms are still in memory")
	}
	d.unlock()
	t.Run("and few are kept", func(t *testing.T) {
		for i := range 2 * mostReady {
			version := string(rune('a' + i))
			f := walk(version, text("a"))
			d.save(f)
			if _, err := d.BeginChecklist(t.Context(), d.visit(), f.Id); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(d.Client.forms.ready); n != mostReady || len(d.Client.forms.order) != n {
			t.Errorf("%d are kept", n)
		}
	})
}

// What the office retires or translates in a form that is being filled is there at once;
// the answers stay.
func TestARetiredChoiceStaysReadable(t *testing.T) {
	d := newDevice(t)
	x := d.begin("npm_prison")
	d.answer(x, "entry_result", "full", "prem_state", "done", "kitchen", "poor")
	over, _ := d.forms().Record(x.Form().ID())
	over.Choices = []*daylightv1.ChecklistChoice{{Key: "cond/poor", Retired: proto.Bool(true)}}
	d.save(over)
	x = d.openChecklist(x.Response().GetId())
	it, _ := x.Item(forms.Key{Question: "kitchen"})
	if it.Value != "poor" || it.Display == "poor" || slices.ContainsFunc(it.Choices, func(c forms.Choice) bool { return c.Name == "poor" }) {
		t.Errorf("%+v", it)
	}
}

func TestTheLanguageShownIsTheDevicesOwn(t *testing.T) {
	d := newDevice(t, func(c *Config) { c.Language = "en" })
	x := d.begin("npm_prison")
	it, _ := x.Item(forms.Key{Question: "visit_code"})
	if it.Label.Text != "Visit code" || x.Response().GetLanguage() != "ru" {
		t.Errorf("%q, begun in %s", it.Label.Text, x.Response().GetLanguage())
	}
}

func TestAFormAsksWhatWasSavedLast(t *testing.T) {
	d := newDevice(t)
	again := text("who", func(q *daylightv1.ChecklistQuestion) { q.Default = proto.String("${last-saved#who}") })
	d.save(walk("1", again))
	first := d.begin("walk")
	if got := valueAt(first, "who"); got != "" {
		t.Errorf("before there is one: %q", got)
	}
	d.answer(first, "who", "team two")
	d.begin("npm_prison") // of another form
	if got := valueAt(d.begin("walk"), "who"); got != "team two" {
		t.Errorf("it says %q", got)
	}
}

func TestCarryingAChecklistOverToANewerVersion(t *testing.T) {
	d := newDevice(t)
	d.save(walk("1", text("a"), text("gone")))
	x := d.begin("walk")
	d.answer(x, "a", "seen", "gone", "heard")
	newer := walk("2", text("a"), text("b"))
	d.save(newer)
	old := x.Response().GetId()
	_, _, err := d.CarryChecklist(t.Context(), old, x.Form().ID().String())
	wantCode(t, err, Invalid, "this very version")
	y, misfits, err := d.CarryChecklist(t.Context(), old, newer.Id)
	if err != nil {
		t.Fatal(err)
	}
	if y.Form().Version() != "2" || valueAt(y, "a") != "seen" || len(misfits) != 1 || misfits[0].Key.Question != "gone" || y.Response().GetContinuesId() != old {
		t.Errorf("%v, %+v", y.Response(), misfits)
	}
	if got := d.openChecklist(old); got.Form().Version() != "1" || valueAt(got, "gone") != "heard" {
		t.Errorf("the older one says %v", got.Response())
	}
	d.answer(y, "b", "new")
	late := d.openChecklist(old)
	d.answer(late, "a", "seen twice")
	z, misfits, err := d.CarryChecklist(t.Context(), old, newer.Id)
	if err != nil || valueAt(z, "a") != "seen" || valueAt(z, "b") != "new" || z.Response().GetId() != y.Response().GetId() || len(misfits) != 2 {
		t.Errorf("carried over again: %v, %+v, %v", z.Response(), misfits, err)
	}
	id, _ := record.ParseID(z.Response().GetVisitId())
	if z.Response().GetId() != checklist.ResponseID(id, z.Form().ID()).String() {
		t.Error("a team-mate's would be another one")
	}
}

func TestCheckVisitSaysInOneLineWhatIsOpenInAChecklist(t *testing.T) {
	d := newDevice(t)
	form := walk("1", text("a", required), text("b", required), text("c"), &daylightv1.ChecklistQuestion{
		Name: "d", Type: proto.String("integer"), Topic: proto.String("MAT.SPACE"), Suggest: proto.String("${d} > 4"), Constraint: proto.String(". < 100"),
	})
	d.save(form)
	x := d.begin("walk")
	visit := x.Response().GetVisitId()
	d.answer(x, "a", "seen", "d", "500")
	check := func() (VisitReport, []Remark) {
		t.Helper()
		r, err := d.CheckVisit(t.Context(), visit)
		if err != nil || len(r.Checklists) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		var of []Remark
		for _, m := range r.Missing {
			if m.Kind == KindChecklistResponse {
				of = append(of, m)
			}
		}
		return r, of
	}
	r, missing := check()
	if len(missing) != 1 || missing[0].Code != "checklist-open" || missing[0].Params["missing"] != "1" || missing[0].ID != x.Response().GetId() {
		t.Errorf("%+v", missing)
	}
	c := r.Checklists[0]
	if len(c.Missing) != 1 || c.Missing[0].Question != "b" || c.Progress.All.Missing != 1 || len(c.Suggested) != 1 || c.Finished || c.Problem != nil {
		t.Errorf("%+v", c)
	}
	if !slices.Contains(remarkCodes(r.Remarks), "constraint-broken") {
		t.Errorf("%v", remarkCodes(r.Remarks))
	}
	if flags := d.Check(x.Response()); slices.ContainsFunc(flags, func(f Flag) bool { return f.Code == "answer-missing" }) {
		t.Errorf("while it is filled: %v", flags)
	}
	x.Finish(d.clock.Now())
	d.answer(x)
	if flags := d.Check(x.Response()); !slices.ContainsFunc(flags, func(f Flag) bool { return f.Code == "answer-missing" && f.Key == "b" }) {
		t.Errorf("when it is finished: %v", flags)
	}
	if _, missing := check(); len(missing) != 1 || missing[0].Code != "checklist-finished-open" {
		t.Errorf("%+v", missing)
	}
	f := c.Suggested[0].Finding
	d.save(f)
	if r, _ := check(); len(r.Checklists[0].Suggested) != 0 {
		t.Error("what a finding rests on is suggested again")
	}
}

// An 80-question form opens from the disk on the real client.
func BenchmarkOpenChecklist(b *testing.B) {
	c := benchClient(b)
	v := &daylightv1.Visit{}
	if err := c.Save(b.Context(), v); err != nil {
		b.Fatal(err)
	}
	all, err := c.Forms(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	prison := all.Versions("npm_prison")[0]
	x, err := c.BeginChecklist(b.Context(), v.Id, prison.ID.String())
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"regs", "rooms", "talk"} {
		for range 5 {
			if _, _, err := x.AddInstance(name, ""); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, it := range x.Items() { // so that every section is there
		if len(it.Choices) > 0 {
			_, _ = x.Set(it.Key, forms.Given{Value: it.Choices[0].Name})
		}
	}
	if err := c.SaveChecklist(b.Context(), x); err != nil {
		b.Fatal(err)
	}
	id := x.Response().GetId()
	open := func(b *testing.B, before func()) {
		for b.Loop() {
			before()
			if x, err = c.OpenChecklist(b.Context(), id); err != nil || len(x.Items()) < 80 {
				b.Fatal(err)
			}
		}
	}
	b.Run("warm", func(b *testing.B) { open(b, func() {}) })
	b.Run("cold", func(b *testing.B) { open(b, c.forms.drop) })
	b.Run("answer and save", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := x.Set(forms.Key{Question: "cap_official"}, forms.Given{Value: string(rune('1' + i%9))}); err != nil {
				b.Fatal(err)
			}
			if err := c.SaveChecklist(b.Context(), x); err != nil {
				b.Fatal(err)
			}
		}
	})
}
