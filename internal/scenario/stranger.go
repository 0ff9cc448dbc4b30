package scenario

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/scenario/testdata/newer"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// Stranger writes by the protocol with nothing of the device library: it keeps no
// outbox, sends what it saves at once and reads everything anew. It stands for
// programs that are not ours: a later one, a broken one, an attacker.
type Stranger struct {
	Name string
	// Newer: it speaks the schema of testdata/newer.
	Newer bool
	// Harm spoils the next push in one way: seal, certificate, payload, chain, kind.
	Harm string
	// Refused are the verdicts of the last push that were not ACCEPTED.
	Refused []*daylightv1.Verdict

	w      *World
	net    *Switch
	calls  daylightv1connect.SyncServiceClient
	random io.Reader

	// Its chain.
	id   fold.WriterID
	key  ed25519.PrivateKey
	cert *journal.Certificate
	seq  fold.Seq
	link fold.Link
}

// Meet makes a stranger.
func (w *World) Meet(name string, newer bool) *Stranger {
	s := &Stranger{Name: name, Newer: newer, w: w, random: w.random("stranger " + name)}
	s.net = &Switch{next: &http.Transport{DialContext: w.dial}}
	s.calls = daylightv1connect.NewSyncServiceClient(&http.Client{Transport: s.net}, Address)
	seed := sha256.Sum256([]byte("key of " + name))
	s.key = ed25519.NewKeyFromSeed(seed[:])
	s.id = fold.WriterID(seed[16:])
	s.link = journal.Genesis(s.id)
	s.cert = journal.NewDevelopment(s.key, journal.Serial(seed[:16]), name, "another program")
	w.Strangers = append(w.Strangers, s)
	return s
}

// renew takes a new id: after a restore of the office nobody knows how far it has
// the old one, and a stranger keeps nothing to send again.
func (s *Stranger) renew() {
	_, _ = io.ReadFull(s.random, s.id[:])
	s.seq, s.link = 0, journal.Genesis(s.id)
}

func (s *Stranger) name() string { return s.Name }

func (s *Stranger) blank(k record.Kind) record.Message {
	if s.Newer && k == record.Finding {
		return &newer.Finding{}
	}
	return record.New(k)
}

// state pulls everything and picks one record; an empty state when there is none.
func (s *Stranger) state(id record.ID) (*fold.State, error) {
	var ask daylightv1.SyncRequest
	state := fold.New()
	for {
		answer, err := s.calls.Sync(background(), &ask)
		if err != nil {
			return nil, err
		}
		for _, r := range answer.States {
			if bytes.Equal(r.Id, id[:]) {
				if state, err = fold.Decode(r.State); err != nil {
					return nil, err
				}
			}
		}
		if !answer.More {
			return state, nil
		}
		ask.Epoch, ask.Cursor = answer.Epoch, answer.Cursor
	}
}

func (s *Stranger) read(k record.Kind, id record.ID) (Seen, error) {
	state, err := s.state(id)
	if err != nil {
		return Seen{}, err
	}
	m := s.blank(k)
	if state.Empty() {
		return Seen{}, fmt.Errorf("%s sees no such record (%w)", s.Name, errNotHere)
	}
	seen := Seen{Message: m, Removed: state.Removed()}
	for _, p := range state.Conflicts() {
		c := Several{}
		c.Field, c.Key = record.PathName(k, p)
		for _, e := range state.Entries(p) {
			c.Values = append(c.Values, record.FieldJSON(k, p, e.Value))
		}
		seen.Conflicts = append(seen.Conflicts, c)
	}
	return seen, record.ShowIn(m, id, state, record.Naming{})
}

func (s *Stranger) save(messages ...record.Message) error {
	var edits []journal.RecordEdits
	for _, m := range messages {
		k, id, state, err := s.present(m)
		if err != nil {
			return err
		}
		e, _, err := record.Diff(m, state, record.Writer{ID: s.id}, record.Naming{}, nil)
		if err != nil {
			return err
		}
		if len(e) > 0 {
			edits = append(edits, journal.RecordEdits{Kind: k, ID: id, Edits: e})
		}
	}
	if len(edits) == 0 {
		return nil
	}
	if err := s.push(edits); err != nil {
		return err
	}
	for _, m := range messages {
		k, id, state, err := s.present(m)
		if err != nil {
			return err
		}
		shown := s.blank(k)
		if err := record.ShowIn(shown, id, state, record.Naming{}); err != nil {
			return err
		}
		replace(m, shown)
	}
	return nil
}

