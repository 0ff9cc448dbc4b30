package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// prison is the shipped form for prisons.
func prison() (*daylightv1.Checklist, error) {
	for _, c := range checklist.Shipped() {
		if c.GetCode() == "npm_prison" {
			return c, nil
		}
	}
	return nil, errors.New("the prison form is not among the shipped ones")
}

func newID(r *rand.Rand) record.ID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return record.ID(id)
}

// openOnDevice opens the prison form, half filled, through the device's client: for the
// first time since the folder was unlocked, and again.
func (b *bench) openOnDevice(ctx context.Context) error {
	form, err := prison()
	if err != nil {
		return err
	}
	config := unlocked(clientsync.Config{Dir: b.folder(), Person: "Monitor", Device: "bench"})
	c, err := clientsync.Open(ctx, config)
	if err != nil {
		return err
	}
	visit := &daylightv1.Visit{Title: proto.String("A visit")}
	err = c.Save(ctx, visit)
	var response string
	if err == nil {
		response, err = halfFilled(ctx, c, visit.Id, form.Id)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	var cold, warm, page []time.Duration
	for range 2 * b.runs {
		if err := reopened(ctx, config, response, &cold, &warm, &page); err != nil {
			return err
		}
	}
	b.spread("checklist: the prison form opened on the device, cold", cold, "20 ms")
	b.spread("   warm", warm, "20 ms")
	b.spread("   warm, with all that stands on its page", page, "")
	return nil
}

// reopened opens the folder and the response in it twice.
func reopened(ctx context.Context, config clientsync.Config, response string, cold, warm, page *[]time.Duration) error {
	c, err := clientsync.Open(ctx, config)
	if err != nil {
		return err
	}
	timed := func(to *[]time.Duration, also func(*forms.Filling)) {
		if err != nil {
			return
		}
		start := time.Now()
		var x *forms.Filling
		if x, err = c.OpenChecklist(ctx, response); err == nil {
			also(x)
			*to = append(*to, time.Since(start))
		}
	}
	nothing := func(*forms.Filling) {}
	timed(cold, nothing)
	for range 3 {
		timed(warm, nothing)
		timed(page, func(x *forms.Filling) { x.Items() })
	}
	return errors.Join(err, c.Close())
}

// halfFilled begins a form on a visit, answers every second question and saves that.
func halfFilled(ctx context.Context, c *clientsync.Client, visit, form string) (string, error) {
	x, err := c.BeginChecklist(ctx, visit, form)
	if err != nil {
		return "", err
	}
	r := rand.New(rand.NewPCG(6, 1))
	for i, item := range x.Items() {
		if i%2 == 0 && item.Question.Answerable() && !item.ReadOnly {
			if value := drawnValue(r, item); value != "" {
				if _, err := x.Set(item.Key, forms.Given{Value: value}); err != nil {
					return "", fmt.Errorf("%v: %w", item.Key, err)
				}
			}
		}
	}
	return x.Response().GetId(), c.SaveChecklist(ctx, x)
}
