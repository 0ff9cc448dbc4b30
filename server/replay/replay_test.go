package replay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sample"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// dice is a source of bytes that is the same each time.
type dice struct{ *rand.ChaCha8 }

func rolled() io.Reader { return dice{rand.NewChaCha8([32]byte{7})} }

// made is an office that holds nothing.
func made(t *testing.T, history sample.Config, random io.Reader) Config {
	t.Helper()
	clock := NewClock(history)
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if random == nil {
		random = rolled()
	}
	_, _, err = directory.New(s.File(), clock.Now, random).Make(t.Context(), directory.Setup{
		Office: &daylightv1.Office{Name: "An office", RootKey: make([]byte, 32)}, Admin: &daylightv1.Person{Name: "Administrator"},
	}, directory.By{Call: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return Config{Store: s, Clock: clock, Random: random}
}

func play(t *testing.T, c Config, history sample.Config) Report {
	t.Helper()
	r, err := Play(t.Context(), c, history)
	if err != nil {
		t.Fatal(err)
	}
	if r.Unexpected > 0 {
		t.Errorf("%d changes were judged otherwise than the history expects; the first: %s", r.Unexpected, r.First)
	}
	return r
}

// small has something of everything.
var small = sample.Config{Seed: 20, Places: 60, Visits: 80, Findings: 3, Recommendations: 2}

func TestWhatIsWrittenIsAnOfficeThatWasInUse(t *testing.T) {
	c := made(t, small, nil)
	commits := 0
	c.Progress = func(Report) { commits++ }
	r := play(t, c, small)
	if commits != r.Commits || commits == 0 {
		t.Errorf("%d commits were told of, of %d", commits, r.Commits)
	}
	if err := c.Store.Check(t.Context(), func(f store.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
	t.Run("lists hold what was made", func(t *testing.T) { listed(t, c.Store, r) })
	t.Run("histories name people, over years", func(t *testing.T) { histories(t, c.Store) })
	t.Run("it has what goes wrong", func(t *testing.T) {
		if r.Refused == 0 || r.Held == 0 || r.Suspect == 0 {
			t.Errorf("%d refused, %d held, %d from a wrong clock", r.Refused, r.Held, r.Suspect)
		}
	})
	t.Run("a second history is refused", func(t *testing.T) {
		if _, err := Play(t.Context(), c, small); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("answered %v", err)
		}
	})
}

// all reads a whole list, removed ones included.
func all(t *testing.T, s *store.Store, k record.Kind) (out []store.Item) {
	t.Helper()
	q := store.Query{IncludeRemoved: true, PageSize: store.MaxPage}
	for {
		page, err := s.List(t.Context(), k, q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if q.PageToken = page.Next; q.PageToken == "" {
			return out
		}
	}
}

func listed(t *testing.T, s *store.Store, r Report) {
	removed, conflicts, flagged := 0, 0, 0
	for _, k := range []record.Kind{record.Facility, record.Visit, record.Finding, record.Term} {
		items := all(t, s, k)
		for _, i := range items {
			conflicts += len(i.Status.GetConflicts())
			flagged += min(len(i.Status.GetFlags()), 1)
			if i.Removed {
				removed++
			}
		}
		joined := 0
		if k == record.Facility {
			joined = r.Records[k] - len(items)
		}
		if len(items)+joined != r.Records[k] || joined > 10 {
			t.Errorf("%d of %d records of kind %s", len(items), r.Records[k], k)
		}
	}
	if removed == 0 || conflicts == 0 || flagged > r.Records[record.Finding]/5 {
		t.Errorf("%d removed, %d conflicts, %d with flags", removed, conflicts, flagged)
	}
}

func histories(t *testing.T, s *store.Store) {
	authors, years := map[string]bool{}, map[int]bool{}
	for _, i := range all(t, s, record.Visit)[:40] {
		id, err := record.IDOf(i.Message)
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := s.History(t.Context(), record.Visit, id, 200, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			authors[strings.TrimRight(e.GetPerson(), " 0123456789")] = true
			written, received := time.UnixMilli(e.GetWrittenAt()), time.UnixMilli(e.GetReceivedAt())
			years[received.Year()] = true
			if strings.EqualFold(e.GetDecision(), "accepted") && !e.GetClockSuspect() && (written.After(received) || received.Sub(written) > 30*24*time.Hour) {
				t.Errorf("written %s, received %s", written, received)
			}
		}
	}
	if !authors["Monitor"] || !authors["Case officer"] || !authors["Reviewer"] || len(years) < 2 {
		t.Errorf("written by %v, received in %v", authors, years)
	}
}

// Who looks at the office's record of the same history sees the same, whichever keys it
// was written with.
func TestTheSameDiceGiveTheSameOffice(t *testing.T) {
	history := sample.Config{Seed: 5, Places: 20, Visits: 10, Findings: 4, Recommendations: 2}
	var sums [2][]byte
	for i := range sums {
		c := made(t, history, nil)
		play(t, c, history)
		r, err := c.Store.Sync(t.Context(), nil, exchange.Ask{WantDigest: true, MaxPage: 1 << 30})
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = r.GetDigest().GetSum()
	}
	if len(sums[0]) == 0 || !bytes.Equal(sums[0], sums[1]) {
		t.Error("the same dice wrote two offices")
	}
}

func TestWhoIsStoppedLeavesAWholePart(t *testing.T) {
	history := sample.Config{Seed: 5, Places: 20, Visits: 10, Findings: 4, Recommendations: 2}
	c := made(t, history, nil)
	ctx, stop := context.WithCancel(t.Context())
	c.Progress = func(Report) { stop() }
	if _, err := Play(ctx, c, history); !errors.Is(err, context.Canceled) {
		t.Fatalf("answered %v", err)
	}
	if err := c.Store.Check(t.Context(), func(f store.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
}

// Two steps of one batch that set the same field leave both values; a step of the next
// batch replaces both.
func TestABatchIsWhatPeopleHadNotSeen(t *testing.T) {
	s := screens{}
	a, b := &pen{}, &pen{}
	a.id[0], b.id[0] = 1, 2
	id := "0190a6e2-7c1b-7000-8000-000000000001"
	write := func(p *pen, m record.Message, creates bool) shown {
		t.Helper()
		edits, err := s.edits(p.id, sample.Step{Message: m, Creates: creates})
		if err != nil || len(edits) != 1 {
			t.Fatal(edits, err)
		}
		p.seq++
		out := shown{RecordEdits: edits[0]}
		out.Writer, out.Seq = p.id, p.seq
		return out
	}
	s.show(write(a, &daylightv1.Finding{Id: id, Narrative: proto.String("first"), Title: proto.String("title")}, true))
	mine := write(a, &daylightv1.Finding{Id: id, Narrative: proto.String("mine")}, false)
	yours := write(b, &daylightv1.Finding{Id: id, Narrative: proto.String("yours")}, false)
	if len(mine.Edits) != 1 || len(mine.Edits[0].Supersedes) != 0 {
		t.Errorf("the author's own are implied, and the edit is %v", mine.Edits)
	}
	if n := yours.Edits[0].Supersedes; len(n) != 1 || n[0].Dot.Writer != a.id || n[0].Dot.Seq != 1 {
		t.Errorf("what was on screen was the first, and the edit replaces %v", n)
	}
	s.show(mine)
	s.show(yours)
	path := yours.Edits[0].Path
	left := s[yours.ID].on(path)
	if len(left) != 2 {
		t.Errorf("%v stand, not both", left)
	}
	last := write(b, &daylightv1.Finding{Id: id, Narrative: proto.String("settled")}, false)
	s.show(last)
	if left := s[yours.ID].on(path); len(left) != 1 || !slices.Contains(left, last.Dot) {
		t.Errorf("%v stand", left)
	}
	if got := s[yours.ID].others(a.id); !slices.Contains(got, last.Dot) {
		t.Errorf("whoever removes it saw %v", got)
	}
}
