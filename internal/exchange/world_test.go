package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// failer is what a world tells when something is wrong: *testing.T, *rapid.T.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is one office and some phones. Nothing in it is random: time is a
// counter, and so are random bytes.
type world struct {
	t      failer
	now    int64
	random uint64

	ledger *ledger
	epoch  Epoch
	issuer ed25519.PublicKey
	gate   Gate
	desk   fold.WriterID // of whoever rules at the office

	sightings uint64 // how often anybody's sight changed
	maxPage   int

	phones []*phone
	keys   int
	diary  []string // what happened, for whoever looks for a fault

	witness
}

func newWorld(t failer, phones int) *world {
	w := &world{t: t, now: 1_790_000_000_000, ledger: newLedger(), maxPage: MaxPage, witness: newWitness()}
	w.newEpoch()
	for range phones {
		w.addPhone()
	}
	return w
}

func (w *world) fill(b []byte) {
	w.random++
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, w.random))
	copy(b, sum[:])
}

func (w *world) newEpoch() {
	w.epoch.ID = make([]byte, 16)
	w.fill(w.epoch.ID)
}

// note writes into the diary.
func (w *world) note(format string, args ...any) {
	w.diary = append(w.diary, fmt.Sprintf(format, args...))
}

// fail ends the test with the diary.
func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\n%s\n%s", fmt.Sprintf(format, args...), strings.Join(w.diary, "\n"), w.chains())
}

// chains says what everybody holds: of each entry its name, its link, what became of
// it, and what it set over what.
func (w *world) chains() string {
	var b strings.Builder
	entry := func(k Known, l fold.Link, payload []byte) {
		fmt.Fprintf(&b, "  %x:%d link %x %v %v at %d\n", k.Writer[:2], k.Seq, l[:3], k.Decision, k.Reason, k.Position)
		c, _ := journal.DecodeChange(payload)
		for _, r := range c.Records {
			for _, e := range r.Edits {
				fmt.Fprintf(&b, "    %v %x %v := %q", r.Kind, r.ID[15:], e.Path, e.Value)
				for _, x := range e.Supersedes {
					fmt.Fprintf(&b, " over %x:%d %x", x.Dot.Writer[:2], x.Dot.Seq, x.Link[:3])
				}
				b.WriteByte('\n')
			}
		}
	}
	b.WriteString("the office\n")
	for _, e := range w.ledger.log {
		entry(e.Known, e.Link, e.Payload)
	}
	for _, p := range w.phones {
		fmt.Fprintf(&b, "phone %s, now %x\n", p.name, p.book.self.ID[:2])
		for e := range p.book.all {
			if e.Peer != nil {
				fmt.Fprintf(&b, "  of %x, hidden %v, based %v, %d bytes\n", e.Peer.Signed[:2], e.Peer.Hidden, e.Peer.Based, len(e.Payload))
			}
			entry(Known{e.Dot, e.Decision, e.Reason, e.Position, e.Suspect}, e.Link, e.Payload)
		}
	}
	return b.String()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.fail("unexpected error: %v", err)
	}
}

// phone is a device with whoever holds it.
type phone struct {
	*world
	name   string
	key    ed25519.PrivateKey
	cert   *journal.Certificate
	book   *book
	offset int64 // of its clock, in milliseconds
	sight  Sight // what its person may see; nil is everything

	turn *turn // the sync under way, nil for none
}

// turn is a sync between its steps.
type turn struct {
	until   uint64
	size    int
	asked   bool
	without []fold.WriterID
	request *daylightv1.SyncRequest
	answer  *daylightv1.SyncResponse
	// truth is what the office held when it answered.
	truth map[record.ID][]byte
	// log is the office's, then: it may be restored before the answer is taken.
	log []Logged
	// hidden are records that the phone's person may not see, then.
	hidden map[record.ID]bool
}

