package server

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// lampForm asks for the light, and where there is any for lamps, of which there are few.
func lampForm(version string) *daylightv1.Checklist {
	labels := []*daylightv1.LocalText{{Language: "en", Text: proto.String("?")}}
	return &daylightv1.Checklist{
		Id: checklist.FormID("lamps", version).String(), Code: proto.String("lamps"), Version: &version, DefaultLanguage: proto.String("en"), Rows: proto.Uint32(4),
		Questions: []*daylightv1.ChecklistQuestion{
			{Name: "light", Order: proto.Uint32(1), Type: proto.String("select_one"), List: proto.String("yn"), Labels: labels, Required: proto.String("yes")},
			{Name: "lamps", Order: proto.Uint32(2), Type: proto.String("integer"), Labels: labels, Relevant: proto.String("${light} = 'yes'"), Required: proto.String("yes"), Constraint: proto.String(". < 10")},
		},
		Choices: []*daylightv1.ChecklistChoice{{Key: "yn/yes", Order: proto.Uint32(1), Labels: labels}, {Key: "yn/no", Order: proto.Uint32(2), Labels: labels}},
	}
}

func answering(form string, answers ...string) *daylightv1.ChecklistResponse {
	m := &daylightv1.ChecklistResponse{ChecklistId: &form, ChecklistCode: proto.String("lamps"), ChecklistVersion: proto.String("1"), VisitId: proto.String("0190a6e2-7c1b-7000-8000-000000000001")}
	for i := 0; i < len(answers); i += 2 {
		m.Answers = append(m.Answers, &daylightv1.Answer{Key: answers[i], State: daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum(), Value: &answers[i+1]})
	}
	return m
}

func codes(status *daylightv1.RecordStatus) (out []string) {
	for _, f := range status.GetFlags() {
		out = append(out, f.GetCode()+" "+f.GetKey())
	}
	return out
}

func TestResponsesAreFlaggedByTheirForm(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	c := w.recordsOf()
	save := func(m record.Message) *daylightv1.SaveRecordResponse {
		t.Helper()
		k := must(record.KindOf(m))(t)
		return must(c.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(k, m)}))(t)
	}
	form := lampForm("1")
	early := save(answering(form.Id, "light", "yes", "lamps", "12"))
	if got := codes(early.Status); slices.Contains(got, "constraint-broken lamps") || !slices.Contains(early.Status.GetWaitingFor(), form.Id) {
		t.Errorf("without its form: %v, waiting for %v", got, early.Status.GetWaitingFor())
	}
	save(form)
	id := fromEnvelope(early.Record).GetId()
	got := must(c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: "checklist_response", Id: id}))(t)
	if !slices.Contains(codes(got.Status), "constraint-broken lamps") || slices.Contains(got.Status.GetWaitingFor(), form.Id) {
		t.Errorf("with its form: %v, waiting for %v", codes(got.Status), got.Status.GetWaitingFor())
	}
	page := must(c.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: "checklist_response"}))(t)
	if len(page.Records) != 1 || !slices.Contains(codes(page.Records[0].Status), "constraint-broken lamps") {
		t.Errorf("in a list: %v", page)
	}
	open := answering(form.Id, "light", "yes")
	done := answering(form.Id, "light", "yes")
	done.FinishedAt = proto.String("2026-11-24T12:00:00+05:00")
	if slices.Contains(codes(save(open).Status), "answer-missing lamps") || !slices.Contains(codes(save(done).Status), "answer-missing lamps") {
		t.Error("what is missing is said once the response is finished, and not before")
	}
	if got := codes(save(answering(form.Id, "light", "no", "lamps", "12")).Status); slices.Contains(got, "constraint-broken lamps") {
		t.Errorf("of what is not relevant it says %v", got)
	}
}

func TestOneCodeIsSaidSoOften(t *testing.T) {
	var all []record.Flag
	for range 3 * mostOfOneFlag {
		all = append(all, record.Flag{Code: "constraint-broken"}, record.Flag{Code: "answer-missing"})
	}
	if open, done := len(flagsOf(all, false)), len(flagsOf(all, true)); open != mostOfOneFlag || done != 2*mostOfOneFlag {
		t.Errorf("%d flags before the end, %d after it", open, done)
	}
}

// A form that is changed is compiled anew; one that is not, once.
func TestFormsAreKeptAsLongAsTheyAreGood(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	s := w.server
	form := lampForm("1")
	id := must(record.IDOf(form))(t)
	if c := must(s.form(ctx, id))(t); c.here || c.form != nil {
		t.Errorf("a form that is not here is %v", c)
	}
	saved := must(w.store.Save(ctx, "Office", form))(t)
	first := must(s.form(ctx, id))(t)
	if again := must(s.form(ctx, id))(t); first.form == nil || again.form != first.form {
		t.Error("it was compiled again")
	}
	form = saved[0].Message.(*daylightv1.Checklist)
	form.Choices[0].Retired = proto.Bool(true)
	must(w.store.Save(ctx, "Office", form))(t)
	if then := must(s.form(ctx, id))(t); then.form == first.form {
		t.Error("it was not compiled again")
	}
	for i := range 3 * maxForms {
		must(s.form(ctx, checklist.FormID("none", string(rune('a'+i)))))(t)
	}
	if len(s.shelf.forms) != maxForms {
		t.Errorf("%d are kept", len(s.shelf.forms))
	}
}

// A form that came with the program is no record that anybody could wait for.
func TestNobodyWaitsForAShippedForm(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	shipped := checklist.Shipped()[0]
	id := checklist.FormID(shipped.GetCode(), shipped.GetVersion())
	m := &daylightv1.ChecklistResponse{ChecklistId: proto.String(id.String()), ChecklistCode: shipped.Code, ChecklistVersion: shipped.Version, VisitId: proto.String("0190a6e2-7c1b-7000-8000-000000000001"),
		FinishedAt: proto.String("2026-11-24T12:00:00+05:00")}
	got := must(w.recordsOf().SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(record.ChecklistResponse, m)}))(t)
	if slices.Contains(got.Status.GetWaitingFor(), id.String()) || !slices.Contains(got.Status.GetWaitingFor(), m.GetVisitId()) {
		t.Errorf("it waits for %v", got.Status.GetWaitingFor())
	}
	if !slices.ContainsFunc(codes(got.Status), func(s string) bool { return s == "answer-missing visit_code" }) {
		t.Errorf("it is flagged %v", codes(got.Status))
	}
}
