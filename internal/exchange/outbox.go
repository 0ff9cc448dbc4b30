package exchange

import (
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Signer makes the device's seals.
type Signer struct {
	Seal        func(fold.WriterID, fold.Seq, fold.Link) []byte
	Certificate *journal.Certificate
}

// Begin closes the open change and gives the number of the newest entry: the
// outbox of the sync that begins now. What is saved later goes next time.
func (d *Device) Begin() (until uint64, err error) {
	if d.self.Open != nil {
		d.self.Open = nil
		if err := d.book.PutSelf(d.self); err != nil {
			return 0, err
		}
	}
	return d.book.Last()
}

// Request is the next request of a sync: unanswered entries up to the number
// until, about size bytes of them and one at least, in the order in which they
// were written. Those under an id that the device no longer has go whatever until
// is: the office may know other entries by that name. With until 0 nothing else is
// pushed.
func (d *Device) Request(until uint64, size int, by Signer) (*daylightv1.SyncRequest, error) {
	r := &daylightv1.SyncRequest{Epoch: d.self.Epoch, Cursor: d.self.Cursor}
	own := Head{fold.Dot{Writer: d.self.ID, Seq: d.self.Seq}, d.self.Link}
	var batches []*journal.Batch
	total := 0
	err := d.book.Unanswered(func(e Noted) bool {
		if e.Number > until && e.Writer == d.self.ID {
			// What the office cannot know yet is not named: it could not tell that what
			// comes before it is known here.
			own = Head{fold.Dot{Writer: e.Writer, Seq: e.Seq - 1}, e.Previous}
			return false
		}
		if total > 0 && total+len(e.Payload) > size {
			r.MoreOwn = true
			return false
		}
		total += len(e.Payload)
		batches = pack(batches, e)
		return true
	})
	if err != nil {
		return nil, err
	}
	r.Own = own.toProto()
	for _, b := range batches {
		links := b.Links()
		b.Seal = by.Seal(b.Writer, b.LastSeq(), links[len(links)-1])
		if b.Serial = by.Certificate.Serial; !d.self.Vouched {
			b.Certificate = by.Certificate
		}
		r.Batches = append(r.Batches, b.ToProto())
	}
	return r, nil
}

// pack adds an entry to the last batch where it follows on, or to a new one.
func pack(batches []*journal.Batch, e Noted) []*journal.Batch {
	if n := len(batches); n > 0 {
		if b := batches[n-1]; b.Writer == e.Writer && b.LastSeq()+1 == e.Seq {
			b.Payloads = append(b.Payloads, e.Payload)
			return batches
		}
	}
	return append(batches, &journal.Batch{
		Writer: e.Writer, FirstSeq: e.Seq, Previous: e.Previous, Payloads: [][]byte{e.Payload},
	})
}

// toProto is the head as it travels; one before the first entry has no link.
func (h Head) toProto() *daylightv1.Head {
	p := &daylightv1.Head{Writer: h.Writer[:], Seq: uint64(h.Seq)}
	if h.Seq > 0 {
		p.Link = h.Link[:]
	}
	return p
}
