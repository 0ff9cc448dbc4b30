package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// archived are the frames of the store as they are on the disk.
func (w *world) archived(keys bool) (frames [][]byte) {
	w.Helper()
	if err := w.Archive(w.Context(), keys, func(f *daylightv1.ArchiveFrame) error {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(f)
		frames = append(frames, b)
		return err
	}); err != nil {
		w.Fatal(err)
	}
	return frames
}

func (w *world) unarchive(frames [][]byte) error {
	return w.Unarchive(w.Context(), func() (*daylightv1.ArchiveFrame, error) {
		if len(frames) == 0 {
			return nil, io.EOF
		}
		f := &daylightv1.ArchiveFrame{}
		err := proto.Unmarshal(frames[0], f)
		frames = frames[1:]
		return f, err
	})
}

// when is what the office said of each entry, and when.
func (w *world) when() []string {
	return w.rows(`
		SELECT position, link, writer, seq, decision, reason, suspect, time, received_at
		FROM log
		ORDER BY position`)
}

// sameAfterArchive takes the store into another one, long afterwards.
func (w *world) sameAfterArchive() *world {
	w.Helper()
	w.whole()
	second, third := newWorld(w), newWorld(w)
	second.later(5 * 365 * 24 * time.Hour)
	first := w.archived(true)
	if err := second.unarchive(first); err != nil {
		w.Fatal(err)
	}
	second.whole()
	if got, want := second.when(), w.when(); !slices.Equal(got, want) {
		w.Errorf("unarchived\n%q\nwant\n%q", got, want)
	}
	if got, want := second.kept(), w.kept(); got != want {
		w.Errorf("unarchived\n%s\nwant\n%s", got, want)
	}
	got, want := must(second.Digest(w.Context()))(w), must(w.Digest(w.Context()))(w)
	if !bytes.Equal(got.Sum, want.Sum) || got.Position != want.Position || fmt.Sprint(got.Kinds) != fmt.Sprint(want.Kinds) {
		w.Errorf("the digest is %v and not %v", got, want)
	}
	if bytes.Equal(got.Epoch, want.Epoch) {
		w.Error("the new log has the identity of the old one")
	}
	// Former ids grow with each archive; the log is what has to stay.
	logOf := func(frames [][]byte) (out [][]byte) {
		for _, b := range frames {
			f := &daylightv1.ArchiveFrame{}
			if proto.Unmarshal(b, f) == nil && f.GetBatch() != nil {
				out = append(out, b)
			}
		}
		return out
	}
	if again := second.archived(true); !slices.EqualFunc(logOf(again), logOf(first), bytes.Equal) {
		w.Error("what was unarchived is not archived as it was")
	}
	if err := third.unarchive(w.archived(false)); err != nil {
		w.Fatal(err)
	}
	third.whole()
	return second
}

func TestArchiveIsUnarchivedWhole(t *testing.T) {
	w := newWorld(t)
	facility, _, finding := busy(t, w)
	ahead := newDevice(7)
	ahead.nowMS += 3 * time.Hour.Milliseconds()
	ahead.save(t, aFinding(record.ID{9}, "written by a clock that is wrong"))
	ahead.push(w)
	second := w.sameAfterArchive()
	if n := len(second.rows(`SELECT position FROM log WHERE suspect = 1`)); n != 1 {
		t.Errorf("%d entries are marked for their clock", n)
	}
	before := must(w.Get(t.Context(), record.Facility, facility))(t).Status.GetReceivedAt()
	if after := must(second.Get(t.Context(), record.Facility, facility))(t).Status.GetReceivedAt(); after != before {
		t.Errorf("received at %d, was %d", after, before)
	}
	was, _, err := w.History(t.Context(), record.Finding, finding, 0, "")
	is, _, err2 := second.History(t.Context(), record.Finding, finding, 0, "")
	if err != nil || err2 != nil || len(was) != len(is) || len(is) == 0 {
		t.Fatal(len(was), len(is), err, err2)
	}
	for i := range is {
		if !proto.Equal(was[i], is[i]) {
			t.Errorf("entry %d of the history is\n%v\nwas\n%v", i, is[i], was[i])
		}
	}
}

// Somebody at the office goes on under their name and key, under a new id.
func TestOfficeWritersGoOnAfterAnArchive(t *testing.T) {
	for _, keys := range []bool{true, false} {
		t.Run(fmt.Sprint("keys ", keys), func(t *testing.T) {
			w, second := newWorld(t), newWorld(t, func(c *Config) { c.Random = rand.NewChaCha8([32]byte{2}) })
			busy(t, w)
			if err := second.unarchive(w.archived(keys)); err != nil {
				t.Fatal(err)
			}
			columns := `SELECT name, seed, serial FROM office_writers`
			if same := slices.Equal(w.rows(columns), second.rows(columns)); same != keys {
				t.Errorf("the keys are the same: %v", same)
			}
			ids := `SELECT former || id FROM office_writers`
			if was, is := w.rows(ids), second.rows(ids); len(is) != 1 || len(is[0]) <= len(was[0]) || !strings.HasPrefix(is[0], strings.TrimSuffix(was[0], "]")) {
				t.Errorf("ids were %s and are %s", was, is)
			}
			must(second.Save(t.Context(), "Head of office", aFacility("New house", "N-1")))(t)
			second.whole()
		})
	}
}