func (w *world) addPhone() *phone {
	seed := sha256.Sum256([]byte{byte(w.keys)})
	p := &phone{world: w, name: string(rune('A' + w.keys)), key: ed25519.NewKeyFromSeed(seed[:]), book: newBook()}
	w.keys++
	p.cert = journal.NewDevelopment(p.key, journal.Serial(seed[:16]), "Monitor "+p.name, "phone")
	w.must(SetUp(p.book, p.env()))
	w.phones = append(w.phones, p)
	return p
}

// copy is a second phone with the first one's memory and key.
func (p *phone) copy() *phone {
	name := p.name + "'"
	for slices.ContainsFunc(p.phones, func(o *phone) bool { return o.name == name }) {
		name += "'"
	}
	q := &phone{world: p.world, name: name, key: p.key, cert: p.cert, book: p.book.clone(), offset: p.offset, sight: p.sight}
	p.phones = append(p.phones, q)
	q.hearRefusals()
	return q
}

// restore takes the phone back to an older memory.
func (p *phone) restore(b *book) { p.book, p.turn = b.clone(), nil }

func (p *phone) env() Env { return Env{NowMS: p.now + p.offset, Random: p.fill} }

// tx runs do in a transaction of the phone.
func (p *phone) tx(do func(*Device) error) error {
	b := p.book.clone()
	d, err := NewDevice(b, p.env())
	p.must(err)
	if err := do(d); err != nil {
		return err
	}
	p.book = b
	return nil
}

func (p *phone) state(id record.ID) *fold.State {
	s, err := fold.Decode(p.book.views[id].State)
	p.must(err)
	return s
}

// form is a record that somebody reads and perhaps edits and saves later.
type form struct {
	kind   record.Kind
	id     record.ID
	msg    record.Message
	screen screen
	// cleared are the clearings of elements that the record showed by their absence.
	cleared screen
}

func (p *phone) open(kind record.Kind, id record.ID) *form {
	s := p.state(id)
	m, err := record.Show(kind, id, s, p.book.self.naming())
	p.must(err)
	return &form{kind, id, m, p.look(id, s), p.cleared(id, s)}
}

// save edits the form and saves it. It reports false for a form that the phone
// refuses as stale.
func (p *phone) save(f *form, edit func(record.Message)) bool {
	m := proto.Clone(f.msg).(record.Message)
	edit(m)
	return p.write(f.screen, func(d *Device) error { return d.Save(m) })
}

func (p *phone) remove(f *form) bool {
	on := maps.Clone(f.screen)
	for at, clearings := range f.cleared {
		on[at] = slices.Concat(on[at], clearings)
	}
	return p.write(on, func(d *Device) error { return d.Remove(f.kind, f.id, f.msg.GetSeen()) })
}

func (p *phone) resolve(f *form, path fold.Path, value []byte) bool {
	return p.write(f.screen, func(d *Device) error { return d.Resolve(f.kind, f.id, f.msg.GetSeen(), path, value) })
}

// newer writes as a newer program does, which knows fields that this one does not,
// over all that the path shows; with more edits in the same change.
func (p *phone) newer(f *form, path fold.Path, value []byte, more ...fold.Edit) {
	p.write(f.screen, func(d *Device) error {
		pending, err := d.unaccepted(f.id)
		p.must(err)
		e := fold.Edit{Path: path, Value: value}
		for _, x := range p.state(f.id).Entries(path) {
			u, ok := record.Unanswered{}, false
			if pending != nil {
				u, ok = pending(x.Dot, path)
			}
			e.Supersedes = append(e.Supersedes, u.Supersedes...)
			if x.Writer != d.self.ID && ok {
				e.Supersedes = append(e.Supersedes, fold.Superseded{Link: u.Link})
			} else if x.Writer != d.self.ID {
				e.Supersedes = append(e.Supersedes, fold.Superseded{Dot: x.Dot})
			}
		}
		if err := d.append([]journal.RecordEdits{{Kind: f.kind, ID: f.id, Edits: append(more, e)}}, false); err != nil {
			return err
		}
		return d.book.PutSelf(d.self)
	})
}

