package exchange

import (
	"errors"
	"math"
	"slices"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// bundle is what one phone has made for others.
type bundle struct {
	by      string
	epoch   []byte
	batches []*daylightv1.Batch
}

// letter is what a phone has made for the office, and the answer that is on its way.
type letter struct {
	by       *phone
	standing []byte
	requests []*daylightv1.SyncRequest
	answers  []*daylightv1.SyncResponse
	truth    turn
}

// post is what lies about on sticks.
type post struct {
	bundles []bundle
	letters []*letter
}

// handOver makes a bundle for team-mates, who may not read some records.
func (p *phone) handOver(since fold.Time, may func(record.ID) bool) bundle {
	b := bundle{by: p.name, epoch: p.book.self.Epoch}
	p.must(p.tx(func(d *Device) error {
		if _, err := d.Begin(); err != nil {
			return err
		}
		return d.HandOver(Handover{
			Since: since,
			May: func(e Noted) (bool, error) {
				return !slices.ContainsFunc(e.Records, func(id record.ID) bool { return !may(id) }), nil
			},
			Put: func(x journal.Batch) error {
				b.batches = append(b.batches, onTheWire(p.t, x.ToProto(), &daylightv1.Batch{}))
				return nil
			},
		}, p.signer())
	}))
	return b
}

// takeOver takes a bundle, whole or not at all. It reports what is missing before it.
func (p *phone) takeOver(b bundle) (missing *MissingError) {
	var batches []journal.Batch
	links := map[fold.Link]bool{}
	err := p.tx(func(d *Device) error {
		for _, x := range b.batches {
			batch, err := journal.FromProto(x)
			p.must(err)
			if err := d.CheckPeer(batch, p.from(b, batch), func(l fold.Link) bool { return links[l] }); err != nil {
				return err
			}
			for _, l := range batch.Links() {
				links[l] = true
			}
			batches = append(batches, batch)
		}
		return nil
	})
	if errors.As(err, &missing) {
		return missing
	}
	p.must(err)
	for _, batch := range batches {
		p.must(p.tx(func(d *Device) error {
			_, err := d.Import(batch, p.from(b, batch))
			return err
		}))
	}
	return nil
}

func (p *phone) from(b bundle, batch journal.Batch) Passing {
	return Passing{Certificate: batch.Certificate, Epoch: b.epoch, Own: p.cert.Key}
}

func (h *history) handOver(p *phone) {
	if p.turn != nil {
		return
	}
	out := map[record.ID]bool{}
	if rapid.IntRange(0, 2).Draw(h.rt, "leaves out") == 0 {
		for _, x := range h.targets {
			out[x.id] = rapid.Bool().Draw(h.rt, "out")
		}
	}
	if h.teams || h.sights {
		for _, q := range h.phones {
			for _, x := range h.targets {
				out[x.id] = out[x.id] || q != p && q.blind(x.id)
			}
		}
	}
	since := rapid.SampledFrom([]fold.Time{0, math.MaxUint64}).Draw(h.rt, "since")
	h.bundles = append(h.bundles, p.handOver(since, func(id record.ID) bool { return !out[id] }))
	h.note("   bundle %d", len(h.bundles))
}

func (h *history) takeOver(p *phone) {
	if len(h.bundles) == 0 || p.turn != nil {
		return
	}
	i := len(h.bundles) - 1 - rapid.IntRange(0, len(h.bundles)-1).Draw(h.rt, "bundle")
	h.note("   bundle %d", i+1)
	if missing := p.takeOver(h.bundles[i]); missing != nil {
		h.note("   %v", missing)
	}
}

// send makes a bundle for the office.
func (h *history) send(p *phone) {
	if p.turn != nil {
		return
	}
	h.letters = append(h.letters, p.letter(h.size()))
	h.note("   letter %d", len(h.letters))
}

func (p *phone) letter(size int) *letter {
	l := &letter{by: p}
	p.must(p.tx(func(d *Device) error {
		until, err := d.Begin()
		if err != nil {
			return err
		}
		l.standing = d.Standing()
		o := Outbox{Until: until, Size: size, Asked: true}
		for {
			r, last, err := d.Request(o, p.signer())
			if err != nil {
				return err
			}
			l.requests = append(l.requests, onTheWire(p.t, r, &daylightv1.SyncRequest{}))
			if o.After = last; !r.MoreOwn {
				return nil
			}
		}
	}))
	return l
}

// officeTakes: the office takes a letter and answers it; perhaps again.
func (h *history) officeTakes(*phone) {
	if len(h.letters) == 0 {
		return
	}
	l := rapid.SampledFrom(h.letters).Draw(h.rt, "letter")
	h.answer(l)
}

func (w *world) answer(l *letter) {
	l.answers = nil
	for _, r := range l.requests {
		// As the device would have gone on: an answer may have set the cursor back.
		r = proto.CloneOf(r)
		if n := len(l.answers); n > 0 {
			r.Epoch, r.Cursor = l.answers[n-1].Epoch, l.answers[n-1].Cursor
		}
		l.answers = append(l.answers, w.serve(r, l.by.sight, l.by.cert.Key))
		if l.answers[len(l.answers)-1].Restored {
			break
		}
	}
	for last := l.answers[len(l.answers)-1]; last.More && !last.Restored; last = l.answers[len(l.answers)-1] {
		r := l.requests[len(l.requests)-1]
		l.answers = append(l.answers, w.serve(&daylightv1.SyncRequest{Epoch: last.Epoch, Cursor: last.Cursor, Own: r.Own}, l.by.sight, l.by.cert.Key))
	}
	l.truth.observe(l.by)
}

func (h *history) takeAnswer(*phone) {
	var ready []*letter
	for _, l := range h.letters {
		if len(l.answers) > 0 && l.by.turn == nil {
			ready = append(ready, l)
		}
	}
	if len(ready) == 0 {
		return
	}
	l := rapid.SampledFrom(ready).Draw(h.rt, "answer")
	h.note("   by %s", l.by.name)
	l.by.takeAnswer(l)
}

// takeAnswer takes the answer that came in a file, as it takes that of a sync; false for
// one that is older than what is known.
func (p *phone) takeAnswer(l *letter) bool {
	for i, r := range l.answers {
		var sent Sent
		if i < len(l.requests) {
			var err error
			sent, err = SentIn(l.requests[i])
			p.must(err)
		}
		before := p.book
		var t Taken
		fresh := true
		p.must(p.tx(func(d *Device) (err error) {
			if i == 0 {
				if fresh = d.Fresh(l.standing, l.answers[len(l.answers)-1]); !fresh {
					return nil
				}
			}
			t, err = d.Take(sent, onTheWire(p.t, r, &daylightv1.SyncResponse{}))
			return err
		}))
		if !fresh {
			return false
		}
		p.checkTaken(before, &l.truth, t)
		if t.Again {
			break
		}
	}
	return true
}
