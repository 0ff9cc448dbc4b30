package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
)

// pass is one reading of a bundle from its beginning.
type pass struct {
	file  *plain
	below *bufio.Reader // what age gives
	zip   *zstd.Decoder
	in    *bufio.Reader // what zstd gives

	content hash.Hash // of the messages so far, but for the end
	header  []byte
	frames  uint64

	buf, prefix []byte // the present message, and its length
}

// begin opens the layers and reads the header. The pass must be closed.
func (b *Bundle) begin() (*pass, error) {
	file, err := openPlain(b.file, b.front, b.identities)
	if err != nil {
		return nil, err
	}
	p := &pass{file: file, below: bufio.NewReader(file), content: sha256.New()}
	if err := p.readMagic(); err != nil {
		return nil, err
	}
	s, err := newSegment(p.below)
	if err != nil {
		return nil, p.unreadable(err)
	}
	p.zip, err = zstd.NewReader(s, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(window), zstd.WithDecoderMaxMemory(window))
	if err != nil {
		return nil, p.unreadable(err)
	}
	p.in = bufio.NewReader(p.zip)
	if p.header, err = p.message(maxHeader); err != nil {
		p.zip.Close()
		return nil, err
	}
	p.sign(p.header)
	p.header = bytes.Clone(p.header)
	return p, nil
}

func (p *pass) close() { p.zip.Close() }

// readMagic reads the 17 bytes that stand before the compressed part.
func (p *pass) readMagic() error {
	b := make([]byte, len(magic)+1)
	_, err := io.ReadFull(p.below, b)
	if broken := p.file.broken(); broken != nil {
		return broken
	}
	version := b[len(magic)]
	switch {
	case err != nil, string(b[:len(magic)]) != magic, version == 0:
		return notBundle()
	case version > formatVersion:
		return newer(version)
	}
	return nil
}

// unreadable is the error of the outermost layer that has one: what lies further in
// broke because of it.
func (p *pass) unreadable(err error) error {
	if broken := p.file.broken(); broken != nil {
		return broken
	}
	why := "its compression is unreadable"
	switch {
	case errors.Is(err, errNotZstd), errors.Is(err, errZstdCut):
		why = err.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		why = "it has no end"
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		why = "its compression asks for too much memory"
	}
	return wrong(p.file.file.at, why, err)
}

// wrong is for what arrived as it was made.
func (p *pass) wrong(err error) error { return wrong(p.file.file.at, err.Error(), err) }

// message reads one of at most limit bytes; the next one overwrites it.
func (p *pass) message(limit int) ([]byte, error) {
	size, err := p.length()
	switch {
	case errors.Is(err, errLength):
		return nil, p.wrong(err)
	case err != nil:
		return nil, p.unreadable(err)
	case size > uint64(limit):
		return nil, p.wrong(fmt.Errorf("a part has %d bytes; at most %d are taken", size, limit))
	}
	if uint64(cap(p.buf)) < size {
		p.buf = make([]byte, min(max(int(size), 2*cap(p.buf)), MaxFrame))
	}
	p.buf = p.buf[:size]
	if _, err := io.ReadFull(p.in, p.buf); err != nil {
		return nil, p.unreadable(err)
	}
	return p.buf, nil
}

var errLength = errors.New("the length of a part is unreadable")

// length reads a varint that is no longer than it has to be.
func (p *pass) length() (uint64, error) {
	var b [10]byte
	for i := range b {
		c, err := p.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if b[i] = c; c < 0x80 {
			n, size := protowire.ConsumeVarint(b[:i+1])
			if size != i+1 || protowire.SizeVarint(n) != size {
				break
			}
			return n, nil
		}
	}
	return 0, errLength
}

// sign counts the message among what the end signs.
func (p *pass) sign(message []byte) {
	p.prefix = protowire.AppendVarint(p.prefix[:0], uint64(len(message)))
	p.content.Write(p.prefix)
	p.content.Write(message)
}

// closing is what stands at the end of a bundle that is whole.
type closing struct{ message, signature []byte }

// run gives the frames to each, checked one by one, then checks the end and that
// nothing is behind it. A frame holds until each returns.
func (b *Bundle) run(ctx context.Context, each func(frame []byte) error) (*closing, error) {
	p, err := b.begin()
	if err != nil {
		return nil, err
	}
	defer p.close()
	if !bytes.Equal(p.header, b.encoded) {
		return nil, exchanged()
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("reading a bundle: %w", err)
		}
		frame, err := p.message(MaxFrame)
		if err != nil {
			return nil, err
		}
		if isEnd(frame) {
			return p.finish(frame)
		}
		if err := checkFrame(frame, b.header.Purpose); err != nil {
			return nil, p.wrong(err)
		}
		p.sign(frame)
		p.frames++
		if err := each(frame); err != nil {
			return nil, err
		}
	}
}

func (p *pass) finish(frame []byte) (*closing, error) {
	end, err := decodeEnd(frame)
	if err != nil {
		return nil, p.wrong(err)
	}
	if end.GetFrames() != p.frames {
		return nil, p.wrong(fmt.Errorf("it has %d parts, and its end says %d", p.frames, end.GetFrames()))
	}
	// What age gives ends where the file does, or age says why not.
	for _, layer := range []*bufio.Reader{p.in, p.below} {
		if _, err := layer.ReadByte(); err == nil {
			return nil, p.wrong(errors.New("something stands behind its end"))
		} else if !errors.Is(err, io.EOF) {
			return nil, p.unreadable(err)
		}
	}
	return &closing{signed(p.content), end.GetSignature()}, nil
}
