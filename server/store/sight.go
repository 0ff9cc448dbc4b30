package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Sight is what one reader may see.
type Sight struct {
	// Kinds says how far the reader sees each kind of record; one that is not in it, not
	// at all.
	Kinds map[record.Kind]Reach
	// Mark is another one after each change of Kinds, also after one that was taken back;
	// never 0.
	Mark uint64
	// Key is that of the reader's device, nil for none.
	Key ed25519.PublicKey
}

// Reach is how far somebody sees the records of a kind: all, or those that one of the
// holders has. What hangs on a visit is the visit's holders'.
type Reach struct {
	All     bool
	Holders []Holder
}

// everything is the sight of whoever sees all.
var everything *Sight

func (s *Sight) reach(k record.Kind) Reach {
	if s == everything {
		return Reach{All: true}
	}
	return s.Kinds[k]
}

// bound is a sight within one transaction: exchange.Sight in SQL.
type bound struct {
	*ledger
	*Sight
	have map[Holder]map[record.ID]bool // what each has, once it was asked for
}

var _ exchange.Sight = (*bound)(nil)

func (l *ledger) sight(s *Sight) exchange.Sight {
	if s == everything {
		return nil
	}
	return &bound{l, s, map[Holder]map[record.ID]bool{}}
}

// Mark implements exchange.Sight.
func (b *bound) Mark() (uint64, error) { return b.Sight.Mark, nil }

// Sees implements exchange.Sight.
func (b *bound) Sees(r exchange.Record) (bool, error) {
	target := r.ID
	if record.HangsOnVisit(r.Kind) {
		target = r.Visit
	}
	return b.sees(r.Kind, target, r.Carried)
}

// sees asks whether one of the holders has the target. One that carries it in a dossier has
// what is carried only.
func (b *bound) sees(k record.Kind, target record.ID, carried bool) (bool, error) {
	reach := b.reach(k)
	if reach.All {
		return true, nil
	}
	for _, h := range reach.Holders {
		if h[0] == ofDossier && !carried {
			continue
		}
		if b.have[h] == nil {
			ids, err := b.held(h)
			if err != nil {
				return false, err
			}
			b.have[h] = map[record.ID]bool{}
			for _, id := range ids {
				b.have[h][id] = true
			}
		}
		if b.have[h][target] {
			return true, nil
		}
	}
	return false, nil
}

// Lost implements exchange.Sight.
func (b *bound) Lost(since exchange.Position) ([]record.ID, error) {
	holders := []Holder{KeyHolder(b.Key)}
	for _, k := range record.Kinds() {
		holders = append(holders, b.reach(k).Holders...)
	}
	slices.Sort(holders)
	var gone []record.ID
	for _, h := range slices.Compact(holders) {
		if err := b.taken(h, since, &gone); err != nil {
			return nil, err
		}
		if err := b.hidden(h, since, &gone); err != nil {
			return nil, err
		}
	}
	return gone, nil
}

// taken adds what a holder had, and nobody of the reader's has now. Of a visit that
// another one still has, who sees less of it, that is what hangs on it and is not seen.
func (b *bound) taken(h Holder, since exchange.Position, gone *[]record.ID) error {
	ids, err := column(b.ledger, idOf, `
		SELECT target
		FROM scopes
		WHERE holder = $1 AND until > $2
		ORDER BY until, target`, []byte(h), int64(since))
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := b.Record(id)
		if err != nil {
			return err
		}
		if r == nil {
			r = &exchange.Record{Kind: record.Visit, ID: id} // one that has not come
		}
		sees, err := b.sees(r.Kind, id, r.Carried)
		if err != nil {
			return err
		}
		if !sees {
			add(gone, id)
			continue
		}
		hanging, err := column(b.ledger, idOf, `
			SELECT id
			FROM records
			WHERE visit = $1
			ORDER BY number`, id[:])
		if err != nil {
			return err
		}
		if err := b.unseen(hanging, record.Kind.Valid, gone); err != nil {
			return err
		}
	}
	return nil
}

// hidden adds what a dossier has shown until it was restricted or removed.
func (b *bound) hidden(h Holder, since exchange.Position, gone *[]record.ID) error {
	if h[0] != ofDossier {
		return nil
	}
	// The plus keeps to the index of positions: what has changed is little.
	ids, err := column(b.ledger, idOf, `
		SELECT id
		FROM records
		WHERE position > $2 AND dossier = 0 AND +visit IN (
			SELECT target
			FROM scopes
			WHERE holder = $1 AND until = 0)
		ORDER BY position, id`, []byte(h), int64(since))
	if err != nil {
		return err
	}
	return b.unseen(ids, record.InDossier, gone)
}

// unseen adds those of the records, if of such a kind, that the reader does not see.
func (b *bound) unseen(ids []record.ID, of func(record.Kind) bool, gone *[]record.ID) error {
	for _, id := range ids {
		r, err := b.Record(id)
		if err != nil {
			return err
		}
		if r == nil || len(r.State) == 0 || !of(r.Kind) {
			continue
		}
		sees, err := b.Sees(*r)
		if err != nil {
			return err
		}
		if !sees {
			add(gone, id)
		}
	}
	return nil
}

func add(to *[]record.ID, id record.ID) {
	if !slices.Contains(*to, id) {
		*to = append(*to, id)
	}
}

func idOf(b []byte) record.ID { return record.ID(b) }

