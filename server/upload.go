package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// BundlePath is where the operator at the server posts bundles, see Local: the file is the
// body. With ?answer=1 the response is the answer, a file too, and what TakeBundle says of
// it stands in the header BundleReport; without, the response is that. Errors come as
// Connect's.
const BundlePath = "/operator/bundle"

// BundleReport is a header of the response: BundleTaken in JSON. BundleKey is a
// header of the request, with an age identity that may open the bundle in the place of
// the office's own; it is written nowhere.
const (
	BundleReport = "Daylight-Bundle-Report"
	BundleKey    = "Daylight-Bundle-Key"
)

// maxUpload bounds a bundle, in bytes.
const maxUpload = 4 << 30

// takeUpload answers a bundle that the operator posts. One at a time has room on the disk.
func (s *Server) takeUpload(w http.ResponseWriter, r *http.Request) {
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	case <-r.Context().Done():
		return
	}
	if err := s.upload(w, r); err != nil {
		s.say(r.Context(), rpcerr.CodeOf(err))
		turnAway(w)
		_ = connect.NewErrorWriter().Write(w, r, rpcerr.ToConnect(r.Context(), s.log, err)) // nobody listens
	}
}

// upload puts the body aside, takes it, and writes what came of it once all of that is
// certain.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = panicked(thrown, debug.Stack())
		}
	}()
	var other bundle.Identity
	if key := r.Header.Get(BundleKey); key != "" {
		if other, err = bundle.ParseIdentity(key); err != nil {
			return forBundle(err)
		}
	}
	// A stick is slow; but nobody holds a place for ever.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bundleTime))
	in, err := bundle.PutAside(s.store.Dir(), http.MaxBytesReader(w, r.Body, s.maxUpload))
	if err != nil {
		return notPutAside(err)
	}
	defer in.Drop()
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // it would end the work too
	if r.URL.Query().Get("answer") == "" {
		taken, err := s.TakeBundle(r.Context(), in, other)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		return json.NewEncoder(w).Encode(taken)
	}
	return s.uploadAnswered(r.Context(), w, in, other)
}

func (s *Server) uploadAnswered(ctx context.Context, w http.ResponseWriter, in bundle.Aside, other bundle.Identity) error {
	out, err := bundle.PutAside(s.store.Dir(), http.NoBody)
	if err != nil {
		return notPutAside(err)
	}
	defer out.Drop()
	taken, err := s.AnswerBundle(ctx, in, other, out)
	if err != nil {
		return err
	}
	size, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	report, err := json.Marshal(taken)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10)) // what is cut off is seen
	w.Header().Set(BundleReport, string(report))
	_, _ = io.Copy(w, out)
	return nil
}

// notPutAside says why the file did not come to be here.
func notPutAside(err error) error {
	var large *http.MaxBytesError
	err = sqlitedb.Classify(err)
	switch {
	case errors.As(err, &large):
		return rpcerr.E(rpcerr.TooLarge, "the file has more than 4 GiB, which no bundle for the office has; nothing of it was taken", "Look whether it is the right file.", err)
	case errors.Is(err, sqlitedb.ErrFull):
		return rpcerr.E(rpcerr.Unavailable, "the server's disk has no room for the bundle; nothing of it was taken, and everything saved before is safe", "Make room, then take it again.", err)
	}
	return rpcerr.E(rpcerr.Unavailable, "the bundle did not arrive whole; nothing of it was taken", "Take it again.", err)
}
