package clientsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Checklists lists the forms that may be begun today at a place of that main type, each
// in its newest version; with an empty type those of all places.
func (c *Client) Checklists(ctx context.Context, placeType string) ([]forms.Offered, error) {
	all, err := c.Forms(ctx)
	if err != nil {
		return nil, err
	}
	return all.Offered(placeType, c.config.Now().Format(time.DateOnly)), nil
}

// BeginChecklist begins a form on a visit, and saves it at once with what it says by
// default. Where somebody has begun it, here or on a device that this one has heard of,
// that one is opened: a team fills one checklist, and so it does when two of it begin
// without having heard of each other.
func (c *Client) BeginChecklist(ctx context.Context, visit, form string) (*forms.Filling, error) {
	at, of, err := c.onVisit(ctx, visit, form)
	if err != nil {
		return nil, err
	}
	id := checklist.ResponseID(at, of.form.ID())
	item, err := c.Get(ctx, KindChecklistResponse, id.String())
	switch {
	case CodeOf(err) == NotFound:
		return c.beginAs(ctx, id, at, of)
	case err != nil:
		return nil, err
	case item.Removed:
		return nil, rpcerr.E(Conflicting, "this checklist of the visit was removed; nothing was changed",
			"Bring it back, or begin another beside it.", nil)
	case item.JoinedTo != "":
		return c.OpenChecklist(ctx, item.JoinedTo)
	}
	return c.fill(ctx, item, of)
}

// BeginAnotherChecklist begins a form on a visit once more beside the first, as for
// another building. Each call begins one.
func (c *Client) BeginAnotherChecklist(ctx context.Context, visit, form string) (*forms.Filling, error) {
	at, of, err := c.onVisit(ctx, visit, form)
	if err != nil {
		return nil, err
	}
	return c.beginAs(ctx, c.idFor(KindChecklistResponse), at, of)
}

