package exchange

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Sent is what an answer answers.
type Sent struct {
	// Batches are those that were sent, by the names that they had here; Asked the chains
	// that were asked after.
	Batches, Asked []Asked
	// MoreOwn: entries follow in the next request.
	MoreOwn bool
}

// SentIn says what a request sends.
func SentIn(r *daylightv1.SyncRequest) (Sent, error) {
	s := Sent{MoreOwn: r.MoreOwn}
	for _, p := range r.Batches {
		b, err := journal.FromProto(p)
		if err != nil {
			return s, err
		}
		links := b.Links()
		as := b.Writer
		if b.KnownAs != (fold.WriterID{}) {
			as = b.KnownAs
		}
		s.Batches = append(s.Batches, Asked{Head{fold.Dot{Writer: as, Seq: b.LastSeq()}, links[len(links)-1]}, b.FirstSeq})
	}
	for _, h := range r.Ask {
		head, err := askedFrom(h)
		if err != nil {
			return s, err
		}
		s.Asked = append(s.Asked, head)
	}
	return s, nil
}

// takeBatches: entries that were pushed and that no verdict names are accepted as
// they were sent. A head alone does not say that: somebody else may have brought
// what this device has not sent, and been told that it is refused.
func (d *Device) takeBatches(sent Sent, r *daylightv1.SyncResponse, t *Taken) error {
	heads := map[string]*daylightv1.WriterAnswer{}
	for _, a := range r.Writers {
		if w := string(a.Writer); heads[w] == nil || turnedAway(a) {
			heads[w] = a
		}
	}
	of := d.of
	for _, h := range sent.Batches {
		e, err := d.book.Find(h.Link)
		if err != nil {
			return err
		}
		signed := h.Writer
		if e != nil && e.Peer != nil {
			signed = e.Peer.Signed
		}
		a := heads[string(signed[:])]
		if a == nil || turnedAway(a) {
			continue
		}
		d.self.Vouched = d.self.Vouched || e == nil || e.Peer == nil
		if e == nil {
			continue
		}
		if err := d.end(*e, h, of, Position(a.Position), t); err != nil {
			return err
		}
	}
	for _, h := range sent.Asked {
		v := of.verdicts[h.Link]
		if v == nil {
			continue
		}
		if e, err := d.book.Find(h.Link); err != nil {
			return err
		} else if e != nil {
			if err := d.end(*e, h, of, Position(v.Position), t); err != nil {
				return err
			}
		}
	}
	// Of these the office has no more than the hash, whoever brought that.
	for dot := range of.awaited {
		if !d.self.mine(dot.Writer) {
			continue
		}
		if n, err := d.book.Reopen(dot.Writer, dot.Seq, dot.Seq); err != nil {
			return err
		} else if n > 0 {
			t.More = true
		}
	}
	return nil
}

// saying is what an answer says, to look up.
type saying struct {
	verdicts map[fold.Link]*daylightv1.Verdict
	renames  bool // one of them does
	awaited  map[fold.Dot]bool
	// unsure is the last that is listed of a writer, where the list is full.
	unsure map[fold.WriterID]fold.Seq
}

// waits reports whether the office may have no more of an entry than its hash.
func (s saying) waits(d fold.Dot) bool {
	last, full := s.unsure[d.Writer]
	return s.awaited[d] || full && d.Seq > last
}

func said(r *daylightv1.SyncResponse) saying {
	s := saying{verdicts: map[fold.Link]*daylightv1.Verdict{}, awaited: map[fold.Dot]bool{}, unsure: map[fold.WriterID]fold.Seq{}}
	for _, v := range r.Verdicts {
		if len(v.Link) == len(fold.Link{}) {
			s.verdicts[fold.Link(v.Link)] = v
			s.renames = s.renames || len(v.Writer) > 0
		}
	}
	for _, a := range r.Writers {
		if len(a.Writer) != len(fold.WriterID{}) {
			continue // said by takeHead
		}
		w := fold.WriterID(a.Writer)
		for _, seq := range a.Awaited {
			s.awaited[fold.Dot{Writer: w, Seq: fold.Seq(seq)}] = true
		}
		if n := len(a.Awaited); n >= MaxAwaited {
			s.unsure[w] = fold.Seq(a.Awaited[n-1])
		}
	}
	return s
}

// end ends the waiting of a batch that the office has, or of a chain that it knows: last
// is its last entry.
func (d *Device) end(last Noted, h Asked, of saying, at Position, t *Taken) error {
	if last.Peer == nil && !of.renames && last.Writer == h.Writer {
		return d.accept(last, at)
	}
	// Entries are named one after the other: those of one batch may have had several
	// names here, or have got another by an answer before.
	chain, err := d.chain(h, last.Peer == nil)
	if err != nil {
		return err
	}
	name := h.Writer
	for _, l := range slices.Backward(chain) {
		if v := of.verdicts[l]; v != nil && len(v.Writer) == len(name) {
			name = fold.WriterID(v.Writer)
		}
		if err := d.endOne(l, name, of, at, t); err != nil {
			return err
		}
	}
	if last.Peer == nil {
		last.Writer = name
		return d.accept(last, at)
	}
	return nil
}

// chain gives the links from the last entry of what was sent back to the first.
func (d *Device) chain(h Asked, own bool) (out []fold.Link, err error) {
	for l := h.Link; ; {
		e, err := d.book.Find(l)
		if err != nil {
			return nil, err
		}
		if e == nil || (e.Peer == nil) != own || e.Seq < h.First {
			return out, nil
		}
		out, l = append(out, l), e.Previous
	}
}

// endOne gives an entry the name that it has at the office; one of somebody else is
// answered for with that, unless it is awaited.
func (d *Device) endOne(l fold.Link, name fold.WriterID, of saying, at Position, t *Taken) error {
	e, err := d.book.Find(l)
	if err != nil {
		return err
	}
	if e.Writer != name {
		if err := d.vacate(name, e.Seq, nil); err != nil {
			return err
		}
		if err := d.rename(e.Writer, e.Seq-1, name); err != nil {
			return err
		}
		t.Copied = t.Copied || e.Peer == nil && !d.self.undoes(d.self.Renames[len(d.self.Renames)-1])
		e.Writer = name
	}
	if e.Peer == nil || e.Decision != 0 {
		return nil
	}
	if e.Position = max(at, 1); !of.waits(e.Dot) {
		e.Decision = Accepted
	}
	return d.book.Replace(*e)
}

// turnedAway reports whether a batch of the writer was not taken.
func turnedAway(a *daylightv1.WriterAnswer) bool {
	return a.Fault != 0 || a.NeedCertificate || a.SendFrom > 0
}

// accept: an entry that the office has vouches for everything before it, in the
// branch and before.
func (d *Device) accept(e Noted, at Position) error {
	for _, dot := range append([]fold.Dot{e.Dot}, d.self.ancestors(e.Writer)...) {
		if err := d.book.Accept(dot.Writer, dot.Seq, at); err != nil {
			return err
		}
	}
	return nil
}
