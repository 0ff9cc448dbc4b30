package scenario

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// graph is a random office: who has which roles where, who is in which team, where the
// places lie. What each person may see is asked of a small database that knows nothing
// of ours.
type graph struct {
	*madeOffice
	random *rand.Rand
	truth  *sqlitedb.DB

	people                   []*daylightv1.Person
	devices                  []*clientsync.Client
	folders                  []string
	places, visits, findings []string
	marks                    int
}

// maySee is by hand what internal/access has as a table.
const maySee = `
	WITH mine AS (SELECT role, region FROM grants WHERE person = $1),
	own AS (SELECT visit FROM teams WHERE person = $1),
	over AS (
		SELECT v.id AS visit, v.place, p.region
		FROM visits v
		LEFT JOIN places p ON p.id = v.place)
	SELECT p.id
	FROM places p
	WHERE EXISTS (
			SELECT 1 FROM mine
			WHERE role IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14) AND region IN ('', p.region))
		OR EXISTS (SELECT 1 FROM mine WHERE role = 15) AND EXISTS (SELECT 1 FROM over o JOIN own USING (visit) WHERE o.place = p.id)
	UNION
	SELECT o.visit
	FROM over o
	WHERE EXISTS (
			SELECT 1 FROM mine
			WHERE role IN (1, 2, 3, 4, 5, 6, 7, 10) AND (region = '' OR region = o.region))
		OR EXISTS (SELECT 1 FROM mine WHERE role IN (14, 15)) AND o.visit IN own
	UNION
	SELECT f.id
	FROM findings f
	JOIN over o ON o.visit = f.visit
	WHERE EXISTS (
			SELECT 1 FROM mine
			WHERE role IN (1, 2, 3, 4, 6, 7, 10) AND (region = '' OR region = o.region))
		OR EXISTS (SELECT 1 FROM mine WHERE role IN (14, 15)) AND o.visit IN own
	ORDER BY 1`

var regions = []string{"TM-A", "TM-B", "TM-D"}

