package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// BundlePath is where the operator at the server posts bundles, see Local: the file is the
// body. With ?answer=1 the response is the answer, a file too, and what TakeBundle says of
// it stands in the trailer BundleReport; without, the response is that, in JSON.
const BundlePath = "/operator/bundle"

// BundleReport is the trailer, in JSON. BundleKey is a header with an age identity that
// may open the bundle in the place of the office's own.
const (
	BundleReport = "Daylight-Bundle-Report"
	BundleKey    = "Daylight-Bundle-Key"
)

// maxUpload bounds a bundle, in bytes.
const maxUpload = 8 << 30

// partPattern names what is put aside while it is worked on: it is encrypted, and read
// twice.
const partPattern = "bundle-*.part"

// takeUpload answers a bundle that the operator posts.
func (s *Server) takeUpload(w http.ResponseWriter, r *http.Request) {
	taken, sent, err := s.upload(w, r)
	if err == nil {
		report, bad := json.Marshal(taken)
		if err = bad; bad == nil && sent {
			w.Header().Set(BundleReport, string(report))
			return
		}
		if bad == nil {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(report)
			return
		}
	}
	s.say(r.Context(), rpcerr.CodeOf(err))
	if sent {
		panic(http.ErrAbortHandler) // it has begun: cut off is what it must look like
	}
	answer := rpcerr.ToConnect(r.Context(), s.log, err)
	deny := connect.NewErrorWriter()
	r.Header.Set("Content-Type", "application/json") // in which errors are told
	if deny.Write(w, r, answer) != nil {
		http.Error(w, "not taken", http.StatusInternalServerError)
	}
}

// upload puts the body aside, and takes it. sent: the answer has begun.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) (t BundleTaken, sent bool, err error) {
	var other bundle.Identity
	if key := r.Header.Get(BundleKey); key != "" {
		if other, err = bundle.ParseIdentity(key); err != nil {
			return t, false, forBundle(err)
		}
	}
	f, err := os.CreateTemp(s.store.Dir(), partPattern)
	if err != nil {
		return t, false, forCaller(err)
	}
	defer func() { _ = errors.Join(f.Close(), os.Remove(f.Name())) }()
	if _, err := io.Copy(f, http.MaxBytesReader(w, r.Body, maxUpload)); err != nil {
		return t, false, rpcerr.E(rpcerr.Unavailable, "the bundle could not be put aside on the server; nothing of it was taken", "Look whether the disk is full.", err)
	}
	if r.URL.Query().Get("answer") == "" {
		t, err = s.TakeBundle(r.Context(), f, other)
		return t, false, err
	}
	w.Header().Set("Trailer", BundleReport)
	out := &begun{w: w}
	t, err = s.AnswerBundle(r.Context(), f, other, out)
	return t, out.wrote, err
}

// begun notices the first byte of an answer.
type begun struct {
	w     io.Writer
	wrote bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.wrote = true
	return b.w.Write(p)
}

// sweepParts removes what a process that was killed had put aside.
func sweepParts(dir string) {
	parts, _ := filepath.Glob(filepath.Join(dir, partPattern))
	for _, p := range parts {
		_ = os.Remove(p) // ciphertext; the next start tries again
	}
}
