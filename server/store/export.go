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
// What was held or refused for what its author may do is marked: who might do what is
// not in it, nor are keys, nor when an entry was received: Import judges clocks anew.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := s.read(ctx, func(l *ledger) error {
		x := &export{ledger: l, out: out, told: map[journal.Serial]bool{}}
		if err := l.entries(x.entry); err != nil {
			return err
		}
		if len(x.run.Payloads) > 0 {
			return errors.New("export the log: no seal vouches for its end; check the store")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// export gathers the run of entries under one seal. A push stands in the log as it
// was sent: its entries one behind the other, the sealed one last.
type export struct {
	*ledger
	out  io.Writer
	told map[journal.Serial]bool
	run  journal.Batch
	last fold.Link
}

func (x *export) entry(e entry) error {
	if len(x.run.Payloads) == 0 {
		x.run.FirstSeq, x.run.Previous = e.Seq, x.last
		if e.previous != nil {
			copy(x.run.Previous[:], e.previous)
		}
	}
	x.run.Payloads = append(x.run.Payloads, e.Payload)
	switch {
	case e.Reason != exchange.Denied:
	case e.Decision == exchange.Held:
		x.run.Held = append(x.run.Held, e.Seq)
	default:
		x.run.Denied = append(x.run.Denied, e.Seq)
	}
	x.last = e.Link
	if e.seal == nil {
		return nil
	}
	x.run.Writer, x.run.Serial, x.run.Seal = e.seal.Signed, e.seal.Serial, e.seal.Signature
	if e.Writer != e.seal.Signed {
		x.run.KnownAs = e.Writer
	}
	if !x.told[x.run.Serial] {
		c, err := x.Certificate(x.run.Serial)
		if err != nil {
			return err
		}
		x.run.Certificate, x.told[x.run.Serial] = c, true
	}
	_, err := protodelim.MarshalTo(x.out, x.run.ToProto())
	x.run = journal.Batch{}
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
