package localdb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/sqlitedb/schematest"
	"github.com/daylight-npm/daylight/internal/vault"
)

var _ exchange.Notebook = (*Book)(nil)

func TestSchema(t *testing.T) {
	schematest.Golden(t, migrations(), "testdata/schema.sql")
}

const passphrase = "what opens the folder"

func options(dir string) Options {
	return Options{Dir: dir, What: "a test", Cost: vault.ForTests}
}

// opened is a file with the folder that it is in.
type opened struct {
	*DB
	folder *Folder
}

func (o opened) Close() error { return errors.Join(o.DB.Close(), o.folder.Close()) }

// openFolder opens it, and makes it on first use.
func openFolder(ctx context.Context, o Options) (opened, error) {
	f, err := Take(o)
	if err != nil {
		return opened{}, err
	}
	s, err := f.State()
	var d *DB
	switch {
	case err != nil:
	case s.Exists:
		d, err = f.Unlock(ctx, passphrase)
	default:
		d, err = f.Create(ctx, passphrase)
	}
	if err != nil {
		return opened{}, errors.Join(err, f.Close())
	}
	return opened{d, f}, nil
}

func open(t *testing.T, dir string) opened {
	t.Helper()
	d, err := openFolder(t.Context(), options(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// inTheClear has a rescue write to b as it is.
func inTheClear(b *bytes.Buffer) Begin {
	return func([]string) (io.WriteCloser, error) { return unclosed{b}, nil }
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// unlocked gives the keys to a rescue.
func unlocked(v *vault.Vault) (*vault.Keys, error) { return v.Unlock(passphrase) }

// write runs do in a transaction of its own, twice prepared: the second time a
// statement runs, it comes from the cache.
func write(t *testing.T, d opened, do func(*Book) error) {
	t.Helper()
	if err := d.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func writer(b byte) fold.WriterID { return fold.WriterID{b} }
func id(b byte) record.ID         { return record.ID{6: 0x70, 8: 0x80, 15: b} }

func entry(w fold.WriterID, seq fold.Seq, ids ...record.ID) exchange.Noted {
	e := exchange.Noted{
		Dot: fold.Dot{Writer: w, Seq: seq}, Payload: binary.BigEndian.AppendUint64(w[:1:1], uint64(seq)),
		Time: journal.At(int64(seq)), Records: ids, Previous: fold.Link{w[0], byte(seq - 1)},
	}
	e.Link = journal.Next(e.Previous, e.Payload)
	return e
}

func TestSelfIsKept(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	write(t, d, func(b *Book) error {
		s, err := b.Self()
		if !reflect.DeepEqual(s, exchange.Self{}) {
			t.Errorf("a new device is %+v", s)
		}
		return err
	})
	full := exchange.Self{
		ID: writer(1), Seq: 7, Link: fold.Link{9}, Clock: 1 << 60,
		Former: []fold.WriterID{writer(2), writer(3)},
		Renames: []record.Rename{
			{From: writer(1), Above: 3, To: writer(4), Generation: 1},
			{From: writer(4), Above: 1 << 40, To: writer(5), Generation: 2},
		},
		Epoch: []byte("epoch"), Cursor: []byte("cursor"), BackedUp: 5, Vouched: true, Round: 3,
		Head: 9, Restored: true, Branches: []exchange.Branch{{ID: writer(6), Parent: fold.Dot{Writer: writer(4), Seq: 2}, Generation: 1}},
		Open: &exchange.Open{Number: 3, Record: id(8), Image: []byte("image")},
	}
	later := full
	later.Seq, later.Open = 8, nil
	created := full
	created.Open = &exchange.Open{Number: 4, Record: id(9)}
	for _, want := range []exchange.Self{full, later, created} {
		write(t, d, func(b *Book) error { return b.PutSelf(want) })
		d.Close()
		d = open(t, dir)
		write(t, d, func(b *Book) error {
			got, err := b.Self()
			if !reflect.DeepEqual(got, want) {
				t.Errorf("read\n%+v, want\n%+v", got, want)
			}
			return err
		})
	}
}

func numbers(entries []exchange.Noted) (out []uint64) {
	for _, e := range entries {
		out = append(out, e.Number)
	}
	return out
}

func unanswered(t *testing.T, b *Book) (out []uint64) {
	t.Helper()
	if err := b.Unanswered(0, func(e exchange.Noted) bool { out = append(out, e.Number); return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEntriesAreFoundUntilTheyAreAccepted(t *testing.T) {
	d := open(t, t.TempDir())
	w := writer(1)
	one, two, three := entry(w, 1, id(1)), entry(w, 2, id(1), id(2), id(3)), entry(w, 3, id(2))
	write(t, d, func(b *Book) error {
		for i, e := range []*exchange.Noted{&one, &two, &three} {
			n, err := b.Append(*e)
			if err != nil || n != uint64(i+1) {
				t.Errorf("entry %d got the number %d, %v", i+1, n, err)
			}
			e.Number = n
		}
		return nil
	})
	write(t, d, func(b *Book) error {
		for _, want := range []exchange.Noted{one, two, three} {
			got, err := b.Find(want.Link)
			if err != nil || got == nil || !reflect.DeepEqual(*got, want) {
				t.Errorf("found\n%+v, want\n%+v, %v", got, want, err)
			}
		}
		if got, err := b.Find(fold.Link{}); got != nil || err != nil {
			t.Errorf("found %v, %v for a link of nobody", got, err)
		}
		if got, err := b.Unaccepted(id(2)); !slices.Equal(numbers(got), []uint64{2, 3}) || err != nil {
			t.Errorf("unaccepted of a record: %v, %v", numbers(got), err)
		}
		return b.Accept(w, 2, 10)
	})
	write(t, d, func(b *Book) error {
		if got := unanswered(t, b); !slices.Equal(got, []uint64{3}) {
			t.Errorf("unanswered: %v", got)
		}
		if got, err := b.Unaccepted(id(2)); !slices.Equal(numbers(got), []uint64{3}) || err != nil {
			t.Errorf("unaccepted of a record: %v, %v", numbers(got), err)
		}
		if got, err := b.Find(one.Link); err != nil || got.Decision != exchange.Accepted || got.Position != 10 {
			t.Errorf("accepted: %+v, %v", got, err)
		}
		three.Decision, three.Reason, three.Position, three.Suspect = exchange.Refused, exchange.Stale, 12, true
		return b.Replace(three)
	})
	write(t, d, func(b *Book) error {
		if got := unanswered(t, b); len(got) != 0 {
			t.Errorf("unanswered: %v", got)
		}
		got, err := b.Unaccepted(id(2))
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], three) {
			t.Errorf("what was refused is %+v, %v", got, err)
		}
		if last, err := b.Last(); last != 3 || err != nil {
			t.Errorf("the last is %d, %v", last, err)
		}
		return b.Accept(w, 3, 20) // must not touch a decision
	})
	write(t, d, func(b *Book) error {
		got, err := b.Find(three.Link)
		if err == nil && got.Decision != exchange.Refused {
			t.Errorf("a refusal became %v", got.Decision)
		}
		return err
	})
}

func TestTheOfficeCanAskAgain(t *testing.T) {
	d := open(t, t.TempDir())
	w, other := writer(1), writer(2)
	write(t, d, func(b *Book) error {
		for seq := fold.Seq(1); seq <= 4; seq++ {
			if _, err := b.Append(entry(w, seq, id(byte(seq)))); err != nil {
				return err
			}
		}
		if _, err := b.Append(entry(other, 1, id(9))); err != nil {
			return err
		}
		return errors.Join(b.Accept(w, 4, 4), b.Accept(other, 1, 5))
	})
	write(t, d, func(b *Book) error {
		for _, c := range []struct {
			from fold.Seq
			want int
		}{{5, 0}, {3, 2}, {3, 0}} {
			if n, err := b.Reopen(w, c.from, journal.MaxSeq); n != c.want || err != nil {
				t.Errorf("reopened %d from %d, %v; want %d", n, c.from, err, c.want)
			}
		}
		if got := unanswered(t, b); !slices.Equal(got, []uint64{3, 4}) {
			t.Errorf("unanswered: %v", got)
		}
		return nil
	})
}

func TestABranchGetsItsName(t *testing.T) {
	d := open(t, t.TempDir())
	w, to := writer(1), writer(7)
	write(t, d, func(b *Book) error {
		for seq := fold.Seq(1); seq <= 3; seq++ {
			if _, err := b.Append(entry(w, seq, id(byte(seq)), id(5))); err != nil {
				return err
			}
		}
		return nil
	})
	write(t, d, func(b *Book) error {
		touched, err := b.Rename(w, 1, to)
		if err != nil || !slices.Equal(touched, []record.ID{id(2), id(3), id(5)}) {
			t.Errorf("touched %v, %v", touched, err)
		}
		names, err := b.Names()
		if err != nil || !slices.Equal(names, []fold.WriterID{w, to}) {
			t.Errorf("the names are %v, %v", names, err)
		}
		if touched, err = b.Rename(w, 1, to); err != nil || len(touched) != 0 {
			t.Errorf("the second time it touched %v, %v", touched, err)
		}
		return nil
	})
}

// visitState is a visit of a facility, with an id when it is complete.
func visitState(facility record.ID, complete bool) *fold.State {
	s := fold.New()
	set := func(seq fold.Seq, field int32, text string) {
		v := protowire.AppendString(protowire.AppendTag(nil, protowire.Number(field), protowire.BytesType), text)
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: writer(1), Seq: seq}}, []fold.Edit{{Path: fold.Path{Field: field}, Value: v}})
	}
	set(1, 10, facility.String())
	if complete {
		set(2, 1, id(1).String())
	}
	return s
}

func TestViewsAreListedByWhatTheyBelongTo(t *testing.T) {
	d := open(t, t.TempDir())
	put := func(b *Book, n byte, s *fold.State) error {
		return b.PutView(exchange.View{Kind: record.Visit, ID: id(n), State: s.Encode(), Round: uint64(n)}, s)
	}
	write(t, d, func(b *Book) error {
		return errors.Join(put(b, 3, visitState(id(100), true)), put(b, 2, visitState(id(101), true)), put(b, 1, visitState(id(100), false)))
	})
	write(t, d, func(b *Book) error { // again, with another facility: it keeps its place
		return put(b, 3, visitState(id(101), true))
	})
	listed := func(b *Book, q Query) (out []byte) {
		p, err := b.Page(q, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			out = append(out, r.ID[15])
		}
		return out
	}
	of := id(101)
	for range 2 { // unprepared, then prepared
		err := d.Read(t.Context(), func(b *Book) error {
			for _, c := range []struct {
				shows string
				q     Query
				want  []byte
			}{
				{"in the order in which they came", Query{}, []byte{3, 2}},
				{"incomplete ones too", Query{IncludeIncomplete: true}, []byte{3, 2, 1}},
				{"of a facility", Query{Of: &of}, []byte{3, 2}},
				{"behind the first", Query{After: 1}, []byte{2}},
				{"of another kind", Query{Kind: record.Term}, nil},
			} {
				if got := listed(b, c.q); !bytes.Equal(got, c.want) {
					t.Errorf("%s: %v, want %v", c.shows, got, c.want)
				}
			}
			var order []byte
			err := b.States(func(id record.ID, _ []byte) error { order = append(order, id[15]); return nil })
			if !bytes.Equal(order, []byte{1, 2, 3}) {
				t.Errorf("the states come as %v", order)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if v, err := viewIn(t.Context(), d, id(2)); err != nil || v.Round != 2 || v.Kind != record.Visit {
		t.Errorf("a view is %+v, %v", v, err)
	}
	write(t, d, func(b *Book) error { return errors.Join(b.DropView(id(3)), b.DropView(id(3))) })
	if v, err := viewIn(t.Context(), d, id(3)); v != nil || err != nil {
		t.Errorf("a dropped view is %v, %v", v, err)
	}
}

func viewIn(ctx context.Context, d opened, id record.ID) (v *exchange.View, err error) {
	err = d.Read(ctx, func(b *Book) error {
		v, err = b.View(id)
		return err
	})
	return v, err
}

func TestAFolderHasOneOpener(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Take(Options{Dir: dir, What: "another"})
	var held *sqlitedb.HeldError
	if !errors.As(err, &held) || held.What != "a test" {
		t.Errorf("the second opener got %v", err)
	}
	if _, err := Rescue(t.Context(), Options{Dir: dir, What: "a rescue"}, unlocked, inTheClear(&bytes.Buffer{})); !errors.As(err, &held) {
		t.Errorf("a rescue of a folder in use got %v", err)
	}
}

func TestADamagedFileIsRefusedAndTheFolderGivenBack(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	if err := os.WriteFile(filepath.Join(dir, fileName), bytes.Repeat([]byte("not a database, "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := openFolder(t.Context(), options(dir)); !errors.Is(err, sqlitedb.ErrDamaged) {
			t.Errorf("got %v", err)
		}
	}
}

func TestManyQuestionsAreAnsweredAsFew(t *testing.T) {
	d := open(t, t.TempDir())
	w := writer(1)
	write(t, d, func(b *Book) error {
		check := func(what string, want ...byte) {
			t.Helper()
			for range fewQuestions + 1 {
				for n := byte(1); n <= 4; n++ {
					got, err := b.Unaccepted(id(n))
					if err != nil || (len(got) > 0) != bytes.Contains(want, []byte{n}) {
						t.Errorf("%s: record %d has %d, %v", what, n, len(got), err)
					}
				}
			}
		}
		check("at first")
		e := entry(w, 1, id(1), id(2))
		e.Number, _ = b.Append(e)
		check("appended", 1, 2)
		if err := b.Accept(w, 1, 1); err != nil {
			return err
		}
		check("accepted")
		if _, err := b.Reopen(w, 1, journal.MaxSeq); err != nil {
			return err
		}
		check("asked for again", 1, 2)
		e.Decision = exchange.Refused
		err := b.Replace(e)
		check("refused", 1, 2)
		return err
	})
}

// A folder of before merges were kept holds views without a target, sealed without one.
func TestAnOlderFolderGetsItsMerges(t *testing.T) {
	d := open(t, t.TempDir())
	f := filling(t, d)
	write(t, d, f.merged)
	merged := func() (out []record.ID) {
		err := d.Read(t.Context(), func(b *Book) (err error) { out, err = b.Merged(); return err })
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := merged()
	if len(want) != 2 {
		t.Fatalf("%d are merged", len(want))
	}
	write(t, d, func(b *Book) error { // as the version before wrote them
		for _, id := range f.records[:4] {
			v, err := b.View(id)
			if err != nil || v == nil {
				continue
			}
			if err := f.older(b, *v); err != nil {
				return err
			}
		}
		return nil
	})
	if got := merged(); len(got) != 0 {
		t.Fatalf("%d are merged before", len(got))
	}
	for range 2 {
		write(t, d, (*Book).FillMerges)
		if got := merged(); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
