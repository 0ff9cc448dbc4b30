package server

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The bounds of what one request may name.
const (
	maxNamed    = 1000   // batches, and writers to ask after
	maxToken    = 64     // bytes of epoch and cursor
	maxFollowed = 20_000 // entries of the chains that are asked after, together
)

// syncService answers daylight.v1.SyncService; its contract stands in the .proto.
type syncService struct{ *Server }

func (s syncService) Sync(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	answer, _, err := s.syncAs(ctx, callerOf(ctx), r)
	if err == nil {
		err = s.told(ctx, callerOf(ctx), r.GetOwn(), answer)
	}
	return answer, err
}

// took is what became of a request's batches: of those that can be read, and those that
// cannot.
type took struct {
	exchange.Outcome
	batches []journal.Batch
	bad     []fault
}

// syncAs is the one exchange, whichever way the request came. took is of what was saved,
// also beside an error.
func (s *Server) syncAs(ctx context.Context, c *caller, r *daylightv1.SyncRequest) (_ *daylightv1.SyncResponse, t took, err error) {
	ask, err := readAsk(r)
	if err != nil {
		return nil, t, err
	}
	s.writes(ctx, ask.Own.Writer)
	t.batches, t.bad = readBatches(r.GetBatches())
	for _, f := range t.bad {
		if f.writer == (fold.WriterID{}) && ask.Own.Writer == (fold.WriterID{}) {
			return nil, t, invalid("a batch names no writer", "Update the program that sent it.")
		}
		ask.Others = append(ask.Others, exchange.Asked{Head: exchange.Head{Dot: fold.Dot{Writer: f.writer}}})
	}
	as := store.Caller{}
	if c.Caller != nil {
		as.Sight, as.Gate = sightOf(c, s.config.Now().UnixMilli()), s.deviceGate(ctx)
		ask.Key = c.Device.GetKey()
		if ask.Issuer, err = s.issuer(ctx); err != nil {
			return nil, t, err
		}
	}
	answer, outcome, err := s.store.For(as).Take(ctx, t.batches, ask)
	if t.Outcome = outcome; err != nil {
		return nil, t, err
	}
	if err := s.sent(ctx, c, ask.Cursor, answer); err != nil {
		return nil, t, err
	}
	if c.Caller != nil {
		if answer.Anew || len(ask.Cursor) == 0 {
			answer.Person = c.Person
		}
		if answer.Directory, err = s.directory.Known(ctx, r.GetDirectory(), c.rights.NamesColleagues()); err != nil {
			return nil, t, err
		}
		if answer.Readers, err = s.directory.NewerReaders(ctx, r.GetReadersVersion(), c.Device.GetEnrolledAt()); err != nil {
			return nil, t, err
		}
	}
	for _, f := range t.bad {
		f.say(answer, ask.Own.Writer)
	}
	return answer, t, nil
}

// issuer is whose certificates count: the office's.
func (s *Server) issuer(ctx context.Context) (ed25519.PublicKey, error) {
	o, err := s.directory.Office(ctx)
	return o.GetEnrolmentKey(), err
}

// writes notes for the log who is calling: the beginning of the id, which is
// random.
func (s *Server) writes(ctx context.Context, w fold.WriterID) {
	if c, ok := ctx.Value(callKey{}).(*call); ok && w != (fold.WriterID{}) {
		c.writer = hex.EncodeToString(w[:4])
	}
}

func readAsk(r *daylightv1.SyncRequest) (a exchange.Ask, err error) {
	if len(r.GetEpoch()) > maxToken || len(r.GetCursor()) > maxToken {
		return a, invalid("the epoch or the cursor was not made by this server", "Sync again with both empty.")
	}
	if n := max(len(r.GetBatches()), len(r.GetAsk())); n > maxNamed {
		return a, invalid(fmt.Sprintf("the request names %d writers; at most %d are answered at a time", n, maxNamed), "Send it in several requests.")
	}
	a = exchange.Ask{Epoch: r.GetEpoch(), Cursor: r.GetCursor(), MoreOwn: r.GetMoreOwn(), WantDigest: r.GetWantDigest()}
	if r.GetOwn() != nil {
		if a.Own, err = readHead(r.GetOwn()); err != nil {
			return a, err
		}
	}
	a.Others, err = readAsked(r.GetAsk())
	return a, err
}

// readAsked: chains beyond the bound are not followed, as if the office did not know them.
// The device sends those.
func readAsked(heads []*daylightv1.Head) (out []exchange.Asked, err error) {
	left := uint64(maxFollowed)
	for _, h := range heads {
		head, err := readHead(h)
		if err != nil {
			return nil, err
		}
		first := h.GetFirst()
		if first > h.GetSeq() {
			return nil, invalid("the request asks after a chain that begins behind its end", "Update the program that sent it.")
		}
		if length := h.GetSeq() - first + 1; first > 0 && length > left {
			first = 0
		} else if first > 0 {
			left -= length
		}
		out = append(out, exchange.Asked{Head: head, First: fold.Seq(first)})
	}
	return out, nil
}

// readHead: the link is that of the last entry; before the first there is none,
// or the one that stands for the writer.
func readHead(h *daylightv1.Head) (exchange.Head, error) {
	out := exchange.Head{Dot: fold.Dot{Seq: fold.Seq(h.GetSeq())}}
	bare := h.GetSeq() == 0 && len(h.GetLink()) == 0
	if len(h.GetWriter()) != len(out.Writer) || !bare && len(h.GetLink()) != len(out.Link) {
		return out, invalid("the request names a writer in a way that cannot be: an id has 16 bytes and a link 32", "Update the program that sent it.")
	}
	copy(out.Writer[:], h.GetWriter())
	copy(out.Link[:], h.GetLink())
	return out, nil
}

// fault is a batch that was turned away before the office saw it.
type fault struct {
	writer fold.WriterID // zero when the batch does not say
	why    daylightv1.BatchFault
}

// readBatches sorts out what cannot be read: the rest goes on.
func readBatches(sent []*daylightv1.Batch) (batches []journal.Batch, bad []fault) {
	for _, p := range sent {
		b, err := journal.FromProto(p)
		if err == nil {
			batches = append(batches, b)
			continue
		}
		f := fault{why: daylightv1.BatchFault_BATCH_FAULT_UNREADABLE}
		if errors.Is(err, journal.ErrCertificate) {
			f.why = daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE
		}
		if len(p.GetWriter()) == len(f.writer) {
			copy(f.writer[:], p.GetWriter())
		}
		bad = append(bad, f)
	}
	return batches, bad
}

// say adds the fault to the answer, with the head that is known of the writer. A
// batch that names none is answered to whoever sent it.
func (f fault) say(r *daylightv1.SyncResponse, sender fold.WriterID) {
	if f.writer == (fold.WriterID{}) {
		f.writer = sender
	}
	a := &daylightv1.WriterAnswer{Writer: f.writer[:]}
	for _, w := range r.GetWriters() {
		if string(w.GetWriter()) == string(f.writer[:]) {
			a = proto.CloneOf(w)
		}
	}
	a.Fault = f.why
	r.Writers = append(r.Writers, a)
}