// poison puts an entry into the chain that nobody can read.
func (p *phone) poison() {
	p.must(p.tx(func(d *Device) error {
		e := Noted{
			Dot: fold.Dot{Writer: d.self.ID, Seq: d.self.Seq + 1}, Previous: d.self.Link,
			Payload: []byte("unreadable"), Time: d.tick(),
		}
		e.Link = journal.Next(e.Previous, e.Payload)
		if _, err := d.book.Append(e); err != nil {
			return err
		}
		d.self.Seq, d.self.Link, d.self.Open = e.Seq, e.Link, nil
		return d.book.PutSelf(d.self)
	}))
}

func (p *phone) write(on screen, do func(*Device) error) bool {
	before := p.book
	err := p.tx(do)
	var stale *record.StaleError
	if errors.As(err, &stale) {
		return false
	}
	p.must(err)
	p.testify(before, on)
	return true
}

// begin starts a sync whose requests push about size bytes.
func (p *phone) begin(size int) {
	p.turn = &turn{size: size}
	p.must(p.tx(func(d *Device) (err error) {
		p.turn.until, err = d.Begin()
		return err
	}))
}

func (p *phone) ask() {
	p.turn.answer = nil
	p.must(p.tx(func(d *Device) (err error) {
		p.turn.request, _, err = d.Request(Outbox{
			Until: p.turn.until, Size: p.turn.size, Asked: p.turn.asked, Without: p.turn.without,
		}, p.signer())
		return err
	}))
}

func (p *phone) signer() Signer {
	return Signer{
		Seal: func(w fold.WriterID, seq fold.Seq, l fold.Link) []byte {
			return journal.Seal(p.key, w, seq, l)
		},
		Certificate: p.cert,
	}
}

// deliver brings the request to the office; the answer waits in the turn.
func (p *phone) deliver() {
	p.turn.answer = p.serve(onTheWire(p.t, p.turn.request, &daylightv1.SyncRequest{}), p.sight, p.cert.Key)
	p.turn.observe(p)
}

// observe takes note of what the office holds now.
func (t *turn) observe(p *phone) {
	t.log = p.ledger.log
	t.truth, t.hidden = map[record.ID][]byte{}, map[record.ID]bool{}
	for id, r := range p.ledger.records {
		if p.blind(id) {
			t.hidden[id] = true
			continue
		}
		t.truth[id] = r.State
	}
}

func (p *phone) take() Taken {
	var t Taken
	turn := p.turn
	before := p.book
	p.must(p.tx(func(d *Device) (err error) {
		sent, err := SentIn(turn.request)
		p.must(err)
		t, err = d.Take(sent, onTheWire(p.t, turn.answer, &daylightv1.SyncResponse{}))
		return err
	}))
	p.checkTaken(before, turn, t)
	turn.asked, turn.without = true, append(turn.without, t.Without...)
	if turn.request, turn.answer = nil, nil; !t.More {
		p.turn = nil
	}
	return t
}

// sync goes on until neither side has more, and gives what came of it.
func (p *phone) sync(size int) (all Taken) {
	p.begin(size)
	for n := 0; p.turn != nil; n++ {
		if n > 400 {
			p.fail("phone %s never comes to the end of its sync", p.name)
		}
		p.ask()
		p.deliver()
		t := p.take()
		all.Pulled, all.Refused = all.Pulled+t.Pulled, all.Refused+t.Refused
		all.Restored, all.Copied = all.Restored || t.Restored, all.Copied || t.Copied
		all.Digest, all.Gap = t.Digest, all.Gap || t.Gap
		if t.Fault != 0 {
			p.fail("the office turned a batch away: %v", t.Fault)
		}
	}
	return all
}

func onTheWire[M proto.Message](t failer, from, to M) M {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(from)
	if err == nil {
		err = proto.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatalf("it does not travel: %v", err)
	}
	return to
}