// onVisit gives the visit under which that one is shown, and the form made ready.
func (c *Client) onVisit(ctx context.Context, visit, form string) (at record.ID, of *readyForm, err error) {
	item, err := c.Get(ctx, KindVisit, visit)
	if err != nil {
		return at, nil, err
	}
	if item.Removed {
		return at, nil, rpcerr.E(NotFound, "this visit was removed", "Bring it back first, or look whether the id is right.", nil)
	}
	if item.JoinedTo != "" {
		visit = item.JoinedTo
	}
	if at, err = record.ParseID(visit); err != nil {
		return at, nil, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	id, err := record.ParseID(form)
	if err != nil {
		return at, nil, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	of, err = c.readyForm(ctx, id, record.ID{}, "this form")
	return at, of, err
}

func (c *Client) beginAs(ctx context.Context, id, visit record.ID, of *readyForm) (*forms.Filling, error) {
	o, err := c.fillingOptions(ctx, of, id.String())
	if err != nil {
		return nil, err
	}
	plain := o
	plain.Language = "" // else two devices in two languages would begin it differently
	r := checklist.Begin(of.form, id, visit, plain)
	if err := c.Save(ctx, r); err != nil {
		return nil, err
	}
	return checklist.Open(of.form, r, o), nil
}

// OpenChecklist opens a response under the version of the form that it was begun with,
// whatever became of the form since. Where that is not on this device, or not wholly,
// the error says so, and Get still gives the answers as they are.
func (c *Client) OpenChecklist(ctx context.Context, response string) (*forms.Filling, error) {
	item, err := c.Get(ctx, KindChecklistResponse, response)
	if err != nil {
		return nil, err
	}
	of, err := c.formOf(ctx, item.Message.(*daylightv1.ChecklistResponse))
	if err != nil {
		return nil, err
	}
	return c.fill(ctx, item, of)
}

// fill opens a response under its form, with what is contested in it.
func (c *Client) fill(ctx context.Context, item Item, of *readyForm) (*forms.Filling, error) {
	o, err := c.fillingOptions(ctx, of, item.ID)
	if err != nil {
		return nil, err
	}
	o.Contested = contestedIn(item)
	return checklist.Open(of.form, item.Message.(*daylightv1.ChecklistResponse), o), nil
}

// SaveChecklist saves what was answered, and brings the filling to what is then stored:
// what a team-mate answered meanwhile is in it. An answer that was contested and is given
// again, perhaps as it stood, settles that. After an error the filling stands as it was.
func (c *Client) SaveChecklist(ctx context.Context, x *forms.Filling) error {
	r, settled := x.Response(), x.Settled()
	shown := proto.Clone(r).(*daylightv1.ChecklistResponse)
	if err := c.Save(ctx, r); err != nil {
		return err
	}
	for _, key := range settled {
		if err := c.settleAnswer(ctx, shown, key); err != nil {
			return err
		}
	}
	item, err := c.Get(ctx, KindChecklistResponse, r.GetId())
	if err != nil {
		return err
	}
	x.Stand(item.Message.(*daylightv1.ChecklistResponse), contestedIn(item))
	return nil
}

// settleAnswer settles one answer that was given as it stood, which Save took for no
// change: over the values that the response's token showed, so that what somebody has said
// since stays beside it.
func (c *Client) settleAnswer(ctx context.Context, shown *daylightv1.ChecklistResponse, key forms.Key) error {
	item, err := c.Get(ctx, KindChecklistResponse, shown.GetId())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(item.Conflicts, func(x Conflict) bool { return x.Field == "answers" && x.Key == key.String() })
	given := slices.IndexFunc(shown.GetAnswers(), func(a *daylightv1.Answer) bool { return a.GetKey() == key.String() })
	if i < 0 || given < 0 {
		return nil
	}
	if front := contestedIn(item)[key.String()]; !proto.Equal(front[0], shown.Answers[given]) {
		return nil
	}
	err = c.Resolve(ctx, proto.Clone(shown).(*daylightv1.ChecklistResponse), item.Conflicts[i], item.Conflicts[i].Values[0])
	var stale *StaleError
	if errors.As(err, &stale) {
		return nil // Save has changed it, and another's answer has come meanwhile
	}
	return err
}

// CarryChecklist begins the response to another version of the form with the answers of
// this one, saves it and opens it; where somebody has begun it, what is answered in it
// stays. It says of each answer that does not fit why. The older response stays as it is.
// Carrying over again brings what was answered since.
func (c *Client) CarryChecklist(ctx context.Context, response, newForm string) (*forms.Filling, []forms.Misfit, error) {
	from, err := c.OpenChecklist(ctx, response)
	if err != nil {
		return nil, nil, err
	}
	old := from.Response()
	_, to, err := c.onVisit(ctx, old.GetVisitId(), newForm)
	if err != nil {
		return nil, nil, err
	}
	if to.form.ID() == from.Form().ID() {
		return nil, nil, rpcerr.E(Invalid, "the checklist was filled with this very version; nothing was changed", "Name a newer version of the form.", nil)
	}
	o, err := c.fillingOptions(ctx, to, "")
	if err != nil {
		return nil, nil, err
	}
	var into *daylightv1.ChecklistResponse
	item, err := c.Get(ctx, KindChecklistResponse, checklist.CarriedID(from, to.form).String())
	switch {
	case CodeOf(err) == NotFound:
	case err != nil:
		return nil, nil, err
	case item.Removed:
		return nil, nil, rpcerr.E(Conflicting, "the response to the newer version was removed; nothing was changed", "Bring it back first.", nil)
	default:
		into = item.Message.(*daylightv1.ChecklistResponse)
	}
	r, misfits := checklist.Carry(from, to.form, into, o)
	if err := c.Save(ctx, r); err != nil {
		return nil, nil, err
	}
	x, err := c.OpenChecklist(ctx, r.GetId())
	return x, misfits, err
}

// fillingOptions are what a filling takes from this device.
func (c *Client) fillingOptions(ctx context.Context, of *readyForm, response string) (o forms.Options, err error) {
	o = forms.Options{
		Now: c.config.Now, Language: c.config.Language,
		NewID: func() record.ID { return c.idFor(KindChecklistResponse) },
	}
	if of.form.ReadsLastSaved() {
		o.LastSaved, err = c.lastResponse(ctx, of.form.Code(), response)
	}
	return o, err
}

// lastResponse is the response to a form that came to this device last, other than the
// one named; nil for none.
func (c *Client) lastResponse(ctx context.Context, code, but string) (last *daylightv1.ChecklistResponse, err error) {
	for item, err := range c.List(ctx, Filter{Kind: KindChecklistResponse}) {
		if err != nil {
			return nil, err
		}
		if r := item.Message.(*daylightv1.ChecklistResponse); r.GetChecklistCode() == code && item.ID != but {
			last = r
		}
	}
	return last, nil
}

// contestedIn are the answers of which several stand beside each other, by key, the one
// that is shown in front. One that somebody took back is there with its key alone.
func contestedIn(item Item) map[string][]*daylightv1.Answer {
	var all []checklist.Disputed
	for _, conflict := range item.Conflicts {
		if conflict.Field != "answers" || conflict.Key == "" {
			continue
		}
		d := checklist.Disputed{Key: conflict.Key}
		for _, v := range conflict.Values {
			d.Values = append(d.Values, v.JSON)
		}
		all = append(all, d)
	}
	return checklist.Contested(all...)
}

// formOf is the form of a response, by its id and, where a program wrote another one, by
// code and version.
func (c *Client) formOf(ctx context.Context, r *daylightv1.ChecklistResponse) (*readyForm, error) {
	id, _ := record.ParseID(r.GetChecklistId())
	name := fmt.Sprintf("%s version %s", r.GetChecklistCode(), r.GetChecklistVersion())
	return c.readyForm(ctx, id, checklist.FormID(r.GetChecklistCode(), r.GetChecklistVersion()), name)
}
