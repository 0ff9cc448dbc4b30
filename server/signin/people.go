package signin

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// AccountQuery says which people. The zero one asks for all who are not disabled.
type AccountQuery struct {
	// Words stand in the name.
	Words string
	// Role, where it is given, is one of theirs, whenever; Body is the one that they belong to.
	Role daylightv1.OfficeRole
	Body string
	// EndsBefore asks for those of whose grants one ends until then, and has not ended yet, in
	// milliseconds since 1970 UTC; 0: for all.
	EndsBefore int64
	// Disabled asks for those who are disabled instead.
	Disabled bool
	// After is where the last page ended.
	After string
}

func (q AccountQuery) has(p *daylightv1.Person, nowMS int64) bool {
	if q.Body != "" && p.GetBody() != q.Body || !strings.Contains(folded(p.GetName()), folded(q.Words)) {
		return false
	}
	role, ends := q.Role == 0, q.EndsBefore == 0
	for _, g := range p.GetGrants() {
		role = role || g.GetRole() == q.Role
		ends = ends || g.GetUntil() > nowMS && g.GetUntil() < q.EndsBefore
	}
	return role && ends
}

// Find gives a page of people by name, with how each can sign in, from the one after which
// the last page ended. next is empty on the last page.
func (s *Signins) Find(ctx context.Context, q AccountQuery) (out []Account, next string, err error) {
	err = s.read(ctx, func(t *tx) error {
		if out, next, err = t.find(q); err != nil {
			return err
		}
		for i := range out {
			if out[i].Ways, err = t.ways(out[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return out, next, err
}

func (t *tx) find(q AccountQuery) (out []Account, next string, err error) {
	name, id := "", record.ID{}
	if a, err := record.ParseID(q.After); err == nil {
		p, err := directory.PersonIn(t.Tx, a)
		if err != nil {
			return nil, "", err
		}
		name, id = p.GetName(), a
	}
	err = t.Each(`
		SELECT id, message
		FROM people
		WHERE disabled = $1 AND (name, id) > ($2, $3)
		ORDER BY name, id`, []any{q.Disabled, name, id[:]}, func(scan func(...any) error) (bool, error) {
		var b, m []byte
		if err := scan(&b, &m); err != nil {
			return false, err
		}
		a := Account{Person: &daylightv1.Person{}, ID: record.ID(b)}
		if err := proto.Unmarshal(m, a.Person); err != nil || !q.has(a.Person, t.now) {
			return true, err
		}
		if len(out) == AccountsPage {
			next = out[len(out)-1].ID.String()
			return false, nil
		}
		out = append(out, a)
		return true, nil
	})
	return out, next, err
}

// EndAll ends every session of somebody else, as an administrator. Whoever asks has proved
// just now who they are; ErrNotProved, ErrGone, ErrSame for oneself.
func (s *Signins) EndAll(ctx context.Context, o *Session, person record.ID) error {
	switch {
	case !o.Fresh():
		return ErrNotProved
	case person == o.PersonID:
		return ErrSame
	}
	return s.write(ctx, o.By("console people"), func(t *tx) error {
		p, err := directory.PersonIn(t.Tx, person)
		if err != nil || p == nil {
			return or(err, ErrGone)
		}
		if _, err := t.Exec(`DELETE FROM sessions WHERE person = $1`, person[:]); err != nil {
			return err
		}
		return t.log(directory.Changed, person, "all sessions of a person were ended")
	})
}