func newGraph(t *testing.T, seed uint64) *graph {
	g := &graph{madeOffice: makeOffice(t), random: rand.New(rand.NewPCG(seed, 0))}
	var err error
	g.truth, err = sqlitedb.Open(t.Context(), filepath.Join(t.TempDir(), "truth.db"), sqlitedb.Options{Migrations: fstest.MapFS{
		"00001_truth.sql": {Data: []byte(`-- +goose Up
			CREATE TABLE grants (person TEXT, role INTEGER, region TEXT) STRICT;
			CREATE TABLE teams (visit TEXT, person TEXT) STRICT;
			CREATE TABLE places (id TEXT PRIMARY KEY, region TEXT) STRICT;
			CREATE TABLE visits (id TEXT PRIMARY KEY, place TEXT) STRICT;
			CREATE TABLE findings (id TEXT PRIMARY KEY, visit TEXT) STRICT;`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.truth.Close() })
	for n := range 4 {
		name := fmt.Sprint("Person ", n)
		id := g.person(name, daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
		g.people = append(g.people, &daylightv1.Person{Id: id, Name: name, Revision: 1})
		g.say(`INSERT INTO grants (person, role, region) VALUES ($1, 14, '')`, id)
		c, dir := g.device(id)
		g.devices, g.folders = append(g.devices, c), append(g.folders, dir)
	}
	for range 3 {
		g.addPlace()
		g.addVisit()
		g.addFinding()
	}
	return g
}

func (g *graph) say(text string, args ...any) {
	g.t.Helper()
	if err := g.truth.Write(g.t.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(text, args...)
		return err
	}); err != nil {
		g.t.Fatal(err)
	}
}

// mark is a text that stands in one version of one record.
func (g *graph) mark(id string) *string {
	g.marks++
	return proto.String(fmt.Sprintf("mark of %s no %d", id, g.marks))
}

// save writes at the office, whatever is there.
func (g *graph) save(kind clientsync.Kind, id string, edit func(clientsync.Message)) {
	g.t.Helper()
	m := kindMessage(kind, id)
	if item, err := g.store.Get(g.t.Context(), kind, [16]byte(uuid.MustParse(id))); err == nil {
		m = item.Message
	}
	edit(m)
	if _, err := g.store.Save(g.t.Context(), store.OfficeWriter("Office"), m); err != nil {
		g.t.Fatal(err)
	}
}

func kindMessage(kind clientsync.Kind, id string) clientsync.Message {
	switch kind {
	case clientsync.KindFacility:
		return &daylightv1.Facility{Id: id}
	case clientsync.KindVisit:
		return &daylightv1.Visit{Id: id}
	}
	return &daylightv1.Finding{Id: id}
}

func (g *graph) one(of []string) string { return of[g.random.IntN(len(of))] }

func (g *graph) region() string { return g.one(append(regions, "")) }

func (g *graph) addPlace() {
	id, region := uuid.Must(uuid.NewV7()).String(), g.region()
	g.places = append(g.places, id)
	g.say(`INSERT INTO places (id, region) VALUES ($1, $2)`, id, region)
	g.save(clientsync.KindFacility, id, func(m clientsync.Message) {
		f := m.(*daylightv1.Facility)
		f.Note, f.Region = g.mark(id), textOrNil(region)
	})
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (g *graph) movePlace() {
	id, region := g.one(g.places), g.region()
	g.say(`UPDATE places SET region = $2 WHERE id = $1`, id, region)
	g.save(clientsync.KindFacility, id, func(m clientsync.Message) { m.(*daylightv1.Facility).Region = textOrNil(region) })
}

func (g *graph) addVisit() {
	id, place := uuid.Must(uuid.NewV7()).String(), g.one(g.places)
	g.visits = append(g.visits, id)
	g.say(`INSERT INTO visits (id, place) VALUES ($1, $2)`, id, place)
	g.save(clientsync.KindVisit, id, func(m clientsync.Message) {
		v := m.(*daylightv1.Visit)
		v.Title, v.FacilityId = g.mark(id), &place
	})
	g.changeTeam(id)
}

func (g *graph) moveVisit() {
	id, place := g.one(g.visits), g.one(g.places)
	g.say(`UPDATE visits SET place = $2 WHERE id = $1`, id, place)
	g.save(clientsync.KindVisit, id, func(m clientsync.Message) { m.(*daylightv1.Visit).FacilityId = &place })
}

func (g *graph) changeTeam(id string) {
	g.say(`DELETE FROM teams WHERE visit = $1`, id)
	var team []*daylightv1.TeamMember
	for _, p := range g.people {
		if g.random.IntN(2) == 0 {
			team = append(team, &daylightv1.TeamMember{Id: p.Id})
			g.say(`INSERT INTO teams (visit, person) VALUES ($1, $2)`, id, p.Id)
		}
	}
	g.save(clientsync.KindVisit, id, func(m clientsync.Message) { m.(*daylightv1.Visit).Team = team })
}

func (g *graph) addFinding() {
	id, visit := uuid.Must(uuid.NewV7()).String(), g.one(g.visits)
	g.findings = append(g.findings, id)
	g.say(`INSERT INTO findings (id, visit) VALUES ($1, $2)`, id, visit)
	g.save(clientsync.KindFinding, id, func(m clientsync.Message) {
		f := m.(*daylightv1.Finding)
		f.Narrative, f.VisitId = g.mark(id), &visit
	})
}

func (g *graph) edit() {
	id := g.one(g.findings)
	g.save(clientsync.KindFinding, id, func(m clientsync.Message) { m.(*daylightv1.Finding).Narrative = g.mark(id) })
}

// changeRoles gives somebody other roles: none, one or two.
func (g *graph) changeRoles() {
	p := g.people[g.random.IntN(len(g.people))]
	g.say(`DELETE FROM grants WHERE person = $1`, p.Id)
	p.Grants = nil
	for range 1 + g.random.IntN(2) {
		grant := &daylightv1.Grant{Role: daylightv1.OfficeRole([]int32{2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 14, 14, 15, 15}[g.random.IntN(14)])}
		bound := slices.Contains([]int32{3, 4, 5, 6, 7}, int32(grant.Role)) && g.random.IntN(2) == 0
		if bound || grant.Role == daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP {
			grant.Region = g.one(regions)
		}
		p.Grants = append(p.Grants, grant)
		g.say(`INSERT INTO grants (person, role, region) VALUES ($1, $2, $3)`, p.Id, int64(grant.Role), grant.Region)
	}
	r, err := g.operator.SavePerson(g.t.Context(), &daylightv1.SavePersonRequest{Person: p})
	if err != nil {
		g.t.Fatal(err)
	}
	p.Revision = r.Person.Revision
}

func (g *graph) change() {
	all := []func(){
		g.addPlace, g.movePlace, g.addVisit, g.moveVisit, g.addFinding, g.edit, g.edit, g.changeRoles, g.changeRoles,
		func() { g.changeTeam(g.one(g.visits)) }, func() { g.changeTeam(g.one(g.visits)) },
	}
	all[g.random.IntN(len(all))]()
}

// compare fails unless the person's device holds what the truth says, and its file
// nothing else.
func (g *graph) compare(n int) {
	t, c := g.t, g.devices[n]
	t.Helper()
	var want []string
	if err := g.truth.Read(t.Context(), func(tx *sqlitedb.Tx) error {
		return tx.Each(maySee, []any{g.people[n].Id}, func(scan func(...any) error) (bool, error) {
			var id string
			err := scan(&id)
			want = append(want, id)
			return true, err
		})
	}); err != nil {
		t.Fatal(err)
	}
	g.synced(c)
	var got []string
	for item, err := range c.List(t.Context(), clientsync.Filter{IncludeRemoved: true, IncludeIncomplete: true}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("%s with %v holds\n%s\nand may see\n%s", g.people[n].Name, g.people[n].Grants, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	folder := g.inFolder(n)
	for _, id := range slices.Concat(g.places, g.visits, g.findings) {
		if !slices.Contains(want, id) && bytes.Contains(folder, []byte("mark of "+id)) {
			t.Fatalf("the folder of %s still holds words of %s", g.people[n].Name, id)
		}
	}
}

// inFolder is every byte in the device's folder.
func (g *graph) inFolder(n int) []byte {
	g.t.Helper()
	return folderOf(g.t, g.folders[n])
}

func folderOf(t *testing.T, dir string) (all []byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// playGraphs changes an office at random, and compares.
func playGraphs(t *testing.T, seed uint64, graphs int) {
	g := newGraph(t, seed)
	for range graphs {
		for range 1 + g.random.IntN(3) {
			g.change()
		}
		g.compare(g.random.IntN(len(g.people)))
	}
	for n := range g.people {
		g.compare(n)
	}
	if err := g.store.Check(context.Background(), func(f store.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
}

func TestADeviceHoldsWhatItsPersonMaySee(t *testing.T) {
	playGraphs(t, 1, 150) // TestSoakGraphs: 1,000
}
