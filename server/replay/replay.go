package replay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sample"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// Config says where a history is written. Store and Clock are needed.
type Config struct {
	// Store is that of an office which has been made and holds no record yet. It was
	// opened with the Clock's Now.
	Store *store.Store
	Clock *Clock
	// Random gives keys, ids and salts; nil means crypto/rand.
	Random io.Reader
	// Progress is called after each commit, with what there is by then; nil is not.
	Progress func(Report)
}

// Report says what was written.
type Report struct {
	// At is the time that the history has come to.
	At time.Time
	// People wrote Changes in Commits, of which the office Refused some and Held others,
	// as the history wanted it; of the Suspect ones the clock was wrong.
	People, Changes, Commits, Refused, Held, Suspect int
	// Records counts those that were made, by kind.
	Records map[record.Kind]int
	// Unexpected counts what the office decided otherwise than the history expects, and
	// First says which was the first.
	Unexpected int
	First      string
}

// The most that one commit takes: so many changes, or what came within a working day.
const (
	mostChanges = 1000
	span        = 8 * time.Hour
)

// Play writes the history of the Config. An error leaves the office with a part of it.
func Play(ctx context.Context, c Config, history sample.Config) (Report, error) {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	p := &player{
		Config: c, directory: directory.New(c.Store.File(), c.Clock.Now, c.Random), screens: screens{},
		report: Report{Records: map[record.Kind]int{}}, expected: map[fold.Link]expectation{},
	}
	if err := p.begin(ctx, &history); err != nil {
		return p.report, err
	}
	for b := range sample.Office(history) {
		if err := p.take(ctx, b); err != nil {
			return p.report, err
		}
	}
	return p.report, p.commit(ctx)
}

// ErrNotEmpty is for an office that holds a record already.
var ErrNotEmpty = errors.New("the office holds records already; nothing was written")

// player is one history being written.
type player struct {
	Config
	directory *directory.Directory
	people    []*pen
	screens   screens
	gate      *gate
	report    Report

	// What goes with the next commit.
	batches  []journal.Batch
	changes  int
	from, at time.Time
	expected map[fold.Link]expectation
}

// expectation is what is to become of a change, and what to call it.
type expectation struct {
	verdict sample.Verdict
	author  string
	edits   journal.RecordEdits
}

// begin lets everybody in.
func (p *player) begin(ctx context.Context, history *sample.Config) error {
	if head, err := p.Store.Head(ctx); err != nil || head > 0 {
		return errors.Join(err, ErrNotEmpty)
	}
	history.Persons = nil
	for _, who := range sample.People(*history) {
		pen, err := p.letIn(ctx, who)
		if err != nil {
			return err
		}
		p.people = append(p.people, pen)
		history.Persons = append(history.Persons, pen.person)
	}
	p.report.People = len(p.people)
	p.gate = newGate(p.people, p.Clock)
	return nil
}

// take adds a batch to what goes with the next commit.
func (p *player) take(ctx context.Context, b sample.Batch) error {
	if p.changes >= mostChanges || p.changes > 0 && b.Sent.Sub(p.from) > span {
		if err := p.commit(ctx); err != nil {
			return err
		}
	}
	if p.changes == 0 {
		p.from = b.Sent
		p.Clock.set(b.Sent)
	}
	p.at = b.Sent
	var news []shown
	for len(b.Steps) > 0 {
		n := 1
		for n < len(b.Steps) && b.Steps[n].By == b.Steps[0].By {
			n++
		}
		if err := p.write(ctx, b.Steps[:n], &news); err != nil {
			return err
		}
		b.Steps = b.Steps[n:]
	}
	for _, s := range news {
		p.screens.show(s)
	}
	return nil
}

// write makes the changes of one device's steps, under one seal.
func (p *player) write(ctx context.Context, steps []sample.Step, news *[]shown) error {
	pen := p.people[steps[0].By]
	if err := p.renew(ctx, pen); err != nil {
		return err
	}
	b := pen.begin()
	for _, s := range steps {
		all, err := p.screens.edits(pen.id, s)
		if err != nil {
			return fmt.Errorf("a step of %s at %s: %w", pen.who.Name, s.At.Format(time.RFC3339), err)
		}
		for _, edits := range all {
			if err := p.add(&b, pen, s, edits, news); err != nil {
				return err
			}
		}
		if s.Creates && s.Verdict == sample.Taken {
			kind, _ := record.KindOf(s.Message)
			p.report.Records[kind]++
		}
	}
	p.batches = append(p.batches, pen.seal(b))
	p.changes += len(b.Payloads)
	return nil
}

// add is one change.
func (p *player) add(b *journal.Batch, pen *pen, s sample.Step, edits journal.RecordEdits, news *[]shown) error {
	c := journal.Change{Time: pen.clock.Next(s.At.UnixMilli()), Records: []journal.RecordEdits{edits}}
	if _, err := io.ReadFull(p.Random, c.Salt[:]); err != nil {
		return err
	}
	pen.write(b, c)
	p.expected[pen.link] = expectation{s.Verdict, pen.who.Name, edits}
	if s.Verdict != sample.Taken {
		return nil
	}
	*news = append(*news, shown{fold.Dot{Writer: pen.id, Seq: pen.seq}, edits})
	return nil
}

// commit hands over what has gathered, and compares what became of it.
func (p *player) commit(ctx context.Context) error {
	if len(p.batches) == 0 {
		return nil
	}
	p.Clock.set(p.at)
	office, err := p.directory.Office(ctx)
	if err != nil {
		return err
	}
	_, took, err := p.Store.For(store.Caller{Gate: p.gate}).Take(ctx, p.batches, exchange.Ask{MoreOwn: true, Issuer: office.GetEnrolmentKey()})
	if err != nil {
		return err
	}
	for _, t := range took.Tallies {
		if t.Away != nil {
			return fmt.Errorf("a batch was turned away: %s", t.Away.GetFault())
		}
	}
	p.compare(took)
	p.report.At, p.report.Commits, p.report.Changes = p.at, p.report.Commits+1, p.report.Changes+p.changes
	p.batches, p.changes, p.expected = nil, 0, map[fold.Link]expectation{}
	if p.Progress != nil {
		p.Progress(p.report)
	}
	return nil
}

// compare counts what became of the changes: no verdict means that one was plainly taken.
func (p *player) compare(took exchange.Outcome) {
	for _, v := range took.Verdicts {
		link, got := fold.Link(v.GetLink()), sample.Taken
		switch v.GetDecision() {
		case exchange.Refused:
			got = sample.Refused
			p.report.Refused++
		case exchange.Held:
			got = sample.Held
			p.report.Held++
		}
		if v.GetClockSuspect() {
			p.report.Suspect++
		}
		if want := p.expected[link]; got != want.verdict {
			p.surprise(want, v.GetDecision(), v.GetReason())
		}
		delete(p.expected, link)
	}
	for _, want := range p.expected {
		if want.verdict != sample.Taken {
			p.surprise(want, exchange.Accepted, exchange.NoReason)
		}
	}
}

func (p *player) surprise(e expectation, got exchange.Decision, why exchange.Reason) {
	p.report.Unexpected++
	if p.report.First != "" {
		return
	}
	field, _ := record.PathName(e.edits.Kind, e.edits.Edits[len(e.edits.Edits)-1].Path)
	p.report.First = fmt.Sprintf("%s, %s %s, field %s: %s %s", e.author, e.edits.Kind, e.edits.ID, field, got, why)
}