func TestUnarchiveRefusesWhatIsNoArchive(t *testing.T) {
	from := newWorld(t)
	busy(t, from)
	whole := from.archived(true)
	frame := func(f *daylightv1.ArchiveFrame) []byte { return must(proto.Marshal(f))(t) }
	for shows, frames := range map[string][][]byte{
		"a frame of something else": {frame(&daylightv1.ArchiveFrame{Person: &daylightv1.Person{}})},
		"a writer with half an id":  {frame(&daylightv1.ArchiveFrame{Writer: &daylightv1.ArchivedWriter{Ids: [][]byte{{1}}}})},
		"half a key":                {frame(&daylightv1.ArchiveFrame{Writer: &daylightv1.ArchivedWriter{Seed: []byte{1}}})},
		"a batch left out":          slices.Concat(whole[:1], whole[2:]),
		"negative times":            {frame(&daylightv1.ArchiveFrame{Batch: &daylightv1.ArchivedBatch{Batch: &daylightv1.Batch{}, ReceivedAt: -1}})},
	} {
		t.Run(shows, func(t *testing.T) {
			if err := newWorld(t).unarchive(frames); !errors.Is(err, ErrBadExport) {
				t.Errorf("%v, want that it is no archive", err)
			}
		})
	}
	if err := from.unarchive(whole); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("%v, want that the store is not empty", err)
	}
}

// Random parts of random chains, at random times, by clocks that are wrong: what was
// archived is unarchived as it was, with the time at which each entry came.
func TestWhateverComesWheneverIsUnarchivedAsItWas(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w, rnd := newWorld(t), rand.New(rand.NewPCG(seed, 2))
			devices := []*device{newDevice(1), newDevice(2), newDevice(3)}
			var sent []journal.Batch
			for range 25 {
				w.later(time.Duration(rnd.IntN(3)) * 7 * time.Minute)
				switch d := devices[rnd.IntN(len(devices))]; rnd.IntN(8) {
				case 0, 1, 2:
					d.nowMS = w.time().UnixMilli() + int64(rnd.IntN(40)-20)*time.Minute.Milliseconds()
					for range 1 + rnd.IntN(4) {
						d.save(t, aFinding(record.ID{1}, fmt.Sprint("cell ", rnd.IntN(1000))))
					}
					b := d.batch()
					w.bring(without(b, some(rnd, len(b.Payloads))...))
					sent = append(sent, b)
				case 3:
					if d.head.Seq > 0 && len(d.queue) == 0 && len(devices) < 6 {
						copied := *d
						copied.random, copied.states = rand.NewChaCha8([32]byte{byte(len(devices)), 9}), map[record.ID]*fold.State{}
						devices = append(devices, &copied)
					}
				default:
					if len(sent) > 0 {
						b := sent[rnd.IntN(len(sent))]
						w.bring(without(b, some(rnd, len(b.Payloads))...))
					}
				}
			}
			w.sameAfterArchive()
		})
	}
}

// Two entries of one run, one behind the other in the log, that came on different days.
func TestArchiveTellsApartWhatCameLater(t *testing.T) {
	w := newWorld(t)
	_, b, _ := threeOf(t, 1)
	w.bring(without(b, 1, 2))
	w.later(24 * time.Hour)
	w.bring(without(b, 2))
	w.later(24 * time.Hour)
	w.bring(b)
	w.sameAfterArchive()
}

// A device's certificate lasts for months, and what it vouched for is kept for years.
func TestExportOutlivesCertificates(t *testing.T) {
	from, to := newWorld(t), newWorld(t)
	d := newDevice(1)
	d.cert = journal.Issue(d.key, journal.Subject{
		Serial: d.cert.Serial, Key: d.cert.Key, Person: "Monitor A", Device: "laptop",
		NotBefore: start.UnixMilli(), NotAfter: start.Add(90 * 24 * time.Hour).UnixMilli(),
	})
	d.save(t, aFacility("Central prison", "CP-1"))
	d.push(from)
	to.later(365 * 24 * time.Hour)
	transfer(t, from, to)
	to.whole()
	from.sameAfterArchive()
}

func TestDigestTellsWhatThereIs(t *testing.T) {
	w := newWorld(t)
	empty := must(w.Digest(t.Context()))(t)
	if empty.Records != 0 || len(empty.Kinds) != 0 || empty.Position != 0 || len(empty.Sum) != 32 {
		t.Errorf("of nothing: %v", empty)
	}
	busy(t, w)
	d := must(w.Digest(t.Context()))(t)
	if want := map[record.Kind]uint64{record.Facility: 1, record.Visit: 1, record.Finding: 1}; d.Records != 3 || fmt.Sprint(d.Kinds) != fmt.Sprint(want) {
		t.Errorf("%v", d)
	}
	if got := fmt.Sprintf("%x %d", d.Sum, d.Records); got != w.digest() {
		t.Errorf("%s is not the digest of a sync, %s", got, w.digest())
	}
	d2 := newDevice(5)
	d2.save(t, aFacility("Other", "O-1"))
	d2.push(w)
	if after := must(w.Digest(t.Context()))(t); bytes.Equal(after.Sum, d.Sum) {
		t.Error("another record does not change it")
	}
}

func TestSnapshotReadsEveryRecordOfAKind(t *testing.T) {
	w := newWorld(t)
	_, _, finding := busy(t, w)
	var ids []string
	err := w.Snapshot(t.Context(), func(r *Snapshot) error {
		for _, k := range record.Kinds() {
			if err := r.Each(k, func(i Item) error {
				ids = append(ids, i.Message.GetId())
				if k == record.Finding && (len(i.Status.GetConflicts()) == 0 || i.Message.GetId() != finding.String()) {
					t.Errorf("the finding is %v", i.Status)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return r.Each(record.Visit, func(Item) error { return io.ErrClosedPipe })
	})
	if len(ids) != 3 || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v, %v", ids, err)
	}
}
