package clientsync

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// program names this library to the next process that wants the folder.
const program = "Daylight"

// Client is a folder that this process has, locked or not. Its methods may be called
// from any goroutine; while it is locked, those that need the records answer ErrLocked.
type Client struct {
	// Set by Open, then only read.
	config Config
	folder *localdb.Folder

	// db is the way to the records, idle shuts it.
	db   gate
	idle idle

	// random guards Config.Random, which need not be safe for many callers.
	random sync.Mutex

	// turn is held by whoever syncs, enrols, locks and the like. What follows belongs to
	// it: batch is about how many bytes of changes the next request takes; office is nil
	// without a server.
	turn   *turn
	batch  int
	office *office

	// enrolment is replaced by Enrol, and when the office says something new; nil before,
	// and while the folder is locked.
	enrolment atomic.Pointer[localdb.Enrolment]

	// signer is replaced when the device gets another certificate; nil while locked.
	signer atomic.Pointer[exchange.Signer]

	// clock is what answers of the office tell of its clock.
	clock officeClock

	watchers watchers
	words    rowCache[terms.Set]
	places   rowCache[placeIndex]
	visits   rowCache[visitList]
	forms    formCache
}

// Open takes the folder for this process until Close, and makes it on first use. With
// Config.Passphrase it is unlocked as well; else Unlock does that, or SetPassphrase in a
// new one. A file that is damaged or of a newer version is refused and left as it was:
// Rescue reads it.
func Open(ctx context.Context, config Config) (*Client, error) {
	config.fill()
	passphrase := config.Passphrase
	config.Passphrase = ""
	if config.Dir == "" {
		return nil, rpcerr.E(Invalid, "no folder is named for the records", "Set Config.Dir.", nil)
	}
	if _, err := wayTo(config, nil); err != nil { // before anything is made
		return nil, err
	}
	c := &Client{config: config, turn: newTurn(), batch: firstBatch}
	folder, err := localdb.Take(localdb.Options{
		Dir: config.Dir, What: program, Keystore: config.Keystore, Cost: config.Cost, Memory: debug.SetMemoryLimit(-1),
		Now: config.Now, Random: c.fillRandom,
		MaxPages: config.MaxPages, OnCommit: config.OnCommit, OnWipe: config.OnWipe,
	})
	if err != nil {
		return nil, explainOpen(err)
	}
	c.folder = folder
	c.idle.after, c.idle.lock = config.LockAfter, func() { _ = c.Lock(context.Background()) }
	c.db.used = c.idle.used
	if passphrase != "" {
		err = c.openWith(ctx, passphrase)
	} else if _, err = folder.State(); err != nil {
		err = explainVault(err)
	}
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return c, nil
}

// openWith unlocks the folder, and makes its vault where there is none.
func (c *Client) openWith(ctx context.Context, passphrase string) error {
	s, err := c.folder.State()
	if err != nil {
		return explainVault(err)
	}
	if !s.Exists {
		return c.SetPassphrase(ctx, "", passphrase)
	}
	return c.Unlock(ctx, passphrase)
}

// fill puts in what the caller left to us.
func (c *Config) fill() {
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
}

// setUp makes the writer and its keys on first use. A change that was open when the
// last process ended is closed: what it stood on is not remembered for long.
func (c *Client) setUp(ctx context.Context, db *localdb.DB) error {
	var e *localdb.Enrolment
	err := db.Write(ctx, func(b *localdb.Book) error {
		keys, err := b.Keys()
		if err != nil {
			return err
		}
		if keys.Seed == nil {
			if keys, err = c.newKeys(); err != nil {
				return err
			}
			if err := b.PutKeys(keys); err != nil {
				return err
			}
		}
		signer, err := signerOf(keys)
		if err != nil {
			return err
		}
		c.signer.Store(&signer)
		if e, err = b.Enrolment(); err != nil {
			return err
		}
		if e != nil && len(e.OfficeRecipients) == 0 {
			e.Renew = 0 // the office may have one by now
		}
		c.enrolment.Store(e)
		if c.office, err = wayTo(c.config, e); err != nil {
			return err
		}
		if err := exchange.SetUp(b, c.env()); err != nil {
			return err
		}
		if err := b.FillMerges(); err != nil {
			return err
		}
		d, err := exchange.NewDevice(b, c.env())
		if err != nil {
			return err
		}
		_, err = d.Begin()
		return err
	})
	if err == nil && e != nil {
		c.recoverable(db, *e)
	}
	return err
}

