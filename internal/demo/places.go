package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/register"
	"github.com/daylight-npm/daylight/server/store"
)

// places are invented, in regions that exist: a real register of such places is
// sensitive by itself.
//
//go:embed places.csv
var places []byte

// prison is the place that the story visits.
const prison = "Ahal pre-trial prison (invented)"

// register imports the places, then imports them again to show that this changes
// nothing.
func (s *story) register(ctx context.Context) error {
	first, err := s.load(ctx)
	if err != nil {
		return err
	}
	again, err := s.load(ctx)
	if err != nil {
		return err
	}
	if first.New == 0 || first.Rejected > 0 || len(again.Save) > 0 {
		return fmt.Errorf("of the places %d are new, %d rejected and %d changed at the second import", first.New, first.Rejected, len(again.Save))
	}
	s.say("%d invented places in real regions; importing the file again changes nothing.", first.New)
	return nil
}

func (s *story) load(ctx context.Context) (*register.Plan, error) {
	rows, err := register.Read(bytes.NewReader(places), register.Options{Source: "demo"})
	if err != nil {
		return nil, err
	}
	plan, err := rows.Plan(func(id record.ID) (*daylightv1.Facility, error) {
		item, err := s.store.Get(ctx, record.Facility, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return item.Message.(*daylightv1.Facility), nil
	})
	if err != nil || len(plan.Save) == 0 {
		return plan, err
	}
	messages := make([]record.Message, len(plan.Save))
	for i, f := range plan.Save {
		messages[i] = f
	}
	_, err = s.store.Save(ctx, "register import", messages...)
	return plan, err
}
