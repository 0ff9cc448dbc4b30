package clientsync

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Forms gives the checklists that there are: those that came with the program, with what
// the office added and changed as this device knows it. It is the same catalogue until one
// of those records changes.
func (c *Client) Forms(ctx context.Context) (*forms.Catalogue, error) {
	return c.forms.all.get(ctx, c, []Kind{KindChecklist}, catalogueOf)
}

// catalogueOf are the shipped forms with an office's records over them.
func catalogueOf(messages []Message, removed []string) *forms.Catalogue {
	var all []*daylightv1.Checklist
	for _, m := range messages {
		if m, ok := m.(*daylightv1.Checklist); ok {
			all = append(all, m)
		}
	}
	return checklist.NewCatalogue(all, removed...)
}

// readyForm is one version of a form, compiled.
type readyForm struct {
	form *forms.Form
	// sum tells the record that it was made of from others.
	sum [sha256.Size]byte
}

// mostReady is how many compiled forms are kept: a visit has a few.
const mostReady = 8

// formCache keeps what was read of forms while the folder is unlocked.
type formCache struct {
	all rowCache[forms.Catalogue]

	mu    sync.Mutex
	ready map[record.ID]*readyForm
	order []record.ID // of ready, the one that was made last at the end
}

func (f *formCache) drop() {
	f.all.drop()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ready, f.order = nil, nil
}

func (f *formCache) get(id record.ID, sum [sha256.Size]byte) *readyForm {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.ready[id]; r != nil && r.sum == sum {
		return r
	}
	return nil
}

func (f *formCache) put(id record.ID, r *readyForm) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ready == nil {
		f.ready = map[record.ID]*readyForm{}
	}
	if f.ready[id] == nil {
		f.order = append(f.order, id)
	}
	f.ready[id] = r
	if len(f.order) > mostReady {
		delete(f.ready, f.order[0])
		f.order = f.order[1:]
	}
}

// readyForm gives a form by its id, or where there is none by the other, compiled. Name
// is what errors call it.
func (c *Client) readyForm(ctx context.Context, id, other record.ID, name string) (*readyForm, error) {
	var out *readyForm
	err := c.db.with(ctx, func(db *localdb.DB) error { // so that what is made is not kept after locking
		var stored storedForm
		err := db.Read(ctx, func(b *localdb.Book) (err error) {
			if stored, err = readForm(b, id); err != nil || stored.here() || other == id {
				return err
			}
			stored, err = readForm(b, other)
			return err
		})
		if err != nil {
			return err
		}
		out, err = c.compiled(stored, name)
		return err
	})
	return out, explainDisk(err)
}

func (c *Client) compiled(stored storedForm, name string) (*readyForm, error) {
	if r := c.forms.get(stored.id, stored.sum); r != nil {
		return r, nil
	}
	message, err := stored.message()
	if err != nil {
		return nil, err
	}
	if message == nil {
		return nil, rpcerr.E(NotFound, name+" is not on this device; what was answered is kept and can be read as it is",
			"Sync, and open it again.", nil)
	}
	name = fmt.Sprintf("the checklist %s version %s", message.GetCode(), message.GetVersion())
	if why := notWhole(message); why != "" {
		return nil, rpcerr.E(Unavailable, name+" has not wholly arrived, "+why+"; what was answered is kept and can be read as it is",
			"Sync until the rest is here, and open it again.", nil)
	}
	form, problems := checklist.Compile(message)
	if form == nil {
		return nil, rpcerr.E(Invalid, name+" cannot be filled: "+firstFatal(problems)+"; what was answered is kept and can be read as it is",
			"Tell the office, which mends it as a new version.", nil)
	}
	r := &readyForm{form: form, sum: stored.sum}
	c.forms.put(stored.id, r)
	return r, nil
}

// notWhole says what is still to come of a form; empty for nothing.
func notWhole(f *daylightv1.Checklist) string {
	here := len(f.GetQuestions()) + len(f.GetChoices())
	switch {
	case f.GetCode() == "" || f.GetVersion() == "":
		return "the change that makes it is not here"
	case here < int(f.GetRows()):
		return fmt.Sprintf("%d of %d rows are here", here, f.GetRows())
	}
	return ""
}

func firstFatal(problems []checklist.Problem) string {
	for _, p := range problems {
		if p.Fatal {
			return p.Error()
		}
	}
	return "something is wrong in it"
}

// storedForm is the record of a form as it is stored; without one, the form may be one
// that came with the program.
type storedForm struct {
	id    record.ID
	state []byte
	names record.Naming
	sum   [sha256.Size]byte
}

func readForm(b *localdb.Book, id record.ID) (s storedForm, err error) {
	self, err := b.Self()
	if err != nil {
		return s, err
	}
	s.id, s.names = id, namingOf(self)
	stored, err := b.View(id)
	if err != nil || stored == nil || stored.Kind != KindChecklist {
		return s, err
	}
	s.state = stored.State
	s.sum = sha256.Sum256(append(binary.BigEndian.AppendUint32(nil, s.names.Generation), s.state...))
	return s, nil
}

func (s storedForm) here() bool {
	return s.state != nil || checklist.Ships(s.id)
}

// message is the form, nil where there is none.
func (s storedForm) message() (*daylightv1.Checklist, error) {
	if s.state == nil {
		f, _ := checklist.Standing(s.id, nil, false)
		return f, nil
	}
	v := &view{kind: KindChecklist, id: s.id, names: s.names}
	var err error
	if v.state, err = fold.DecodeOwn(s.state); err != nil {
		return nil, err
	}
	m, err := v.show()
	if err != nil {
		return nil, err
	}
	f, _ := checklist.Standing(s.id, m.(*daylightv1.Checklist), v.state.Removed())
	return f, nil
}
