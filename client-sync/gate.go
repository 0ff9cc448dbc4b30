package clientsync

import (
	"context"
	"errors"
	"sync"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// ErrLocked is in the chain of every error that comes of a locked folder.
var ErrLocked = errors.New("the folder is locked")

var errLocked = rpcerr.E(Unauthenticated, "the folder is locked; nothing was changed", "Unlock it with its passphrase.", ErrLocked)

// gate is the way to the records: open while the folder is unlocked. Who is inside when
// it shuts is waited for, and nobody else gets in.
type gate struct {
	// used is told of each call that a person may be waiting for.
	used func()

	mu     sync.Mutex
	db     *localdb.DB // nil while it is shut
	inside int
	empty  chan struct{} // closed by the last one out, while somebody shuts it
}

// quietly marks what goes on without a person.
type quietly struct{}

// Quietly marks calls that no person has asked for, as a page that reads again what it
// shows when Watch says so: they do not put off Config.LockAfter. Sync and Status never do.
func Quietly(ctx context.Context) context.Context { return context.WithValue(ctx, quietly{}, true) }

func (g *gate) enter(ctx context.Context) (*localdb.DB, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.db == nil || g.empty != nil {
		return nil, errLocked
	}
	g.inside++
	if ctx.Value(quietly{}) == nil {
		g.used()
	}
	return g.db, nil
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
	}
}

// Write is that of localdb.DB.
func (g *gate) Write(ctx context.Context, do func(*localdb.Book) error) error {
	db, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer g.leave()
	return db.Write(ctx, do)
}

// Read is that of localdb.DB.
func (g *gate) Read(ctx context.Context, do func(*localdb.Book) error) error {
	db, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer g.leave()
	return db.Read(ctx, do)
}

// with lends the file itself.
func (g *gate) with(ctx context.Context, do func(*localdb.DB) error) error {
	db, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer g.leave()
	return do(db)
}

// Sweep is that of localdb.DB.
func (g *gate) Sweep(ctx context.Context) error {
	db, err := g.enter(Quietly(ctx))
	if err != nil {
		return err
	}
	defer g.leave()
	return db.Sweep(ctx)
}

func (g *gate) open(db *localdb.DB) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.db, g.empty = db, nil
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.db != nil && g.empty == nil
}

// shut gives the file back once everybody is out; nil when it was shut already. It is
// called by one goroutine at a time.
func (g *gate) shut() *localdb.DB {
	g.mu.Lock()
	if g.db == nil {
		g.mu.Unlock()
		return nil
	}
	g.empty = make(chan struct{})
	if g.inside == 0 {
		close(g.empty)
	}
	empty := g.empty
	g.mu.Unlock()
	<-empty
	g.mu.Lock()
	defer g.mu.Unlock()
	db := g.db
	g.db, g.empty = nil, nil
	return db
}
