package directory

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// tokenTime bounds how long an integrator's token is good for.
const tokenTime = 366 * 24 * time.Hour

// IssueToken makes a token of which this is the hash.
func (d *Directory) IssueToken(ctx context.Context, m *daylightv1.Token, token Hash, by By) (out *daylightv1.Token, err error) {
	if !named(m.GetName()) {
		return nil, invalid("a token needs a name of at most 200 characters", "Name the program that will use it.")
	}
	if err := checkGrants(m.GetGrants()); err != nil {
		return nil, err
	}
	id, err := d.newID()
	if err != nil {
		return nil, err
	}
	err = d.write(ctx, by, func(t *tx) error {
		if m.GetUntil() <= t.now || m.GetUntil() > t.now+tokenTime.Milliseconds() {
			return invalid("a token has to end within a year", "Say until when it is needed.")
		}
		out = &daylightv1.Token{
			Id: id.String(), Name: m.GetName(), Grants: m.GetGrants(), Until: m.GetUntil(), MadeAt: t.now,
			MadeBy: idText(idOrEmpty(t.by.Person)),
		}
		b, err := blob(out)
		if err != nil {
			return err
		}
		if _, err := t.Exec(`
			INSERT INTO tokens (id, token, last_used, message)
			VALUES ($1, $2, 0, $3)`, id[:], token[:], b); err != nil {
			return err
		}
		return t.log(tokenChanged, id, "a token was issued")
	})
	return out, err
}

// Tokens gives all, in the order in which they were made.
func (d *Directory) Tokens(ctx context.Context) (out []*daylightv1.Token, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.Each(`
			SELECT message, last_used
			FROM tokens
			ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
			var b []byte
			m := &daylightv1.Token{}
			var used int64
			if err := scan(&b, &used); err != nil {
				return false, err
			}
			err := proto.Unmarshal(b, m)
			m.LastUsed = used
			out = append(out, m)
			return true, err
		})
	})
	return out, err
}

// tokenName is what a program is called.
func (t *tx) tokenName(id record.ID) (string, error) {
	var b []byte
	ok, err := t.one(`
		SELECT message
		FROM tokens
		WHERE id = $1`, []any{id[:]}, &b)
	if err != nil || !ok {
		return "", or(err, errNotFound)
	}
	m := &daylightv1.Token{}
	err = proto.Unmarshal(b, m)
	return m.GetName(), err
}

// RevokeToken ends one: it is not good any more when RevokeToken returns.
func (d *Directory) RevokeToken(ctx context.Context, id record.ID, by By) (out *daylightv1.Token, err error) {
	err = d.write(ctx, by, func(t *tx) error {
		var b []byte
		ok, err := t.one(`
			SELECT message
			FROM tokens
			WHERE id = $1`, []any{id[:]}, &b)
		if err != nil || !ok {
			return or(err, errNotFound)
		}
		out = &daylightv1.Token{}
		if err := proto.Unmarshal(b, out); err != nil || out.RevokedAt > 0 {
			return err
		}
		out.RevokedAt = t.now
		if b, err = blob(out); err != nil {
			return err
		}
		if _, err := t.Exec(`
			UPDATE tokens
			SET token = NULL, message = $2
			WHERE id = $1`, id[:], b); err != nil {
			return err
		}
		return t.log(tokenChanged, id, "a token was revoked")
	})
	return out, err
}
