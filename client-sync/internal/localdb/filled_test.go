package localdb

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// filled is a folder with something in every table. Its names are made of words, so that
// they are found where they should not be.
type filled struct {
	own, others  fold.WriterID
	records      []record.ID
	own1, peers  []exchange.Noted
	certificates []*journal.Certificate
	// said is what stands in it as text, and named what stands in it as bytes.
	said  []string
	named map[string][]byte
}

// named16 is 16 bytes that look like nothing else.
func named16(word string) [16]byte {
	sum := sha256.Sum256([]byte(word))
	return [16]byte(sum[:16])
}

func recordNamed(word string) record.ID {
	id := record.ID(named16(word))
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

func keyNamed(word string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(word))
	return ed25519.NewKeyFromSeed(seed[:])
}

// stateOf is a record with a text, that belongs to another.
func stateOf(w fold.WriterID, text string, parent record.ID) *fold.State {
	s := fold.New()
	for i, v := range []string{text, parent.String()} {
		value := protowire.AppendString(protowire.AppendTag(nil, protowire.Number(2+8*i), protowire.BytesType), v)
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: w, Seq: fold.Seq(i + 1)}}, []fold.Edit{{Path: fold.Path{Field: int32(2 + 8*i)}, Value: value}})
	}
	return s
}

// merged puts in two records that were merged into others, which a folder of the first
// format does not have.
func (f *filled) merged(b *Book) error {
	place := f.records[0]
	for i, id := range f.records[1:3] {
		s := stateOf(f.own, f.say("What is shown of a merged visit in Cell 6"), place)
		value := protowire.AppendString(protowire.AppendTag(nil, protowire.Number(record.FieldMergedInto), protowire.BytesType), f.records[2*i].String())
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: f.own, Seq: 3}}, []fold.Edit{{Path: fold.Path{Field: record.FieldMergedInto}, Value: value}})
		if err := b.PutView(exchange.View{Kind: record.Visit, ID: id, State: s.Encode(), Round: uint64(i + 1)}, s); err != nil {
			return err
		}
	}
	return nil
}

