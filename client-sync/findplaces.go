package clientsync

import (
	"cmp"
	"context"
	"slices"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
)

// FindPlaces gives the places on this device that somebody may mean by what they typed, the
// surest first, most of them at most: words of a name in any script and spelling, also one
// that a place had; a number; a code, a region's too; a town. Removed places and merged
// ones are not among them. Nothing typed finds nothing.
func (c *Client) FindPlaces(ctx context.Context, typed string, most int) (out []Item, err error) {
	asked := likeness.Ask(typed)
	err = c.comparing(ctx, func(r *reader) error {
		all, err := r.places()
		if err != nil {
			return err
		}
		type found struct {
			id   string
			fits int
		}
		var by []found
		for _, f := range all {
			if fits := asked.Fits(f); fits > 0 {
				by = append(by, found{f.GetId(), fits})
			}
		}
		slices.SortStableFunc(by, func(a, b found) int { return cmp.Compare(b.fits, a.fits) })
		for _, f := range by[:min(len(by), most)] {
			id, err := record.ParseID(f.id)
			if err != nil {
				return err
			}
			item, err := r.get(id)
			if err != nil {
				return err
			}
			out = append(out, item)
		}
		return nil
	})
	return out, err
}
