package bundle

import (
	"bytes"
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestRearrangedFramesAreRefused is somebody who can read the bundle, and makes
// another one of its parts without the key that signed it.
func TestRearrangedFramesAreRefused(t *testing.T) {
	reader := newIdentity(t)
	file := write(t, sampleHeader(toTeam), []string{reader.Recipient()}, sampleFrames(toTeam, 4)...)
	all := messages(t, contentOf(t, file, reader))
	last := len(all) - 1 // header, 4 frames, end
	if _, err := takeBytes(lock(t, reader, around(t, joined(all...))), reader); err != nil {
		t.Fatal("locked again as it was, it is refused:", err)
	}
	otherHeader := sampleHeader(toTeam)
	otherHeader.MadeMS++
	encoded, err := otherHeader.encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(m [][]byte) [][]byte{
		"two swapped":       func(m [][]byte) [][]byte { m[1], m[2] = m[2], m[1]; return m },
		"one twice":         func(m [][]byte) [][]byte { return slices.Insert(m, 2, m[1]) },
		"one missing":       func(m [][]byte) [][]byte { return slices.Delete(m, 2, 3) },
		"all missing":       func(m [][]byte) [][]byte { return slices.Delete(m, 1, last) },
		"another header":    func(m [][]byte) [][]byte { m[0] = encoded; return m },
		"one of his own":    func(m [][]byte) [][]byte { m[1] = marshal(t, sampleFrame(toTeam, 9, 20)); return m },
		"two joined to one": func(m [][]byte) [][]byte { return slices.Delete(m, 1, 3) },
	} {
		for count, fix := range map[string]bool{"": false, ", the count put right": true} {
			t.Run(name+count, func(t *testing.T) {
				changed := do(slices.Clone(all))
				if fix {
					changed[len(changed)-1] = withCount(t, changed[len(changed)-1], len(changed)-2)
				}
				got, err := takeBytes(lock(t, reader, around(t, joined(changed...))), reader)
				wantNothingTaken(t, got, err)
				if fix {
					wantError(t, err, ErrSignature, "not made by whom it names")
				}
			})
		}
	}
}

func withCount(t testing.TB, end []byte, frames int) []byte {
	t.Helper()
	f, err := decodeEnd(end)
	if err != nil {
		t.Fatal(err)
	}
	b, err := encodeEnd(uint64(frames), f.GetSignature())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// longLength has a zero in front of the number, as it were.
func longLength(m []byte) []byte {
	b := protowire.AppendVarint(nil, uint64(len(m)))
	b[len(b)-1] |= 0x80
	return append(append(b, 0), m...)
}

func field(num protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), b)
}

