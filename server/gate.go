package server

import (
	"bytes"
	"context"
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/server/store"
)

// deviceGate judges what devices push: each change as its own author's, whoever brings
// it.
type deviceGate struct {
	*Server
	ctx     context.Context
	authors map[string]*exchange.Author // by key; nil for one that is nobody's, or shut out
}

func (s *Server) deviceGate(ctx context.Context) *deviceGate {
	return &deviceGate{s, ctx, map[string]*exchange.Author{}}
}

// May implements exchange.Gate.
func (g *deviceGate) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	who, err := g.author(c.Key)
	if err != nil {
		return 0, 0, err
	}
	if who == nil {
		return exchange.Held, exchange.Denied, nil
	}
	a := *who
	a.Made = func(w fold.WriterID) (bool, error) {
		key, err := c.KeyOf(w)
		if err != nil || key == nil {
			return false, err
		}
		maker, err := g.author(key)
		return maker != nil && maker.Person == a.Person, err
	}
	d, r, _, err := a.May(c) // the device knows its own words for it
	return d, r, err
}

// author gives who seals with the key.
func (g *deviceGate) author(key ed25519.PublicKey) (*exchange.Author, error) {
	if a, known := g.authors[string(key)]; known {
		return a, nil
	}
	w, err := g.directory.Writer(g.ctx, key)
	if err != nil {
		return nil, err
	}
	var a *exchange.Author
	if w != nil && !w.ShutOut() {
		a = &exchange.Author{Person: w.PersonID, Rights: rightsOf(w, g.config.Now().UnixMilli())}
	}
	g.authors[string(key)] = a
	return a, nil
}

// deskGate judges what a caller saves through the services.
type deskGate struct{ exchange.Author }

// May implements exchange.Gate. A person at a form is told at once what stands against
// the save, and nothing of it waits anywhere.
func (g deskGate) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	a := g.Author
	a.Strict = true
	a.Made = func(w fold.WriterID) (bool, error) {
		key, err := c.KeyOf(w)
		return bytes.Equal(key, c.Key), err
	}
	d, r, denied, err := a.May(c)
	if err == nil && d != exchange.Accepted && denied.Why != access.Missing {
		err = &deniedError{denied}
	}
	return d, r, err
}

// deniedError is store.ErrDenied with the reason, which is no content: states, roles and
// names of fields. Only who may read the record gets one.
type deniedError struct{ access.Denial }

// Error is for the log.
func (e *deniedError) Error() string { return e.Denial.String() }

// Denied gives what stands against it, for the office's pages.
func (e *deniedError) Denied() access.Denial { return e.Denial }

// Unwrap gives store.ErrDenied.
func (e *deniedError) Unwrap() error { return store.ErrDenied }
