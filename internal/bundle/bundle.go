package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"iter"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var (
	errNotVerified = errors.New("reading a bundle: it has not been verified")
	errStopped     = errors.New("reading a bundle: whoever reads it has enough")
)

// Bundle is a file that one of the identities opens. It reads the file at each call,
// from its beginning, so it is not for several goroutines, and not for two passes at
// a time.
type Bundle struct {
	file       io.ReadSeeker
	front      []byte // age's header, read once: the keys cannot be exchanged
	identities []age.Identity

	header  Header
	encoded []byte // the header, as it is in the file

	verified bool
	message  []byte // what was signed, once verified
}

// Open reads the beginning of a file, from its byte 0, as far as the header. The file
// stays the caller's, and has to stay open. Zero identities open nothing. Its errors
// are an [Error].
func Open(r io.ReadSeeker, identities ...Identity) (*Bundle, error) {
	front, err := readFront(r)
	if err != nil {
		return nil, err
	}
	b := &Bundle{file: r, front: front}
	for _, i := range identities {
		if !i.IsZero() {
			b.identities = append(b.identities, i.key)
		}
	}
	p, err := b.begin()
	if err != nil {
		return nil, err
	}
	defer p.close()
	if b.header, err = decodeHeader(p.header); err != nil {
		return nil, p.wrong(err)
	}
	b.encoded = p.header
	return b, nil
}

// Header is what the bundle claims; after Verify has returned nil, what the owner of
// its key said.
func (b *Bundle) Header() Header { return b.header.clone() }

// Verify reads the whole file and reports whether it is whole, holds what belongs
// into a bundle of its purpose and nothing else, and was signed by key's owner: of
// the certificate in the header or, of an answer, the office. Its errors are an
// [Error], or the context's.
func (b *Bundle) Verify(ctx context.Context, key ed25519.PublicKey) error {
	b.verified = false
	end, err := b.run(ctx, func([]byte) error { return nil })
	if err != nil {
		return err
	}
	if !verify(key, end.message, end.signature) {
		return notSigned()
	}
	b.verified, b.message = true, end.message
	return nil
}

// Frames reads the file again and gives out its frames, without the end. Each is the
// caller's to keep. Without a Verify that returned nil there are none, only an error.
// An error ends them; it says so if the file has changed since, or failed.
func (b *Bundle) Frames(ctx context.Context) iter.Seq2[*daylightv1.BundleFrame, error] {
	return func(yield func(*daylightv1.BundleFrame, error) bool) {
		if err := b.give(ctx, yield); err != nil && !errors.Is(err, errStopped) {
			yield(nil, whileTaking(err))
		}
	}
}

func (b *Bundle) give(ctx context.Context, yield func(*daylightv1.BundleFrame, error) bool) error {
	if !b.verified {
		return errNotVerified
	}
	end, err := b.run(ctx, func(encoded []byte) error {
		f := &daylightv1.BundleFrame{}
		if err := proto.Unmarshal(encoded, f); err != nil {
			return err
		}
		if !yield(f, nil) {
			return errStopped
		}
		return nil
	})
	if err == nil && !bytes.Equal(end.message, b.message) {
		return exchanged()
	}
	return err
}