// malformedContents are, below age and zstd, what only a hostile or a broken program
// makes. All are signed where there is anything to sign.
func malformedContents(t testing.TB) map[string][]byte {
	t.Helper()
	header, frame := encodedHeader(t, toTeam), marshal(t, sampleFrame(toTeam, 1, 20))
	request := marshal(t, sampleFrame(toOffice, 1, 20))
	good := signedAll(t, header, frame)
	end := endOver(t, joined(header, frame), 1)
	changed := func(do func(*daylightv1.BundleHeader)) []byte {
		var p daylightv1.BundleHeader
		if err := proto.Unmarshal(header, &p); err != nil {
			t.Fatal(err)
		}
		do(&p)
		return signedAll(t, marshal(t, &p), frame)
	}
	return map[string][]byte{
		"nothing":                    {},
		"a header alone":             joined(header),
		"no header":                  signedAll(t, frame),
		"no end":                     joined(header, frame),
		"cut in a frame":             good[:len(header)+10],
		"cut in the end":             good[:len(good)-1],
		"an end too many":            append(slices.Clone(good), joined(end)...),
		"a byte behind":              append(slices.Clone(good), 0),
		"a frame behind":             append(slices.Clone(good), joined(frame)...),
		"a frame of another purpose": signedAll(t, header, frame, request),
		"an empty frame":             signedAll(t, header, []byte{}, frame),
		"a frame nobody knows":       signedAll(t, header, field(5, []byte("x"))),
		"two fields in a frame":      signedAll(t, header, append(slices.Clone(frame), request...)),
		"the same field twice":       signedAll(t, header, append(slices.Clone(frame), frame...)),
		"a field behind the frame":   signedAll(t, header, append(slices.Clone(frame), 0x28, 1)),
		"a number for a frame":       signedAll(t, header, []byte{0x10, 1}),
		"an unreadable frame":        signedAll(t, header, field(2, []byte{0x0a, 0x7f})),
		"an unreadable entry":        signedAll(t, header, field(2, field(6, []byte{0x0a, 0x7f}))),
		"a field number too large":   signedAll(t, header, field(2, append(protowire.AppendVarint(nil, 1<<33|2), 0))),
		"too many pieces":            signedAll(t, header, marshal(t, &daylightv1.BundleFrame{Batch: &daylightv1.Batch{Entries: entries(maxPieces + 1)}})),
		"a frame too long":           signedAll(t, header, field(2, make([]byte, MaxFrame))),
		"a huge length":              append(joined(header), binary.AppendUvarint(nil, 1<<62)...),
		"a length of eleven bytes":   append(joined(header), bytes.Repeat([]byte{0xff}, 11)...),
		"a length written long":      append(joined(header), longLength(frame)...),
		"an end's length so":         append(joined(header, frame), longLength(end)...),
		"a header too long":          signedAll(t, field(15, make([]byte, maxHeader)), frame),
		"a wrong count":              append(joined(header, frame), joined(endOver(t, joined(header, frame), 2))...),
		"an end with more in it":     append(joined(header, frame), joined(field(4, append(slices.Clone(end[2:]), 0x18, 1)))...),
		"an end that is empty":       append(joined(header, frame), joined(field(4, nil))...),
		"an unreadable header":       signedAll(t, []byte{0x0a, 0x7f}, frame),
		"a short id":                 changed(func(h *daylightv1.BundleHeader) { h.Id = h.Id[1:] }),
		"a long id":                  changed(func(h *daylightv1.BundleHeader) { h.Id = append(h.Id, 1) }),
		"an id of zeros":             changed(func(h *daylightv1.BundleHeader) { h.Id = make([]byte, 16) }),
		"no purpose":                 changed(func(h *daylightv1.BundleHeader) { h.Purpose = 0 }),
		"a purpose nobody knows":     changed(func(h *daylightv1.BundleHeader) { h.Purpose = 9 }),
		"no certificate":             changed(func(h *daylightv1.BundleHeader) { h.Certificate = nil }),
		"a broken certificate":       changed(func(h *daylightv1.BundleHeader) { h.Certificate.Signature[0]++ }),
		"an answer with certificate": changed(func(h *daylightv1.BundleHeader) { h.Purpose = toDevice }),
		"a device's key":             changed(func(h *daylightv1.BundleHeader) { h.DeviceKey = make([]byte, 32) }),
		"it answers 3 bytes":         changed(func(h *daylightv1.BundleHeader) { h.Answers = []byte{1, 2, 3} }),
	}
}

func TestWhatWasMadeWronglyIsRefused(t *testing.T) {
	reader := newIdentity(t)
	for name, content := range malformedContents(t) {
		t.Run(name, func(t *testing.T) {
			file := lock(t, reader, around(t, content))
			got, err := takeBytes(file, reader)
			wantNothingTaken(t, got, err)
			e := wantError(t, err, ErrDamaged, "was made wrongly: ")
			if e.Offset < 1 || e.Offset > int64(len(file)) {
				t.Errorf("got offset %d of %d", e.Offset, len(file))
			}
		})
	}
}

// malformedPlaintexts are, below age, what zstd makes of a good content and what
// does not belong there.
func malformedPlaintexts(t testing.TB) map[string][]byte {
	t.Helper()
	good := around(t, signedAll(t, encodedHeader(t, toTeam), marshal(t, sampleFrame(toTeam, 1, 20))))
	begin, pressed := good[:len(begins):len(begins)], good[len(begins):]
	skipped := append([]byte{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0}, "note"...)
	return map[string][]byte{
		"no zstd":                begin,
		"not zstd":               append(begin, bytes.Repeat([]byte("x"), 100)...),
		"a byte behind":          append(bytes.Clone(good), 0),
		"a frame of zstd behind": append(bytes.Clone(good), press(t, []byte("x"))...),
		"an empty one behind":    append(bytes.Clone(good), 0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0),
		"one to skip behind":     append(bytes.Clone(good), skipped...),
		"one to skip before":     slices.Concat(begin, skipped, pressed),
		"another bundle behind":  append(bytes.Clone(good), good...),
		"cut off":                good[:len(good)-1],
		"a huge window":          append(begin, 0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0),
		"a huge single segment":  append(begin, 0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x40, 1, 0, 0),
		"a reserved block":       append(begin, 0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, 7, 0, 0),
	}
}

