package exchange

import (
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Signer makes the device's seals.
type Signer struct {
	Seal        func(fold.WriterID, fold.Seq, fold.Link) []byte
	Certificate *journal.Certificate
}

// Outbox is what a sync, or a bundle, has to send, and how far it is.
type Outbox struct {
	// Until is the number of the newest entry that goes with it; 0 for none.
	Until uint64
	// After is the number of the last entry that a bundle has; a sync, which hears at once
	// what became of them, leaves it 0.
	After uint64
	// Size is about how many bytes of payloads go into one request.
	Size int
	// Asked: the office was asked which chains of others it knows; the rest is sent.
	Asked bool
	// Without are writers whose chains the office did not take now.
	Without []fold.WriterID
}

// maxAsk bounds how many chains one request asks after: the others are sent.
const maxAsk = 500

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

// Request is the next request: unanswered entries of the outbox, one at least, in the
// order in which they were written or came. Own ones under an id that the device no
// longer has go whatever Until is: the office may know other entries by that name.
// Chains of others are asked after first, and what the office does not know of them is
// sent as it was signed. last is the number of the last entry that is in it.
func (d *Device) Request(o Outbox, by Signer) (r *daylightv1.SyncRequest, last uint64, err error) {
	q := &asking{
		Device: d, Outbox: o, last: o.After, chains: map[fold.WriterID]*chain{}, holes: map[fold.Link]Noted{},
		r: &daylightv1.SyncRequest{Epoch: d.self.Epoch, Cursor: d.self.Cursor},
	}
	q.own = Head{fold.Dot{Writer: d.self.ID, Seq: d.self.Seq}, d.self.Link}
	if err := d.book.Unanswered(o.After, q.add); err != nil {
		return nil, 0, err
	}
	q.r.Own = q.own.toProto()
	batches, err := q.batches(by)
	if err != nil {
		return nil, 0, err
	}
	for _, b := range batches {
		q.r.Batches = append(q.r.Batches, b.ToProto())
	}
	for _, c := range q.order {
		head := c.last.toProto()
		head.First = uint64(c.first)
		q.r.Ask = append(q.r.Ask, head)
	}
	return q.r, q.last, nil
}

// sending is a batch with its seal to come.
type sending struct{ journal.Batch }

func (b *sending) seal(by Signer) {
	links := b.Links()
	b.Seal = by.Seal(b.Writer, b.LastSeq(), links[len(links)-1])
	b.Serial = by.Certificate.Serial
}

// asking is a request that is put together.
type asking struct {
	*Device
	Outbox
	r     *daylightv1.SyncRequest
	own   Head
	parts []part
	size  int
	// packing is the own batch that was begun last.
	packing *sending
	last    uint64

	chains map[fold.WriterID]*chain // of each writer the last
	order  []*chain
	holes  map[fold.Link]Noted // entries of others that are here without their payload
}

// part is an own batch, or an entry of somebody else, which goes with its run.
type part struct {
	own  *sending
	peer Noted
}

// chain is one of others' that is asked after, by its present name: entries without an
// answer that follow one another.
type chain struct {
	first fold.Seq
	last  Head
}

// add takes an entry; false: the request is full, or the outbox ends.
func (q *asking) add(e Noted) bool {
	if e.Peer != nil {
		return q.addPeer(e)
	}
	if e.Number > q.Until && e.Writer == q.self.ID {
		// What the office cannot know yet is not named: it could not tell that what
		// comes before it is known here.
		q.own = Head{fold.Dot{Writer: e.Writer, Seq: e.Seq - 1}, e.Previous}
		return false
	}
	if !q.fits(e) {
		return false
	}
	// Also where entries of others came in between: a cause may come later.
	if b := q.packing; b != nil && b.Writer == e.Writer && b.LastSeq()+1 == e.Seq {
		b.Payloads = append(b.Payloads, e.Payload)
		return true
	}
	q.packing = &sending{journal.Batch{
		Writer: e.Writer, FirstSeq: e.Seq, Previous: e.Previous, Payloads: [][]byte{e.Payload},
	}}
	q.parts = append(q.parts, part{own: q.packing})
	return true
}

func (q *asking) fits(e Noted) bool {
	if q.size > 0 && q.size+len(e.Payload) > q.Size {
		q.r.MoreOwn = true
		return false
	}
	q.size += len(e.Payload)
	q.last = e.Number
	return true
}

// addPeer asks after the chain of somebody else's entry, or sends the entry. One whose
// payload is not here goes only with one that follows it.
func (q *asking) addPeer(e Noted) bool {
	switch {
	case slices.Contains(q.Without, e.Peer.Signed):
	case !q.Asked && q.ask(e):
		q.r.MoreOwn = q.r.MoreOwn || len(e.Payload) > 0
	case len(e.Payload) == 0:
		q.holes[e.Link] = e
	case !q.fits(e):
		return false
	default:
		q.parts = append(q.parts, part{peer: e})
	}
	return true
}

// ask adds the entry to what is asked after; false when that is enough. What lies between
// two entries and is answered for is not asked after again, while there is room: the office
// would say its verdicts each time, and send all that has changed since.
func (q *asking) ask(e Noted) bool {
	c, full := q.chains[e.Writer], len(q.order) >= maxAsk
	follows := c != nil && (e.Seq == c.last.Seq+1 || full && e.Seq > c.last.Seq)
	if full && !follows {
		return false
	}
	if !follows {
		c = &chain{first: e.Seq}
		q.chains[e.Writer], q.order = c, append(q.order, c)
	}
	c.last = Head{e.Dot, e.Link}
	return true
}

// batches seals what is the device's own, and gathers what others have sealed.
func (q *asking) batches(by Signer) (out []journal.Batch, err error) {
	sent := map[fold.Link]bool{}
	for _, p := range q.parts {
		if p.own != nil {
			p.own.seal(by)
			if !q.self.Vouched {
				p.own.Certificate = by.Certificate
			}
			out = append(out, p.own.Batch)
			continue
		}
		from := []Noted{p.peer}
		for h, ok := q.holes[p.peer.Previous]; ok; h, ok = q.holes[h.Previous] {
			from = append(from, h)
		}
		for _, e := range slices.Backward(from) {
			if sent[e.Link] {
				continue
			}
			b, links, err := q.run(e)
			if err != nil {
				return nil, err
			}
			for _, l := range links {
				sent[l] = true
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// errBroken: what is kept of somebody else's entries does not fit together.
var errBroken = errors.New("entries of somebody else are here without what vouches for them")

// run is the batch that begins with an entry of somebody else's and ends with the next
// seal. What the office has answered for within it goes as its hash.
func (d *Device) run(e Noted) (b journal.Batch, links []fold.Link, err error) {
	rows, err := d.book.Run(e.Link)
	if err != nil {
		return b, nil, err
	}
	if len(rows) == 0 || len(rows[len(rows)-1].Peer.Seal) == 0 {
		return b, nil, errBroken
	}
	last := rows[len(rows)-1].Peer
	b = journal.Batch{Writer: last.Signed, FirstSeq: e.Seq, Previous: e.Previous, Seal: last.Seal, Serial: last.Serial}
	if e.Writer != last.Signed {
		b.KnownAs = e.Writer
	}
	for i, r := range rows {
		links = append(links, r.Link)
		b.Payloads = append(b.Payloads, r.Payload)
		if r.Decision != 0 || len(r.Payload) == 0 {
			b.LeaveOut(i, r.Peer.Hash)
		}
	}
	// It may have come with another device, of which the office has not heard.
	b.Certificate, err = d.book.Certificate(b.Serial)
	return b, links, err
}

// toProto is the head as it travels; one before the first entry has no link.
func (h Head) toProto() *daylightv1.Head {
	p := &daylightv1.Head{Writer: h.Writer[:], Seq: uint64(h.Seq)}
	if h.Seq > 0 {
		p.Link = h.Link[:]
	}
	return p
}
