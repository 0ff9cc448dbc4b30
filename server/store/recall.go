package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/daylight-npm/daylight/internal/record"
)

// What a whole office adds up to is asked for by everybody and changes seldom: the answer is
// kept until a record of a kind that it counts has moved. Only this process writes, so that
// nothing moves unseen.

// kindSet is a set of kinds of records.
type kindSet uint32

const allKinds = ^kindSet(0)

func (s kindSet) with(kinds ...record.Kind) kindSet {
	for _, k := range kinds {
		if k < 32 {
			s |= 1 << k
		}
	}
	return s
}

// recalls are the answers that are kept. Its methods may be called from any goroutine.
type recalls struct {
	mu    sync.Mutex
	times [32]uint64 // how often each kind has moved
	kept  map[string]*recalled
}

// recalled is one answer, as it was when its kinds had moved so often.
type recalled struct {
	mu     sync.Mutex // held while it is made: others wait instead of making it too
	at     uint64     // one more than that; 0: there is none
	answer any
}

// maxRecalls bounds the memory; beyond it keeping begins anew. Answers of more than mostKept
// rows are not kept.
const (
	maxRecalls = 128
	mostKept   = 1000
)

// moved says that records of the kinds may have changed.
func (r *recalls) moved(kinds kindSet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k := range r.times {
		if kinds&(1<<k) != 0 {
			r.times[k]++
		}
	}
}

// sum is how often records of the kinds have moved. r.mu is held.
func (r *recalls) sum(kinds kindSet) (sum uint64) {
	for k, n := range r.times {
		if kinds&(1<<k) != 0 {
			sum += n
		}
	}
	return sum
}

// find gives the place of an answer, and how often its kinds have moved.
func (r *recalls) find(key string, kinds kindSet) (one *recalled, sum uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum = r.sum(kinds)
	if one = r.kept[key]; one == nil {
		if r.kept == nil || len(r.kept) >= maxRecalls {
			r.kept = map[string]*recalled{}
		}
		one = &recalled{}
		r.kept[key] = one
	}
	return one, sum
}

// recall gives what ask answers, or what it answered when last a record of one of the kinds
// moved. Whoever has the same sight shares it, so it must not be changed. Whose sight is
// narrow sees another part also when a team or a place moves.
func recall[T any](ctx context.Context, d *Desk, what string, kinds kindSet, ask func(context.Context) (T, error)) (T, error) {
	sight, whole := d.caller.Sight.sign(kinds)
	if !whole {
		kinds = allKinds
	}
	one, sum := d.recalls.find(what+"\x00"+sight, kinds)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.at == sum+1 {
		return one.answer.(T), nil
	}
	answer, err := ask(ctx)
	if err == nil && rowsOf(answer) <= mostKept {
		one.at, one.answer = sum+1, answer
	}
	return answer, err
}

// rowsOf counts the rows of an answer; 1 for one that has none.
func rowsOf(answer any) int {
	if v := reflect.ValueOf(answer); v.Kind() == reflect.Slice {
		return v.Len()
	}
	return 1
}

// recallRows is recall for rows, which may be changed: everybody has their own.
func recallRows[F any](ctx context.Context, d *Desk, what string, kinds kindSet, ask func(context.Context) ([]F, error)) ([]F, error) {
	all, err := recall(ctx, d, what, kinds, ask)
	return slices.Clone(all), err
}

// sign says how far the sight goes among the kinds; whole: as far as can be, or not at all.
func (s *Sight) sign(kinds kindSet) (sign string, whole bool) {
	if s == everything {
		return "", true
	}
	var b strings.Builder
	whole = true
	for _, k := range record.Kinds() {
		if kinds&(kindSet(0).with(k)) == 0 {
			continue
		}
		reach := s.reach(k)
		holders := slices.Clone(reach.Holders)
		slices.Sort(holders)
		fmt.Fprintf(&b, "%d %t %x;", k, reach.All, holders)
		whole = whole && len(holders) == 0
	}
	return b.String(), whole
}
