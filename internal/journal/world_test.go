package journal

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// testKey is a fixed key: seed 0, 1, 2, ...
func testKey() ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	return ed25519.NewKeyFromSeed(seed)
}

// testWriter is the writer 1, 2, 3, ... 16.
func testWriter() (w fold.WriterID) {
	for i := range w {
		w[i] = byte(i + 1)
	}
	return w
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// text is a string field as the fold holds it.
func text(field int32, s string) []byte {
	b := protowire.AppendTag(nil, protowire.Number(field), protowire.BytesType)
	return protowire.AppendString(b, s)
}

// wantError fails unless err is of that kind and says so much.
func wantError(t *testing.T, err, kind error, says string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("got %v, want %v", err, kind)
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("got %q, want it to say %q", err, says)
	}
}

// flips calls do with each one-bit neighbour of b.
func flips(b []byte, do func(flipped []byte, bit int)) {
	for bit := range 8 * len(b) {
		c := append([]byte(nil), b...)
		c[bit/8] ^= 1 << (bit % 8)
		do(c, bit)
	}
}

func drawWriter(t *rapid.T) (w fold.WriterID) {
	w[15] = rapid.ByteRange(1, 5).Draw(t, "writer")
	return w
}

func drawSuperseded(t *rapid.T) (s fold.Superseded) {
	if rapid.Bool().Draw(t, "by link") {
		s.Link[0] = rapid.ByteRange(1, 255).Draw(t, "link")
		return s
	}
	seq := rapid.Uint64Range(1, uint64(MaxSeq)).Draw(t, "seq")
	s.Dot = fold.Dot{Writer: drawWriter(t), Seq: fold.Seq(seq)}
	return s
}

func drawEdit(t *rapid.T) (e fold.Edit) {
	e.Field = rapid.OneOf(rapid.Int32Range(3, 9), rapid.Int32Range(3, 1<<29-1)).Draw(t, "field")
	if e.Element = rapid.Bool().Draw(t, "element"); e.Element {
		e.Key = string(rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "key"))
	}
	if v := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "value"); len(v) > 0 {
		e.Value = v
	}
	if s := rapid.SliceOfN(rapid.Custom(drawSuperseded), 0, 4).Draw(t, "supersedes"); len(s) > 0 {
		e.Supersedes = s
	}
	return e
}

func drawRecord(t *rapid.T) (r RecordEdits) {
	r.Kind = record.Kind(rapid.OneOf(rapid.Uint32Range(1, 4), rapid.Uint32Min(1)).Draw(t, "kind"))
	r.ID[0] = rapid.ByteRange(1, 9).Draw(t, "id")
	creates := rapid.Bool().Draw(t, "creates")
	if creates {
		r.Edits = append(r.Edits, Creation(r.ID))
	}
	least := 1 - len(r.Edits)
	path := func(e fold.Edit) fold.Path { return e.Path }
	return RecordEdits{r.Kind, r.ID, append(r.Edits,
		rapid.SliceOfNDistinct(rapid.Custom(drawEdit), least, 5, path).Draw(t, "edits")...)}
}

// drawChange is any change that Check takes.
func drawChange(t *rapid.T) (c Change) {
	copy(c.Salt[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "salt"))
	c.Time = fold.Time(rapid.Uint64().Draw(t, "time"))
	id := func(r RecordEdits) record.ID { return r.ID }
	c.Records = rapid.SliceOfNDistinct(rapid.Custom(drawRecord), 1, 4, id).Draw(t, "records")
	return c
}

// wantOwnError fails unless err is an Error of a known kind.
func wantOwnError(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Text == "" {
		t.Fatalf("got %#v, want an Error with a text", err)
	}
	if e.Kind != ErrUnreadable && e.Kind != ErrTooLarge && e.Kind != ErrCertificate {
		t.Fatalf("got kind %v", e.Kind)
	}
}