// recoverable wraps the vault's key for the office where it is not, as after a file was
// lost. What keeps it from that, as a full disk, keeps nobody from the records: Protection
// says that the office cannot open the folder.
func (c *Client) recoverable(db *localdb.DB, e localdb.Enrolment) {
	s, err := c.folder.State()
	if e.Recovery == "" || err == nil && s.Recoverable {
		return
	}
	if err == nil {
		err = c.folder.Recoverable(db, e.Recovery)
	}
	if err != nil {
		c.config.Log.Warn("the folder's key could not be wrapped for the office", "error", err)
	}
}

// newKeys makes a key with the certificate that it issues for itself, and what opens
// bundles. They are kept from then on: an enrolment whose answer was lost is repeated
// with the same.
func (c *Client) newKeys() (localdb.Keys, error) {
	seed := make([]byte, ed25519.SeedSize)
	c.fillRandom(seed)
	var serial journal.Serial
	c.fillRandom(serial[:])
	identity, err := bundle.NewIdentity()
	if err != nil {
		return localdb.Keys{}, err
	}
	certificate := journal.NewDevelopment(ed25519.NewKeyFromSeed(seed), serial, c.config.Person, c.config.Device)
	return localdb.Keys{Seed: seed, Certificate: certificate.Encode(), BundleIdentity: identity.Secret()}, nil
}

func signerOf(k localdb.Keys) (exchange.Signer, error) {
	if len(k.Seed) != ed25519.SeedSize {
		return exchange.Signer{}, errors.New("the device's key is not one")
	}
	certificate, err := journal.ParseCertificate(k.Certificate)
	key := ed25519.NewKeyFromSeed(k.Seed)
	return exchange.Signer{
		Certificate: certificate,
		Seal: func(w fold.WriterID, seq fold.Seq, l fold.Link) []byte {
			return journal.Seal(key, w, seq, l)
		},
	}, err
}

// Close locks the folder and gives it back. A sync ends with the request that is under
// way.
func (c *Client) Close() error {
	c.watchers.close()
	err := c.Lock(context.Background())
	if closed := c.folder.Close(); closed != nil {
		err = errors.Join(err, rpcerr.E(Internal, "the folder could not be closed; what was saved is safe", "", closed))
	}
	return err
}

func (c *Client) env() exchange.Env {
	return exchange.Env{NowMS: c.config.Now().UnixMilli(), Random: c.fillRandom}
}

// fillRandom panics when the source fails, which the system's never does: a device
// without randomness can neither name nor sign anything.
func (c *Client) fillRandom(b []byte) {
	c.random.Lock()
	defer c.random.Unlock()
	if _, err := io.ReadFull(c.config.Random, b); err != nil {
		panic(err)
	}
}

// newID makes a UUID of version 7 (RFC 9562).
func (c *Client) newID() (id record.ID) {
	c.fillRandom(id[6:])
	ms := c.config.Now().UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// write runs do in one transaction. When the commit cannot tell whether it was
// applied, it looks; the folder is not locked before it knows.
func (c *Client) write(ctx context.Context, do func(*localdb.Book, *exchange.Device) error) error {
	err := c.db.with(ctx, func(db *localdb.DB) error {
		var meant exchange.Self
		err := db.Write(ctx, func(b *localdb.Book) error {
			d, err := exchange.NewDevice(b, c.env())
			if err != nil {
				return err
			}
			if err := do(b, d); err != nil {
				return err
			}
			meant, err = b.Self()
			return err
		})
		if errors.Is(err, sqlitedb.ErrUnsure) {
			err = verify(ctx, db, meant, err)
		}
		return err
	})
	if err == nil {
		c.watchers.tell()
	}
	return err
}

// verify finds out what became of a transaction: it was applied if its newest link
// stands. Only a commit that ends well shows that the disk still takes anything, so
// it makes one.
func verify(ctx context.Context, db *localdb.DB, meant exchange.Self, unsure error) error {
	applied := false
	err := db.Write(context.WithoutCancel(ctx), func(b *localdb.Book) error {
		now, err := b.Self()
		if err != nil {
			return err
		}
		applied = now.Link == meant.Link && now.Clock == meant.Clock
		note, err := b.Note()
		if err != nil {
			return err
		}
		return b.PutNote(note)
	})
	switch {
	case err != nil:
		return errors.Join(unsure, err)
	case !applied:
		return errors.Join(errNotApplied, unsure)
	}
	return nil
}

// errNotApplied: the commit failed, and nothing of it is there.
var errNotApplied = errors.New("nothing was saved")
