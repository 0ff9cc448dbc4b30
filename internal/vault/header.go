package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// header is vault.key: a few lines that a person can read. What stands before the
// wrapped key is authenticated with it.
//
//	daylight vault v1
//	id 5f0c...                              16 bytes, random
//	cost argon2id t=3 m=65536 p=4           passes, KiB, lanes
//	salt 93ab...                            16 bytes
//	keystore -                              or what the hardware made of its secret
//	key -                                   nonce, the vault's key and tag; - when destroyed
//	check 1c...                             first 8 bytes of the SHA-256 of all before it
type header struct {
	id   [16]byte
	cost Cost
	salt [saltSize]byte
	// hardware is nil where none is asked for.
	hardware []byte
	// wrapped is nil when the person's wrap was destroyed.
	wrapped []byte
}

const (
	headerBegin  = "daylight vault v"
	headerNumber = "1"
	// largestHeader and largestHardware bound what is read, in bytes.
	largestHeader   = 16 << 10
	largestHardware = 8 << 10
	wrappedSize     = overhead + keySize
)

// bound is what the wrapped key is authenticated with.
func (h header) bound() []byte {
	hardware := "-"
	if h.hardware != nil {
		hardware = base64.RawStdEncoding.EncodeToString(h.hardware)
	}
	return fmt.Appendf(nil, "%s%s\nid %x\ncost %s\nsalt %x\nkeystore %s\n", headerBegin, headerNumber, h.id, h.cost, h.salt, hardware)
}

func (h header) encode() []byte {
	wrapped := "-"
	if h.wrapped != nil {
		wrapped = hex.EncodeToString(h.wrapped)
	}
	out := fmt.Appendf(h.bound(), "key %s\n", wrapped)
	return fmt.Appendf(out, "check %x\n", checkOf(out))
}

func checkOf(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:8]
}

// parseHeader reads what encode writes, and nothing else: ErrHeader, ErrNewer, ErrCost.
func parseHeader(b []byte) (h header, err error) {
	if len(b) > largestHeader {
		return h, ErrHeader
	}
	first, _, _ := strings.Cut(string(b), "\n")
	number, ours := strings.CutPrefix(first, headerBegin)
	if n, err := strconv.ParseUint(number, 10, 16); ours && err == nil && n > 1 {
		return h, ErrNewer
	}
	lines := strings.Split(string(b), "\n")
	if !ours || number != headerNumber || len(lines) != 8 {
		return h, ErrHeader
	}
	var values [6]string
	for i, name := range []string{"id", "cost", "salt", "keystore", "key", "check"} {
		value, ok := strings.CutPrefix(lines[i+1], name+" ")
		if !ok {
			return h, ErrHeader
		}
		values[i] = value
	}
	if h.hardware, err = parseHardware(values[3]); err != nil || !parseHex(h.id[:], values[0]) || !parseHex(h.salt[:], values[2]) {
		return header{}, ErrHeader
	}
	if values[4] != "-" {
		h.wrapped = make([]byte, wrappedSize)
		if !parseHex(h.wrapped, values[4]) {
			return header{}, ErrHeader
		}
	}
	if h.cost, err = parseCost(values[1]); err != nil {
		return header{}, err
	}
	if !bytes.Equal(h.encode(), b) { // the check, and any other way of writing the same
		return header{}, ErrHeader
	}
	return h, nil
}

func parseHex(to []byte, text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(b) == len(to) && copy(to, b) == len(to)
}

func parseHardware(text string) ([]byte, error) {
	if text == "-" {
		return nil, nil
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 || len(b) > largestHardware {
		return nil, ErrHeader
	}
	return b, nil
}

func parseCost(text string) (c Cost, err error) {
	if text == ForTests.String() {
		return ForTests, nil
	}
	if n, err := fmt.Sscanf(text, "argon2id t=%d m=%d p=%d", &c.Passes, &c.MemoryKiB, &c.Threads); err != nil || n != 3 {
		if strings.HasPrefix(text, "argon2id ") { // a number beyond its type
			return c, ErrCost
		}
		return c, ErrHeader
	}
	return c, c.Check()
}
