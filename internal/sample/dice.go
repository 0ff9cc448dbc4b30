package sample

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// dice are where everything undecided comes from.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// chance is true so many times in a hundred.
func (d dice) chance(percent float64) bool { return d.Float64()*100 < percent }

// between is one of the numbers from a to b, both included.
func (d dice) between(a, b int) int {
	if b <= a {
		return a
	}
	return a + d.IntN(b-a+1)
}

// few is between for a count that is stored.
func (d dice) few(a, b int) uint32 { return uint32(d.between(a, b)) }

// one picks from what is there.
func one[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }

// weighed picks by weight, which is not negative and for one of them not 0.
func weighed[T any](d dice, of []T, weight func(T) float64) (picked T) {
	all := 0.0
	for _, x := range of {
		all += weight(x)
	}
	at := d.Float64() * all
	for _, x := range of {
		if w := weight(x); w > 0 {
			picked = x
			if at -= w; at < 0 {
				return picked
			}
		}
	}
	return picked
}

// some picks at most n different ones, in the order in which they stand.
func some[T any](d dice, n int, of ...T) (out []T) {
	for i, x := range of {
		if left := len(of) - i; d.IntN(left) < n-len(out) {
			out = append(out, x)
		}
	}
	return out
}

// id is the id of a record of the kind, or of an element in it, made at that time: a
// UUID v7, or v4 where the time must not show (RFC 9562).
func (d dice) id(k record.Kind, at time.Time) string {
	var id record.ID
	binary.BigEndian.PutUint64(id[:8], d.Uint64())
	binary.BigEndian.PutUint64(id[8:], d.Uint64())
	id[8] = id[8]&0x3f | 0x80
	if record.Undated(k) {
		id[6] = id[6]&0x0f | 0x40
		return id.String()
	}
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	return id.String()
}

// day is a date as it is stored.
func day(at time.Time) string { return at.Format(time.DateOnly) }
