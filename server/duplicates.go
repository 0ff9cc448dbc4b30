package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
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
	if err != nil || !slices.Contains(mergeable, kind) {
		return out, errNotCompared
	}
	var pairs []likeness.Pair
	desk := s.recordDesk(ctx)
	if kind == record.Facility {
		pairs, err = placePairs(ctx, desk)
	} else {
		pairs, err = s.visitPairs(ctx, desk)
	}
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
	circular, err := s.store.Circular(ctx, kind)
	for _, id := range circular {
		if _, err := desk.Get(ctx, kind, id); err == nil { // only what the caller sees
			out.Circular = append(out.Circular, id.String())
		}
	}
	return out, forCaller(err)
}

// mergeable are the kinds that people make twice.
var mergeable = []record.Kind{record.Facility, record.Visit}

var errNotCompared = invalid("duplicates are looked for among places and visits; nothing was changed", "Name the kind facility or visit.")

// recordDesk is the store as the caller sees it. The operator at the server, who is shown
// no record, names them by their ids.
func (s *Server) recordDesk(ctx context.Context) *store.Desk {
	if c := callerOf(ctx); c.Caller != nil || !c.local {
		return s.desk(c)
	}
	return s.store.For(store.Caller{Writer: operatorWriter})
}

func placePairs(ctx context.Context, desk *store.Desk) ([]likeness.Pair, error) {
	all, err := listAll[*daylightv1.Facility](ctx, desk, record.Facility)
	if err != nil {
		return nil, err
	}
	return likeness.NewPlaces(all).Pairs(), nil
}

func (s *Server) visitPairs(ctx context.Context, desk *store.Desk) ([]likeness.Pair, error) {
	all, err := listAll[*daylightv1.Visit](ctx, desk, record.Visit)
	if err != nil {
		return nil, err
	}
	places, err := placePairs(ctx, desk)
	if err != nil {
		return nil, err
	}
	joined, err := s.store.Joined(ctx, record.Facility)
	if err != nil {
		return nil, err
	}
	under := func(id record.ID) record.ID {
		if winner, ok := joined[id]; ok {
			return winner
		}
		return id
	}
	return likeness.NewVisits(all, under, places).Pairs(), nil
}

// listAll reads every record of a kind that the desk lists.
func listAll[M record.Message](ctx context.Context, desk *store.Desk, kind record.Kind) (out []M, err error) {
	q := store.Query{PageSize: store.MaxPage}
	for {
		page, err := desk.List(ctx, kind, q)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			if m, ok := i.Message.(M); ok {
				out = append(out, m)
			}
		}
		if q.PageToken = page.Next; q.PageToken == "" {
			return out, nil
		}
	}
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
func (s *Server) Merge(ctx context.Context, r MergeAsked) (done MergeDone, err error) {
	m := merging{Server: s, desk: s.recordDesk(ctx)}
	if m.loser, err = m.side(ctx, "loser", r.Loser); err != nil {
		return done, forCaller(err)
	}
	if r.Undo {
		done, err = m.undo(ctx)
	} else if m.winner, err = m.side(ctx, "winner", r.Winner); err == nil {
		done, err = m.merge(ctx, r)
	}
	if err == nil && !r.Try {
		err = m.witness(ctx, r.Undo)
	}
	return done, forCaller(explainMerge(err))
}

// merging is one merge of a caller's.
type merging struct {
	*Server
	desk          *store.Desk
	kind          record.Kind // the loser's
	loser, winner likeness.Side
}

// side reads one of the two, of whichever kind it is.
func (m *merging) side(ctx context.Context, what, text string) (side likeness.Side, err error) {
	id, err := parseID(what, text)
	if err != nil {
		return side, err
	}
	var item store.Item
	for _, kind := range mergeable {
		if item, err = m.desk.Get(ctx, kind, id); err == nil {
			if m.kind == 0 {
				m.kind = kind
			}
			break
		}
		if !errors.Is(err, store.ErrNotFound) {
			return side, err
		}
	}
	if err != nil {
		return side, err
	}
	together, err := m.store.Together(ctx, id)
	return likeness.Side{Message: item.Message, Removed: item.Removed, Incomplete: item.Status.GetIncomplete(), Under: together.Winner}, err
}

func (m *merging) merge(ctx context.Context, r MergeAsked) (done MergeDone, err error) {
	if err := likeness.MayMerge(m.loser, m.winner); err != nil {
		return done, err
	}
	loser, winner := m.loser.Message, m.winner.Message
	could := likeness.Carry(winner, loser)
	done = MergeDone{Kind: m.kind.String(), Loser: loser.GetId(), Winner: winner.GetId(), Taken: []string{}, Shared: []string{}, Left: m.named(could)}
	for i, name := range r.Carry {
		if name != "all" && !slices.ContainsFunc(could, func(v likeness.Value) bool { return v.Named(name) }) {
			return done, invalid(fmt.Sprintf("number %d of what is to be taken over is nothing that can be; nothing was changed", i+1), "Ask first what can be.")
		}
	}
	if r.Try {
		return done, nil
	}
	likeness.Merge(loser, winner)
	messages := []record.Message{loser}
	taken := likeness.Take(winner, loser, func(v likeness.Value) bool { return slices.ContainsFunc(r.Carry, v.Named) })
	if len(taken) > 0 {
		messages = append(messages, winner)
	}
	done.Taken, done.Left = m.named(taken), m.named(likeness.Carry(winner, loser))
	_, err = m.desk.Save(ctx, messages...)
	return done, err
}

func (m *merging) undo(ctx context.Context) (done MergeDone, err error) {
	loser := m.loser.Message
	into := likeness.MergedInto(loser)
	if err := likeness.Unmerge(loser); err != nil {
		return done, err
	}
	done = MergeDone{Kind: m.kind.String(), Loser: loser.GetId(), Winner: into, Taken: []string{}, Left: []string{}, Shared: []string{}}
	if _, err := m.desk.Save(ctx, loser); err != nil {
		return done, err
	}
	id, err := record.ParseID(into)
	if err != nil {
		return done, nil // it named nothing that there is
	}
	winner, err := m.desk.Get(ctx, m.kind, id)
	if errors.Is(err, store.ErrNotFound) {
		return done, nil
	}
	if err == nil {
		done.Shared = m.named(likeness.Shared(winner.Message, loser))
	}
	return done, err
}

// named says what values are, and nothing of what they say: the key of an element of a set
// is the element itself, so that there the field stands for all of them.
func (m *merging) named(all []likeness.Value) []string {
	sets := map[string]bool{}
	for _, f := range record.Fields(m.kind) {
		sets[f.Name] = f.Rule == record.Set
	}
	out := []string{}
	for _, v := range all {
		name := v.String()
		if sets[v.Field] {
			name = v.Field
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (m *merging) witness(ctx context.Context, undo bool) error {
	id, err := record.IDOf(m.loser.Message)
	if err != nil {
		return err
	}
	note := "a record was merged into another"
	if undo {
		note = "a merge was undone"
	}
	if err := m.directory.Log(ctx, directory.Changed, id, note, by(ctx, MergePath)); err != nil {
		return unwitnessed(err)
	}
	return nil
}

// explainMerge puts a refusal into the words of the services.
func explainMerge(err error) error {
	var r *likeness.Refusal
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
