package fieldapp

import (
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// drafts are records that a page has begun, with what is known of them from where they were
// begun, and that nobody has saved yet. They are gone with the run and with the lock:
// nothing was typed in them.
type drafts struct {
	mu    sync.Mutex
	of    map[string]clientsync.Message
	order []string
}

const mostDrafts = 256

// begin makes a record that is saved with the first thing that is typed, and gives its
// address.
func (t *turn) begin(m clientsync.Message) string {
	kind := kindOf(m)
	id := t.client.NewID(kind)
	r := m.ProtoReflect()
	r.Set(r.Descriptor().Fields().ByName("id"), protoreflect.ValueOfString(id))
	t.drafts.add(id, m)
	return t.href(kind, id)
}

func (d *drafts) add(id string, m clientsync.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.order) >= mostDrafts {
		delete(d.of, d.order[0])
		d.order = slices.Delete(d.order, 0, 1)
	}
	d.of[id] = m
	d.order = append(d.order, id)
}

func (d *drafts) find(id string) clientsync.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.of[id]; m != nil {
		return proto.Clone(m).(clientsync.Message)
	}
	return nil
}

func (d *drafts) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.of)
	d.order = nil
}

// kindOf is the kind of a message; 0 for one that is no record.
func kindOf(m clientsync.Message) clientsync.Kind {
	for _, k := range clientsync.Kinds() {
		if clientsync.New(k).ProtoReflect().Descriptor() == m.ProtoReflect().Descriptor() {
			return k
		}
	}
	return 0
}
