package directory

import "sync"

// maxCallers bounds the memory; beyond it, remembering begins anew.
const maxCallers = 10_000

// callers remembers who showed a good token since the directory last changed: the
// folder belongs to one process, so nobody else can have changed it.
type callers struct {
	mu         sync.Mutex
	all        map[Hash]*Caller
	generation uint64 // of the directory
}

// get gives who it is, nil when that is not known, and which directory said so.
func (c *callers) get(h Hash) (*Caller, uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[h], c.generation
}

// put remembers who it is, unless the directory has changed since that was found.
func (c *callers) put(h Hash, who *Caller, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	if c.all == nil || len(c.all) >= maxCallers {
		c.all = map[Hash]*Caller{}
	}
	c.all[h] = who
}

func (c *callers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all, c.generation = nil, c.generation+1
}
