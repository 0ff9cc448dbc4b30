package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"slices"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/merging"
	"github.com/daylight-npm/daylight/server/store"
)

// Where the operator at the server asks for duplicates, and merges them, see Local: the
// body is a DuplicatesAsked or a MergeAsked in JSON, and so is the response.
const (
	DuplicatesPath = "/operator/duplicates"
	MergePath      = "/operator/merge"
)

// askedMost bounds such a body.
const askedMost = 64 << 10

// DuplicatesAsked says of which kind duplicates are asked for: "facility" or "visit".
type DuplicatesAsked struct {
	Kind string `json:"kind"`
}

// Duplicates are records that may be there twice. It names no content.
type Duplicates struct {
	Pairs []DuplicatePair `json:"pairs"`
	// Circular are the ids of those that two people merged crosswise: both stand for
	// themselves until one of the two is undone.
	Circular []string `json:"circular"`
}

// DuplicatePair is two records that may be one, by their ids. First is the smaller one.
type DuplicatePair struct {
	First  string `json:"first"`
	Second string `json:"second"`
	// Score is from 60, likely, to 100; Reasons are codes, see internal/likeness.
	Score   int      `json:"score"`
	Reasons []string `json:"reasons"`
}

// Duplicates looks for what the caller sees twice, the surest first.
func (s *Server) Duplicates(ctx context.Context, r DuplicatesAsked) (out Duplicates, err error) {
	kind, err := record.ParseKind(r.Kind)
	if err != nil || !slices.Contains(merging.Kinds, kind) {
		return out, errNotCompared
	}
	hand := merging.Hand{Store: s.store, Desk: s.recordDesk(ctx)}
	pairs, err := hand.Pairs(ctx, kind)
	if err != nil {
		return out, forCaller(err)
	}
	out = Duplicates{Pairs: []DuplicatePair{}, Circular: []string{}}
	for _, p := range pairs {
		d := DuplicatePair{First: p.A.String(), Second: p.B.String(), Score: p.Score}
		for _, why := range p.Reasons {
			d.Reasons = append(d.Reasons, string(why))
		}
		out.Pairs = append(out.Pairs, d)
	}
	circular, err := hand.Circular(ctx, kind)
	for _, id := range circular {
		out.Circular = append(out.Circular, id.String())
	}
	return out, forCaller(err)
}

var errNotCompared = invalid("duplicates are looked for among places and visits; nothing was changed", "Name the kind facility or visit.")

// recordDesk is the store as the caller sees it. The operator at the server, who is shown
// no record, names them by their ids.
func (s *Server) recordDesk(ctx context.Context) *store.Desk {
	if c := callerOf(ctx); c.Caller != nil || !c.local {
		return s.desk(c)
	}
	return s.store.For(store.Caller{Writer: operatorWriter})
}

// MergeAsked is what is to be merged, or taken apart again, by ids.
type MergeAsked struct {
	Loser string `json:"loser"`
	// Winner is empty with Undo.
	Winner string `json:"winner,omitempty"`
	// Carry names what is taken over into the winner, as likeness.Value's String does, a
	// field for all its elements, "all" for everything.
	Carry []string `json:"carry,omitempty"`
	// Undo takes the loser's merge back; Try only says what could be taken over.
	Undo bool `json:"undo,omitempty"`
	Try  bool `json:"try,omitempty"`
}

// MergeDone is what became of it: names of fields and elements, and no content.
type MergeDone struct {
	Kind   string `json:"kind"`
	Loser  string `json:"loser"`
	Winner string `json:"winner"`
	// Taken was taken over, Left was not. Shared, with Undo, is what both say alike: what
	// was taken over at the merge is among it, and stays with the winner.
	Taken  []string `json:"taken"`
	Left   []string `json:"left"`
	Shared []string `json:"shared"`
}

// Merge says that the loser is the same as the winner, in one change, as Client.Merge
// does on a device, or undoes that. The access log keeps who did it.
func (s *Server) Merge(ctx context.Context, r MergeAsked) (out MergeDone, err error) {
	hand := merging.Hand{Store: s.store, Desk: s.recordDesk(ctx)}
	loser, err := parseID("loser", r.Loser)
	if err != nil {
		return out, err
	}
	var done merging.Done
	if r.Undo {
		done, err = hand.Undo(ctx, loser)
	} else {
		done, err = merge(ctx, hand, loser, r)
	}
	if err == nil && !r.Try {
		err = s.witnessMerge(ctx, loser, r.Undo)
	}
	out = MergeDone{Loser: done.Loser, Winner: done.Winner, Taken: done.Taken, Left: done.Left, Shared: done.Shared}
	if done.Kind != 0 {
		out.Kind = done.Kind.String()
	}
	return out, forCaller(explainMerge(err))
}

func merge(ctx context.Context, hand merging.Hand, loser record.ID, r MergeAsked) (done merging.Done, err error) {
	winner, err := parseID("winner", r.Winner)
	if err != nil {
		return done, err
	}
	two, err := hand.Two(ctx, loser, winner)
	switch {
	case err != nil:
		return done, err
	case r.Try:
		return two.Try(r.Carry...)
	}
	return two.Merge(ctx, r.Carry...)
}

func (s *Server) witnessMerge(ctx context.Context, loser record.ID, undo bool) error {
	note := "a record was merged into another"
	if undo {
		note = "a merge was undone"
	}
	if err := s.directory.Log(ctx, directory.Changed, loser, note, by(ctx, MergePath)); err != nil {
		return unwitnessed(err)
	}
	return nil
}

// explainMerge puts a refusal into the words of the services.
func explainMerge(err error) error {
	var r *likeness.Refusal
	var unknown *merging.UnknownError
	if errors.As(err, &unknown) {
		return invalid(unknown.Error(), "Ask first what can be.")
	}
	if !errors.As(err, &r) {
		return err
	}
	code := rpcerr.Invalid
	if r.Code == "merged" || r.Code == "circle" || r.Code == "under" {
		code = rpcerr.Conflict
	}
	return rpcerr.E(code, r.Text+"; nothing was changed", r.Hint, err)
}

// operated answers what the operator asks in JSON.
func operated[Q, A any](s *Server, do func(context.Context, Q) (A, error)) http.Handler {
	return s.logged(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), callerKey{}, &caller{local: true}), s.config.Timeout)
		defer cancel()
		answer, err := asked(ctx, http.MaxBytesReader(w, r.Body, askedMost), do)
		if err != nil {
			s.say(ctx, rpcerr.CodeOf(err))
			_ = connect.NewErrorWriter().Write(w, r, rpcerr.ToConnect(ctx, s.log, err)) // nobody listens
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
}

func asked[Q, A any](ctx context.Context, body io.Reader, do func(context.Context, Q) (A, error)) (answer A, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = panicked(thrown, debug.Stack())
		}
	}()
	var q Q
	if json.NewDecoder(body).Decode(&q) != nil {
		return answer, invalid("what is asked cannot be read; nothing was changed", "Send it as JSON.")
	}
	return do(ctx, q)
}
