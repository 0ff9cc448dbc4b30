package scenario

import (
	"errors"
	"fmt"

	"github.com/daylight-npm/daylight/server/store"
)

// Check ends a story: everybody comes online and syncs until nothing moves. Then
// every device holds the same bytes as the office, the office's store derives to
// what it holds, and every value that was ever saved is accounted for.
func (w *World) Check() error {
	if err := w.Settle(); err != nil {
		return err
	}
	for _, d := range w.present() {
		if err := d.Sync(true); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		if d.Last.Verified != "same" {
			return fmt.Errorf("%s holds other records than the office (%q)", d.Name, d.Last.Verified)
		}
		s, err := d.Client.Status(background())
		if err != nil {
			return err
		}
		if s.Unsent != 0 || s.Problem != "" {
			return fmt.Errorf("%s: %d unsent, problem %q", d.Name, s.Unsent, s.Problem)
		}
	}
	var found []error
	err := w.Office.Store.Check(background(), func(f store.Finding) { found = append(found, errors.New(f.String())) })
	if err := errors.Join(append(found, err)...); err != nil {
		return fmt.Errorf("the office's check: %w", err)
	}
	return w.account()
}

// Settle brings everybody online and syncs until nothing moves.
func (w *World) Settle() error {
	if w.Office.Store == nil {
		if err := w.Office.Start(); err != nil {
			return err
		}
	}
	rounds := 4*len(w.Devices) + 2
	for range rounds {
		moved := false
		for _, d := range w.present() {
			d.Net.Set(true)
			d.Net.plan(0, 0)
			if err := d.Open(); err != nil {
				return fmt.Errorf("%s: %w", d.Name, err)
			}
			w.tick()
			if err := d.Sync(false); err != nil {
				return fmt.Errorf("%s: %w", d.Name, err)
			}
			r := d.Last
			moved = moved || r.Pushed > 0 || r.Pulled > 0 || r.Refused > 0 || r.Copied || r.Restored
		}
		if !moved {
			return nil
		}
	}
	return fmt.Errorf("something still moves after %d rounds of syncs", rounds)
}

// present are the devices that were not given up.
func (w *World) present() (all []*Device) {
	for _, d := range w.Devices {
		if !d.given {
			all = append(all, d)
		}
	}
	return all
}
