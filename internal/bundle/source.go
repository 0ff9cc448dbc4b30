package bundle

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"
)

const (
	intro = "age-encryption.org/v1\n"
	nonce = 16
	// chunk is what age authenticates at a time: 64 KiB and 16 bytes.
	chunk = 64<<10 + 16
	// maxFront bounds age's own header: 1,024 recipients take 100 KiB.
	maxFront = 128 << 10
)

// source counts what is read of the file, and tells a file that cannot be read from
// one that is damaged.
type source struct {
	from io.Reader
	at   int64
	err  error // what the file's Read failed with
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.at += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// readFront reads age's header and the nonce behind it. From these and an identity
// the key of all that follows is made.
func readFront(r io.ReadSeeker) ([]byte, error) {
	s := &source{from: r}
	if err := s.rewind(r, 0); err != nil {
		return nil, err
	}
	begin := make([]byte, len(intro))
	if _, err := io.ReadFull(s, begin); s.err != nil {
		return nil, unread(s.at, s.err)
	} else if err != nil || string(begin) != intro {
		return nil, notBundle()
	}
	if err := s.rewind(r, 0); err != nil {
		return nil, err
	}
	header, err := age.ExtractHeader(io.LimitReader(s, maxFront))
	switch {
	case s.err != nil:
		return nil, unread(s.at, s.err)
	case err != nil:
		return nil, alteredOrCut(0, s.at, err)
	}
	if err := s.rewind(r, 0); err != nil {
		return nil, err
	}
	front := make([]byte, len(header)+nonce)
	_, err = io.ReadFull(s, front)
	switch {
	case s.err != nil:
		return nil, unread(s.at, s.err)
	case err != nil:
		return nil, cutOff(s.at, err)
	}
	return front, nil
}

func (s *source) rewind(r io.Seeker, to int64) error {
	if _, err := r.Seek(to, io.SeekStart); err != nil {
		return unread(to, err)
	}
	s.at = to
	return nil
}

// plain is what age makes of the file.
type plain struct {
	from  io.Reader
	front int64
	file  *source
	err   error // the first from Read, io.EOF at the end
}

// openPlain decrypts what is behind the front.
func openPlain(r io.ReadSeeker, front []byte, identities []age.Identity) (*plain, error) {
	p := &plain{front: int64(len(front)), file: &source{from: r}}
	if err := p.file.rewind(r, p.front); err != nil {
		return nil, err
	}
	var err error
	p.from, err = age.Decrypt(io.MultiReader(bytes.NewReader(front), p.file), identities...)
	var noMatch *age.NoIdentityMatchError
	switch {
	case p.file.err != nil:
		return nil, unread(p.file.at, p.file.err)
	case len(identities) == 0, errors.As(err, &noMatch):
		return nil, forSomebodyElse(err)
	case err != nil:
		return nil, altered(0, p.front, err)
	}
	return p, nil
}

func (p *plain) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	if err != nil && p.err == nil {
		p.err = err
	}
	return n, err
}

// broken says what is wrong with the file, or nothing when it is whole so far.
func (p *plain) broken() error {
	switch {
	case p.file.err != nil:
		return unread(p.file.at, p.file.err)
	case p.err == nil || p.err == io.EOF:
		return nil
	case p.err == io.ErrUnexpectedEOF:
		return cutOff(p.file.at, p.err) // between two chunks
	}
	return p.brokenChunk()
}

// brokenChunk is for one that does not authenticate. age has read the whole of it and
// nothing beyond; a short one is the last of the file.
func (p *plain) brokenChunk() error {
	at := p.file.at
	begin := p.front + max(at-1-p.front, 0)/chunk*chunk
	short := at-begin < chunk
	if begin == p.front {
		begin -= nonce // which may be what was altered
	}
	if short {
		return alteredOrCut(begin, at, p.err)
	}
	return altered(begin, at, p.err)
}
