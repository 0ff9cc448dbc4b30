package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	keySize  = 32
	saltSize = 16
	// overhead is what sealing adds besides the padding: nonce and tag.
	overhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead
)

// Sort is a sort of id that rows are found by.
type Sort uint8

// The sorts. A hash has two halves of its own, which never repeat.
const (
	Record Sort = iota
	Writer
	HashHead
	HashTail
	Serial
	Number
	sorts
)

// Keys seal and open the rows of one vault. They are for any number of goroutines,
// until Forget.
type Keys struct {
	random func([]byte)

	aead  cipher.AEAD
	blind [sorts]cipher.Block
	raw   []byte // the vault's key
}

// newKeys derives what the rows need. random must be good for nonces.
func newKeys(raw []byte, random func([]byte)) (*Keys, error) {
	k := &Keys{random: random, raw: raw}
	var err error
	rows := k.label("rows", 0)
	defer clear(rows) // the ciphers have copies of their own, which nobody can reach
	if k.aead, err = chacha20poly1305.NewX(rows); err != nil {
		return nil, err
	}
	for s := range sorts {
		ids := k.label("blind", byte(s))
		defer clear(ids)
		if k.blind[s], err = aes.NewCipher(ids); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func (k *Keys) label(what string, n byte) []byte {
	key, err := hkdf.Expand(sha256.New, k.raw, "daylight/v1 vault "+what+string(rune('0'+n)), keySize)
	if err != nil {
		panic(err) // for lengths that are not ours
	}
	return key
}

// Forget overwrites what can be reached. Nothing may be sealed or opened afterwards.
func (k *Keys) Forget() {
	clear(k.raw)
	k.aead, k.blind = nil, [sorts]cipher.Block{}
}

// Place is where content stands. What is sealed in one place opens in no other.
type Place struct {
	// Table and Column name it; ID is the row's.
	Table, Column string
	ID            []byte
	// Beside is whatever else stands in the row and must not be changed without it.
	Beside []byte
}

// appendTo spells the place, each part behind its length.
func (p Place) appendTo(b []byte) []byte {
	b = append(b, "daylight/v1 row"...)
	b = append(append(b, byte(len(p.Table))), p.Table...)
	b = append(append(b, byte(len(p.Column))), p.Column...)
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(p.ID))), p.ID...)
	return append(b, p.Beside...)
}

// Seal gives what is stored for the content. Sealed twice, it differs.
func (k *Keys) Seal(p Place, content []byte) []byte {
	size := Padded(len(content))
	out := make([]byte, chacha20poly1305.NonceSizeX+size, overhead+size)
	nonce, text := out[:chacha20poly1305.NonceSizeX], out[chacha20poly1305.NonceSizeX:]
	k.random(nonce)
	copy(text, content)
	text[len(content)] = endMark // and zeros, ISO 7816-4
	var room [192]byte
	return k.aead.Seal(nonce, nonce, text, p.appendTo(room[:0]))
}

// Open gives the content, or ErrAltered. stored is left as it is.
func (k *Keys) Open(p Place, stored []byte) ([]byte, error) {
	if len(stored) < overhead+1 {
		return nil, ErrAltered
	}
	var room [192]byte
	text, err := k.aead.Open(make([]byte, 0, len(stored)-overhead), stored[:chacha20poly1305.NonceSizeX], stored[chacha20poly1305.NonceSizeX:], p.appendTo(room[:0]))
	if err != nil {
		return nil, ErrAltered
	}
	end := len(text) - 1
	for end >= 0 && text[end] == 0 {
		end--
	}
	if end < 0 || text[end] != endMark {
		return nil, ErrAltered
	}
	return text[:end:end], nil
}

const (
	endMark  = 0x80
	smallest = 64 // bytes of padded content
)

// Padded is the length that a content of n bytes is padded to: 64, 128, ... and from
// there on a length of which only the first bits differ, at most 12 % more (Padmé,
// Nikitin et al. 2019).
func Padded(n int) int {
	n++ // for the mark
	if n <= smallest {
		return smallest
	}
	e := bits.Len(uint(n)) - 1
	free := e - bits.Len(uint(e))
	mask := 1<<max(free, bits.Len(smallest)-1) - 1
	return (n + mask) &^ mask
}

// Blind gives what stands for the id in a row.
func (k *Keys) Blind(s Sort, id [16]byte) (out [16]byte) {
	k.blind[s].Encrypt(out[:], id[:])
	return out
}

// Unblind undoes it.
func (k *Keys) Unblind(s Sort, blind [16]byte) (id [16]byte) {
	k.blind[s].Decrypt(id[:], blind[:])
	return id
}

// BlindHash gives what stands for a hash, or a key, which are random by themselves.
func (k *Keys) BlindHash(h [32]byte) (out [32]byte) {
	k.blind[HashHead].Encrypt(out[:16], h[:16])
	k.blind[HashTail].Encrypt(out[16:], h[16:])
	return out
}

// UnblindHash undoes it.
func (k *Keys) UnblindHash(b [32]byte) (h [32]byte) {
	k.blind[HashHead].Decrypt(h[:16], b[:16])
	k.blind[HashTail].Decrypt(h[16:], b[16:])
	return h
}
