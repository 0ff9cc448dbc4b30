package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// Office is what an archive is taken from or read into.
type Office struct {
	Store     *store.Store
	Directory *directory.Directory
}

// Options say what goes into an archive.
type Options struct {
	// Keys takes the private keys along: the archive is as good as the office then.
	Keys bool
	// TLSKey is that of the server's own certificate, as PEM; only with Keys.
	TLSKey []byte
	// NowMS is the time, in milliseconds since 1970 UTC.
	NowMS int64
}

// Summary says what an archive holds.
type Summary struct {
	// Digest is that of the records, with the end of the log.
	Digest store.Digest
	// People, Devices and Accesses count what there is of each.
	People, Devices, Accesses int
	// Keys: the private keys are in it. TLSKey is that of the server's certificate.
	Keys   bool
	TLSKey []byte
	// MadeAt is by the clock of whoever made it, in milliseconds since 1970 UTC.
	MadeAt int64
}

// magic begins every archive; the version is its last byte.
const magic = "daylight archive\x01"

// ErrBad: a file is no archive, or not a whole one. What it was read into is to be thrown
// away.
var ErrBad = errors.New("this is not a whole archive")

func bad(err error) error { return fmt.Errorf("%w: %w", ErrBad, err) }

// count notes what a frame holds.
func (s *Summary) count(f *daylightv1.ArchiveFrame) {
	switch {
	case f.GetPerson() != nil:
		s.People++
	case f.GetDevice() != nil:
		s.Devices++
	case f.GetAccess() != nil:
		s.Accesses++
	}
}

// Write writes the office as an archive. Nothing else may write to it meanwhile: the parts
// are read one after the other.
func Write(ctx context.Context, w io.Writer, o Office, opts Options) (s Summary, err error) {
	s = Summary{Keys: opts.Keys, MadeAt: opts.NowMS}
	if s.Digest, err = o.Store.Digest(ctx); err != nil {
		return s, err
	}
	out := newWriter(w)
	if err := out.begin(&daylightv1.ArchiveHeader{Epoch: s.Digest.Epoch, MadeAt: opts.NowMS, WithKeys: opts.Keys}); err != nil {
		return s, err
	}
	put := func(f *daylightv1.ArchiveFrame) error {
		if f.GetKeys() != nil {
			f.Keys.TlsKey, s.TLSKey = opts.TLSKey, opts.TLSKey
		}
		s.count(f)
		return out.frame(f)
	}
	if err := o.Directory.Archive(ctx, opts.Keys, put); err != nil {
		return s, err
	}
	if err := o.Store.Archive(ctx, opts.Keys, put); err != nil {
		return s, err
	}
	return s, out.end(s.Digest)
}

// Read reads an archive into an office that holds nothing and that nobody has seen yet: on
// an error what is in it is to be thrown away. Before it returns without one, the records
// have been derived from the log and their digest is the one that the archive was made
// with. ErrBad; store.ErrNotEmpty, directory.ErrNotEmpty.
func Read(ctx context.Context, r io.Reader, o Office, by directory.By) (s Summary, err error) {
	in, header, err := newReader(r)
	if err != nil {
		return s, bad(err)
	}
	s.Keys, s.MadeAt = header.GetWithKeys(), header.GetMadeAt()
	err = o.Directory.Unarchive(ctx, by, func() (*daylightv1.ArchiveFrame, error) {
		f, err := in.next(ofDirectory)
		if err == nil && f != nil {
			s.count(f)
			s.TLSKey = append(s.TLSKey, f.GetKeys().GetTlsKey()...)
			if f.GetKeys() != nil && !s.Keys {
				return nil, errors.New("it has keys, and says that it has none")
			}
		}
		return f, err
	})
	if err != nil {
		return s, in.explain(err)
	}
	err = o.Store.Unarchive(ctx, func() (*daylightv1.ArchiveFrame, error) {
		f, err := in.next(ofLog)
		if err == nil && f == nil {
			err = io.EOF
		}
		return f, err
	})
	if err != nil {
		return s, in.explain(err)
	}
	end, err := in.end()
	if err != nil {
		return s, bad(err)
	}
	if s.Digest, err = o.Store.Digest(ctx); err != nil {
		return s, err
	}
	return s, agree(end, s.Digest)
}

// agree compares what came out with what went in.
func agree(end *daylightv1.ArchiveEnd, d store.Digest) error {
	switch {
	case end.GetPosition() != uint64(d.Position):
		return bad(fmt.Errorf("the log has %d entries and should have %d", d.Position, end.GetPosition()))
	case end.GetRecords() != d.Records || !bytes.Equal(end.GetDigest(), d.Sum):
		return bad(errors.New("the records that follow from its log are not those that it was made with"))
	}
	return nil
}

// ofDirectory reports whether a frame is one of who there is; ofLog those behind.
func ofDirectory(f *daylightv1.ArchiveFrame) bool { return !ofLog(f) && f.GetEnd() == nil }

func ofLog(f *daylightv1.ArchiveFrame) bool { return f.GetWriter() != nil || f.GetBatch() != nil }