// filling puts it in; every text has Cell in it.
func filling(t *testing.T, d opened) *filled {
	t.Helper()
	f := &filled{own: fold.WriterID(named16("own")), others: fold.WriterID(named16("others")), named: map[string][]byte{}}
	for _, word := range []string{"place", "visit", "another visit", "note", "another note"} {
		f.records = append(f.records, recordNamed(word))
	}
	r := f.records
	write(t, d, func(b *Book) error {
		var previous fold.Link
		for i, of := range [][]record.ID{{r[1]}, {r[3], r[4], r[1]}, {r[2], r[0]}, {r[2]}} {
			e := exchange.Noted{
				Dot: fold.Dot{Writer: f.own, Seq: fold.Seq(i + 1)}, Time: journal.At(int64(1000 + i)), Records: of, Previous: previous,
				Payload: []byte(f.say(fmt.Sprintf("Own words number %d about Cell 4", i))),
			}
			e.Link = journal.Next(previous, e.Payload)
			previous = e.Link
			add(t, b, e)
			e.Number = uint64(i + 1)
			f.own1 = append(f.own1, e)
		}
		if err := b.Accept(f.own, 1, 77); err != nil {
			return err
		}
		for i, word := range []string{"Monitor Bahar", "Doctor Farid"} {
			key := keyNamed(word)
			c := journal.NewDevelopment(key, journal.Serial(named16("serial of "+word)), f.say(word), f.say("tablet of "+word))
			f.certificates = append(f.certificates, c)
			if i == 0 {
				f.peers = peersOf(f, key, c.Serial)
			}
			if err := b.PutCertificate(c); err != nil {
				return err
			}
			if err := b.PutMate(c); err != nil {
				return err
			}
			if err := b.PutKnown(fold.WriterID(named16(word)), fold.Seq(40+i)); err != nil {
				return err
			}
		}
		add(t, b, f.peers...)
		for i, id := range r[:4] {
			kind, parent := []record.Kind{record.Facility, record.Visit, record.Visit, record.Finding}[i], r[max(0, i-2)]
			s := stateOf(f.own, f.say("What is shown of "+kind.String()+" in Cell 5"), parent)
			if err := b.PutView(exchange.View{Kind: kind, ID: id, State: s.Encode(), Round: uint64(i)}, s); err != nil {
				return err
			}
		}
		seed := keyNamed("own").Seed()
		own := journal.NewDevelopment(keyNamed("own"), journal.Serial(named16("own serial")), f.say("Monitor Aman"), "tablet")
		f.named["the seed"], f.named["the public key"], f.named["the own serial"] = seed, own.Key, own.Serial[:]
		last := f.own1[len(f.own1)-1]
		return firstError(
			b.PutSelf(exchange.Self{
				ID: f.own, Seq: last.Seq, Link: last.Link, Clock: 1 << 60, Epoch: []byte(f.say("epoch of Cell")), Cursor: []byte(f.say("cursor of Cell")),
				Former:   []fold.WriterID{fold.WriterID(named16("former"))},
				Renames:  []record.Rename{{From: fold.WriterID(named16("from")), Above: 3, To: fold.WriterID(named16("to")), Generation: 1}},
				Branches: []exchange.Branch{{ID: fold.WriterID(named16("branch")), Parent: fold.Dot{Writer: fold.WriterID(named16("parent")), Seq: 2}, Generation: 1}},
				Open:     &exchange.Open{Number: 4, Record: r[2], Image: []byte(f.say("the image of Cell 6 before"))},
			}),
			b.PutKeys(Keys{Seed: seed, Certificate: own.Encode(), BundleIdentity: f.say("AGE-SECRET-KEY-1CELL")}),
			b.PutTail(Tail{Writer: f.own, Seq: last.Seq, Seal: journal.Seal(keyNamed("own"), f.own, last.Seq, last.Link), Certificate: own.Encode()}),
			b.PutEnrolment(Enrolment{Endpoints: []string{f.say("https://office.example")}, Token: []byte(f.say("token of Cell")), PersonName: "Monitor Aman", Office: f.say("Office of Cells")}),
			b.PutDirectory(9, []byte(f.say("Officer Enver works on Cells"))),
			b.PutSealer(Sealer{Key: recordNamed("a key"), Visit: r[1], Compartment: 2, Public: f.say("age1cell"), Secret: f.say("AGE-SECRET-KEY-1CELL2")}),
			b.PutSealer(Sealer{Key: recordNamed("another key"), Visit: r[2], Compartment: 3, Public: f.say("age1cell3")}),
			b.PutReaders(7, []byte(f.say("who may read of Cell"))),
			b.PutNote(Note{LastSync: 5, Problem: f.say("the hotel of Cell has no network")}),
			b.PutApp(map[string][]byte{"where": []byte(f.say("the page of Cell 12"))}),
		)
	})
	for word, b := range map[string][16]byte{"own writer": f.own, "other writer": f.others, "former": named16("former"), "branch": named16("branch"), "known": named16("Doctor Farid")} {
		f.named[word] = b[:]
	}
	for i, id := range r {
		f.named[fmt.Sprint("record ", i)] = id[:]
	}
	for _, e := range append(slices.Clone(f.own1), f.peers...) {
		f.named[fmt.Sprint("link ", e.Dot)] = e.Link[:]
		if e.Peer != nil {
			f.named[fmt.Sprint("hash ", e.Dot)], f.named[fmt.Sprint("seal ", e.Dot)] = e.Peer.Hash[:], e.Peer.Seal
		}
	}
	for i, c := range f.certificates {
		f.named[fmt.Sprint("key ", i)], f.named[fmt.Sprint("serial ", i)] = c.Key, c.Serial[:]
	}
	return f
}

func (f *filled) say(text string) string {
	f.said = append(f.said, text)
	return text
}

