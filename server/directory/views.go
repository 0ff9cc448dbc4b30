package directory

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// View is a list's filter that a person has named, for themselves alone.
type View struct {
	ID record.ID
	// Name is what the person calls it: one line of at most MaxViewName characters.
	Name string
	// Query is what stands behind the list's address. Whoever saves it has made it of what
	// the list knows.
	Query string
}

const (
	// MaxViews is how many views of one list a person has at most.
	MaxViews = 50
	// MaxViewName is how long a name is, in characters.
	MaxViewName  = 200
	maxViewQuery = 4 << 10
)

// Views gives a person's views of a list, the first made first.
func (d *Directory) Views(ctx context.Context, person record.ID, page string) (out []View, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.Each(`
			SELECT id, name, query
			FROM views
			WHERE person = $1 AND page = $2
			ORDER BY number`, []any{person[:], page}, func(scan func(...any) error) (bool, error) {
			var v View
			var id []byte
			err := scan(&id, &v.Name, &v.Query)
			copy(v.ID[:], id)
			out = append(out, v)
			return true, err
		})
	})
	return out, err
}

// SaveView names a filter. One that has the name already gets the filter. An error of a
// person is of class invalid, or conflict where there are MaxViews.
func (d *Directory) SaveView(ctx context.Context, person record.ID, page string, v View) (View, error) {
	if err := checkView(v); err != nil {
		return v, err
	}
	id, err := d.newID()
	if err != nil {
		return v, err
	}
	err = d.witness(ctx, By{Person: person}, func(t *tx) error {
		var n int
		if err := t.QueryRow(`
			SELECT count(*)
			FROM views
			WHERE person = $1 AND page = $2 AND name <> $3`, person[:], page, v.Name).Scan(&n); err != nil {
			return err
		}
		if n >= MaxViews {
			return rpcerr.E(rpcerr.Conflict, "there are 50 saved views of this list already", "Drop one that is not used any more.", nil)
		}
		var got []byte
		err := t.QueryRow(`
			INSERT INTO views (id, person, page, name, query)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person, page, name) DO UPDATE SET query = excluded.query
			RETURNING id`, id[:], person[:], page, v.Name, v.Query).Scan(&got)
		copy(v.ID[:], got)
		return err
	})
	return v, err
}

// RenameView gives a person's view another name. A view that is not theirs is not there; a
// name that another has is of class conflict.
func (d *Directory) RenameView(ctx context.Context, person, id record.ID, name string) error {
	if err := checkView(View{Name: name}); err != nil {
		return err
	}
	return d.witness(ctx, By{Person: person}, func(t *tx) error {
		var taken bool
		if err := t.QueryRow(`
			SELECT EXISTS (
				SELECT 1
				FROM views v
				JOIN views o ON o.person = v.person AND o.page = v.page AND o.name = $3 AND o.id <> v.id
				WHERE v.id = $1 AND v.person = $2)`, id[:], person[:], name).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return rpcerr.E(rpcerr.Conflict, "another view has this name already", "Take another name.", nil)
		}
		return t.mustTouch(`
			UPDATE views
			SET name = $3
			WHERE id = $1 AND person = $2`, id[:], person[:], name)
	})
}

// DropView forgets a person's view.
func (d *Directory) DropView(ctx context.Context, person, id record.ID) error {
	return d.witness(ctx, By{Person: person}, func(t *tx) error {
		return t.mustTouch(`
			DELETE FROM views
			WHERE id = $1 AND person = $2`, id[:], person[:])
	})
}

func checkView(v View) error {
	if !named(v.Name) {
		return invalid("a view needs a name of one line of at most 200 characters", "")
	}
	if len(v.Query) > maxViewQuery {
		return invalid("the filter of a view is too long", "Search for fewer words.")
	}
	return nil
}

// mustTouch changes rows, and says where there are none that there is nothing.
func (t *tx) mustTouch(text string, args ...any) error {
	done, err := t.Exec(text, args...)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		return errNotFound
	}
	return err
}
