package server

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// BundleTaken says what a bundle for the office held, and what became of it. A change
// that stands in it twice counts twice.
type BundleTaken struct {
	// Person and Device are who made it, as the directory names them, Made when, by the
	// device's clock.
	Person string    `json:"person,omitempty"`
	Device string    `json:"device,omitempty"`
	Made   time.Time `json:"made,omitzero"`
	// ShutOut: the device is revoked, or its person disabled.
	ShutOut bool `json:"shut_out,omitempty"`

	// New counts changes that came now, Known those that the office had, Awaited those of
	// which it has no more than the hash: whoever has the content brings it.
	New     int `json:"new"`
	Known   int `json:"known"`
	Awaited int `json:"awaited"`
	// Of the new and the known ones: Refused counts those that were not accepted, Reasons
	// why, as "stale"; Held those that wait for a person at the office.
	Refused int            `json:"refused"`
	Reasons map[string]int `json:"reasons,omitempty"`
	Held    int            `json:"held"`
	// TurnedAway says which batches were not taken; at most 100 of them.
	TurnedAway []TurnedAway `json:"turned_away,omitempty"`
	// Restored: the device has not heard that the office was restored from a backup, so
	// nothing was taken. Once it has the answer it makes another bundle.
	Restored bool `json:"restored,omitempty"`

	// Records counts those in the answer.
	Records int `json:"records,omitempty"`
}

// TurnedAway is a batch of which nothing was taken. The device keeps its changes.
type TurnedAway struct {
	// Who signed it, as its certificate names them; empty where it came without.
	Who string `json:"who,omitempty"`
	// From and Until are the numbers of its changes; 0 where they cannot be read.
	From  uint64 `json:"from,omitempty"`
	Until uint64 `json:"until,omitempty"`
	// Why is "unreadable", "seal", "certificate", or "gap": what comes before it, from
	// MissingFrom on, is not here.
	Why         string `json:"why"`
	MissingFrom uint64 `json:"missing_from,omitempty"`
}

const maxAway = 100

// taking is the work on one bundle.
type taking struct {
	*Server
	bundle *bundle.Bundle
	header bundle.Header
	caller *caller
	taken  BundleTaken

	requests int // that were taken
	// last is the answer before, and told the directory that the device will know by then.
	last *daylightv1.SyncResponse
	told uint64

	w    io.Writer
	file *bundle.Writer // of the answer, nil before its first part
	// unsigned is why the answer has no signature.
	unsigned error
}

func newTaking(s *Server, b *bundle.Bundle, maker *directory.Caller) *taking {
	return &taking{
		Server: s, bundle: b, header: b.Header(),
		caller: &caller{Caller: maker, rights: rightsOf(maker, s.config.Now().UnixMilli())},
		taken: BundleTaken{
			Person: maker.Person.GetName(), Device: maker.Device.GetLabel(),
			Made: time.UnixMilli(b.Header().MadeMS).UTC(), ShutOut: maker.ShutOut(),
		},
	}
}

// each calls do for every request in the bundle, up to one that has missed a restore:
// the others have too.
func (t *taking) each(ctx context.Context, do func(*daylightv1.SyncRequest) error) error {
	for f, err := range t.bundle.Frames(ctx) {
		if err == nil {
			err = do(f.GetRequest())
		}
		if err != nil {
			return t.partly(err)
		}
		if t.taken.Restored {
			return nil
		}
	}
	if t.requests == 0 {
		return errEmptyBundle
	}
	return nil
}

// sync does what the device would have had done by the RPC.
func (t *taking) sync(ctx context.Context, q *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	t.goOn(q)
	r, took, err := t.syncAs(ctx, t.caller, q)
	if t.count(took); err != nil {
		return nil, err
	}
	if t.requests++; r.GetRestored() {
		t.taken.Restored = true
	}
	if d := r.GetDirectory(); d != nil {
		t.told = d.GetRevision()
	}
	t.last = r
	return r, nil
}

// goOn makes the request what the device would have sent after the answer before it. The
// cursor matters: an answer may have set it back, so that a record comes that its writer
// has to see as it is.
func (t *taking) goOn(q *daylightv1.SyncRequest) {
	if t.last != nil {
		q.Epoch, q.Cursor = t.last.GetEpoch(), t.last.GetCursor()
		q.Directory = max(q.GetDirectory(), t.told)
	}
	for _, b := range q.GetBatches() { // no more is vouched for than the header does
		if b.GetCertificate() == nil && bytes.Equal(b.GetCertificateSerial(), t.header.Certificate.Serial[:]) {
			b.Certificate = t.header.Certificate.ToProto()
		}
	}
}