// peersOf are three entries of somebody else's, of which the second is left out.
func peersOf(f *filled, key ed25519.PrivateKey, serial journal.Serial) []exchange.Noted {
	all := []exchange.Noted{peer(f.others, 1, f.records[1], f.records[3]), peer(f.others, 2), peer(f.others, 3, f.records[2])}
	for i := range all {
		all[i].Peer.Serial = serial
		if len(all[i].Payload) > 0 {
			all[i].Payload = []byte(f.say(fmt.Sprintf("What Bahar wrote about Cell %d", i)))
		}
		all[i].Peer.Hash = journal.HashOf(append([]byte("of Bahar"), all[i].Payload...))
		if len(all[i].Payload) > 0 {
			all[i].Peer.Hash = journal.HashOf(all[i].Payload)
		}
	}
	all[0].Previous = fold.Link{}
	all = chained(all...)
	for i := range all {
		all[i].Peer.Seal = journal.Seal(key, f.others, all[i].Seq, all[i].Link)
	}
	return all
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// told is what one way of reading gives: a line for each thing.
type told struct {
	lines []string
	err   error
}

// read reads the whole folder in every way there is.
func (f *filled) read(b *Book) map[string]told {
	out := map[string]told{}
	one := func(name string, v any, err error) {
		out[name] = told{lines: []string{fmt.Sprintf("%+v", v)}, err: err}
	}
	noted := func(name string, all []exchange.Noted, err error) {
		var lines []string
		for _, e := range all {
			lines = append(lines, lineOf(e))
		}
		out[name] = told{lines, err}
	}
	b.self = nil
	self, err := b.Self()
	open := exchange.Open{}
	if self.Open != nil {
		open = *self.Open
	}
	self.Open = nil
	one("self", fmt.Sprintf("%+v %+v", self, open), err)
	keys, err := b.Keys()
	one("keys", keys, err)
	tail, err := b.Tail()
	one("tail", tail, err)
	enrolment, err := b.Enrolment()
	one("enrolment", fmt.Sprintf("%+v", enrolment), err)
	if enrolment != nil {
		one("enrolment", *enrolment, err)
	}
	revision, directory, err := b.Directory()
	one("directory", fmt.Sprint(revision, string(directory)), err)
	note, err := b.Note()
	one("note", note, err)
	app, err := b.App()
	one("app", fmt.Sprint(app), err)
	version, readers, err := b.Readers()
	one("readers", fmt.Sprint(version, string(readers)), err)
	f.readSealers(b, out)

	var since []exchange.Noted
	err = b.Since(0, func(e exchange.Noted) bool { since = append(since, e); return true })
	noted("since", since, err)
	for _, e := range append(slices.Clone(f.own1), f.peers...) {
		found, err := b.Find(e.Link)
		if found == nil {
			noted("found "+e.Link.String(), nil, err)
		} else {
			noted("found "+e.Link.String(), []exchange.Noted{*found}, err)
		}
		run, err := b.Run(e.Link)
		noted("run "+e.Link.String(), run, err)
	}
	for _, id := range f.records {
		all, err := b.Unaccepted(id)
		noted("unaccepted "+id.String(), all, err)
		all, err = b.Changes(id)
		noted("changes "+id.String(), all, err)
		v, err := b.View(id)
		var lines []string
		if v != nil && err == nil {
			lines = []string{fmt.Sprintf("%+v", *v)}
		}
		out["view "+id.String()] = told{lines, err}
		page, err := b.Page(Query{Of: &id, IncludeIncomplete: true}, 9)
		lines = nil
		for _, r := range page.Rows {
			lines = append(lines, fmt.Sprintf("%+v", r.View))
		}
		out["of "+id.String()] = told{lines, err}
	}
	f.readPeople(b, out)
	return out
}

func (f *filled) readSealers(b *Book, out map[string]told) {
	sealers := func(name string, visit *record.ID) {
		all, err := b.Sealers(visit)
		var lines []string
		for _, s := range all {
			lines = append(lines, fmt.Sprintf("%+v", s))
		}
		slices.Sort(lines)
		out[name] = told{lines, err}
	}
	sealers("sealers", nil)
	for _, id := range f.records[1:3] {
		sealers("sealers of "+id.String(), &id)
	}
}

func (f *filled) readPeople(b *Book, out map[string]told) {
	describe := func(c *journal.Certificate) string { return hex.EncodeToString(c.Encode()) }
	for _, c := range f.certificates {
		got, err := b.Certificate(c.Serial)
		var lines []string
		if got != nil && err == nil {
			lines = []string{describe(got)}
		}
		out["certificate "+c.Person] = told{lines, err}
		known, err := b.Known(fold.WriterID(named16(c.Person)))
		lines = nil
		if known != 0 {
			lines = []string{fmt.Sprint(known)}
		}
		out["known "+c.Person] = told{lines, err}
	}
	mates, err := b.Mates()
	var lines []string
	for _, c := range mates {
		if c != nil {
			lines = append(lines, describe(c))
		}
	}
	out["mates"] = told{lines, err}
	key, err := b.KeyOf(f.others)
	lines = nil
	if key != nil {
		lines = []string{fmt.Sprintf("%x", key)}
	}
	out["key"] = told{lines, err}
	authors, err := b.Authors()
	lines = nil
	for w, c := range authors {
		lines = append(lines, w.String()+describe(c))
	}
	slices.Sort(lines)
	out["authors"] = told{lines, err}
}

func lineOf(e exchange.Noted) string {
	p := exchange.Peer{}
	if e.Peer != nil {
		p = *e.Peer
	}
	e.Peer = nil
	return fmt.Sprintf("%+v %+v", e, p)
}

// older writes a view as the version did that kept no merges.
func (f *filled) older(b *Book, v exchange.View) error {
	s, err := fold.DecodeOwn(v.State)
	if err != nil {
		return err
	}
	removed, complete, conflict := s.Removed(), s.Complete(), len(s.Conflicts()) > 0
	kind, parent := b.kind(v.Kind), b.parentOf(v.Kind, s)
	content := append(binary.BigEndian.AppendUint32(nil, uint32(v.Kind)), v.State...)
	_, err = b.Exec(`UPDATE views SET target = X'', sealed = ?2 WHERE id = ?1`, b.record(v.ID),
		b.keys.Seal(placeOfView(v, kind, parent, nil, removed, complete, conflict), content))
	return err
}
