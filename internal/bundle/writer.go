package bundle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	magic         = "daylight bundle\x00"
	formatVersion = 1
	// window is how far back the compression refers, in bytes.
	window = 1 << 20
	// maxRecipients is below what age reads.
	maxRecipients = 1000
)

var errClosed = errors.New("writing a bundle: it is closed already, or failed before")

// Writer makes one bundle. It is not safe for use by several goroutines. After any
// error nothing more is written; what there is reads as cut off.
type Writer struct {
	purpose daylightv1.BundlePurpose
	sign    func(message []byte) []byte

	locked io.WriteCloser // age
	zip    *zstd.Encoder

	content hash.Hash // of all that went into zip
	frames  uint64
	buf     []byte
	err     error
}

// Create begins a bundle to the recipients ("age1..."), at most 1,000, and writes its
// header. sign gives the Ed25519 signature by the key of the header's certificate or,
// in an answer, by the office's; it is called once, by Close. Nothing is written where
// the header or a recipient is not one.
func Create(w io.Writer, h Header, to []string, sign func(message []byte) []byte) (*Writer, error) {
	header, err := h.encode()
	if err != nil {
		return nil, fmt.Errorf("writing a bundle: %w", err)
	}
	recipients, err := parseRecipients(to)
	if err != nil {
		return nil, err
	}
	b := &Writer{purpose: h.Purpose, sign: sign, content: sha256.New()}
	if b.locked, err = age.Encrypt(w, recipients...); err != nil {
		return nil, fmt.Errorf("writing a bundle: %w", err)
	}
	if _, err = b.locked.Write(append([]byte(magic), formatVersion)); err != nil {
		return nil, fmt.Errorf("writing a bundle: %w", err)
	}
	b.zip, err = zstd.NewWriter(b.locked, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("writing a bundle: %w", err)
	}
	if err := b.message(header, true); err != nil {
		return nil, err
	}
	return b, nil
}

func parseRecipients(to []string) ([]age.Recipient, error) {
	if len(to) == 0 || len(to) > maxRecipients {
		return nil, &Error{
			Kind:    ErrRecipient,
			Message: fmt.Sprintf("a bundle needs 1 to %d recipients and not %d; nothing was written", maxRecipients, len(to)),
			Hint:    "Say who is to read it. If there is nobody to choose, sync once with the office: it says who there is.",
		}
	}
	recipients := make([]age.Recipient, len(to))
	for i, s := range to {
		r, err := parseRecipient(s)
		if err != nil {
			return nil, err
		}
		recipients[i] = r
	}
	return recipients, nil
}

// Put adds a frame of the kind that belongs to the header's purpose.
func (w *Writer) Put(f *daylightv1.BundleFrame) error {
	if w.err != nil {
		return w.err
	}
	var err error
	if w.buf, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(w.buf[:0], f); err == nil {
		err = checkFrame(w.buf, w.purpose)
	}
	if err != nil {
		w.err = errClosed
		return fmt.Errorf("writing a bundle: %w", err)
	}
	w.frames++
	return w.message(w.buf, true)
}

// Close ends and signs the bundle; it does not close what it was written to. To give
// a bundle up, leave the Writer alone: closed, it would be a whole one.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	err := w.end()
	if err == nil {
		err = w.zip.Close()
	}
	if err == nil {
		err = w.locked.Close()
	}
	w.err = errClosed
	if err != nil {
		return fmt.Errorf("writing a bundle: %w", err)
	}
	return nil
}

func (w *Writer) end() error {
	signature := w.sign(signed(w.content))
	if len(signature) != ed25519.SignatureSize {
		return errors.New("there is no signature")
	}
	end, err := encodeEnd(w.frames, signature)
	if err != nil {
		return err
	}
	return w.message(end, false)
}

// message writes one with its length before it.
func (w *Writer) message(b []byte, sign bool) error {
	length := protowire.AppendVarint(nil, uint64(len(b)))
	for _, part := range [][]byte{length, b} {
		if sign {
			w.content.Write(part)
		}
		if _, err := w.zip.Write(part); err != nil {
			w.err = errClosed
			return fmt.Errorf("writing a bundle: %w", err)
		}
	}
	return nil
}
