package exchange

import (
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// The size of what is passed on.
const (
	// handoverRun is about how many bytes of payloads get one seal: a run goes to the
	// office in one request, whatever the link.
	handoverRun = 32 << 10
	// handoverPage bounds what is read at a time.
	handoverPage = 256 << 10
)

// Handover is what a device passes on to team-mates.
type Handover struct {
	// Since: own entries that the office has are passed on too from this time on: whoever
	// takes them may not have heard from it.
	Since fold.Time
	// May says whether all who take it may read what the entry changes; one that they may
	// not read goes as its hash.
	May func(Noted) (bool, error)
	// Put takes a batch, causes first.
	Put func(journal.Batch) error
}

// HandOver passes on what this device wrote and what it has of others without an answer.
// Begin closes the open change before.
func (d *Device) HandOver(h Handover, by Signer) error {
	x := &handing{Device: d, Handover: h, by: by, answered: map[fold.WriterID]fold.Seq{}, done: map[fold.Link]bool{}}
	err := d.book.Unanswered(0, func(e Noted) bool {
		if e.Peer == nil && (x.answered[e.Writer] == 0 || e.Seq < x.answered[e.Writer]) {
			x.answered[e.Writer] = e.Seq // the first without an answer
		}
		return true
	})
	for from := uint64(0); err == nil; {
		var page []Noted
		size := 0
		err = d.book.Since(from, func(e Noted) bool {
			page, size = append(page, e), size+len(e.Payload)
			return size < handoverPage
		})
		if err != nil || len(page) == 0 {
			break
		}
		for _, e := range page {
			if err := x.entry(e); err != nil {
				return err
			}
		}
		from = page[len(page)-1].Number
	}
	if err == nil {
		err = x.flush()
	}
	return err
}

// handing is the work on one handover.
type handing struct {
	*Device
	Handover
	by Signer

	answered map[fold.WriterID]fold.Seq // of own writers, the first seq without an answer
	begun    bool                       // with own entries
	batch    *sending
	size     int
	done     map[fold.Link]bool // entries of others that have gone
}

func (x *handing) entry(e Noted) error {
	if e.Peer != nil {
		if e.Decision != 0 || x.done[e.Link] {
			return nil
		}
		return x.passOn(e)
	}
	if x.begun = x.begun || e.Decision == 0 || e.Time >= x.Since; !x.begun {
		return nil
	}
	if x.batch == nil || x.batch.Writer != e.Writer || x.batch.LastSeq()+1 != e.Seq || x.size+len(e.Payload) > handoverRun {
		if err := x.flush(); err != nil {
			return err
		}
		x.batch = &sending{journal.Batch{Writer: e.Writer, FirstSeq: e.Seq, Previous: e.Previous}}
	}
	x.batch.Payloads = append(x.batch.Payloads, e.Payload)
	x.size += len(e.Payload)
	// What the office has turned down is nothing for others.
	may := e.Decision == 0 || e.Decision == Accepted
	if may {
		var err error
		if may, err = x.May(e); err != nil {
			return err
		}
	}
	if !may {
		x.batch.LeaveOut(len(x.batch.Payloads)-1, journal.HashOf(e.Payload))
	}
	return nil
}

// flush seals the own entries that were gathered.
func (x *handing) flush() error {
	if x.batch == nil {
		return nil
	}
	b := x.batch
	x.batch, x.size = nil, 0
	if b.Answered = b.LastSeq(); x.answered[b.Writer] > 0 {
		b.Answered = min(b.Answered, x.answered[b.Writer]-1)
	}
	b.seal(x.by)
	b.Certificate = x.by.Certificate
	return x.Put(b.Batch)
}

// passOn passes the run of somebody else's entry on as it was signed.
func (x *handing) passOn(e Noted) error {
	if err := x.flush(); err != nil {
		return err
	}
	rows, err := x.book.Run(e.Link)
	if err != nil {
		return err
	}
	b, links, err := x.run(e)
	if err != nil {
		return err
	}
	b.KnownAs = fold.WriterID{} // that is this device's affair
	before, err := x.book.Find(e.Previous)
	if err != nil {
		return err
	}
	if e.Peer.Based || before != nil && before.Decision != 0 {
		b.Answered = e.Seq - 1
	}
	for i, r := range rows {
		if x.done[links[i]] = true; b.Payloads[i] == nil {
			continue // left out already
		}
		if may, err := x.May(r); err != nil {
			return err
		} else if !may {
			b.LeaveOut(i, r.Peer.Hash)
		}
	}
	return x.Put(b)
}
