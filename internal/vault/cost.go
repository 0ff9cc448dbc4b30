package vault

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/crypto/argon2"
)

// Cost is what one try of a passphrase costs, in the terms of Argon2id (RFC 9106).
// The zero Cost stands for what Calibrate finds.
type Cost struct {
	Passes    uint32
	MemoryKiB uint32
	Threads   uint8
}

// The bounds. Below the floor (OWASP's least) guessing is too cheap; above the ceiling
// a file could stop a phone.
var (
	Least   = Cost{Passes: 2, MemoryKiB: 19 << 10, Threads: 1}
	Most    = Cost{Passes: 64, MemoryKiB: 1 << 20, Threads: 16}
	usual   = Cost{Passes: 3, MemoryKiB: 64 << 10, Threads: 4} // RFC 9106, second choice
	modest  = Cost{Passes: 4, MemoryKiB: 32 << 10, Threads: 4} // for little memory
	enough  = 700 * time.Millisecond
	littleM = int64(256 << 20)
)

// ForTests costs nothing and protects nothing. No program outside of this module can
// name it; a folder made with it says so, and opens for nobody who does not ask for it.
var ForTests = Cost{Passes: math.MaxUint32}

// Check refuses what is outside of the bounds.
func (c Cost) Check() error {
	if c.Passes < Least.Passes || c.MemoryKiB < Least.MemoryKiB || c.Threads < Least.Threads ||
		c.Passes > Most.Passes || c.MemoryKiB > Most.MemoryKiB || c.Threads > Most.Threads {
		return ErrCost
	}
	return nil
}

// String is how a key file spells it.
func (c Cost) String() string {
	if c == ForTests {
		return "none, for tests"
	}
	return fmt.Sprintf("argon2id t=%d m=%d p=%d", c.Passes, c.MemoryKiB, c.Threads)
}

// derive is 32 bytes.
func (c Cost) derive(secret, salt []byte) []byte {
	if c == ForTests {
		out := make([]byte, keySize)
		for i, b := range secret {
			out[i%keySize] ^= b + byte(i)
		}
		return out
	}
	return argon2.IDKey(secret, salt, c.Passes, c.MemoryKiB, c.Threads, keySize)
}

// Calibrate finds a cost that takes this machine at least seven tenths of a second,
// with as much memory as RFC 9106 recommends. memory is how much this process may
// have, in bytes; now is the clock.
func Calibrate(memory int64, now func() time.Time) Cost {
	c := usual
	if memory < littleM {
		c = modest
	}
	before := now()
	c.derive([]byte("how long does it take?"), make([]byte, saltSize))
	took := max(now().Sub(before), time.Millisecond)
	for passes := c.Passes; took*time.Duration(c.Passes)/time.Duration(passes) < enough && c.Passes < Most.Passes; {
		c.Passes++
	}
	return c
}
