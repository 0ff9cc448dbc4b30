package fieldapp

import (
	"net/http"
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// addTurn adds a turn to a repeat and leads to it.
func (t *turn) addTurn(item clientsync.Item, x *forms.Filling, repeat, parent string) error {
	id, _, err := x.AddInstance(repeat, parent)
	if err != nil {
		return recordpage.ErrForm
	}
	if err := t.client.SaveChecklist(t.ctx(), x); err != nil {
		return err
	}
	for _, l := range layOut(x).leaves {
		if l.of.turn == id {
			return t.to(t.leafHref(item.ID, l))
		}
	}
	return t.to(t.href(item.Kind, item.ID))
}

// dropTurn takes a turn out; the page that comes can put it back, with all that was in it.
func (t *turn) dropTurn(item clientsync.Item, x *forms.Filling, turn string) error {
	before := x.Response()
	i := slices.IndexFunc(before.GetInstances(), func(i *daylightv1.RepeatInstance) bool { return i.GetId() == turn })
	if i < 0 {
		return t.to(t.href(item.Kind, item.ID))
	}
	if _, err := x.RemoveInstance(turn); err != nil {
		return recordpage.ErrForm
	}
	if err := t.client.SaveChecklist(t.ctx(), x); err != nil {
		return err
	}
	undo, err := recordpage.Pack(gone(before, x.Response()))
	if err != nil {
		return err
	}
	t.undo = undo
	of := before.GetInstances()[i]
	return t.fillAgain(item, x, forms.Key{Question: of.GetRepeat(), Turn: of.GetParent()}, http.StatusOK)
}

// gone is what one response has of turns and answers that another has not.
func gone(before, after *daylightv1.ChecklistResponse) *daylightv1.ChecklistResponse {
	out := &daylightv1.ChecklistResponse{Id: before.GetId()}
	for _, i := range before.GetInstances() {
		if !slices.ContainsFunc(after.GetInstances(), func(j *daylightv1.RepeatInstance) bool { return i.GetId() == j.GetId() }) {
			out.Instances = append(out.Instances, i)
		}
	}
	for _, a := range before.GetAnswers() {
		turn := forms.ParseKey(a.GetKey()).Turn
		if turn != "" && slices.ContainsFunc(out.Instances, func(i *daylightv1.RepeatInstance) bool { return i.GetId() == turn }) {
			out.Answers = append(out.Answers, a)
		}
	}
	return out
}

// turnBack puts back what dropTurn took out. What somebody has put there since stays.
func (t *turn) turnBack(item clientsync.Item, f *look.Form) error {
	m, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AgainField))
	if err != nil {
		return err
	}
	back, r := m.(*daylightv1.ChecklistResponse), item.Message.(*daylightv1.ChecklistResponse)
	if len(back.GetInstances()) == 0 {
		return recordpage.ErrForm
	}
	for _, i := range back.GetInstances() {
		if !slices.ContainsFunc(r.GetInstances(), func(j *daylightv1.RepeatInstance) bool { return i.GetId() == j.GetId() }) {
			r.Instances = append(r.Instances, i)
		}
	}
	for _, a := range back.GetAnswers() {
		if !slices.ContainsFunc(r.GetAnswers(), func(b *daylightv1.Answer) bool { return a.GetKey() == b.GetKey() }) {
			r.Answers = append(r.Answers, a)
		}
	}
	if err := t.client.Save(t.ctx(), r); err != nil {
		return err
	}
	return t.to(t.fillHref(item.ID, forms.Key{Question: back.GetInstances()[0].GetRepeat(), Turn: back.GetInstances()[0].GetId()}.String()))
}
