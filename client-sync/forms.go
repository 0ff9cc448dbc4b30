package clientsync

import (
	"context"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Forms gives the checklists that there are: those that came with the program, with what
// the office added and changed as this device knows it. It is the same catalogue until one
// of those records changes.
func (c *Client) Forms(ctx context.Context) (*forms.Catalogue, error) {
	return c.forms.all.get(ctx, c, []Kind{KindChecklist}, catalogueOf)
}

// catalogueOf are the shipped forms with an office's records over them.
func catalogueOf(messages []Message, removed []string) *forms.Catalogue {
	var all []*daylightv1.Checklist
	for _, m := range messages {
		if m, ok := m.(*daylightv1.Checklist); ok {
			all = append(all, m)
		}
	}
	return checklist.NewCatalogue(all, removed...)
}

// formCache keeps what was read of forms while the folder is unlocked.
type formCache struct {
	all rowCache[forms.Catalogue]
}

func (f *formCache) drop() {
	f.all.drop()
}
