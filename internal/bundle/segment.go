package bundle

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

var (
	errNotZstd = errors.New("it is not compressed with zstd")
	errZstdCut = errors.New("its compression has no end")
)

// segment gives the bytes of one zstd frame (RFC 8878, section 3.1.1) and then ends.
// A decoder by itself would go on with whatever frames come behind, and pass over
// frames that are to be skipped, of any length: room for what nobody signed.
type segment struct {
	from *bufio.Reader
	left int // bytes that may pass before the next block's header
	tail int // the checksum's, behind the last block
	last bool
}

// Errors of newSegment are of the reader below, or say that there is none.
func newSegment(from *bufio.Reader) (*segment, error) {
	begin, err := from.Peek(zstd.HeaderMaxSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	var h zstd.Header
	if h.Decode(begin) != nil || h.Skippable {
		return nil, errNotZstd
	}
	s := &segment{from: from, left: h.HeaderSize}
	if h.HasCheckSum {
		s.tail = 4
	}
	return s, nil
}

func (s *segment) Read(p []byte) (int, error) {
	if s.left == 0 {
		if s.last {
			return 0, io.EOF
		}
		if err := s.block(); err != nil {
			return 0, err
		}
	}
	n, err := s.from.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, cut(err)
}

// block reads how long the next block is, its 3 bytes of header included.
func (s *segment) block() error {
	const raw, rle, compressed = 0, 1, 2
	b, err := s.from.Peek(3)
	if err != nil {
		return cut(err)
	}
	h := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
	s.last = h&1 != 0
	switch h >> 1 & 3 {
	case raw, compressed:
		s.left = 3 + h>>3
	case rle:
		s.left = 3 + 1
	default:
		return errNotZstd
	}
	if s.last {
		s.left += s.tail
	}
	return nil
}

func cut(err error) error {
	if err == io.EOF {
		return errZstdCut
	}
	return err
}
