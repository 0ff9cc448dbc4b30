package scenario

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/store"
)

// Office is the real server on the real store, behind a listener without a port.
type Office struct {
	Clock
	Store *store.Store

	dir      string
	maxPages int
	listener *pipes
	http     *http.Server
	starts   int
	backups  map[string]int // the step of each
}

// Reviewer is who writes at the office.
const Reviewer = store.OfficeWriter("Reviewer")

func newOffice(w *World) *Office {
	return &Office{Clock: Clock{w: w}, dir: w.path("office"), backups: map[string]int{}}
}

// Start opens the store and serves it.
func (o *Office) Start() error {
	if o.Store != nil {
		return errors.New("the office is open already")
	}
	o.starts++
	s, err := store.Open(background(), store.Config{
		Dir: o.dir, Now: o.Now, MaxPages: o.maxPages, QuickCheck: true,
		Random: o.w.random("office " + string(rune('0'+o.starts))),
	})
	if err != nil {
		return err
	}
	front, err := server.New(server.Config{Store: s, Now: o.Now})
	if err != nil {
		return errors.Join(err, s.Close())
	}
	o.Store, o.listener = s, listen()
	o.http = &http.Server{Handler: front.Handler()}
	go func(h *http.Server, l net.Listener) { _ = h.Serve(l) }(o.http, o.listener)
	return nil
}

// Stop closes both. Stopping twice is no error.
func (o *Office) Stop() error {
	if o.Store == nil {
		return nil
	}
	err := errors.Join(o.http.Close(), o.listener.Close(), o.Store.Close())
	o.Store, o.http = nil, nil
	return err
}

// dial reaches the office, whatever the address.
func (w *World) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if w.Office.Store == nil {
		return nil, ErrNetwork
	}
	return w.Office.listener.dial(ctx)
}

// Backup keeps the office's folder as it is now.
func (o *Office) Backup(name string) error {
	if err := o.Stop(); err != nil {
		return err
	}
	o.backups[name] = o.w.step
	return errors.Join(copyDir(o.dir, o.w.path("backup", "office", name)), o.Start())
}

// Restore brings a backup back, as an operator does it: under a new epoch.
func (o *Office) Restore(name string) error {
	if err := o.Stop(); err != nil {
		return err
	}
	if err := copyDir(o.w.path("backup", "office", name), o.dir); err != nil {
		return err
	}
	o.w.officeLost(o.backups[name])
	return errors.Join(o.Start(), o.Store.NewEpoch(background()))
}

// The office's people read and write by the store's own methods.

func (o *Office) name() string { return "office" }

func (o *Office) blank(k record.Kind) record.Message { return record.New(k) }

func (o *Office) read(k record.Kind, id record.ID) (Seen, error) {
	item, err := o.Store.Get(background(), k, id)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Message: item.Message, Removed: item.Removed, Waiting: item.Status.GetWaitingFor()}
	for _, c := range item.Status.GetConflicts() {
		p := Several{Field: c.Field, Key: c.Key}
		for _, v := range c.Values {
			p.Values = append(p.Values, v.Json)
		}
		seen.Conflicts = append(seen.Conflicts, p)
	}
	return seen, nil
}

func (o *Office) save(messages ...record.Message) error {
	items, err := o.Store.Save(background(), Reviewer, messages...)
	for i, item := range items {
		replace(messages[i], item.Message)
	}
	return err
}

func (o *Office) remove(m record.Message) error {
	k, err := record.KindOf(m)
	if err != nil {
		return err
	}
	id, err := record.IDOf(m)
	if err != nil {
		return err
	}
	_, err = o.Store.Remove(background(), Reviewer, k, id, m.GetSeen())
	return err
}
