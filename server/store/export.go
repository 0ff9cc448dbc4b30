package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Export writes the whole log as a stream of daylight.v1.Batch messages, each with
// its length in front as a varint: the entries in the order of their positions,
// as they were signed. Certificates stand with the first batch that needs them.
// An entry whose payload came later, or has not come, stands as its hash in the run that
// it was sent in; what came later follows in a batch of its own, with the hashes of what
// stands behind it in that run.
// What was held or refused for what its author may do is marked: who might do what is
// not in it, nor are keys, nor when an entry was received: Import judges clocks anew.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := s.read(ctx, func(l *ledger) error {
		x := newExport(l, func(b *daylightv1.Batch, _ int64) error {
			_, err := protodelim.MarshalTo(out, b)
			return err
		})
		return x.all()
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// export gathers the run of entries under one seal. Most pushes stand in the log as they
// were sent: their entries one behind the other, the sealed one last.
type export struct {
	*ledger
	put  func(b *daylightv1.Batch, receivedMS int64) error
	told map[journal.Serial]bool
	run  journal.Batch
	last fold.Link
	// received is when the entries of run came, in milliseconds since 1970 UTC.
	received int64

	torn torn
	open *part // the run in hand, where it is one of torn's
	// dated: what came at different times is not put into one batch.
	dated bool
}

func newExport(l *ledger, put func(*daylightv1.Batch, int64) error) *export {
	return &export{ledger: l, put: put, told: map[journal.Serial]bool{}, torn: newTorn()}
}

func (x *export) all() error {
	if err := x.chains(tornWriters, []any{journal.MaxBatch, x.dated}, x.torn.add); err != nil {
		return err
	}
	if err := x.entries(x.entry); err != nil {
		return err
	}
	if err := x.close(); err != nil {
		return err
	}
	if len(x.run.Payloads) > 0 {
		return errUnsealed
	}
	return x.restOfTorn()
}

var errUnsealed = errors.New("export the log: no seal vouches for a part of it; check the store")

func (x *export) entry(e entry) error {
	if _, torn := x.torn.chains[e.Writer]; torn {
		return x.tornEntry(e)
	}
	if err := x.close(); err != nil {
		return err
	}
	if len(x.run.Payloads) == 0 {
		x.run.FirstSeq, x.run.Previous, x.received = e.Seq, x.last, e.ReceivedMS
		if e.previous != nil {
			copy(x.run.Previous[:], e.previous)
		}
	}
	x.run.Payloads = append(x.run.Payloads, e.Payload)
	turned(&x.run, e)
	x.last = e.Link
	if e.seal == nil {
		return nil
	}
	err := x.write(x.run, e.Writer, *e.seal, x.received)
	x.run = journal.Batch{}
	return err
}

// turned marks an entry that was turned down for what its author may do.
func turned(b *journal.Batch, e entry) {
	switch {
	case e.Reason != exchange.Denied:
	case e.Decision == exchange.Held:
		b.Held = append(b.Held, e.Seq)
	default:
		b.Denied = append(b.Denied, e.Seq)
	}
}

// write ends the batch with its seal and writes it.
func (x *export) write(b journal.Batch, writer fold.WriterID, s exchange.Seal, receivedMS int64) error {
	b.Writer, b.Serial, b.Seal = s.Signed, s.Serial, s.Signature
	if writer != s.Signed {
		b.KnownAs = writer
	}
	if !x.told[b.Serial] {
		c, err := x.Certificate(b.Serial)
		if err != nil {
			return err
		}
		b.Certificate, x.told[b.Serial] = c, true
	}
	return x.put(b.ToProto(), receivedMS)
}

// An import commits after this many bytes of payloads.
const importBytes = 1 << 20

// Import ingests what Export wrote into an empty store. Each entry is verified and
// judged as if it came now, or on the last day of its certificate where that is over,
// but for what its author might do, which was judged then. An export is as old as a
// backup: the log begins a new epoch. ErrNotEmpty, ErrBadExport; what was read before an
// error stays, so begin again with a new store.
func (s *Store) Import(ctx context.Context, r io.Reader) error {
	return s.importAll(ctx, batchesIn(bufio.NewReader(r)))
}

