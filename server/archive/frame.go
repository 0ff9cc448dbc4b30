package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// maxFrame bounds one encoded frame, in bytes: the largest batch, and what is said of its
// entries.
const maxFrame = 10 << 20

// writer writes frames and sums up what it wrote.
type writer struct {
	w      io.Writer
	sum    hash.Hash
	frames uint64
	buffer []byte
}

func newWriter(w io.Writer) *writer { return &writer{w: w, sum: sha256.New()} }

func (w *writer) begin(h *daylightv1.ArchiveHeader) error {
	w.sum.Write([]byte(magic))
	if _, err := io.WriteString(w.w, magic); err != nil {
		return err
	}
	return w.message(h)
}

func (w *writer) frame(f *daylightv1.ArchiveFrame) error {
	w.frames++
	return w.message(f)
}

func (w *writer) end(d store.Digest) error {
	return w.message(&daylightv1.ArchiveFrame{End: &daylightv1.ArchiveEnd{
		Frames: w.frames, Sum: w.sum.Sum(nil), Position: uint64(d.Position), Records: d.Records, Digest: d.Sum,
	}})
}

func (w *writer) message(m proto.Message) (err error) {
	w.buffer = protowire.AppendVarint(w.buffer[:0], uint64(proto.Size(m)))
	if w.buffer, err = (proto.MarshalOptions{}).MarshalAppend(w.buffer, m); err != nil {
		return err
	}
	w.sum.Write(w.buffer)
	_, err = w.w.Write(w.buffer)
	return err
}

// reader gives frames and sums up what it read.
type reader struct {
	r      *bufio.Reader
	sum    hash.Hash
	frames uint64
	held   *daylightv1.ArchiveFrame // the first that was not asked for
	summed []byte                   // the sum before held
	// broke is how the file itself broke, if it did.
	broke error
}

var (
	errForeign = errors.New("it does not begin as an archive does")
	errNewer   = errors.New("it was made by a newer program")
	errCut     = errors.New("it ends in the middle: it was cut off")
	errAltered = errors.New("its sum is another one: it was altered, or has decayed")
)

func newReader(r io.Reader) (*reader, *daylightv1.ArchiveHeader, error) {
	in := &reader{r: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	begins := make([]byte, len(magic))
	if _, err := io.ReadFull(in.r, begins); err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, err
	}
	if n := len(magic) - 1; string(begins) != magic {
		if string(begins[:n]) == magic[:n] {
			return nil, nil, errNewer
		}
		return nil, nil, errForeign
	}
	in.sum.Write(begins)
	h := &daylightv1.ArchiveHeader{}
	return in, h, in.message(h)
}

// message reads one, which is there.
func (r *reader) message(m proto.Message) error {
	n, err := binary.ReadUvarint(r.r)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return errCut
	case err != nil:
		return err
	case n > maxFrame:
		return fmt.Errorf("a part says that it has %d bytes; at most %d are taken", n, maxFrame)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r.r, b); err == io.EOF || err == io.ErrUnexpectedEOF {
		return errCut
	} else if err != nil {
		return err
	}
	r.sum.Write(protowire.AppendVarint(nil, n))
	r.sum.Write(b)
	if err := proto.Unmarshal(b, m); err != nil {
		return errors.New("a part cannot be read")
	}
	return nil
}

// next gives the next frame that is wanted; nil before the first one that is not, which
// is held back.
func (r *reader) next(wanted func(*daylightv1.ArchiveFrame) bool) (*daylightv1.ArchiveFrame, error) {
	f := r.held
	if r.held = nil; f == nil {
		f = &daylightv1.ArchiveFrame{}
		r.summed = r.sum.Sum(nil)
		if err := r.message(f); err != nil {
			r.broke = err
			return nil, err
		}
		r.frames++
	}
	if !wanted(f) {
		r.held = f
		return nil, nil
	}
	return f, nil
}

// end is the last frame, behind which there must be nothing.
func (r *reader) end() (*daylightv1.ArchiveEnd, error) {
	f, err := r.next(func(*daylightv1.ArchiveFrame) bool { return true })
	if err != nil {
		return nil, err
	}
	end := f.GetEnd()
	switch {
	case end == nil:
		return nil, errors.New("a part stands in the wrong place")
	case !bytes.Equal(end.GetSum(), r.summed):
		return nil, errAltered
	case end.GetFrames() != r.frames-1:
		return nil, fmt.Errorf("it has %d parts and says %d", r.frames-1, end.GetFrames())
	}
	if _, err := r.r.ReadByte(); err == nil {
		return nil, errors.New("something stands behind its end")
	} else if err != io.EOF {
		return nil, err
	}
	return end, nil
}

// explain says of an error whether it is the archive's.
func (r *reader) explain(err error) error {
	switch {
	case r.broke != nil:
		return bad(r.broke)
	case errors.Is(err, directory.ErrBadArchive), errors.Is(err, store.ErrBadExport):
		return bad(err)
	}
	return err
}