func TestNothingRidesAlongWithTheCompression(t *testing.T) {
	reader := newIdentity(t)
	for name, plaintext := range malformedPlaintexts(t) {
		t.Run(name, func(t *testing.T) {
			got, err := takeBytes(lock(t, reader, plaintext), reader)
			wantNothingTaken(t, got, err)
			says := "was made wrongly: "
			if strings.HasPrefix(name, "a huge ") {
				says += "its compression asks for too much memory"
			}
			wantError(t, err, ErrDamaged, says)
		})
	}
}

func TestTextIsUTF8(t *testing.T) {
	person := func(name string) []byte {
		const answer, response, asked, called = 3, 3, 16, 2
		return field(answer, field(response, field(asked, field(called, []byte(name)))))
	}
	for name, good := range map[string]bool{"Monitor A": true, "\xff": false} {
		var f daylightv1.BundleFrame
		if err := proto.Unmarshal(person(name), &f); (err == nil) != good {
			t.Fatalf("%q: this test looks at the wrong field: %v", name, err)
		}
		if err := checkFrame(person(name), toDevice); (err == nil) != good {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

// allocated is how many bytes do takes from the heap, given back or not.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestBombIsBounded measures everything that is ever allocated, not only what is
// held at a time.
func TestBombIsBounded(t *testing.T) {
	reader := newIdentity(t)
	header := joined(encodedHeader(t, toTeam))
	zeros := make([]byte, 64<<20)
	empties := joined(marshal(t, &daylightv1.BundleFrame{Batch: &daylightv1.Batch{Entries: entries(MaxFrame/2 - 10)}}))
	for name, plaintext := range map[string][]byte{
		"a length of 2^62":         around(t, append(bytes.Clone(header), binary.AppendUvarint(nil, 1<<62)...)),
		"the largest length":       around(t, append(bytes.Clone(header), binary.AppendUvarint(nil, MaxFrame)...)),
		"zeros":                    around(t, append(bytes.Clone(header), zeros...)),
		"zeros for a header":       around(t, zeros),
		"a frame of zeros":         around(t, append(bytes.Clone(header), joined(field(2, zeros))...)),
		"two million empty pieces": around(t, slices.Concat(header, empties)),
		"as many small frames":     around(t, append(bytes.Clone(header), bytes.Repeat([]byte{2, 0x12, 0}, 1<<20)...)),
		"a huge window":            malformedPlaintexts(t)["a huge window"],
		"a huge single segment":    malformedPlaintexts(t)["a huge single segment"],
	} {
		t.Run(name, func(t *testing.T) {
			file := lock(t, reader, plaintext)
			cost := allocated(func() {
				got, err := takeBytes(file, reader)
				wantNothingTaken(t, got, err)
			})
			t.Logf("a file of %d KiB costs %d KiB", len(file)>>10, cost>>10)
			if cost > 8<<20 {
				t.Errorf("it costs %d bytes", cost)
			}
		})
	}
}

// TestVerifyDecodesNoFrame: what is not signed by somebody known is only measured.
func TestVerifyDecodesNoFrame(t *testing.T) {
	reader := newIdentity(t)
	f := &daylightv1.BundleFrame{Batch: &daylightv1.Batch{Entries: entries(maxPieces)}}
	file := write(t, sampleHeader(toTeam), []string{reader.Recipient()}, f, f, f, f, f, f, f, f)
	b, err := Open(bytes.NewReader(file), reader)
	if err != nil {
		t.Fatal(err)
	}
	cost := allocated(func() {
		if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
			t.Error(err)
		}
	})
	if cost > 8<<20 {
		t.Errorf("it costs %d bytes", cost)
	}
}
