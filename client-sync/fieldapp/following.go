package fieldapp

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// A page that goes away cannot wait for the answer to what it has just sent, and sends the
// rest against the record as it knew it. That is no change of another window: the script
// names its form and counts what it sends, and what follows is laid over what the one before
// it has saved. One that comes late, after another that held its words too, is passed over.

// Names of controls of the script.
const (
	windowField = "_window"
	countField  = "_n"
)

// following is what forms in open windows have saved last, by their names.
type following struct {
	mu    sync.Mutex
	last  map[string]*followed
	order []string
}

// followed is what one form has saved.
type followed struct {
	n int
	// over are the records that it was shown before, as hashes of what its hidden control
	// held; now is what stands since.
	over [][32]byte
	now  string
}

const (
	mostFollowed = 16
	mostOver     = 8
)

func newFollowing() *following { return &following{last: map[string]*followed{}} }

// inTurn lets one save after another run, and gives each what it follows.
func (t *turn) inTurn(f *look.Form, do func() error) error {
	window := f.Value(windowField)
	n, err := strconv.Atoi(f.Value(countField))
	if !t.fromScript() || window == "" || err != nil {
		return do()
	}
	t.follow.mu.Lock()
	defer t.follow.mu.Unlock()
	as := f.Value(recordpage.AsField)
	if last := t.follow.last[window]; last != nil {
		if n <= last.n {
			return t.json(http.StatusOK, scriptAnswer{Late: true})
		}
		if slices.Contains(last.over, sha256.Sum256([]byte(as))) {
			f.Put(recordpage.AsField, last.now)
		}
	}
	err = do()
	if t.saved != "" { // also when the answer could not be made
		t.follow.note(window, n, as, t.saved)
	}
	return err
}

// note remembers what a form has saved; mu is held.
func (o *following) note(window string, n int, as, now string) {
	last := o.last[window]
	if last == nil {
		if len(o.order) >= mostFollowed {
			delete(o.last, o.order[0])
			o.order = slices.Delete(o.order, 0, 1)
		}
		last = &followed{now: as}
		o.last[window], o.order = last, append(o.order, window)
	}
	last.over = append(last.over, sha256.Sum256([]byte(as)), sha256.Sum256([]byte(last.now)))
	last.over = last.over[max(0, len(last.over)-mostOver):]
	last.n, last.now = n, now
}

// forget drops all of it, when the folder is locked.
func (o *following) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.last)
	o.order = nil
}
