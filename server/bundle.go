package server

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// BundleTaken says what a bundle for the office held, and what became of it.
type BundleTaken struct {
	// Person and Device are who made it, as the directory has them, Made when, by the
	// device's clock.
	Person string    `json:"person"`
	Device string    `json:"device"`
	Made   time.Time `json:"made"`

	// New counts changes that the office did not have, Known those that it had, Awaited
	// those that came without their content. Refused and Held are among New and Known.
	New     int `json:"new"`
	Known   int `json:"known"`
	Awaited int `json:"awaited"`
	Refused int `json:"refused"`
	Held    int `json:"held"`
	// TurnedAway says, a line each, which batches were not taken.
	TurnedAway []string `json:"turned_away,omitempty"`
	// Restored: the device has not heard that the office was restored, so nothing was
	// taken. With the answer it makes another bundle, in which everything is.
	Restored bool `json:"restored,omitempty"`
	// Pages counts the parts of the answer, Records the records in it.
	Pages   int `json:"pages,omitempty"`
	Records int `json:"records,omitempty"`
}

// TakeBundle takes a bundle that a device made for the office, as if the device had
// synced: whole or not at all where it is damaged, change by change where the office
// decides. Taken twice it changes nothing. other opens it too, where it is not zero.
func (s *Server) TakeBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity) (BundleTaken, error) {
	t, err := s.openBundle(ctx, r, other)
	if err != nil {
		return BundleTaken{}, forBundle(err)
	}
	err = s.directory.Log(ctx, directory.Bundled, t.caller.DeviceID, "a bundle was taken", directory.By{Call: "bundle take"})
	if err == nil {
		err = t.each(ctx, func(q *daylightv1.SyncRequest) error {
			q.MoreOwn = true // no states: nobody waits for them
			_, err := t.sync(ctx, q)
			return err
		})
	}
	return t.taken, forBundle(err)
}

// AnswerBundle takes a bundle as TakeBundle does, and writes the answer to w: a bundle
// that the device takes as it takes the answers of a sync.
func (s *Server) AnswerBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity, w io.Writer) (BundleTaken, error) {
	t, err := s.openBundle(ctx, r, other)
	if err != nil {
		return BundleTaken{}, forBundle(err)
	}
	if t.caller.ShutOut() {
		return BundleTaken{}, rpcerr.E(rpcerr.Denied, fmt.Sprintf("%s of %s is shut out, so nothing is answered; what it wrote can be taken, and is held for a person", t.taken.Device, t.taken.Person),
			"Take it with daylightd bundle take.", nil)
	}
	if t.caller.Device.GetRecipient() == "" {
		return BundleTaken{}, rpcerr.E(rpcerr.Conflict, "it is not known how bundles for this device are encrypted; nothing was written",
			"It has to sync once; what it wrote can be taken already.", nil)
	}
	if err := s.directory.Log(ctx, directory.Bundled, t.caller.DeviceID, "a bundle was answered", directory.By{Call: "bundle answer"}); err != nil {
		return BundleTaken{}, forBundle(err)
	}
	t.w = w
	if err := t.each(ctx, func(q *daylightv1.SyncRequest) error { return t.answer(ctx, q) }); err != nil {
		return t.taken, forBundle(err)
	}
	if t.file == nil {
		return t.taken, errEmptyBundle
	}
	return t.taken, forBundle(t.file.Close())
}

var errEmptyBundle = rpcerr.E(rpcerr.Invalid, "this bundle holds nothing; it was made wrongly", "Ask for another one.", nil)

// taking is the work on one bundle.
type taking struct {
	*Server
	bundle *bundle.Bundle
	caller *caller
	taken  BundleTaken

	w    io.Writer
	file *bundle.Writer // of the answer, nil before its first part
}