// within is the condition that the record r is within the sight. Its parameters are
// numbered from next on.
func (s *Sight) within(k record.Kind, next int) (condition string, args []any) {
	reach := s.reach(k)
	if reach.All {
		return "", nil
	}
	var numbers []string
	for i, h := range reach.Holders {
		numbers = append(numbers, fmt.Sprintf("$%d", next+i))
		args = append(args, []byte(h))
	}
	dossier := fmt.Sprintf("$%d", next+len(args))
	return `
		  AND EXISTS (
			SELECT 1
			FROM scopes s
			WHERE s.target = coalesce(r.visit, r.id) AND s.until = 0 AND s.holder IN (` + strings.Join(numbers, ", ") + `)
			  AND (r.dossier <> 0 OR substr(s.holder, 1, 1) <> ` + dossier + `))`, append(args, []byte{ofDossier})
}

// Caller is who reads and writes at the office. The zero Caller sees everything and may
// do everything.
type Caller struct {
	// Writer is as whom the caller writes.
	Writer OfficeWriter
	// Sight is what the caller may see; nil for everything.
	Sight *Sight
	// Gate says what the caller may change; nil for everything.
	Gate exchange.Gate
}

// Desk is the store as one caller sees it: what is not in sight is not there.
type Desk struct {
	*Store
	caller Caller
}

// For gives the store as the caller sees it.
func (s *Store) For(c Caller) *Desk { return &Desk{s, c} }

// Sync is Store.Sync for a device of the caller's.
func (d *Desk) Sync(ctx context.Context, batches []journal.Batch, ask exchange.Ask) (*daylightv1.SyncResponse, error) {
	r, _, err := d.Take(ctx, batches, ask)
	return r, err
}

// Take is Sync that also says what became of the batches: nothing where a restore was
// missed. It says so beside an error too, where they were saved before it.
func (d *Desk) Take(ctx context.Context, batches []journal.Batch, ask exchange.Ask) (*daylightv1.SyncResponse, exchange.Outcome, error) {
	ask.Gate = d.caller.Gate
	return d.sync(ctx, batches, ask, d.caller.Sight)
}

// Get is Store.Get: ErrNotFound also for what is not in sight.
func (d *Desk) Get(ctx context.Context, kind record.Kind, id record.ID) (item Item, err error) {
	err = d.read(ctx, func(l *ledger) error {
		item, err = l.itemFor(d.caller.Sight, kind, id)
		return err
	})
	return item, err
}

// List is Store.List of what is in sight.
func (d *Desk) List(ctx context.Context, kind record.Kind, q Query) (Page, error) {
	return d.list(ctx, kind, q, d.caller.Sight)
}

// History is Store.History of what is in sight.
func (d *Desk) History(ctx context.Context, kind record.Kind, id record.ID, size int, token string) ([]*daylightv1.HistoryEntry, string, error) {
	return d.history(ctx, kind, id, size, token, d.caller.Sight)
}

// Save is Store.Save. ErrDenied: the caller may not change it so; ErrNotFound: there is
// no such record in sight. Nothing was saved then.
func (d *Desk) Save(ctx context.Context, messages ...record.Message) ([]Item, error) {
	return d.saveAll(ctx, d.caller, false, messages)
}

// SaveEach is Store.SaveEach, with the errors of Save.
func (d *Desk) SaveEach(ctx context.Context, messages ...record.Message) ([]Item, error) {
	return d.saveAll(ctx, d.caller, true, messages)
}

// Remove is Store.Remove, with the errors of Save.
func (d *Desk) Remove(ctx context.Context, kind record.Kind, id record.ID, token []byte) (Item, error) {
	return d.remove(ctx, d.caller, kind, id, token)
}

// Readable counts the records that are in the sight, without removing any. Kinds that are
// in it whole are counted in one pass.
func (s *Store) Readable(ctx context.Context, sight *Sight) (n uint64, err error) {
	var whole []string
	var parts []record.Kind
	for _, k := range record.Kinds() {
		if reach := sight.reach(k); reach.All {
			whole = append(whole, strconv.Itoa(int(k)))
		} else if len(reach.Holders) > 0 {
			parts = append(parts, k)
		}
	}
	err = s.read(ctx, func(l *ledger) error {
		n = 0
		if len(whole) > 0 {
			if err := l.QueryRow(`
				SELECT count(*)
				FROM records
				WHERE kind IN (` + strings.Join(whole, ", ") + `) AND length(state) > 0`).Scan(&n); err != nil {
				return err
			}
		}
		for _, k := range parts {
			var some uint64
			within, args := sight.within(k, 2)
			if err := l.QueryRow(`
				SELECT count(*)
				FROM records r
				WHERE r.kind = $1 AND length(r.state) > 0`+within, append([]any{int64(k)}, args...)...).Scan(&some); err != nil {
				return err
			}
			n += some
		}
		return nil
	})
	return n, err
}

// itemFor is item for what is in sight.
func (l *ledger) itemFor(s *Sight, kind record.Kind, id record.ID) (Item, error) {
	if s != everything {
		if err := l.mustSee(s, kind, id); err != nil {
			return Item{}, err
		}
	}
	return l.item(kind, id)
}

// mustSee gives ErrNotFound for a record that is not there, or not in sight.
func (l *ledger) mustSee(s *Sight, kind record.Kind, id record.ID) error {
	r, err := l.Record(id)
	if err != nil {
		return err
	}
	if r == nil || r.Kind != kind {
		return ErrNotFound
	}
	if sees, err := l.sight(s).Sees(*r); err != nil || sees {
		return err
	}
	return ErrNotFound
}
