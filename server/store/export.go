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
		x := &export{ledger: l, out: out, told: map[journal.Serial]bool{}, torn: newTorn()}
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
	out  io.Writer
	told map[journal.Serial]bool
	run  journal.Batch
	last fold.Link

	torn torn
	open *part // the run in hand, where it is one of torn's
}

func (x *export) all() error {
	if err := x.chains(tornWriters, []any{journal.MaxBatch}, x.torn.add); err != nil {
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
		x.run.FirstSeq, x.run.Previous = e.Seq, x.last
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
	err := x.write(x.run, e.Writer, *e.seal)
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
func (x *export) write(b journal.Batch, writer fold.WriterID, s exchange.Seal) error {
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
	_, err := protodelim.MarshalTo(x.out, b.ToProto())
	return err
}

// An import commits after this many bytes of payloads.
const importBytes = 1 << 20

// Import ingests what Export wrote into an empty store. Each entry is verified and
// judged as if it came now, but for what its author might do, which was judged then. An export is as old as a backup: the log begins a new
// epoch. ErrNotEmpty, ErrBadExport; what was read before an
// error stays, so begin again with a new store.
func (s *Store) Import(ctx context.Context, r io.Reader) error {
	if head, err := s.Head(ctx); err != nil {
		return err
	} else if head > 0 {
		return ErrNotEmpty
	}
	if err := s.NewEpoch(ctx); err != nil {
		return err
	}
	in := bufio.NewReader(r)
	for {
		batches, err := readBatches(in)
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
func readBatches(in *bufio.Reader) (out []journal.Batch, err error) {
	opts := protodelim.UnmarshalOptions{MaxSize: 2 * journal.MaxBatch}
	for size := 0; size < importBytes; {
		p := &daylightv1.Batch{}
		if err := opts.UnmarshalFrom(in, p); err == io.EOF {
			return out, io.EOF
		} else if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadExport, err)
		}
		b, err := journal.FromProto(p)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadExport, err)
		}
		size += len(b.Hashes) * len(journal.Hash{})
		for _, payload := range b.Payloads {
			size += len(payload)
		}
		out = append(out, b)
	}
	return out, nil
}

// importBatches takes batches of which each must be taken whole.
func (s *Store) importBatches(ctx context.Context, batches []journal.Batch) error {
	err := s.commits.submit(ctx, func(l *ledger) error {
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
	})
	s.stir()
	if errors.Is(err, errTurnedAway) {
		return fmt.Errorf("%w: %w", ErrBadExport, err)
	}
	return err
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