func (s *Stranger) present(m record.Message) (k record.Kind, id record.ID, state *fold.State, err error) {
	if k, err = record.KindOf(m); err != nil {
		return
	}
	if id, err = record.IDOf(m); err != nil {
		return
	}
	state, err = s.state(id)
	return
}

func (s *Stranger) remove(m record.Message) error {
	k, id, state, err := s.present(m)
	if err != nil {
		return err
	}
	e, err := record.Remove(k, id, m.GetSeen(), state, record.Writer{ID: s.id}, record.Naming{}, nil)
	if err != nil {
		return err
	}
	return s.push([]journal.RecordEdits{{Kind: k, ID: id, Edits: e}})
}

// push sends one change, spoiled as Harm says.
func (s *Stranger) push(edits []journal.RecordEdits) error {
	harm := s.Harm
	s.Harm = ""
	c := journal.Change{Time: fold.Time(s.w.time.Load()) << 16, Records: edits}
	_, _ = io.ReadFull(s.random, c.Salt[:])
	if harm == "kind" {
		c.Records[0].Kind = c.Records[0].Kind%record.SealingKey + 1
		c.Records[0].Edits = c.Records[0].Edits[:1] // what every kind can hold
	}
	b := journal.Batch{
		Writer: s.id, FirstSeq: s.seq + 1, Previous: s.link, Payloads: [][]byte{c.Encode()},
		Serial: s.cert.Serial, Certificate: s.cert,
	}
	switch harm {
	case "payload":
		b.Payloads = append([][]byte{[]byte("this is no change")}, b.Payloads...)
	case "chain":
		b.Previous, b.FirstSeq = fold.Link(sha256.Sum256([]byte("elsewhere"))), s.seq+7
	case "certificate":
		seed := sha256.Sum256([]byte("another key of " + s.Name))
		b.Certificate = journal.NewDevelopment(ed25519.NewKeyFromSeed(seed[:]), journal.Serial(seed[:16]), s.Name, "stolen id")
		b.Serial = b.Certificate.Serial
	}
	links := b.Links()
	b.Seal = journal.Seal(s.key, s.id, b.LastSeq(), links[len(links)-1])
	if harm == "seal" {
		b.Seal[0] ^= 1
	}
	answer, err := s.bring(b.ToProto())
	if err != nil {
		return err
	}
	return s.judge(answer, links[len(links)-1])
}

// errRefused: the office read the entry and refused it.
var errRefused = errors.New("refused")

// judge reads what became of a push whose last entry is last.
func (s *Stranger) judge(answer *daylightv1.SyncResponse, last fold.Link) error {
	a := answer.Writers[0]
	switch {
	case a.Fault != 0:
		return errors.New(a.Fault.String())
	case a.SendFrom > 0:
		return fmt.Errorf("send from %d", a.SendFrom)
	case !bytes.Equal(a.Link, last[:]):
		return errors.New("the office's head is another entry")
	}
	s.seq, s.link, s.Refused = fold.Seq(a.Seq), last, nil
	for _, v := range answer.Verdicts {
		if v.Decision != daylightv1.Decision_DECISION_ACCEPTED {
			s.Refused = append(s.Refused, v)
		}
	}
	for _, v := range s.Refused {
		if bytes.Equal(v.Link, last[:]) {
			return fmt.Errorf("%w: %s", errRefused, v.Reason)
		}
	}
	return nil
}

// bring sends a batch, whoever wrote it, and again when the office first has to say
// that it was restored.
func (s *Stranger) bring(b *daylightv1.Batch) (*daylightv1.SyncResponse, error) {
	r := &daylightv1.SyncRequest{Batches: []*daylightv1.Batch{b}}
	answer, err := s.calls.Sync(background(), r)
	if err == nil && answer.Restored {
		r.Epoch = answer.Epoch
		return s.calls.Sync(background(), r)
	}
	return answer, err
}
