package clientsync

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// How many bytes of changes go into one request. They follow the link: about as
// much as it carries in batchTime.
const (
	firstBatch = 256 << 10
	leastBatch = 16 << 10
	mostBatch  = 1 << 20

	batchTime = 2 * time.Second
)

// exchange is one request with its answer. Nothing is locked while it is under way.
func (s *syncing) exchange(ctx context.Context) (more bool, err error) {
	request, size, err := s.request(ctx)
	if err != nil {
		return false, explainDisk(err)
	}
	began := s.config.Now()
	answer, err := s.ask(ctx, request)
	if err != nil {
		return s.failed(size, err)
	}
	s.follow(size, s.config.Now().Sub(began))
	s.goAhead(ctx, request, answer)
	taken, err := s.take(ctx, request, answer)
	if err != nil {
		return false, explainTake(err)
	}
	if taken.Fault == daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE && s.enrolment.Load() != nil && !s.renewed {
		s.renewed = true // the clock was set meanwhile, and the certificate has ended
		return true, s.renew(ctx)
	}
	s.add(taken)
	// An honest office finds this device to be a copy once, or twice where it was restored
	// meanwhile; each time it has another id, so that no two answers look alike.
	if taken.Copied {
		if s.copied++; s.copied > patienceWithOffice {
			return false, errStuck
		}
	}
	return taken.More, nil
}

func (s *syncing) request(ctx context.Context) (r *daylightv1.SyncRequest, size int, err error) {
	err = s.db.Read(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, s.env())
		if err != nil {
			return err
		}
		o := exchange.Outbox{Until: s.until, Size: s.batch, Asked: s.asked, Without: s.without}
		if r, _, err = d.Request(o, *s.signer.Load()); err != nil {
			return err
		}
		if len(r.Cursor) > 0 { // another log may have another directory
			if r.Directory, _, err = b.Directory(); err != nil {
				return err
			}
		}
		r.ReadersVersion, _, err = b.Readers()
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	r.WantDigest = s.options.Verify
	for _, b := range r.Batches {
		for _, e := range b.Entries {
			size += len(e.Payload)
		}
	}
	return r, size, nil
}

// failed makes the next request smaller, and says whether to send it right away: a
// request that only took too long, or was too large, may go in parts.
func (s *syncing) failed(size int, err error) (again bool, _ error) {
	smaller := size > leastBatch
	if size > 0 {
		s.batch = max(leastBatch, min(s.batch, size)/2)
	}
	if smaller && (errors.Is(err, errIdle) || CodeOf(err) == TooLarge) {
		return true, nil
	}
	return false, err
}

// follow fits the batch to the link. A request that was not full says nothing about
// what the link carries.
func (s *syncing) follow(size int, took time.Duration) {
	if size < s.batch/2 {
		return
	}
	carries := mostBatch
	if took > 0 {
		carries = int(min(float64(size)*batchTime.Seconds()/took.Seconds(), mostBatch))
	}
	s.batch = max(leastBatch, carries)
}

// take folds the answer in, in one transaction. An answer that was taken twice
// changes nothing, so after an uncertain commit the next sync asks again.
func (s *syncing) take(ctx context.Context, request *daylightv1.SyncRequest, answer *daylightv1.SyncResponse) (t exchange.Taken, err error) {
	sent, err := exchange.SentIn(request)
	if err != nil {
		return t, err
	}
	t, err = s.takeAnswer(ctx, sent, len(request.Cursor) == 0, answer)
	s.asked, s.without = true, append(s.without, t.Without...)
	return t, err
}

// takeAnswer is take for an answer, whichever way it came. first: it answers an empty
// cursor.
func (s *syncing) takeAnswer(ctx context.Context, sent exchange.Sent, first bool, answer *daylightv1.SyncResponse) (t exchange.Taken, err error) {
	var now standing
	var verified string
	var heard *localdb.Enrolment
	err = s.db.Write(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, s.env())
		if err != nil {
			return err
		}
		if t, err = d.Take(sent, answer); err != nil {
			return err
		}
		if err := putDirectory(b, first, answer.Directory); err != nil {
			return err
		}
		if heard, err = s.hear(b, answer.Person); err != nil {
			return err
		}
		if heard, err = s.takeReaders(ctx, b, heard, answer.Readers); err != nil {
			return err
		}
		if t.Lost > 0 {
			if err := unswept(b); err != nil {
				return err
			}
		}
		if now, err = s.stand(b); err != nil {
			return err
		}
		verified, err = s.compare(b, t)
		return err
	})
	if err != nil {
		return t, err
	}
	if heard != nil {
		s.enrolment.Store(heard)
	}
	s.report.Pushed = max(0, s.report.ToPush-now.unanswered)
	s.report.Passed = max(0, s.report.ToPass-now.others)
	s.report.Verified = verified
	if now == s.last {
		s.stuck++
	} else {
		s.stuck = 0
	}
	s.last = now
	s.watchers.tell()
	return t, nil
}

// unswept notes that the file may hold copies of what was deleted.
func unswept(b *localdb.Book) error {
	n, err := b.Note()
	if err != nil {
		return err
	}
	n.Unswept = true
	return b.PutNote(n)
}

func (s *syncing) stand(b *localdb.Book) (standing, error) {
	self, err := b.Self()
	if err != nil {
		return standing{}, err
	}
	own, others, err := b.CountUnanswered(s.outbox)
	return standing{string(self.Cursor), string(self.Epoch), string(self.ID[:]), own, others, len(s.without), self.Vouched, self.Round}, err
}

// compare holds the digest of what is here against the office's. What is not sent
// yet, the office cannot have.
func (s *syncing) compare(b *localdb.Book, t exchange.Taken) (string, error) {
	if t.Digest == nil || t.More {
		return "", nil
	}
	last, err := b.Last()
	if err != nil {
		return "", err
	}
	if own, others, err := b.CountUnanswered(last); own+others > 0 || err != nil {
		return "", err
	}
	here, err := exchange.DigestOf(b.States)
	if err != nil {
		return "", err
	}
	if here.Records == t.Digest.Records && bytes.Equal(here.Sum, t.Digest.Sum) {
		return "same", nil
	}
	return "different", nil
}

// add puts what an answer brought into the report. After a fault, or a gap that
// cannot be filled, own entries stay here and the pull goes on.
func (s *syncing) add(t exchange.Taken) {
	s.report.Pulled += t.Pulled
	s.report.Refused += t.Refused
	s.report.Restored = s.report.Restored || t.Restored
	s.report.Copied = s.report.Copied || t.Copied
	s.report.Gap = s.report.Gap || t.Gap
	s.report.TurnedAway += len(t.Without)
	if t.Fault != 0 {
		s.report.Fault = word(t.Fault.String(), "BATCH_FAULT_")
	}
	if t.Fault != 0 || t.Gap {
		s.until = 0
	}
}
