package server

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The store flags a response by what stands in it. What its form says of it, the office finds
// out here, with the engine that devices fill it by.

// maxForms bounds the compiled forms that are kept.
const maxForms = 16

// formShelf keeps compiled forms, the one that was asked for last at the end.
type formShelf struct {
	mu    sync.Mutex
	forms []compiled
}

// compiled is a form as its record was at a position. here: the office has it, or it came with
// the program. Nil form: it cannot be filled.
type compiled struct {
	id   record.ID
	at   exchange.Position
	here bool
	form *checklist.Form
}

// form gives a form, compiled where it can be filled.
func (s *Server) form(ctx context.Context, id record.ID) (compiled, error) {
	at, err := s.store.LastChange(ctx, id)
	if err != nil {
		return compiled{}, err
	}
	if c, kept := s.shelf.get(id, at); kept {
		return c, nil
	}
	var own []*daylightv1.Checklist
	if at > 0 {
		item, err := s.store.Get(ctx, record.Checklist, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return compiled{}, err
		}
		if m, ok := item.Message.(*daylightv1.Checklist); ok {
			own = append(own, m)
		}
	}
	c := compiled{id: id, at: at}
	if m, ok := checklist.NewCatalogue(own).Form(id); ok {
		c.here = true
		c.form, _ = checklist.Compile(m)
	}
	s.shelf.put(c)
	return c, nil
}

func (l *formShelf) get(id record.ID, at exchange.Position) (c compiled, kept bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.forms, func(c compiled) bool { return c.id == id && c.at == at })
	if i < 0 {
		return c, false
	}
	c = l.forms[i]
	l.forms = append(slices.Delete(l.forms, i, i+1), c)
	return c, true
}

func (l *formShelf) put(c compiled) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms = append(slices.DeleteFunc(l.forms, func(o compiled) bool { return o.id == c.id }), c)
	if len(l.forms) > maxForms {
		l.forms = slices.Delete(l.forms, 0, 1)
	}
}

// judge adds to the status of each response what its form says of the answers.
func (s *Server) judge(ctx context.Context, items ...store.Item) error {
	forms := map[record.ID]compiled{} // a page has many responses to few forms
	for _, i := range items {
		r, ok := i.Message.(*daylightv1.ChecklistResponse)
		if !ok {
			continue
		}
		id, err := record.ParseID(r.GetChecklistId())
		if err != nil {
			continue
		}
		c, asked := forms[id]
		if !asked {
			if c, err = s.form(ctx, id); err != nil {
				return err
			}
			forms[id] = c
		}
		if c.here { // a shipped form is no record, so nobody waits for one
			i.Status.WaitingFor = slices.DeleteFunc(i.Status.WaitingFor, func(w string) bool { return w == id.String() })
		}
		if c.form != nil && r.GetRemoved() == nil {
			x := checklist.Open(c.form, r, checklist.Options{Now: s.config.Now, Contested: checklist.ContestedIn(i.Status)})
			i.Status.Flags = append(i.Status.Flags, flagsOf(x.Flags(), r.GetFinishedAt() != "")...)
		}
	}
	return nil
}

// mostOfOneFlag bounds what is said of one response by one code, as in package record.
const mostOfOneFlag = 20

// flagsOf are the flags of a response as its status holds them. What is missing is said of
// one that is finished: in the others it will be answered yet.
func flagsOf(all []record.Flag, finished bool) (out []*daylightv1.Flag) {
	said := map[string]int{}
	for _, f := range all {
		if said[f.Code]++; f.Code == "answer-missing" && !finished || said[f.Code] > mostOfOneFlag {
			continue
		}
		out = append(out, store.FlagAsSent(f))
	}
	return out
}