// count adds what became of a request's entries.
func (t *taking) count(took took) {
	for i, tally := range took.Tallies {
		t.taken.New += tally.New
		t.taken.Known += tally.Known
		t.taken.Awaited += tally.Waiting
		if tally.Away != nil {
			t.away(awayOf(took.batches[i], tally.Away))
		}
	}
	for _, f := range took.bad {
		t.away(TurnedAway{Why: faultWord(f.why)})
	}
	for _, v := range took.Verdicts {
		switch v.GetDecision() {
		case exchange.Held:
			t.taken.Held++
		case exchange.Refused:
			if t.taken.Refused++; t.taken.Reasons == nil {
				t.taken.Reasons = map[string]int{}
			}
			t.taken.Reasons[strings.ToLower(strings.TrimPrefix(v.GetReason().String(), "REASON_"))]++
		}
	}
}

func (t *taking) away(a TurnedAway) {
	if len(t.taken.TurnedAway) < maxAway {
		t.taken.TurnedAway = append(t.taken.TurnedAway, a)
	}
}

func awayOf(b journal.Batch, how *daylightv1.WriterAnswer) TurnedAway {
	a := TurnedAway{From: uint64(b.FirstSeq), Until: uint64(b.LastSeq()), Why: faultWord(how.GetFault())}
	if c := b.Certificate; c != nil {
		a.Who = c.Person + " (" + c.Device + ")"
	}
	switch {
	case how.GetSendFrom() > 0:
		a.Why, a.MissingFrom = "gap", how.GetSendFrom()
	case how.GetNeedCertificate():
		a.Why = faultWord(daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE)
	}
	return a
}

func faultWord(f daylightv1.BatchFault) string {
	return strings.ToLower(strings.TrimPrefix(f.String(), "BATCH_FAULT_"))
}

// answer writes what a sync would have answered, and after the last request all pages.
func (t *taking) answer(ctx context.Context, q *daylightv1.SyncRequest) error {
	// What the office cannot read is not named: its answer says so.
	readable := &daylightv1.SyncRequest{MoreOwn: q.GetMoreOwn(), Ask: q.GetAsk(), Batches: slices.DeleteFunc(slices.Clone(q.GetBatches()), unreadable)}
	sent, err := exchange.SentIn(readable)
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
		if err := t.put(ctx, part); err != nil {
			return err
		}
		t.taken.Records += len(r.GetStates())
		if q.GetMoreOwn() || !r.GetMore() || r.GetRestored() {
			return nil
		}
		q, sent = &daylightv1.SyncRequest{Own: q.GetOwn(), WantDigest: q.GetWantDigest(), Directory: q.GetDirectory()}, exchange.Sent{}
	}
}

func unreadable(b *daylightv1.Batch) bool {
	_, err := journal.FromProto(b)
	return err != nil
}

// put begins the answer with its first part.
func (t *taking) put(ctx context.Context, part *daylightv1.BundleAnswer) (err error) {
	if t.file == nil {
		h := bundle.Header{
			Purpose: daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER, MadeMS: t.config.Now().UnixMilli(), Epoch: part.GetResponse().GetEpoch(),
			DeviceKey: ed25519.PublicKey(t.caller.Device.GetKey()), Answers: t.header.ID, Standing: t.header.Standing,
		}
		if _, err := io.ReadFull(t.config.Random, h.ID[:]); err != nil {
			return err
		}
		if t.file, err = bundle.Create(t.w, h, []string{t.caller.Device.GetRecipient()}, t.sign(ctx)); err != nil {
			return err
		}
	}
	return t.file.Put(&daylightv1.BundleFrame{Answer: part})
}

// sign gives no signature where it failed; close says why.
func (t *taking) sign(ctx context.Context) func([]byte) []byte {
	return func(message []byte) (signature []byte) {
		signature, t.unsigned = t.directory.SignBundle(ctx, message)
		return signature
	}
}

// close ends the answer.
func (t *taking) close() error {
	err := t.file.Close()
	return cmp.Or(t.unsigned, err)
}
