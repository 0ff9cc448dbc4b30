package archive_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/scenario"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/archive"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

var by = directory.By{Call: "test"}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// open is an office in the folder, which may be new.
func open(t testing.TB, dir string) archive.Office {
	t.Helper()
	s := must(store.Open(context.Background(), store.Config{Dir: dir}))(t)
	return archive.Office{Store: s, Directory: directory.New(s.File(), time.Now, rand.Reader)}
}

// made is an office with people, devices and a token, a list of readers and what they did.
func made(t testing.TB, dir string) archive.Office {
	t.Helper()
	ctx, o := context.Background(), open(t, dir)
	d := o.Directory
	root := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	_, admin, err := d.Make(ctx, directory.Setup{
		Office: &daylightv1.Office{Name: "Office of the Ombudsperson", RootKey: root, BundleRecipient: "age1bundles"}, BundleIdentity: "AGE-SECRET-KEY-1",
		Admin: &daylightv1.Person{Name: "Administrator"},
	}, by)
	if err != nil {
		t.Fatal(err)
	}
	must(d.SaveBody(ctx, &daylightv1.Body{Code: "CSO-1", Name: "A civil society body"}, by))(t)
	p := must(d.SavePerson(ctx, &daylightv1.Person{Name: "Monitor A", Number: "17", Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_MONITOR}}}, by))(t)
	p.Grants = append(p.Grants, &daylightv1.Grant{Role: daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP, Region: "UA-32"})
	must(d.SavePerson(ctx, p, by))(t)
	id := must(record.ParseID(p.GetId()))(t)
	secret := directory.Hash(sha256.Sum256([]byte("secret")))
	must(d.Invite(ctx, id, secret, by))(t)
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)).Public().(ed25519.PublicKey)
	must(d.Enrol(ctx, directory.Enrolling{Secret: secret, Key: key, Label: "tablet", Recipient: "age1tablet", Token: sha256.Sum256([]byte("token")), Serial: [16]byte{1}}, by))(t)
	must(d.IssueToken(ctx, &daylightv1.Token{Name: "stats", Until: time.Now().Add(time.Hour).UnixMilli()}, directory.Hash{7}, by))(t)
	must(d.IssueToken(ctx, &daylightv1.Token{Name: "ended", Until: time.Now().Add(time.Hour).UnixMilli()}, directory.Hash{8}, by))(t)
	all := must(d.Tokens(ctx))(t)
	must(d.RevokeToken(ctx, must(record.ParseID(all[1].GetId()))(t), by))(t)
	adminID := must(record.ParseID(admin.GetId()))(t)
	if err := d.Log(ctx, directory.Denied, adminID, "not let", directory.By{Person: adminID, Call: "x"}); err != nil {
		t.Fatal(err)
	}
	err = o.Store.File().Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`INSERT INTO readers (id, version, signed) VALUES (1, 3, X'33')`)
		_, err2 := tx.Exec(`INSERT INTO handovers (version, at, root, signed) VALUES (2, 5, $1, X'32')`, []byte(root))
		_, err3 := tx.Exec(`UPDATE devices SET last_seen = 11, last_position = 12, revision = 13, next_token = $1`, bytes.Repeat([]byte{9}, 32))
		_, err4 := tx.Exec(`UPDATE tokens SET last_used = 14`)
		return errors.Join(err, err2, err3, err4)
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// dump are the rows of a table, for comparison.
func dump(t testing.TB, o archive.Office, table, columns string) (out []string) {
	t.Helper()
	err := o.Store.File().Read(context.Background(), func(tx *sqlitedb.Tx) error {
		return tx.Each(`SELECT `+columns+` FROM `+table, nil, func(scan func(...any) error) (bool, error) {
			cells := make([]any, strings.Count(columns, ",")+1)
			into := make([]any, len(cells))
			for i := range cells {
				into[i] = &cells[i]
			}
			err := scan(into...)
			out = append(out, fmt.Sprintf("%x", cells))
			return true, err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t testing.TB, o archive.Office, keys bool) []byte {
	t.Helper()
	var b bytes.Buffer
	must(archive.Write(context.Background(), &b, o, archive.Options{Keys: keys, TLSKey: map[bool][]byte{true: []byte("pem")}[keys], NowMS: 99}))(t)
	return b.Bytes()
}

// carried are the tables that an archive carries, with the columns that are as they were
// in an office that has moved.
var carried = map[string]string{
	"office":         "revision, seed, message, bundle_identity",
	"bodies":         "number, id, code, revision, message",
	"people":         "number, id, name, staff, disabled, revision, message",
	"devices":        "number, id, person, state, key, token, next_token, last_seen, last_position, revision, message",
	"tokens":         "number, id, token, last_used, message",
	"readers":        "version, signed",
	"handovers":      "version, at, root, signed",
	"accesses":       "number, at, kind, person, device, token, call, subject, note",
	"office_writers": "number, name, seed, serial, clock",
	"log":            "position, link, writer, seq, decision, reason, suspect, time, received_at, payload",
	"seals":          "position, signed, serial, signature",
	"certificates":   "serial, key, body",
	"writers":        "id, seq, link, position, key, parent, parent_seq",
	"awaited":        "link, writer, seq, previous, hash, signed, serial, signature",
}

// signsInAnew: passkeys belong to a name of the server, and the key that seals the rest is not
// in the database. The operator of the new office lets people in.
const signsInAnew = "people set up anew how they sign in at an office that has moved"

// left are the tables that it need not carry, and why.
var left = map[string]string{
	"invitations": "codes are good for minutes",
	"sign_ins":    signsInAnew, "passkeys": signsInAnew, "recovery_codes": signsInAnew, "first_codes": signsInAnew, "sign_in_resets": signsInAnew,
	"sessions": signsInAnew, "sign_in_tries": signsInAnew, "sign_in_known": signsInAnew,
	"meta":     "the identity of the log is a new one",
	"counters": "they follow from the log",
	"records":  "they follow from the log", "touches": "they follow from the log", "scopes": "they follow from the log",
	"rulings":          "they follow from the log",
	"views":            "filters that somebody has named are made in a minute, and hold what was searched for",
	"goose_db_version": "of the program",
}

// A new table has to be carried, or somebody has to have said why it is not. Those of lists
// and of the search follow from the records, and Check derives them again.
func TestEveryTableIsCarriedOrLeftForAReason(t *testing.T) {
	o := open(t, t.TempDir())
	defer o.Store.Close()
	for _, name := range dump(t, o, `sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`, "name") {
		var table string
		if _, err := fmt.Sscanf(name, "[%x]", &table); err != nil {
			t.Fatal(name, err)
		}
		_, is := carried[table]
		_, reason := left[table]
		derived := slices.Contains(derivedTables(t, o), table)
		if !is && !reason && !derived {
			t.Errorf("the table %s is neither carried by an archive nor left for a reason: add it to directory.Archive or store.Archive", table)
		}
	}
}

// derivedTables are those whose rows belong to a record, and those of the search.
func derivedTables(t testing.TB, o archive.Office) (out []string) {
	for _, name := range dump(t, o, `sqlite_schema WHERE type = 'table' AND (sql LIKE '%REFERENCES records (number)%' OR name LIKE 'search%')`, "name") {
		var table string
		_, _ = fmt.Sscanf(name, "[%x]", &table)
		out = append(out, table)
	}
	return out
}

// fill puts random records of every kind into the office, changes some and leaves
// conflicts.
func fill(t testing.TB, s *store.Store, seed uint64) {
	t.Helper()
	ctx, r := context.Background(), mathrand.New(mathrand.NewPCG(seed, 3))
	for _, k := range record.Kinds() {
		for range 1 + r.IntN(3) {
			m := must(s.Save(ctx, "Officer", scenario.AnyRecord(r, k)))(t)[0].Message
			for _, who := range []store.OfficeWriter{"Reviewer", "Officer"}[:r.IntN(3)] {
				again := scenario.AnyRecord(r, k).ProtoReflect()
				again.Set(again.Descriptor().Fields().ByName("id"), m.ProtoReflect().Get(m.ProtoReflect().Descriptor().Fields().ByName("id")))
				again.Set(again.Descriptor().Fields().ByName("seen"), m.ProtoReflect().Get(m.ProtoReflect().Descriptor().Fields().ByName("seen")))
				_, err := s.Save(ctx, who, again.Interface().(record.Message))
				var guarded *store.GuardedError
				var stale *record.StaleError
				if err != nil && !errors.As(err, &guarded) && !errors.As(err, &stale) {
					t.Fatal(err)
				}
			}
		}
	}
}

// Any office that is written and read with its keys holds the same in every table that is
// carried, and its records have the same digest.
func TestAnOfficeMovesWhole(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(rt *testing.T) {
			dir := rt.TempDir()
			from := made(rt, filepath.Join(dir, "from"))
			defer from.Store.Close()
			fill(rt, from.Store, seed)
			b := write(rt, from, true)
			to := open(rt, filepath.Join(dir, "to"))
			defer to.Store.Close()
			sum := must(archive.Read(context.Background(), bytes.NewReader(b), to, by))(rt)
			want := must(from.Store.Digest(context.Background()))(rt)
			if !bytes.Equal(sum.Digest.Sum, want.Sum) || len(want.Kinds) != len(record.Kinds()) || string(sum.TLSKey) != "pem" || sum.MadeAt != 99 {
				rt.Errorf("%+v, want %+v", sum, want)
			}
			for table, columns := range carried {
				was, is := dump(rt, from, table, columns), dump(rt, to, table, columns)
				if table == "accesses" {
					is = is[:len(is)-1] // the line that it was read
				}
				slices.Sort(was)
				if slices.Sort(is); !slices.Equal(was, is) {
					rt.Errorf("%s holds\n%v\nand should hold\n%v", table, is, was)
				}
			}
			if err := to.Store.Check(context.Background(), func(f store.Finding) { rt.Errorf("%s", f) }); err != nil {
				rt.Fatal(err)
			}
		})
	}
}

func TestACopyShutsEverybodyOut(t *testing.T) {
	from, to := made(t, t.TempDir()), open(t, t.TempDir())
	defer from.Store.Close()
	defer to.Store.Close()
	b := write(t, from, false)
	for _, secret := range [][]byte{[]byte("AGE-SECRET-KEY-1"), []byte("pem")} {
		if bytes.Contains(b, secret) {
			t.Errorf("%s is in it", secret)
		}
	}
	for _, table := range []string{"office", "office_writers"} {
		for _, seed := range dump(t, from, table, "seed") {
			var raw []byte
			if _, err := fmt.Sscanf(seed, "[%x]", &raw); err != nil || bytes.Contains(b, raw) {
				t.Errorf("a key of %s is in it (%v)", table, err)
			}
		}
	}
	for _, table := range []string{"devices", "tokens"} {
		for _, hash := range dump(t, from, table+" WHERE token IS NOT NULL", "token") {
			var raw []byte
			if _, err := fmt.Sscanf(hash, "[%x]", &raw); err != nil || bytes.Contains(b, raw) {
				t.Errorf("what one of the %s is known by is in it (%v)", table, err)
			}
		}
	}
	sum := must(archive.Read(t.Context(), bytes.NewReader(b), to, by))(t)
	if sum.Keys || sum.TLSKey != nil || sum.People != 2 || sum.Devices != 1 || sum.Accesses == 0 {
		t.Errorf("%+v", sum)
	}
	office := must(to.Directory.Office(t.Context()))(t)
	old := must(from.Directory.Office(t.Context()))(t)
	if bytes.Equal(office.GetEnrolmentKey(), old.GetEnrolmentKey()) || office.GetBundleRecipient() != "" || !bytes.Equal(office.GetRootKey(), old.GetRootKey()) {
		t.Errorf("%v", office)
	}
	devices := must(to.Directory.Devices(t.Context(), &daylightv1.ListDevicesRequest{}))(t).GetDevices()
	if len(devices) != 1 || devices[0].GetState() != daylightv1.DeviceState_DEVICE_STATE_REVOKED || devices[0].GetRevokedAt() == 0 {
		t.Errorf("%v", devices)
	}
	for _, k := range must(to.Directory.Tokens(t.Context()))(t) {
		if k.GetRevokedAt() == 0 {
			t.Errorf("%v is still good", k)
		}
	}
	if got := dump(t, to, "devices WHERE token IS NOT NULL OR next_token IS NOT NULL", "id"); got != nil {
		t.Errorf("%v is let in", got)
	}
	again := open(t, t.TempDir()) // a copy of a copy
	defer again.Store.Close()
	must(archive.Read(t.Context(), bytes.NewReader(write(t, to, true)), again, by))(t)
}

// An office that was never made with init has a log and nobody.
func TestAnOfficeThatWasNeverMade(t *testing.T) {
	from, to := open(t, t.TempDir()), open(t, t.TempDir())
	defer from.Store.Close()
	defer to.Store.Close()
	fill(t, from.Store, 1)
	must(archive.Read(t.Context(), bytes.NewReader(write(t, from, true)), to, by))(t)
	if must(to.Directory.Made(t.Context()))(t) {
		t.Error("it knows people")
	}
}

func TestWhatIsNoWholeArchiveIsRefused(t *testing.T) {
	from := made(t, t.TempDir())
	defer from.Store.Close()
	fill(t, from.Store, 2)
	whole := write(t, from, true)
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 1
		return b
	}
	name := bytes.Index(whole, []byte("Monitor A"))
	for shows, b := range map[string][]byte{
		"nothing":            nil,
		"something else":     []byte("SQLite format 3\x00 and so on"),
		"a newer version":    append([]byte("daylight archive\x02"), whole[17:]...),
		"cut at the end":     whole[:len(whole)-1],
		"cut in the middle":  whole[:len(whole)/2],
		"cut at the header":  whole[:18],
		"a name altered":     flip(name),
		"an entry altered":   flip(len(whole) / 2),
		"the digest altered": flip(len(whole) - 3),
		"more behind it":     append(bytes.Clone(whole), 0),
		"a huge part":        append(bytes.Clone(whole[:17]), 0xff, 0xff, 0xff, 0xff, 0x0f),
	} {
		t.Run(shows, func(t *testing.T) {
			to := open(t, t.TempDir())
			defer to.Store.Close()
			if _, err := archive.Read(t.Context(), bytes.NewReader(b), to, by); !errors.Is(err, archive.ErrBad) {
				t.Errorf("%v, want that it is not whole", err)
			}
		})
	}
	if _, err := archive.Read(t.Context(), bytes.NewReader(whole), from, by); !errors.Is(err, directory.ErrNotEmpty) {
		t.Errorf("%v, want that the office is not empty", err)
	}
}

// Wherever one byte of it is altered, it is refused or means the same.
func TestNoAlteredByteIsTaken(t *testing.T) {
	from := made(t, t.TempDir())
	defer from.Store.Close()
	must(from.Store.Save(t.Context(), "Officer", &daylightv1.Note{}))(t)
	whole := write(t, from, true)
	for at := 17; at < len(whole); at += 1 + len(whole)/16 {
		b := bytes.Clone(whole)
		b[at] ^= 0x40
		to := open(t, t.TempDir())
		if _, err := archive.Read(t.Context(), bytes.NewReader(b), to, by); !errors.Is(err, archive.ErrBad) {
			t.Errorf("byte %d: %v", at, err)
		}
		to.Store.Close()
	}
}