// batchesIn gives what stands in a stream of Export's, then io.EOF.
func batchesIn(r *bufio.Reader) func() (*daylightv1.Batch, int64, error) {
	opts := protodelim.UnmarshalOptions{MaxSize: 2 * journal.MaxBatch}
	return func() (*daylightv1.Batch, int64, error) {
		p := &daylightv1.Batch{}
		err := opts.UnmarshalFrom(r, p)
		if err != nil && err != io.EOF {
			err = fmt.Errorf("%w: %w", ErrBadExport, err)
		}
		return p, 0, err
	}
}

// dated is a batch with the time at which the office received it, in milliseconds
// since 1970 UTC; 0 where that is not known.
type dated struct {
	journal.Batch
	received int64
}

// importAll takes the batches that next gives, up to io.EOF, into an empty store.
func (s *Store) importAll(ctx context.Context, next func() (*daylightv1.Batch, int64, error)) error {
	if head, err := s.Head(ctx); err != nil {
		return err
	} else if head > 0 {
		return ErrNotEmpty
	}
	if err := s.NewEpoch(ctx); err != nil {
		return err
	}
	for {
		batches, err := readBatches(next)
		if len(batches) > 0 {
			if err := s.importBatches(ctx, batches); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readBatches reads on to the bound or the end of the stream, which is io.EOF.
func readBatches(next func() (*daylightv1.Batch, int64, error)) (out []dated, err error) {
	for size := 0; size < importBytes; {
		p, received, err := next()
		if err == io.EOF {
			return out, io.EOF
		} else if err != nil {
			return nil, err
		}
		b, err := journal.FromProto(p)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadExport, err)
		}
		size += len(b.Hashes) * len(journal.Hash{})
		for _, payload := range b.Payloads {
			size += len(payload)
		}
		out = append(out, dated{b, received})
	}
	return out, nil
}

// importBatches takes batches of which each must be taken whole.
func (s *Store) importBatches(ctx context.Context, batches []dated) error {
	err := s.commits.submit(ctx, func(l *ledger) error {
		now := l.now
		defer func() { l.now = now }()
		for len(batches) > 0 {
			n := 0
			for n < len(batches) && batches[n].received == batches[0].received {
				n++
			}
			if batches[0].received == 0 {
				n = 1 // each has a certificate of its own
			}
			if err := l.importRun(batches[:n], now); err != nil {
				return err
			}
			batches = batches[n:]
		}
		return nil
	})
	s.stir()
	if errors.Is(err, errTurnedAway) {
		return fmt.Errorf("%w: %w", ErrBadExport, err)
	}
	return err
}

// importRun takes batches that were received at one time, under the clock of that time.
func (l *ledger) importRun(run []dated, now int64) (err error) {
	if l.now = run[0].received; l.now == 0 {
		if l.now, err = l.withinCertificate(run[0].Batch, now); err != nil {
			return err
		}
	}
	batches := make([]journal.Batch, len(run))
	for i, d := range run {
		batches[i] = d.Batch
	}
	took, err := l.ingest(batches, exchange.Terms{Gate: asExported(batches)})
	if err != nil {
		return err
	}
	for _, a := range took.Writers {
		if a.Fault != 0 || a.NeedCertificate || a.SendFrom != 0 {
			return errTurnedAway
		}
	}
	return nil
}

// withinCertificate is now, or the end of the certificate that the batch was sealed
// under: the office took it while that was good.
func (l *ledger) withinCertificate(b journal.Batch, now int64) (int64, error) {
	c, err := l.Certificate(b.Serial)
	if c == nil {
		c = b.Certificate
	}
	if err != nil || c == nil || c.NotAfter == 0 {
		return now, err
	}
	return min(now, c.NotAfter), nil
}

// exported gives again what was decided about entries, by their links.
type exported map[fold.Link]exchange.Decision

func asExported(batches []journal.Batch) exported {
	out := exported{}
	for _, b := range batches {
		if len(b.Held)+len(b.Denied) == 0 {
			continue
		}
		links := b.Links()
		for _, s := range b.Held {
			out[links[s-b.FirstSeq]] = exchange.Held
		}
		for _, s := range b.Denied {
			out[links[s-b.FirstSeq]] = exchange.Refused
		}
	}
	return out
}

// May implements exchange.Gate.
func (x exported) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	if d, turned := x[c.Link]; turned {
		return d, exchange.Denied, nil
	}
	return exchange.Accepted, exchange.NoReason, nil
}

var errTurnedAway = errors.New("a batch in it was turned away")
