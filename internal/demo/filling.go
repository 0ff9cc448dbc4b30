package main

import (
	"context"
	"errors"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
)

// fill: two monitors fill the prison's checklist by halves, neither with a network nor
// knowing of the other, and it is one checklist afterwards.
func (s *story) fill(ctx context.Context) error {
	if err := errors.Join(s.sync(ctx, s.a), s.sync(ctx, s.b)); err != nil {
		return err
	}
	form, err := s.offered(ctx)
	if err != nil {
		return err
	}
	s.a.network.off.Store(true)
	s.b.network.off.Store(true)
	s.say("%s and %s, without a network, both begin the checklist %q.", s.a.who, s.b.who, form.Code)
	a, err := s.answer(ctx, s.a, form, map[string]string{"visit_code": "TM-0042", "entry_result": "partial", "cap_official": "120", "present_register": "147", "present_team": "148", "prem_state": "done"})
	if err != nil {
		return err
	}
	if err := s.measured(ctx, a); err != nil {
		return err
	}
	if _, err := s.answer(ctx, s.b, form, map[string]string{"regime_state": "done", "iso_longest": "21", "present_team": "150"}); err != nil {
		return err
	}
	s.a.network.off.Store(false)
	s.b.network.off.Store(false)
	if err := errors.Join(s.sync(ctx, s.a), s.sync(ctx, s.b), s.sync(ctx, s.a)); err != nil {
		return err
	}
	return s.filled(ctx, a.Response().GetId())
}

// offered is the form for the place of the visit.
func (s *story) offered(ctx context.Context) (forms.Offered, error) {
	place, err := s.place(ctx, s.a, prison)
	if err != nil {
		return forms.Offered{}, err
	}
	all, err := s.a.Checklists(ctx, place.GetMainType())
	if err != nil {
		return forms.Offered{}, err
	}
	if len(all) != 1 {
		return forms.Offered{}, fmt.Errorf("%s offers %s for %s", s.a.folder, count(len(all), "checklist"), place.GetMainType())
	}
	return all[0], nil
}

// answer answers some questions of the checklist, begun by whoever comes first.
func (s *story) answer(ctx context.Context, d *device, form forms.Offered, answers map[string]string) (*forms.Filling, error) {
	x, err := d.BeginChecklist(ctx, s.visit, form.ID.String())
	if err != nil {
		return nil, err
	}
	if err := setAll(x, "", answers); err != nil {
		return nil, err
	}
	return x, d.SaveChecklist(ctx, x)
}

// setAll sets answers in one turn, or outside of repeats.
func setAll(x *forms.Filling, turn string, answers map[string]string) error {
	for name, value := range answers {
		if _, err := x.Set(forms.Key{Question: name, Turn: turn}, forms.Given{Value: value}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// measured: a cell is measured, and why there is no other answer is as good as one.
func (s *story) measured(ctx context.Context, x *forms.Filling) error {
	cell, _, err := x.AddInstance("rooms", "")
	if err != nil {
		return err
	}
	if err := setAll(x, cell, map[string]string{"room_len": "4.2", "room_wid": "4", "room_persons": "8"}); err != nil {
		return err
	}
	if _, err := x.Set(forms.Key{Question: "women_n"}, forms.Given{State: forms.NotKnown}); err != nil {
		return err
	}
	return s.a.SaveChecklist(ctx, x)
}

// filled: what became of it.
func (s *story) filled(ctx context.Context, response string) error {
	x, err := s.b.OpenChecklist(ctx, response)
	if err != nil {
		return err
	}
	p := x.Progress().All
	s.say("Back on the network it is one checklist, with both halves: %d of %d answered, %s with two answers.", p.Done, p.Asked, count(p.Contested, "question"))
	count, ok := x.Item(forms.Key{Question: "present_team"})
	if !ok || len(count.Contested) != 2 {
		return fmt.Errorf("%s shows %+v", s.b.folder, count)
	}
	s.say("    %s: %s or %s; both are kept until a person says which.", count.Label.Text, count.Contested[0].Display, count.Contested[1].Display)
	for _, o := range x.Offers() {
		if o.Suggested {
			s.say("    a finding on %s is suggested by %s.", o.Finding.GetTopic(), o.Key.Question)
		}
	}
	if _, err := x.Set(forms.Key{Question: "present_team"}, forms.Given{Value: "150"}); err != nil {
		return err
	}
	if err := s.b.SaveChecklist(ctx, x); err != nil {
		return err
	}
	s.say("%s counts again and settles it: 150, which is %s %% of the places.", s.b.who, valueOf(x, "occupancy_pct"))
	if err := errors.Join(s.sync(ctx, s.b), s.sync(ctx, s.a)); err != nil {
		return err
	}
	item, err := s.a.Get(ctx, clientsync.KindChecklistResponse, response)
	if err == nil && len(item.Conflicts) > 0 {
		err = fmt.Errorf("%s still has two answers", s.a.folder)
	}
	return err
}

func valueOf(x *forms.Filling, name string) string {
	item, _ := x.Item(forms.Key{Question: name})
	return item.Value
}