// openBundle opens a bundle and verifies all of it. Whose it is, the directory says.
func (s *Server) openBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity) (*taking, error) {
	if !s.made {
		return nil, rpcerr.E(rpcerr.Conflict, "this office has not been made yet, so no bundle can be for it", "Run daylightd init.", nil)
	}
	secret, err := s.directory.BundleIdentity(ctx)
	if err != nil {
		return nil, err
	}
	own := bundle.Identity{}
	if secret != "" {
		if own, err = bundle.ParseIdentity(secret); err != nil {
			return nil, err
		}
	}
	b, err := bundle.Open(r, own, other)
	if err != nil {
		return nil, err
	}
	h := b.Header()
	if h.Purpose != daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE {
		return nil, rpcerr.E(rpcerr.Invalid, "this bundle was not made for the office but for a device; nothing of it was taken", "Take it on the device, with daylight bundle take.", nil)
	}
	issuer, err := syncService{s}.issuer(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.directory.Writer(ctx, h.Certificate.Key)
	if err != nil {
		return nil, err
	}
	if w == nil || !h.Certificate.IssuedBy(issuer) {
		return nil, rpcerr.E(rpcerr.Denied, "this bundle was made by a device that this office does not know; nothing of it was taken", "Enrol the device, and make another one.", nil)
	}
	if w.Device.GetState() == daylightv1.DeviceState_DEVICE_STATE_WAITING {
		return nil, rpcerr.E(rpcerr.Denied, "the device that made this bundle is not let in yet; nothing of it was taken", "Approve it with daylightd device approve, and take the bundle then.", nil)
	}
	if err := b.Verify(ctx, h.Certificate.Key); err != nil {
		return nil, err
	}
	return &taking{
		Server: s, bundle: b, caller: &caller{Caller: w, rights: rightsOf(w, s.config.Now().UnixMilli())},
		taken: BundleTaken{Person: w.Person.GetName(), Device: w.Device.GetLabel(), Made: time.UnixMilli(h.MadeMS).UTC()},
	}, nil
}

// each calls do for every request in the bundle.
func (t *taking) each(ctx context.Context, do func(*daylightv1.SyncRequest) error) error {
	for f, err := range t.bundle.Frames(ctx) {
		if err != nil {
			return err
		}
		if err := do(f.GetRequest()); err != nil {
			return err
		}
	}
	return nil
}

// sync does what the device would have had done by the RPC.
func (t *taking) sync(ctx context.Context, q *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	known, err := t.known(ctx, q)
	if err != nil {
		return nil, err
	}
	r, err := syncService{t.Server}.Sync(context.WithValue(ctx, callerKey{}, t.caller), q)
	if err != nil {
		return nil, err
	}
	t.count(q, known, r)
	return r, nil
}

// known counts the entries of a request that the office has.
func (t *taking) known(ctx context.Context, q *daylightv1.SyncRequest) (int, error) {
	var links []fold.Link
	for _, p := range q.GetBatches() {
		if b, err := journal.FromProto(p); err == nil {
			for i, l := range b.Links() {
				if b.Payloads[i] != nil {
					links = append(links, l)
				}
			}
		}
	}
	return t.store.Has(ctx, links)
}

// count adds what became of a request's entries. What was turned away is neither new nor
// known.
func (t *taking) count(q *daylightv1.SyncRequest, known int, r *daylightv1.SyncResponse) {
	if r.GetRestored() {
		t.taken.Restored = true
		return
	}
	away := map[string]bool{}
	for _, a := range r.GetWriters() {
		switch {
		case a.GetFault() != 0:
			t.taken.TurnedAway = append(t.taken.TurnedAway, faults[a.GetFault()])
		case a.GetSendFrom() > 0:
			t.taken.TurnedAway = append(t.taken.TurnedAway, fmt.Sprintf("what comes before is missing: changes from %d on", a.GetSendFrom()))
		default:
			continue
		}
		away[string(a.GetWriter())] = true
	}
	all := 0
	for _, b := range q.GetBatches() {
		if away[string(b.GetWriter())] {
			continue
		}
		for _, e := range b.GetEntries() {
			if len(e.GetPayload()) > 0 {
				all++
			} else {
				t.taken.Awaited++
			}
		}
	}
	t.taken.Known += known
	t.taken.New += max(0, all-known)
	for _, v := range r.GetVerdicts() {
		switch v.GetDecision() {
		case exchange.Refused:
			t.taken.Refused++
		case exchange.Held:
			t.taken.Held++
		}
	}
}

var faults = map[daylightv1.BatchFault]string{
	daylightv1.BatchFault_BATCH_FAULT_UNREADABLE:  "changes in it cannot be read",
	daylightv1.BatchFault_BATCH_FAULT_SEAL:        "a seal does not vouch for its changes",
	daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE: "a certificate has ended, or names another key than the one that wrote before",
}

// answer writes what a sync would have answered, to the last page.
func (t *taking) answer(ctx context.Context, q *daylightv1.SyncRequest) error {
	sent, err := exchange.SentIn(q)
	if err != nil {
		return err
	}
	for {
		r, err := t.sync(ctx, q)
		if err != nil {
			return err
		}
		part := sent.ToProto()
		part.Response = r
		if err := t.put(ctx, r.GetEpoch(), part); err != nil {
			return err
		}
		t.taken.Pages++
		t.taken.Records += len(r.GetStates())
		if q.GetMoreOwn() || !r.GetMore() || r.GetRestored() {
			return nil
		}
		next := &daylightv1.SyncRequest{Epoch: r.GetEpoch(), Cursor: r.GetCursor(), Own: q.GetOwn(), Directory: q.GetDirectory()}
		if d := r.GetDirectory(); d != nil {
			next.Directory = d.GetRevision()
		}
		q, sent = next, exchange.Sent{}
	}
}

// put begins the answer with its first part. To whom it is encrypted the directory says,
// and nothing in the bundle.
func (t *taking) put(ctx context.Context, epoch []byte, part *daylightv1.BundleAnswer) (err error) {
	if t.file == nil {
		h := t.bundle.Header()
		answer := bundle.Header{
			Purpose: daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER, MadeMS: t.config.Now().UnixMilli(), Epoch: epoch,
			DeviceKey: ed25519.PublicKey(t.caller.Device.GetKey()), Answers: h.ID, Standing: h.Standing,
		}
		if _, err := io.ReadFull(t.config.Random, answer.ID[:]); err != nil {
			return err
		}
		sign, err := t.directory.BundleSigner(ctx)
		if err != nil {
			return err
		}
		if t.file, err = bundle.Create(t.w, answer, []string{t.caller.Device.GetRecipient()}, sign); err != nil {
			return err
		}
	}
	return t.file.Put(&daylightv1.BundleFrame{Answer: part})
}

// forBundle puts what is wrong with a bundle into the words of an error of ours.
func forBundle(err error) error {
	var file *bundle.Error
	if errors.As(err, &file) {
		return rpcerr.E(rpcerr.Invalid, file.Message, file.Hint, err)
	}
	if err == nil {
		return nil
	}
	return forCaller(err)
}
