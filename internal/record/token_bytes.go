package record

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/daylight-npm/daylight/internal/fold"
)

// tokenVersion is the first byte of a token; readers refuse another.
const tokenVersion = 2

// What a path's flag byte says.
const (
	flagElement = 1 << iota
	flagUUID    // the key is a UUID, packed into 16 bytes
	flagSame    // one dot, that of the path before
	flagMany    // not one dot: their number follows
	flagsKnown  = 1<<iota - 1
)

// Encode writes the token. Equal tokens are equal bytes.
//
//	version kind id generation clock #writers writer*16 path*
//	path = field-delta flags [key] [#dots] ([writer-index seq] hash*8)*
func (t *Token) Encode() []byte {
	out := make([]byte, 0, 64+len(t.Paths)*14)
	out = append(out, tokenVersion)
	out = binary.AppendUvarint(out, uint64(t.Kind))
	out = append(out, t.ID[:]...)
	out = binary.AppendUvarint(out, uint64(t.Generation))
	out = binary.AppendUvarint(out, uint64(t.Clock))
	writers := t.writers()
	out = binary.AppendUvarint(out, uint64(len(writers)))
	for _, w := range writers {
		out = append(out, w[:]...)
	}
	var field int32
	var last fold.Dot
	for _, p := range t.Paths {
		out = binary.AppendUvarint(out, uint64(p.Field-field))
		field = p.Field
		out = appendSeen(out, p, writers, &last)
	}
	return out
}

func appendSeen(out []byte, p SeenPath, writers []fold.WriterID, last *fold.Dot) []byte {
	same := len(p.Dots) == 1 && p.Dots[0].Dot == *last
	id, isID := packKey(p.Path)
	out = append(out, pathFlags(p, same, isID))
	if isID {
		out = append(out, id[:]...)
	} else if p.Element {
		out = binary.AppendUvarint(out, uint64(len(p.Key)))
		out = append(out, p.Key...)
	}
	if len(p.Dots) != 1 {
		out = binary.AppendUvarint(out, uint64(len(p.Dots)))
	}
	for _, d := range p.Dots {
		if !same {
			i := slices.Index(writers, d.Writer)
			out = binary.AppendUvarint(out, uint64(i))
			out = binary.AppendUvarint(out, uint64(d.Seq))
		}
		out = append(out, d.Hash[:]...)
		*last = d.Dot
	}
	return out
}

func pathFlags(p SeenPath, same, isID bool) (f byte) {
	if p.Element {
		f |= flagElement
	}
	if isID {
		f |= flagUUID
	}
	if same {
		f |= flagSame
	}
	if len(p.Dots) != 1 {
		f |= flagMany
	}
	return f
}

func packKey(p fold.Path) (uuid.UUID, bool) {
	if !p.Element || !isUUID(p.Key) {
		return uuid.UUID{}, false
	}
	id, err := uuid.Parse(p.Key)
	return id, err == nil
}

// writers lists the writers in the order in which they come up.
func (t *Token) writers() (out []fold.WriterID) {
	for _, p := range t.Paths {
		for _, d := range p.Dots {
			if !slices.Contains(out, d.Writer) {
				out = append(out, d.Writer)
			}
		}
	}
	return out
}

var errToken = errors.New("this is not a token of what was seen")

// ParseToken reads a token. What a caller sends as one may be anything: it takes
// no more memory than a few times its length.
func ParseToken(b []byte) (*Token, error) {
	r := reader{b: b}
	if r.byte() != tokenVersion {
		return nil, errToken
	}
	t := r.head()
	n := r.count(16)
	writers := make([]fold.WriterID, n)
	for i := range writers {
		copy(writers[i][:], r.take(16))
	}
	var last fold.Dot
	var before fold.Path
	for len(r.b) > 0 && !r.bad {
		p := r.path(before.Field, writers, &last)
		if len(t.Paths) > 0 && before.Compare(p.Path) >= 0 {
			return nil, errToken
		}
		t.Paths, before = append(t.Paths, p), p.Path
	}
	if r.bad || !t.Kind.Valid() {
		return nil, errToken
	}
	return t, nil
}

// ClockOf is when a token was made; 0 for no token, and for what is none.
func ClockOf(token []byte) fold.Time {
	r := reader{b: token}
	if r.byte() != tokenVersion {
		return 0
	}
	if t := r.head(); !r.bad {
		return t.Clock
	}
	return 0
}

// reader takes a token apart; after the first fault bad stays set.
type reader struct {
	b   []byte
	bad bool
}

// head reads what stands before the writers.
func (r *reader) head() *Token {
	t := &Token{Kind: Kind(r.uint32())}
	copy(t.ID[:], r.take(16))
	t.Generation, t.Clock = r.uint32(), fold.Time(r.uvarint())
	return t
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.b) {
		r.bad = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if r.bad || n <= 0 || n > 1 && r.b[n-1] == 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) uint32() uint32 {
	v := r.uvarint()
	if v > 1<<32-1 {
		r.bad = true
		return 0
	}
	return uint32(v)
}

// count reads a number of things that take at least size bytes each.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.b)/size) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) path(field int32, writers []fold.WriterID, last *fold.Dot) (p SeenPath) {
	delta := r.uvarint()
	if delta > 1<<29 || int64(field)+int64(delta) >= 1<<29 {
		r.bad = true
		return p
	}
	p.Field = field + int32(delta)
	flags := r.byte()
	p.Element = flags&flagElement != 0
	r.key(&p.Path, flags)
	n := 1
	if flags&flagMany != 0 {
		n = r.count(len(Hash{}))
	}
	for range n {
		d := *last
		if flags&flagSame == 0 {
			d = r.dot(writers)
		}
		sd := SeenDot{Dot: d}
		copy(sd.Hash[:], r.take(len(sd.Hash)))
		p.Dots = append(p.Dots, sd)
		*last = d
	}
	if p.Field == 0 || flags&^flagsKnown != 0 || flags&flagMany != 0 && (n == 1 || flags&flagSame != 0) {
		r.bad = true
	}
	return p
}

func (r *reader) key(p *fold.Path, flags byte) {
	switch {
	case flags&flagUUID != 0:
		id, err := uuid.FromBytes(r.take(16))
		if err != nil || !p.Element {
			r.bad = true
		}
		p.Key = id.String()
	case p.Element:
		p.Key = string(r.take(r.count(1)))
	}
}

func (r *reader) dot(writers []fold.WriterID) (d fold.Dot) {
	i := r.uvarint()
	if i >= uint64(len(writers)) {
		r.bad = true
		return d
	}
	return fold.Dot{Writer: writers[i], Seq: fold.Seq(r.uvarint())}
}
