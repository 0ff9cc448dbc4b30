package directory

import (
	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ErrLastAdmin: somebody has to be left who may change people.
var ErrLastAdmin = rpcerr.E(rpcerr.Conflict, "nothing was saved: this is the last person who may change people and roles, now and without an end",
	"Give that role to somebody else first.", nil)

// someAdminStays refuses to take from the last one that they may change people: nobody in
// the office could give it back.
func (t *tx) someAdminStays(id record.ID, to *daylightv1.Person) error {
	was, err := t.person(id)
	if err == errNotFound {
		return nil // a new person
	}
	if err != nil || !t.administers(was) || t.administers(to) {
		return err
	}
	others, err := messages(t, func() *daylightv1.Person { return &daylightv1.Person{} }, `
		SELECT message
		FROM people
		WHERE id <> $1 AND disabled = 0
		ORDER BY number`, id[:])
	if err != nil {
		return err
	}
	for _, p := range others {
		if t.administers(p) {
			return nil
		}
	}
	return ErrLastAdmin
}

// administers reports whether somebody may change people now, and by a grant that does not
// end.
func (t *tx) administers(p *daylightv1.Person) bool {
	var lasting []access.Grant
	for _, g := range access.GrantsOf(p.GetGrants()) {
		if g.Until == 0 {
			lasting = append(lasting, g)
		}
	}
	return !p.GetDisabled() && access.At(t.now, lasting...).May(access.ChangePeople)
}
