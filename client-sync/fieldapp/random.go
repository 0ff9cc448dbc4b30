package fieldapp

import (
	"crypto/rand"
	"io"
)

var systemRandom = rand.Reader

// filler reads random bytes, from the system where no source is given.
func filler(r io.Reader) func([]byte) {
	if r == nil {
		r = systemRandom
	}
	return func(b []byte) {
		if _, err := io.ReadFull(r, b); err != nil {
			panic(err) // a source without bytes is a mistake of whoever gave it
		}
	}
}
