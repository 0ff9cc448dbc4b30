package clientsync

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
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

// Client is an open folder. Its methods may be called from any goroutine.
type Client struct {
	// Set by Open, then only read.
	config Config
	db     *localdb.DB

	// random guards Config.Random, which need not be safe for many callers.
	random sync.Mutex

	// syncing is held while a sync or an enrolment runs. What follows belongs to it:
	// batch is about how many bytes of changes the next request takes; office is nil
	// without a server; unused opens bundles once the office has let this device in.
	syncing sync.Mutex
	batch   int
	office  *office
	unused  bundle.Identity

	// enrolment is replaced by Enrol, and when the office says something new; nil before.
	enrolment atomic.Pointer[localdb.Enrolment]

	// signer is replaced when the device gets another certificate.
	signer atomic.Pointer[exchange.Signer]

	watchers watchers
}

// Open opens the folder, makes it on first use, and keeps it for this process
// until Close. A folder that is damaged or of a newer version is refused and left
// as it was: Rescue reads it.
func Open(ctx context.Context, config Config) (*Client, error) {
	config.fill()
	if config.Dir == "" {
		return nil, rpcerr.E(Invalid, "no folder is named for the records", "Set Config.Dir.", nil)
	}
	if _, err := wayTo(config, nil); err != nil { // before anything is made
		return nil, err
	}
	db, err := localdb.Open(ctx, localdb.Options{
		Dir: config.Dir, What: program, MaxPages: config.MaxPages, OnCommit: config.OnCommit,
	})
	if err != nil {
		return nil, explainOpen(err)
	}
	c := &Client{config: config, db: db, batch: firstBatch}
	if err := c.setUp(ctx); err != nil {
		return nil, errors.Join(explainOpen(err), db.Close())
	}
	bundle.SweepAside(config.Dir)
	if err := c.sweep(ctx); err != nil { // the last process may have been killed before it could
		return nil, errors.Join(err, db.Close())
	}
	return c, nil
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

// setUp makes the writer and its key on first use. A change that was open when the
// last process ended is closed: what it stood on is not remembered for long.
func (c *Client) setUp(ctx context.Context) error {
	return c.db.Write(ctx, func(b *localdb.Book) error {
		keys, err := b.Keys()
		if err != nil {
			return err
		}
		if keys.Seed == nil {
			keys = c.newKeys()
			if err := b.PutKeys(keys); err != nil {
				return err
			}
		}
		signer, err := signerOf(keys)
		if err != nil {
			return err
		}
		c.signer.Store(&signer)
		e, err := b.Enrolment()
		if err != nil {
			return err
		}
		if err := complete(b, e, signer.Certificate); err != nil {
			return err
		}
		c.enrolment.Store(e)
		if c.office, err = wayTo(c.config, e); err != nil {
			return err
		}
		if err := exchange.SetUp(b, c.env()); err != nil {
			return err
		}
		d, err := exchange.NewDevice(b, c.env())
		if err != nil {
			return err
		}
		_, err = d.Begin()
		return err
	})
}

// newKeys makes a key and the certificate that it issues for itself.
func (c *Client) newKeys() localdb.Keys {
	seed := make([]byte, ed25519.SeedSize)
	c.fillRandom(seed)
	var serial journal.Serial
	c.fillRandom(serial[:])
	certificate := journal.NewDevelopment(ed25519.NewKeyFromSeed(seed), serial, c.config.Person, c.config.Device)
	return localdb.Keys{Seed: seed, Certificate: certificate.Encode()}
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

// Close gives the folder back. A sync that runs is waited for.
func (c *Client) Close() error {
	c.syncing.Lock()
	defer c.syncing.Unlock()
	c.watchers.close()
	if err := c.db.Close(); err != nil {
		return rpcerr.E(Internal, "the folder could not be closed; what was saved is safe", "", err)
	}
	return nil
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
// applied, it looks.
func (c *Client) write(ctx context.Context, do func(*localdb.Book, *exchange.Device) error) error {
	var meant exchange.Self
	err := c.db.Write(ctx, func(b *localdb.Book) error {
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
		err = c.verify(ctx, meant, err)
	}
	if err == nil {
		c.watchers.tell()
	}
	return err
}

// verify finds out what became of a transaction: it was applied if its newest link
// stands. Only a commit that ends well shows that the disk still takes anything, so
// it makes one.
func (c *Client) verify(ctx context.Context, meant exchange.Self, unsure error) error {
	applied := false
	err := c.db.Write(context.WithoutCancel(ctx), func(b *localdb.Book) error {
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
