package bundle

import (
	"bytes"
	"context"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// wantKnownOrNothing fails unless a bundle is refused as it should be, or has the
// content of one that was really signed.
func wantKnownOrNothing(t *testing.T, file []byte, by Identity, known map[string]bool) {
	got, err := takeBytes(file, by)
	if err != nil {
		wantNothingTaken(t, got, err)
		return
	}
	b, err := Open(bytes.NewReader(file), by)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Verify(context.Background(), publicNumber(maker)); err != nil || !known[string(b.message)] {
		t.Fatalf("a bundle that was never signed is taken: %v", err)
	}
}

// knownMessages are what the maker signed in these files.
func knownMessages(t testing.TB, by Identity, files ...[]byte) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, file := range files {
		b, err := Open(bytes.NewReader(file), by)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
			t.Fatal(err)
		}
		known[string(b.message)] = true
	}
	return known
}

func fuzzReader(t testing.TB) Identity {
	t.Helper()
	i, err := ParseIdentity(readerSecret)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func goodBundles(t testing.TB, to Identity) (files [][]byte) {
	t.Helper()
	for _, purpose := range []daylightv1.BundlePurpose{toOffice, toTeam, toDevice} {
		files = append(files, write(t, sampleHeader(purpose), []string{to.Recipient()}, sampleFrames(purpose, 2)...))
	}
	return files
}

// FuzzOuter is any file.
func FuzzOuter(f *testing.F) {
	reader := fuzzReader(f)
	files := goodBundles(f, reader)
	known := knownMessages(f, reader, files...)
	for _, file := range files {
		f.Add(file)
		f.Add(file[:len(file)-40])
		f.Add(append(bytes.Clone(file), 0))
	}
	f.Add(smallBundle(f, newIdentity(f)))
	f.Add([]byte(intro + "-> X25519 x\n\n--- x\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) { wantKnownOrNothing(t, file, reader, known) })
}

// FuzzInner is any plaintext below age.
func FuzzInner(f *testing.F) {
	reader := fuzzReader(f)
	files := goodBundles(f, reader)
	known := knownMessages(f, reader, files...)
	for _, file := range files {
		f.Add(unlock(f, reader, file))
	}
	for _, plaintext := range malformedPlaintexts(f) {
		f.Add(plaintext)
	}
	f.Fuzz(func(t *testing.T, plaintext []byte) {
		wantKnownOrNothing(t, lock(t, reader, plaintext), reader, known)
	})
}

// FuzzContent is anything below age and zstd.
func FuzzContent(f *testing.F) {
	reader := fuzzReader(f)
	files := goodBundles(f, reader)
	known := knownMessages(f, reader, files...)
	for _, file := range files {
		f.Add(contentOf(f, file, reader))
	}
	for _, content := range malformedContents(f) {
		if len(content) < 1<<16 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		wantKnownOrNothing(t, lock(t, reader, around(t, content)), reader, known)
	})
}

// FuzzFrame holds checkFrame to its word: what it passes is decoded.
func FuzzFrame(f *testing.F) {
	for _, purpose := range []daylightv1.BundlePurpose{toOffice, toTeam, toDevice} {
		f.Add(marshal(f, sampleFrame(purpose, 1, 20)), int32(purpose))
	}
	f.Add(field(2, append(field(6, field(1, []byte("x"))), 0xa2, 0x06, 0)), int32(2))
	f.Add(field(3, field(3, field(17, field(1, []byte("\xff"))))), int32(3))
	f.Fuzz(func(t *testing.T, frame []byte, purpose int32) {
		var m daylightv1.BundleFrame
		err := proto.Unmarshal(frame, &m)
		if checkFrame(frame, daylightv1.BundlePurpose(purpose)) == nil && err != nil {
			t.Fatalf("it passes, and is not decoded: %v", err)
		}
	})
}
