package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// pageOf is everything that a page token must not be used across: what is listed
// and how it is filtered.
type pageOf []any

const tokenVersion = 1

// at is the token of the page behind the row with this number.
func (p pageOf) at(number int64) string {
	b := append([]byte{tokenVersion}, p.hash()...)
	return base64.RawURLEncoding.EncodeToString(binary.AppendVarint(b, number))
}

// parse reads a token; an empty one is 0. ErrBadToken for one of another query.
func (p pageOf) parse(token string) (int64, error) {
	if token == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	head := append([]byte{tokenVersion}, p.hash()...)
	if err != nil || len(b) <= len(head) || string(b[:len(head)]) != string(head) {
		return 0, ErrBadToken
	}
	number, n := binary.Varint(b[len(head):])
	if n != len(b)-len(head) || number <= 0 {
		return 0, ErrBadToken
	}
	return number, nil
}

func (p pageOf) hash() []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", []any(p)))
	return sum[:8]
}
