package clientsync

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
)

// FindPlaces gives the places on this device that somebody may mean by what they typed, the
// surest first, most of them at most: words of a name in any script and spelling, also one
// that a place had; a number; a code, a region's too; a town. Removed places and merged
// ones are not among them. Nothing typed finds nothing.
func (c *Client) FindPlaces(ctx context.Context, typed string, most int) (out []Item, err error) {
	err = c.comparing(ctx, func(r *reader, known *placeIndex) error {
		for _, found := range known.search.Find(typed) {
			if len(out) >= most {
				return nil
			}
			id, err := record.ParseID(found)
			if err != nil {
				return err
			}
			item, err := r.get(id)
			if err != nil {
				return err
			}
			if standsForItself(item) {
				out = append(out, item)
			}
		}
		return nil
	})
	return out, err
}