// serve is the office's side of one request, in one transaction.
func (w *world) serve(q *daylightv1.SyncRequest, sight Sight, key ed25519.PublicKey) *daylightv1.SyncResponse {
	l := w.ledger.clone()
	office := NewOffice(l, Terms{Epoch: w.epoch.ID, NowMS: w.now, Issuer: w.issuer, Gate: w.gate})
	r := &daylightv1.SyncResponse{}
	ask := Ask{
		Epoch: q.Epoch, Cursor: q.Cursor, MoreOwn: q.MoreOwn, WantDigest: true, MaxPage: w.maxPage, Sight: sight, Key: key,
		Own: Head{Dot: fold.Dot{Writer: fold.WriterID(q.Own.Writer), Seq: fold.Seq(q.Own.Seq)}},
	}
	copy(ask.Own.Link[:], q.Own.Link)
	for _, h := range q.Ask {
		if h.First > h.Seq {
			w.fail("asked after a chain that begins behind its end, at %d and %d: the office does not answer", h.First, h.Seq)
		}
		ask.Others = append(ask.Others, Asked{
			Head{fold.Dot{Writer: fold.WriterID(h.Writer), Seq: fold.Seq(h.Seq)}, fold.Link(h.Link)}, fold.Seq(h.First),
		})
	}
	for _, p := range q.Batches {
		if w.epoch.Missed(ask) {
			break
		}
		b, err := journal.FromProto(p)
		w.must(err)
		out, err := office.Ingest(b)
		w.must(err)
		r.Writers, r.Verdicts = append(r.Writers, out.Writers...), append(r.Verdicts, out.Verdicts...)
	}
	w.must(office.Flush())
	l.finish()
	for _, e := range l.log[len(w.ledger.log):] {
		w.dots[e.Dot] = e.Link
	}
	w.ledger = l
	w.must(Answer(l, w.epoch, ask, r))
	return r
}

// backup is what the office could be restored to.
func (w *world) backup() *ledger { return w.ledger.clone() }

// restoreOffice takes the office back; noticed gives the log a new epoch.
func (w *world) restoreOffice(l *ledger, noticed bool) {
	w.ledger, w.desk = l.clone(), fold.WriterID{}
	if noticed {
		w.newEpoch()
		w.epoch.Restored = true
	}
}

// settle lets every phone sync until nothing moves, and checks the whole.
func (w *world) settle() {
	w.t.Helper()
	for _, p := range w.phones {
		p.turn = nil
	}
	for round := 0; ; round++ {
		if round > 8 {
			w.fail("the phones and the office never come to rest")
		}
		head, moved := len(w.ledger.log), false
		for _, p := range w.phones {
			w.now += 1000
			id := p.book.self.ID
			t := p.sync(1 << 10)
			moved = moved || t.Pulled > 0 || t.Copied || t.Restored || p.book.self.ID != id
		}
		if !moved && len(w.ledger.log) == head {
			break
		}
	}
	w.checkRest()
}

// same fails unless phone and office hold the same bytes.
func (p *phone) same(truth map[record.ID][]byte) {
	p.t.Helper()
	ids := []record.ID{}
	for id := range truth {
		ids = append(ids, id)
	}
	for id := range p.book.views {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareIDs)
	for _, id := range slices.Compact(ids) {
		want, err := fold.Decode(truth[id])
		p.must(err)
		d, err := NewDevice(p.book.clone(), p.env())
		p.must(err)
		for _, e := range p.book.entries {
			if e.Number == 0 || e.Decision != 0 || e.Peer != nil && e.Peer.Hidden {
				continue
			}
			if c, err := journal.DecodeChange(e.Payload); err == nil {
				for _, r := range c.Records {
					if r.ID == id {
						want.Apply(d.stamp(e), r.Edits)
					}
				}
			}
		}
		if got := p.book.views[id].State; !bytes.Equal(got, want.Encode()) {
			p.fail("phone %s shows another record %s than the office has with its pending on top:\n%x\n%x",
				p.name, id, got, want.Encode())
		}
	}
}
