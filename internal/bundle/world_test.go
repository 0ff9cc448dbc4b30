package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	toOffice = daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE
	toTeam   = daylightv1.BundlePurpose_BUNDLE_PURPOSE_TEAM
	toDevice = daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER
)

// readerSecret is of whom the file in testdata is for.
const readerSecret = "AGE-SECRET-KEY-1ZH60VHJZJQ9N78YWJ3A6T8DGTKQ8RQTAJJJ4LGNYL9PD039R8NUQE80UWE"

func keyNumber(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func publicNumber(n byte) ed25519.PublicKey { return keyNumber(n).Public().(ed25519.PublicKey) }

// maker signs the bundles of these tests.
const maker = 1

func sign(message []byte) []byte { return ed25519.Sign(keyNumber(maker), message) }

func newIdentity(t testing.TB) Identity {
	t.Helper()
	i, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func sampleHeader(purpose daylightv1.BundlePurpose) Header {
	h := Header{ID: ID{1, 2, 3}, Purpose: purpose, MadeMS: 1_790_000_000_000, Epoch: []byte("epoch")}
	if purpose == toDevice {
		h.DeviceKey, h.Answers = publicNumber(7), ID{9}
	} else {
		h.Certificate = journal.NewDevelopment(keyNumber(maker), journal.Serial{9}, "Monitor A", "tablet 1")
	}
	return h
}

// sampleBatch is sealed and has one entry of that many bytes that do not compress.
func sampleBatch(n, size int) *daylightv1.Batch {
	writer := fold.WriterID{byte(n), 1}
	payload := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(payload)
	b := journal.Batch{
		Writer: writer, FirstSeq: 1, Previous: journal.Genesis(writer),
		Payloads: [][]byte{payload}, Serial: journal.Serial{9},
	}
	b.Seal = journal.Seal(keyNumber(maker), writer, 1, b.Links()[0])
	return b.ToProto()
}

func sampleFrame(purpose daylightv1.BundlePurpose, n, size int) *daylightv1.BundleFrame {
	batch := sampleBatch(n, size)
	head := &daylightv1.Head{Writer: batch.Writer, Seq: uint64(n), Link: batch.PreviousLink}
	switch purpose {
	case toOffice:
		return &daylightv1.BundleFrame{Request: &daylightv1.SyncRequest{
			Epoch: []byte("epoch"), Batches: []*daylightv1.Batch{batch}, Own: head, MoreOwn: n > 1,
		}}
	case toTeam:
		return &daylightv1.BundleFrame{Batch: batch}
	}
	return &daylightv1.BundleFrame{Answer: &daylightv1.BundleAnswer{
		Pushed:   []*daylightv1.Head{head},
		Response: &daylightv1.SyncResponse{States: []*daylightv1.RecordState{{Kind: 1, Id: batch.Writer, State: batch.Entries[0].Payload}}},
	}}
}

func sampleFrames(purpose daylightv1.BundlePurpose, n int) (frames []*daylightv1.BundleFrame) {
	for i := range n {
		frames = append(frames, sampleFrame(purpose, i+1, 20))
	}
	return frames
}

func write(t testing.TB, h Header, to []string, frames ...*daylightv1.BundleFrame) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := Create(&file, h, to, sign)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Put(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// smallBundle is for the team, with two frames.
func smallBundle(t testing.TB, to Identity) []byte {
	t.Helper()
	return write(t, sampleHeader(toTeam), []string{to.Recipient()}, sampleFrames(toTeam, 2)...)
}

// take is what a careful caller does: all of the frames, or none and why.
func take(file io.ReadSeeker, key ed25519.PublicKey, identities ...Identity) (frames []*daylightv1.BundleFrame, err error) {
	b, err := Open(file, identities...)
	if err != nil {
		return nil, err
	}
	if err := b.Verify(context.Background(), key); err != nil {
		for f, err := range b.Frames(context.Background()) {
			if f != nil || err == nil {
				return nil, errors.New("a bundle that is refused gives out frames")
			}
		}
		return nil, err
	}
	for f, err := range b.Frames(context.Background()) {
		if err != nil {
			return frames, err
		}
		frames = append(frames, f)
	}
	return frames, nil
}

func takeBytes(file []byte, by Identity) ([]*daylightv1.BundleFrame, error) {
	return take(bytes.NewReader(file), publicNumber(maker), by)
}

func wantFrames(t testing.TB, got, want []*daylightv1.BundleFrame) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d frames, want %d", len(got), len(want))
	}
	for i := range want {
		if !proto.Equal(got[i], want[i]) {
			t.Errorf("frame %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

// wantError fails unless err is for a person, of that kind and says so much.
func wantError(t testing.TB, err, kind error, says string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Fatalf("got %v, want %v", err, kind)
	}
	if !strings.Contains(e.Message, says) {
		t.Errorf("got %q, want it to say %q", e.Message, says)
	}
	if e.Hint == "" || !strings.Contains(e.Error(), e.Hint) {
		t.Errorf("%q does not say what to do", e)
	}
	return e
}

// wantNothingTaken fails unless err is one of a reader that gave out nothing.
func wantNothingTaken(t testing.TB, frames []*daylightv1.BundleFrame, err error) *Error {
	t.Helper()
	var e *Error
	if len(frames) != 0 || !errors.As(err, &e) {
		t.Fatalf("got %d frames and %v", len(frames), err)
	}
	if !strings.HasSuffix(e.Message, taken) || e.Hint == "" {
		t.Errorf("%q does not say what was kept and what to do", e)
	}
	return e
}

// What somebody can do who knows a recipient and has no signing key.

// lock puts age around any plaintext.
func lock(t testing.TB, to Identity, plaintext []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to.key.Recipient())
	if err == nil {
		_, err = w.Write(plaintext)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// unlock takes age off.
func unlock(t testing.TB, by Identity, file []byte) []byte {
	t.Helper()
	r, err := age.Decrypt(bytes.NewReader(file), by.key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func press(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window))
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

func unpress(t testing.TB, pressed []byte) []byte {
	t.Helper()
	r, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := r.DecodeAll(pressed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var begins = []byte(magic + "\x01")

// around is the plaintext with that content.
func around(t testing.TB, content []byte) []byte {
	t.Helper()
	return append(bytes.Clone(begins), press(t, content)...)
}

// messages cuts the content of a bundle: the header, the frames, the end.
func messages(t testing.TB, content []byte) (all [][]byte) {
	t.Helper()
	for len(content) > 0 {
		b, n := protowire.ConsumeBytes(content)
		if n < 0 {
			t.Fatal("the content is malformed")
		}
		all = append(all, b)
		content = content[n:]
	}
	return all
}

// joined is the other way.
func joined(all ...[]byte) (content []byte) {
	for _, m := range all {
		content = protowire.AppendBytes(content, m)
	}
	return content
}

// contentOf is what a bundle holds below age and zstd.
func contentOf(t testing.TB, file []byte, by Identity) []byte {
	t.Helper()
	return unpress(t, unlock(t, by, file)[len(begins):])
}

// signedAll is a bundle's content with an end that was made with the maker's key,
// whatever the messages are.
func signedAll(t testing.TB, all ...[]byte) []byte {
	t.Helper()
	content := joined(all...)
	return append(content, joined(endOver(t, content, uint64(len(all)-1)))...)
}

func endOver(t testing.TB, content []byte, frames uint64) []byte {
	t.Helper()
	h := sha256.New()
	h.Write(content)
	end, err := encodeEnd(frames, sign(signed(h)))
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func encodedHeader(t testing.TB, purpose daylightv1.BundlePurpose) []byte {
	t.Helper()
	b, err := sampleHeader(purpose).encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
