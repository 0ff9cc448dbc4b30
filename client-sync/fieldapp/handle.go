package fieldapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"sync"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// handles name records in addresses, so that what a browser remembers of them says nothing:
// a handle is made with a key of this run of the program and leads nowhere in the next.
type handles struct {
	key [32]byte

	mu   sync.Mutex
	of   map[string]target
	most int
}

// target is what a handle leads to.
type target struct {
	kind clientsync.Kind
	id   string
}

// mostHandles bounds the table: one for each record of a large device. Beyond it a new one
// ends all others; a page that shows their records again makes them again.
const mostHandles = 1 << 16

func newHandles(random func([]byte)) *handles {
	h := &handles{of: map[string]target{}, most: mostHandles}
	random(h.key[:])
	return h
}

var handleText = base32.StdEncoding.WithPadding(base32.NoPadding)

// name gives the handle of a record, the same each time.
func (h *handles) name(kind clientsync.Kind, id string) string {
	mac := hmac.New(sha256.New, h.key[:])
	mac.Write([]byte(kind.String() + "/" + id))
	name := strings.ToLower(handleText.EncodeToString(mac.Sum(nil)[:10]))
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.of) >= h.most {
		if _, known := h.of[name]; !known {
			clear(h.of)
		}
	}
	h.of[name] = target{kind, id}
	return name
}

// find gives what a handle leads to.
func (h *handles) find(name string) (target, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.of[name]
	return t, ok
}

// forget drops all of them, when the folder is locked.
func (h *handles) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.of)
}
