// Package wirezip promises that both sides of a call press messages in the same
// ways, and that a small message cannot be blown up into a large one.
//
// zstd comes first, gzip is for whoever does not have it. Short messages travel as
// they are. Connect reads an oversized message to its end to say how long it is;
// the decompressors here stop instead, so that a crafted message costs its
// receiver no more than Limit.
package wirezip

import (
	"compress/gzip"
	"errors"
	"io"

	"connectrpc.com/connect"
	"github.com/klauspost/compress/zstd"
)

const (
	// Limit is how many bytes a message may have when it is unpacked; what is longer
	// is cut off with an error. The bound that callers are told is lower, see
	// connect.WithReadMaxBytes.
	Limit = 8 << 20
	// Least is the size in bytes from which a message is worth pressing.
	Least = 512
	// window bounds what a stream may ask to be remembered, in bytes.
	window = 8 << 20
)

// Client are the options of a client: it sends zstd and takes zstd and gzip.
func Client() []connect.ClientOption {
	return []connect.ClientOption{
		connect.WithAcceptCompression("gzip", newUngzip, newGzip),
		connect.WithAcceptCompression("zstd", newUnzstd, newZstd),
		connect.WithSendCompression("zstd"),
		connect.WithCompressMinBytes(Least),
	}
}

// Handler are the options of a handler: it takes zstd and gzip and answers in what
// the client takes.
func Handler() []connect.HandlerOption {
	return []connect.HandlerOption{
		connect.WithCompression("gzip", newUngzip, newGzip),
		connect.WithCompression("zstd", newUnzstd, newZstd),
		connect.WithCompressMinBytes(Least),
	}
}

func newGzip() connect.Compressor { return gzip.NewWriter(io.Discard) }

// newZstd works within the calling goroutine, so that a pool may forget it.
func newZstd() connect.Compressor {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the options are constants
	}
	return w
}

func newUngzip() connect.Decompressor { return &limited{from: &lateGzip{}} }

func newUnzstd() connect.Decompressor {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window))
	if err != nil {
		panic(err) // the options are constants
	}
	return &limited{from: r}
}

// errTooLong ends a message that unpacks to more than anybody would take.
var errTooLong = errors.New("the message unpacks to more than is allowed")

// resetter is a decompressor that starts again.
type resetter interface {
	io.Reader
	Reset(io.Reader) error
}

// limited gives no more than Limit bytes. Its Close keeps the decompressor, which
// a pool uses again.
type limited struct {
	from resetter
	left int
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.from.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}

func (l *limited) Reset(r io.Reader) error {
	l.left = Limit
	return l.from.Reset(r)
}

func (l *limited) Close() error { return nil }

// lateGzip can be made before there is anything to read, which gzip's own reader
// cannot.
type lateGzip struct{ gzip.Reader }
