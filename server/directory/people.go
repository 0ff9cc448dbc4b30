package directory

import (
	"context"
	"math"
	"regexp"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// maxGrants bounds those of one person.
const maxGrants = 50

var regionCode = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

// IsRegion reports whether a region is written as in ISO 3166-2.
func IsRegion(code string) bool { return regionCode.MatchString(code) }

// checkGrants: a role that nobody knows would give nothing and look as if it did.
func checkGrants(grants []*daylightv1.Grant) error {
	if len(grants) > maxGrants {
		return invalid("a person has at most 50 grants", "")
	}
	for _, g := range grants {
		switch {
		case daylightv1.OfficeRole_name[int32(g.GetRole())] == "" || g.GetRole() == 0:
			return invalid("a grant names a role that there is not", "")
		case g.GetRegion() != "" && !IsRegion(g.GetRegion()):
			return invalid("a grant names a region that is not written as in ISO 3166-2", "Write it as UA-32.")
		case g.GetRole() == daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP && g.GetRegion() == "":
			return invalid("a regional representative needs a region", "Write it as UA-32.")
		case g.GetFrom() < 0 || g.GetUntil() < 0 || g.GetUntil() > 0 && g.GetUntil() <= g.GetFrom():
			return invalid("a grant ends before it begins", "")
		}
	}
	return nil
}

func checkPerson(p *daylightv1.Person) error {
	switch {
	case !named(p.GetName()):
		return invalid("a person needs a name of at most 200 characters", "")
	case !plain(p.GetNumber(), 100) || !plain(p.GetBody(), 100):
		return invalid("the number or the body's code is too long or has more than one line", "")
	}
	return checkGrants(p.GetGrants())
}

// Person gives one.
func (d *Directory) Person(ctx context.Context, id record.ID) (p *daylightv1.Person, err error) {
	err = d.read(ctx, func(t *tx) error {
		p, err = t.person(id)
		return err
	})
	return p, err
}

func (t *tx) person(id record.ID) (*daylightv1.Person, error) {
	var b []byte
	ok, err := t.one(`
		SELECT message
		FROM people
		WHERE id = $1`, []any{id[:]}, &b)
	if err != nil || !ok {
		return nil, or(err, errNotFound)
	}
	p := &daylightv1.Person{}
	return p, proto.Unmarshal(b, p)
}

// People gives a page by name.
func (d *Directory) People(ctx context.Context, q *daylightv1.ListPeopleRequest) (out *daylightv1.ListPeopleResponse, err error) {
	name, number, err := readPageToken(q.GetPageToken())
	if err != nil {
		return nil, err
	}
	id, err := optionalID(q.GetId())
	if err != nil {
		return nil, err
	}
	most := pageSize(q.GetPageSize())
	out = &daylightv1.ListPeopleResponse{}
	err = d.read(ctx, func(t *tx) error {
		return t.Each(`
			SELECT name, number, message
			FROM people
			WHERE (name, number) > ($1, $2) AND ($3 = '' OR staff = $3) AND ($4 OR id = $5) AND ($6 OR disabled = 0)
			ORDER BY name, number`,
			[]any{name, number, q.GetNumber(), id == record.ID{}, id[:], q.GetIncludeDisabled()}, func(scan func(...any) error) (bool, error) {
				var b []byte
				p := &daylightv1.Person{}
				last, lastNumber := name, number
				if err := scan(&name, &number, &b); err != nil {
					return false, err
				}
				if err := proto.Unmarshal(b, p); err != nil {
					return false, err
				}
				if q.GetRole() != 0 && !hasRole(p, q.GetRole()) {
					return true, nil
				}
				if len(out.People) == most {
					out.NextPageToken = pageToken(last, lastNumber)
					return false, nil
				}
				out.People = append(out.People, p)
				return true, nil
			})
	})
	return out, err
}

func hasRole(p *daylightv1.Person, r daylightv1.OfficeRole) bool {
	for _, g := range p.GetGrants() {
		if g.GetRole() == r {
			return true
		}
	}
	return false
}

// SavePerson adds a person without an id, or changes one from the revision that it
// names.
func (d *Directory) SavePerson(ctx context.Context, p *daylightv1.Person, by By) (out *daylightv1.Person, err error) {
	id, err := optionalID(p.GetId())
	if err != nil {
		return nil, err
	}
	if id == (record.ID{}) {
		if id, err = d.newID(); err != nil {
			return nil, err
		}
	}
	err = d.write(ctx, by, func(t *tx) error {
		out, err = t.savePerson(id, p)
		return err
	})
	return out, err
}

func (t *tx) savePerson(id record.ID, p *daylightv1.Person) (*daylightv1.Person, error) {
	if err := checkPerson(p); err != nil {
		return nil, err
	}
	if p.GetRevision() >= math.MaxInt64 {
		return nil, errStale
	}
	if err := t.someAdminStays(id, p); err != nil {
		return nil, err
	}
	var taken bool
	if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM people WHERE staff = $1 AND staff <> '' AND id <> $2)`,
		p.GetNumber(), id[:]).Scan(&taken); err != nil || taken {
		return nil, or(err, ErrTaken)
	}
	out := proto.CloneOf(p)
	out.Id, out.Revision = id.String(), p.GetRevision()+1
	b, err := blob(out)
	if err != nil {
		return nil, err
	}
	args := []any{id[:], out.GetName(), out.GetNumber(), out.GetDisabled(), int64(out.Revision), b}
	text, note := `
		INSERT INTO people (id, name, staff, disabled, revision, message)
		VALUES ($1, $2, $3, $4, $5, $6)`, "a person was added"
	if p.GetRevision() > 0 {
		text, note = `
			UPDATE people
			SET name = $2, staff = $3, disabled = $4, revision = $5, message = $6
			WHERE id = $1 AND revision = $5 - 1`, "a person was changed"
	} else if p.GetId() != "" {
		return nil, invalid("a new person gets an id here", "Leave it out, or name the revision that the change is made from.")
	}
	done, err := t.Exec(text, args...)
	if err != nil {
		return nil, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		_, missing := t.person(id)
		return nil, or(err, missing, errStale)
	}
	return out, t.log(directoryChanged, id, note)
}

// Bodies gives all, by code.
func (d *Directory) Bodies(ctx context.Context) (out []*daylightv1.Body, err error) {
	err = d.read(ctx, func(t *tx) error {
		out, err = t.bodies()
		return err
	})
	return out, err
}

func (t *tx) bodies() ([]*daylightv1.Body, error) {
	return messages(t, func() *daylightv1.Body { return &daylightv1.Body{} }, `
		SELECT message
		FROM bodies
		ORDER BY code`)
}

// SaveBody adds or changes one, see SavePerson.
func (d *Directory) SaveBody(ctx context.Context, body *daylightv1.Body, by By) (out *daylightv1.Body, err error) {
	id, err := optionalID(body.GetId())
	if err != nil {
		return nil, err
	}
	switch {
	case !named(body.GetName()) || !named(body.GetCode()):
		return nil, invalid("a body needs a name and a code", "")
	case id != record.ID{} && body.GetRevision() == 0:
		return nil, invalid("a new body gets an id here", "Leave it out, or name the revision that the change is made from.")
	case id == record.ID{}:
		if id, err = d.newID(); err != nil {
			return nil, err
		}
	}
	out = proto.CloneOf(body)
	out.Id, out.Revision = id.String(), body.GetRevision()+1
	b, err := blob(out)
	if err != nil {
		return nil, err
	}
	err = d.write(ctx, by, func(t *tx) error {
		var taken bool
		if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM bodies WHERE code = $1 AND id <> $2)`, out.GetCode(), id[:]).Scan(&taken); err != nil || taken {
			return or(err, ErrTaken)
		}
		done, err := t.Exec(`
			INSERT INTO bodies (id, code, revision, message)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET code = excluded.code, revision = excluded.revision, message = excluded.message
			WHERE bodies.revision = excluded.revision - 1`, id[:], out.GetCode(), int64(out.Revision), b)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return or(err, errStale)
		}
		return t.log(directoryChanged, id, "a body was saved")
	})
	return out, err
}
