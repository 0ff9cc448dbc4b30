package exchange

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A  1 ── 2                    the writer's own chain
//
//	│    └── 3?               somebody else's key, behind the head: turned away
//	└── 2?                    somebody else's key, as a branch: turned away
func TestNobodyGoesOnInAnothersName(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	a.sync(1 << 20)
	a.set(noteElse, "two")
	a.sync(1 << 20)
	b.set(note, "of B")
	payload := b.book.entries[0].Payload
	digest := func() []byte {
		d, err := DigestOf(w.ledger.States)
		w.must(err)
		return d.Sum
	}
	before, entries := digest(), len(w.ledger.log)

	for name, behind := range map[string]Noted{"behind the head": a.book.entries[1], "as a branch": a.book.entries[0]} {
		first := journal.Next(behind.Link, payload)
		for as, id := range map[string]fold.WriterID{
			"under the writer's id": behind.Writer, "under an own id": b.book.self.ID, "under the branch's id": journal.BranchID(w.epoch.ID, first),
		} {
			t.Run(name+", "+as, func(t *testing.T) {
				batch := journal.Batch{
					Writer: id, FirstSeq: behind.Seq + 1, Previous: behind.Link, Payloads: [][]byte{payload},
					Serial: b.cert.Serial, Certificate: b.cert, Seal: journal.Seal(b.key, id, behind.Seq+1, first),
				}
				o := NewOffice(w.ledger, Terms{Epoch: w.epoch.ID, NowMS: w.now})
				out, err := o.Ingest(batch)
				w.must(err)
				w.must(o.Flush())
				if got := out.Writers[0].Fault; got != daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE {
					t.Errorf("the batch got the fault %v", got)
				}
				if len(w.ledger.log) != entries || !bytes.Equal(digest(), before) {
					t.Error("something of it was taken")
				}
			})
		}
	}
	w.settle()
}

func TestACertificateIsNotReplacedUnderItsSerial(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "of A")
	a.sync(1 << 20)
	b.set(noteElse, "of B")
	own, e := b.cert, b.book.entries[0]
	forged := journal.NewDevelopment(b.key, a.cert.Serial, "Monitor A", "phone")
	for _, c := range []*journal.Certificate{forged, own} {
		o := NewOffice(w.ledger, Terms{Epoch: w.epoch.ID, NowMS: w.now})
		out, err := o.Ingest(journal.Batch{
			Writer: e.Writer, FirstSeq: 1, Previous: e.Previous, Payloads: [][]byte{e.Payload},
			Serial: c.Serial, Certificate: c, Seal: journal.Seal(b.key, e.Writer, 1, e.Link),
		})
		w.must(err)
		if refused := out.Writers[0].Fault == daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE; refused != (c == forged) {
			t.Errorf("under the serial of A %v: fault %v", c == forged, out.Writers[0].Fault)
		}
	}
}

func TestOnlyTheIssuersCertificatesCount(t *testing.T) {
	w, a, b := stage(t, 2)
	office := ed25519.NewKeyFromSeed(make([]byte, 32))
	a.set(note, "before there was an office")
	a.sync(1 << 20)
	w.issuer = office.Public().(ed25519.PublicKey)
	a.set(note, "of A")
	b.set(noteElse, "of B")
	a.cert = journal.Issue(office, journal.Subject{Serial: journal.Serial{1}, Key: a.cert.Key, Person: "Monitor A"})
	a.book.self.Vouched = false
	a.sync(1 << 20)
	a.wantsAnswer(2, Accepted, NoReason)
	b.begin(1 << 20)
	b.ask()
	b.deliver()
	if got := b.take(); got.Fault == 0 {
		t.Error("a certificate of its own counts")
	}
	w.wantsLog(2)
}
