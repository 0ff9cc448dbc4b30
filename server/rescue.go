package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// RescuePath is where the operator at the server posts what was rescued from a device, see
// Local: the file is the body, and the response BundleTaken in JSON.
const RescuePath = "/operator/rescue"

const callRescue = "rescue take"

// maxRescued bounds one batch of a rescued file with what stands around its payloads.
const maxRescued = exchange.MaxMessage + 1<<20

// TakeRescue takes what was rescued from the folder of a device that cannot sync any more:
// each batch as if its writer had sent it. Seals, certificates and what each author may do
// are judged as ever; whoever is shut out now is held for a person. Taken twice it changes
// nothing. Person, Device and Made of what it returns are empty: a device passes on what
// its team-mates wrote as well.
//
// A file that is damaged is taken up to there; an error says so, and BundleTaken how much.
func (s *Server) TakeRescue(ctx context.Context, r io.Reader) (BundleTaken, error) {
	ctx, cancel := context.WithTimeout(ctx, bundleTime)
	defer cancel()
	issuer, err := s.issuer(ctx)
	if err != nil {
		return BundleTaken{}, forCaller(err)
	}
	own, err := s.bundleIdentities(ctx, bundle.Identity{})
	if err != nil {
		return BundleTaken{}, forCaller(err)
	}
	if r, err = bundle.Decrypt(r, own...); err != nil {
		return BundleTaken{}, rpcerr.E(rpcerr.Invalid, "what was rescued is encrypted for another office, or its first lines are damaged; nothing of it was taken",
			"Copy the file again. If it is for this office, its recovery key and the age program open it: age -d -i KEY FILE | daylightd rescue take -", err)
	}
	t := &rescued{
		taking: taking{Server: s}, in: bufio.NewReader(r), ask: exchange.Ask{MoreOwn: true, Issuer: issuer}, // no states: nobody waits for them
		desk: s.store.For(store.Caller{Gate: s.deviceGate(ctx)}),
	}
	for more := true; more && err == nil && !t.taken.Restored; {
		more, err = t.next(ctx)
	}
	return t.taken, err
}

// rescued is the work on one file.
type rescued struct {
	taking
	in   *bufio.Reader
	ask  exchange.Ask
	desk *store.Desk
}

// next takes a batch, unless there is none.
func (t *rescued) next(ctx context.Context) (more bool, err error) {
	b := &daylightv1.Batch{}
	err = protodelim.UnmarshalOptions{MaxSize: maxRescued}.UnmarshalFrom(t.in, b)
	switch {
	case err == io.EOF && t.requests > 0:
		return false, nil
	case err != nil:
		return false, t.damaged(err)
	}
	if t.requests == 0 {
		t.ask.Epoch = b.GetEpoch()
		if err := t.directory.Log(ctx, directory.Bundled, record.ID{}, "what was rescued from a device was taken", directory.By{Call: callRescue}); err != nil {
			return false, rpcerr.E(rpcerr.Unavailable, "the access log cannot be written, so nothing of the file was taken", "Look whether the disk is full, then take it again.", err)
		}
	}
	t.requests++
	ctx, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	var took took
	took.batches, took.bad = readBatches([]*daylightv1.Batch{b})
	answer, outcome, err := t.desk.Take(ctx, took.batches, t.ask)
	took.Outcome = outcome
	t.count(took)
	t.taken.Restored = answer.GetRestored()
	return true, forCaller(err)
}

// damaged says where the file cannot be read.
func (t *rescued) damaged(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return rpcerr.E(rpcerr.TooLarge, "the file has more than 4 GiB, which nothing that is rescued from a device has", "Look whether it is the right file.", err)
	case t.requests == 0:
		return rpcerr.E(rpcerr.Invalid, "this is not what daylight rescue writes, or it is damaged from the beginning; nothing of it was taken",
			"Look whether it is the right file, and whether it was copied to its end.", err)
	}
	return rpcerr.E(rpcerr.Invalid, fmt.Sprintf("the file is damaged, or ends too early: what stands in it before that is taken, %d changes, and the rest is not", t.taken.New+t.taken.Known),
		"Copy it again, and take it again: what is here is not taken twice.", err)
}

// takeRescued answers a file that the operator posts.
func (s *Server) takeRescued(w http.ResponseWriter, r *http.Request) {
	taken, err := s.rescueIn(w, r)
	if err != nil {
		s.say(r.Context(), rpcerr.CodeOf(err))
		turnAway(w)
		_ = connect.NewErrorWriter().Write(w, r, rpcerr.ToConnect(r.Context(), s.log, err)) // nobody listens
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(taken)
}

// rescueIn takes the body as it comes: what is rescued may be in the clear, and is not put
// aside.
func (s *Server) rescueIn(w http.ResponseWriter, r *http.Request) (taken BundleTaken, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = panicked(thrown, debug.Stack())
		}
	}()
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bundleTime))
	return s.TakeRescue(r.Context(), http.MaxBytesReader(w, r.Body, s.maxUpload))
}
