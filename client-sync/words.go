package clientsync

import (
	"context"

	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Terms gives the words that records are classified with: those that came with the
// program, with what the office added and changed as this device knows it. It is the same
// set until one of those records changes, so that it may be asked for whenever something
// is shown.
func (c *Client) Terms(ctx context.Context) (*terms.Set, error) {
	return c.words.get(ctx, c, []Kind{KindTerm, KindStandard}, setOf)
}

// setOf are the shipped words with an office's records over them.
func setOf(messages []Message, removed []string) *terms.Set {
	var all []*daylightv1.Term
	var standards []*daylightv1.Standard
	for _, m := range messages {
		switch m := m.(type) {
		case *daylightv1.Term:
			all = append(all, m)
		case *daylightv1.Standard:
			standards = append(standards, m)
		}
	}
	return vocabulary.New(all, standards, removed...)
}
