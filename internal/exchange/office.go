package exchange

import (
	"bytes"
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Office takes what devices and the office's own writers push. One value serves
// one transaction.
type Office struct {
	ledger Ledger
	terms  Terms
	key    ed25519.PublicKey // that the present batch was sealed with

	writers map[fold.WriterID]*Writer
	records map[record.ID]*working
	order   []record.ID // of records, as they were first touched
}

// working is a record that this transaction has read, and perhaps changed.
type working struct {
	Record
	state   *fold.State
	changed bool
}

// Terms are what an office goes by within one transaction.
type Terms struct {
	// Epoch is that of the log; NowMS the time, in milliseconds since 1970 UTC.
	Epoch []byte
	NowMS int64
	// Issuer is whose certificates count; nil: everybody's own.
	Issuer ed25519.PublicKey
	// Gate says what a writer may change; nil: everything.
	Gate Gate
}

// Gate judges who may change what.
type Gate interface {
	// May judges a change as a whole. Accepted lets it through as far as the gate goes;
	// Held keeps it for a person at the office, because its author may not see one of
	// the records; Refused is for what nobody in the author's place may do. Both come
	// with a reason.
	May(Case) (Decision, Reason, error)
}

// Case is a change that somebody asks to make.
type Case struct {
	// Key is the one that it is sealed with, Link its own.
	Key    ed25519.PublicKey
	Link   fold.Link
	Change journal.Change
	// Ruling is what they decide about Change, which somebody else made and which is held;
	// 0 for a change of their own. Link is then the ruling's.
	Ruling journal.RulingKind
	// Before is what its records held, in their order.
	Before []Before
	// Record gives what another record holds: empty where there is none.
	Record func(record.ID) (Before, error)
	// KeyOf is a writer's key; nil for one that is not known.
	KeyOf func(fold.WriterID) (ed25519.PublicKey, error)
}

// Before is a record before a change, of no kind where there is none.
type Before struct {
	Kind  record.Kind
	State *fold.State
}

// NewOffice works on one transaction. Flush ends the work.
func NewOffice(l Ledger, t Terms) *Office {
	return &Office{ledger: l, terms: t, writers: map[fold.WriterID]*Writer{}, records: map[record.ID]*working{}}
}

// Outcome is what became of batches.
type Outcome struct {
	Writers  []*daylightv1.WriterAnswer
	Verdicts []*daylightv1.Verdict
	// Tallies has one for each batch, in their order.
	Tallies []Tally
}

// Tally counts what became of the entries of one batch.
type Tally struct {
	// New counts those that came now, Known those that were here, Waiting those of which
	// there is no more than the hash.
	New, Known, Waiting int
	// Away is how the batch was turned away; nil for one that was taken.
	Away *daylightv1.WriterAnswer
}

// Ingest verifies a batch, appends its new entries, judges and folds each. Known
// entries are answered as before. A fault turns the batch away as a whole; it is
// in the outcome, the error is the store's only.
func (o *Office) Ingest(b journal.Batch) (Outcome, error) {
	fault, need, err := o.admit(b)
	if err != nil {
		return Outcome{}, err
	}
	if fault != 0 || need {
		return o.turnedAway(b.Writer, fault, need, 0)
	}
	in := &intake{Office: o, batch: b, links: b.Links(), as: b.Writer}
	if b.KnownAs != (fold.WriterID{}) {
		in.as = b.KnownAs
	}
	return in.run()
}

// admit checks who sealed the batch. need asks for the certificate.
func (o *Office) admit(b journal.Batch) (fault daylightv1.BatchFault, need bool, err error) {
	c, err := o.ledger.Certificate(b.Serial)
	if err != nil {
		return 0, false, err
	}
	known := c != nil
	if !known {
		c = b.Certificate
	}
	if c == nil {
		return 0, true, nil
	}
	if b.Certificate != nil && !bytes.Equal(c.Encode(), b.Certificate.Encode()) || !c.Valid(o.terms.NowMS) {
		return daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE, false, nil
	}
	if o.terms.Issuer != nil && !c.IssuedBy(o.terms.Issuer) {
		return daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE, false, nil
	}
	if w, err := o.writer(b.Writer); err != nil {
		return 0, false, err
	} else if w.Key != nil && !w.Key.Equal(c.Key) {
		return daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE, false, nil
	}
	if !b.Verify(c.Key) {
		return daylightv1.BatchFault_BATCH_FAULT_SEAL, false, nil
	}
	if o.key = c.Key; !known {
		err = o.ledger.PutCertificate(c)
	}
	return 0, false, err
}

func (o *Office) turnedAway(w fold.WriterID, fault daylightv1.BatchFault, need bool, from fold.Seq) (Outcome, error) {
	known, err := o.writer(w)
	if err != nil {
		return Outcome{}, err
	}
	a := known.answer(w, nil)
	a.Fault, a.NeedCertificate, a.SendFrom = fault, need, uint64(from)
	return Outcome{Writers: []*daylightv1.WriterAnswer{a}, Tallies: []Tally{{Away: a}}}, nil
}

// answer says the writer's head, under the name that the request used, and what of it is
// awaited.
func (w *Writer) answer(as fold.WriterID, awaited []fold.Seq) *daylightv1.WriterAnswer {
	a := &daylightv1.WriterAnswer{Writer: as[:], Seq: uint64(w.Seq), Position: uint64(w.Position)}
	if w.Seq > 0 {
		a.Link = bytes.Clone(w.Link[:])
	}
	for _, seq := range awaited {
		a.Awaited = append(a.Awaited, uint64(seq))
	}
	return a
}

func (o *Office) writer(id fold.WriterID) (*Writer, error) {
	if w := o.writers[id]; w != nil {
		return w, nil
	}
	w, ok, err := o.ledger.Writer(id)
	if err != nil {
		return nil, err
	}
	if !ok {
		w = Writer{ID: id}
	}
	o.writers[id] = &w
	return &w, nil
}

// before is the record as it stands.
func (w *working) before() Before {
	if w.state.Empty() {
		return Before{State: w.state}
	}
	return Before{w.Kind, w.state}
}

// before is any record as it stands, for the gate.
func (o *Office) before(id record.ID) (Before, error) {
	w, err := o.record(0, id)
	if err != nil {
		return Before{}, err
	}
	return w.before(), nil
}

// move puts the record at the entry's position. again: the writer does not know
// from its own log what the record is now.
func (w *working) move(k Known, again bool) {
	if w.Last.Writer != k.Writer {
		w.Others = w.Position
	}
	if again {
		w.Others = k.Position
	}
	w.Position, w.Last, w.changed = k.Position, k.Dot, true
}

// namesLinks: what a link stands for may be known here and not there.
func namesLinks(r journal.RecordEdits) bool {
	for _, e := range r.Edits {
		if e.Path == (fold.Path{Field: fold.FieldRemoved}) {
			return true
		}
		for _, s := range e.Supersedes {
			if s.ByLink() {
				return true
			}
		}
	}
	return false
}

// record reads one, and remembers it. kind is what it is if nothing of it was accepted
// yet; 0 leaves that open.
func (o *Office) record(kind record.Kind, id record.ID) (*working, error) {
	if w := o.records[id]; w != nil {
		if w.state.Empty() && kind != 0 {
			w.Kind = kind
		}
		return w, nil
	}
	r, err := o.ledger.Record(id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		r = &Record{Kind: kind, ID: id}
	} else if len(r.State) == 0 {
		r.Kind = kind // nothing of it was accepted: its kind is open
	}
	s, err := fold.DecodeOwn(bytes.Clone(r.State))
	if err != nil {
		return nil, err
	}
	w := &working{Record: *r, state: s}
	o.records[id], o.order = w, append(o.order, id)
	return w, nil
}

func verdict(l fold.Link, k Known, renamed bool) *daylightv1.Verdict {
	v := &daylightv1.Verdict{
		Link: bytes.Clone(l[:]), Decision: k.Decision, Reason: k.Reason,
		Position: uint64(k.Position), ClockSuspect: k.Suspect,
	}
	if renamed {
		v.Writer, v.Seq = bytes.Clone(k.Writer[:]), uint64(k.Seq)
	}
	return v
}

// plain reports whether a verdict says no more than that the entry was accepted as it
// was sent.
func plain(v *daylightv1.Verdict) bool {
	return v.Decision == Accepted && len(v.Writer) == 0 && !v.ClockSuspect && !v.Admitted
}

// Flush writes the records that were touched. Without it nothing was ingested.
func (o *Office) Flush() error {
	for _, id := range o.order {
		w := o.records[id]
		if !w.changed {
			continue
		}
		w.State = w.state.Encode()
		s := w.state
		if len(w.State) == 0 {
			s = nil
		}
		if err := o.ledger.PutRecord(w.Record, s); err != nil {
			return err
		}
		w.changed = false
	}
	return nil
}
