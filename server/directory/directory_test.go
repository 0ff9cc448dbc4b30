package directory

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	monitor  = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	reviewer = daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER
	regional = daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP
)

// TestTheOfficesClocks: they are kept as they are said, and what cannot count is not.
func TestTheOfficesClocks(t *testing.T) {
	w := newWorld(t)
	const urgent = daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT
	save := func(clocks ...*daylightv1.Clock) error {
		o, err := w.Office(w.ctx())
		if err != nil {
			t.Fatal(err)
		}
		o.Clocks = clocks
		_, err = w.SaveOffice(w.ctx(), o, By{})
		return err
	}
	if err := save(&daylightv1.Clock{Horizon: urgent, AnswerDays: 1}, &daylightv1.Clock{Horizon: urgent, Authority: "INTERIOR", AnswerDays: 2}); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]*daylightv1.Clock{
		"no urgency":   {{AnswerDays: 1}},
		"too long":     {{Horizon: urgent, DoneMonths: 121}},
		"no code":      {{Horizon: urgent, Authority: "IN\nTERIOR"}},
		"said twice":   {{Horizon: urgent, AnswerDays: 1}, {Horizon: urgent, AnswerDays: 2}},
		"far too many": make([]*daylightv1.Clock, mostClocks+1),
	} {
		if err := save(bad...); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if o, _ := w.Office(w.ctx()); len(o.GetClocks()) != 2 {
		t.Errorf("%d clocks are kept", len(o.GetClocks()))
	}
}

func TestAnOfficeIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	o, err := w.Office(w.ctx())
	w.must(err)
	if len(o.EnrolmentKey) != 32 || o.Revision != 1 {
		t.Errorf("%v", o)
	}
	_, _, err = w.Make(w.ctx(), Setup{Office: o, Admin: &daylightv1.Person{Name: "Somebody else"}}, By{})
	w.wants(err, rpcerr.Conflict)
	people, err := w.People(w.ctx(), &daylightv1.ListPeopleRequest{})
	w.must(err)
	if len(people.People) != 1 || people.People[0].Name != "Administrator" {
		t.Errorf("%v", people)
	}
}

func TestChangesAreMadeFromWhatWasRead(t *testing.T) {
	w := newWorld(t)
	t.Run("a person", func(t *testing.T) {
		p := w.person("Monitor A", monitor)
		first, second := proto.CloneOf(p), proto.CloneOf(p)
		first.Name, second.Name = "Monitor A, first", "Monitor A, second"
		_, err := w.SavePerson(w.ctx(), first, By{})
		w.must(err)
		_, err = w.SavePerson(w.ctx(), second, By{})
		w.wants(err, rpcerr.Conflict)
		now, err := w.Person(w.ctx(), idOf(t, p.Id))
		w.must(err)
		if now.Name != first.Name || now.Revision != 2 {
			t.Errorf("%v", now)
		}
	})
	t.Run("the office, and not its keys", func(t *testing.T) {
		o, err := w.Office(w.ctx())
		w.must(err)
		mine := proto.CloneOf(o)
		mine.Name, mine.RootKey, mine.RecoveryRecipient = "Another name", make([]byte, 32), ""
		mine.BundleRecipient = "age1mine"
		got, err := w.SaveOffice(w.ctx(), mine, By{})
		w.must(err)
		if got.Name != mine.Name || string(got.RootKey) != string(o.RootKey) || got.RecoveryRecipient != o.RecoveryRecipient || got.BundleRecipient != o.BundleRecipient {
			t.Errorf("%v", got)
		}
		_, err = w.SaveOffice(w.ctx(), mine, By{})
		w.wants(err, rpcerr.Conflict)
	})
	t.Run("the office's recovery key, and a secret in its place not", func(t *testing.T) {
		o, err := w.Office(w.ctx())
		w.must(err)
		for _, bad := range []string{"age1mine", "AGE-SECRET-KEY-1EJYF8669WQFYFD0MDLDVQYQQUFW2F4333JA4PNNFXU9QRXVLTTUQU2JEQR"} {
			mine := proto.CloneOf(o)
			mine.RecoveryRecipient = bad
			_, err := w.SaveOffice(w.ctx(), mine, By{})
			if w.wants(err, rpcerr.Invalid); strings.Contains(err.Error(), bad) {
				t.Errorf("the error repeats it: %v", err)
			}
		}
		mine := proto.CloneOf(o)
		mine.RecoveryRecipient = w.recipient()
		got, err := w.SaveOffice(w.ctx(), mine, By{})
		w.must(err)
		if got.RecoveryRecipient != mine.RecoveryRecipient || got.Revision != o.Revision+1 || w.notes()[len(w.notes())-1] != "the office has another recovery key" {
			t.Errorf("%v, %q", got, w.notes())
		}
	})
	t.Run("a body", func(t *testing.T) {
		b, err := w.SaveBody(w.ctx(), &daylightv1.Body{Code: "NC", Name: "National Centre"}, By{})
		w.must(err)
		_, err = w.SaveBody(w.ctx(), &daylightv1.Body{Code: "NC", Name: "Another"}, By{})
		w.wants(err, rpcerr.Invalid)
		old := proto.CloneOf(b)
		b.Name = "The National Centre"
		_, err = w.SaveBody(w.ctx(), b, By{})
		w.must(err)
		_, err = w.SaveBody(w.ctx(), old, By{})
		w.wants(err, rpcerr.Conflict)
	})
	t.Run("of twenty at once, one", func(t *testing.T) {
		p := w.person("Monitor B", monitor)
		var all sync.WaitGroup
		var mu sync.Mutex
		saved := 0
		for n := range 20 {
			all.Go(func() {
				mine := proto.CloneOf(p)
				mine.Name = fmt.Sprint("Monitor B, ", n)
				if _, err := w.SavePerson(w.ctx(), mine, By{}); err == nil {
					mu.Lock()
					saved++
					mu.Unlock()
				}
			})
		}
		if all.Wait(); saved != 1 {
			t.Errorf("%d were saved", saved)
		}
	})
}

func TestWhatIsWrongIsRefused(t *testing.T) {
	w := newWorld(t)
	taken := w.person("Monitor A", monitor)
	taken.Number = "17"
	_, err := w.SavePerson(w.ctx(), taken, By{})
	w.must(err)
	grant := func(g *daylightv1.Grant) *daylightv1.Person {
		return &daylightv1.Person{Name: "Monitor B", Grants: []*daylightv1.Grant{g}}
	}
	for shows, p := range map[string]*daylightv1.Person{
		"no name":                     {Name: " "},
		"a name of two lines":         {Name: "Monitor\nB"},
		"a number that another has":   {Name: "Monitor B", Number: "17"},
		"an id of its own":            {Name: "Monitor B", Id: "0192f0c1-0000-7000-8000-000000000001"},
		"a role that there is not":    grant(&daylightv1.Grant{Role: 99}),
		"no role":                     grant(&daylightv1.Grant{}),
		"a region in words":           grant(&daylightv1.Grant{Role: regional, Region: "the north"}),
		"a regional one without":      grant(&daylightv1.Grant{Role: regional}),
		"an end before the beginning": grant(&daylightv1.Grant{Role: monitor, From: 2, Until: 1}),
	} {
		t.Run(shows, func(t *testing.T) {
			_, err := w.SavePerson(w.ctx(), p, By{})
			w.wants(err, rpcerr.Invalid)
		})
	}
	unknown := &daylightv1.Person{Name: "Nobody", Id: "0192f0c1-0000-7000-8000-000000000001", Revision: 3}
	_, err = w.SavePerson(w.ctx(), unknown, By{})
	w.wants(err, rpcerr.NotFound)
	_, err = w.People(w.ctx(), &daylightv1.ListPeopleRequest{PageToken: "nonsense"})
	w.wants(err, rpcerr.Invalid)
}

func TestPeopleComeByNameInPages(t *testing.T) {
	w := newWorld(t)
	for n := range 12 {
		w.person(fmt.Sprintf("Person %02d", 11-n), []daylightv1.OfficeRole{monitor, reviewer}[n%2])
	}
	var names []string
	q := &daylightv1.ListPeopleRequest{PageSize: 4, Role: monitor}
	for pages := 0; ; pages++ {
		r, err := w.People(w.ctx(), q)
		w.must(err)
		for _, p := range r.People {
			names = append(names, p.Name)
		}
		if q.PageToken = r.NextPageToken; q.PageToken == "" {
			if pages != 1 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
		w.person("Aaron comes in between", monitor)
	}
	want := []string{"Person 01", "Person 03", "Person 05", "Person 07", "Person 09", "Person 11"}
	if !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}

func TestTheLogOfAccessesOnlyGrows(t *testing.T) {
	w := newWorld(t)
	dev := w.enrolled(w.person("Monitor A", monitor), "phone 1")
	w.must(w.Log(w.ctx(), Denied, record.ID{}, "not allowed", By{Device: idOf(t, dev.Id), Call: "/x"}))
	_, err := w.SavePerson(w.ctx(), &daylightv1.Person{}, By{})
	w.wants(err, rpcerr.Invalid)
	want := []string{"the office was made", "a person was added", "a person was added", "a device was invited", "a device was enrolled", "not allowed"}
	if got := w.notes(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	r, err := w.Accesses(w.ctx(), &daylightv1.ListAccessesRequest{PageSize: 2})
	w.must(err)
	next, err := w.Accesses(w.ctx(), &daylightv1.ListAccessesRequest{PageSize: 2, PageToken: r.NextPageToken})
	w.must(err)
	if r.Accesses[0].Device != dev.Id || r.Accesses[0].Call != "/x" || next.Accesses[0].Number != r.Accesses[1].Number-1 {
		t.Errorf("%v\n%v", r, next)
	}
}

func TestTokensOfIntegrators(t *testing.T) {
	w := newWorld(t)
	in := &daylightv1.Token{Name: "statistics", Grants: []*daylightv1.Grant{{Role: reviewer}}, Until: w.time.Add(time.Hour).UnixMilli()}
	_, err := w.IssueToken(w.ctx(), in, hashOf("secret"), By{})
	w.must(err)
	if !w.knows("secret") || w.knows("another") {
		t.Fatal("the token does not work, or any does")
	}
	w.time = w.time.Add(59 * time.Minute)
	if !w.knows("secret") {
		t.Error("the token ended too soon")
	}
	w.time = w.time.Add(time.Minute)
	if w.knows("secret") {
		t.Error("the token has ended and works")
	}
	in.Until = w.time.Add(time.Hour).UnixMilli()
	m, err := w.IssueToken(w.ctx(), in, hashOf("second"), By{})
	w.must(err)
	if !w.knows("second") {
		t.Fatal("the second does not work")
	}
	_, err = w.RevokeToken(w.ctx(), idOf(t, m.Id), By{})
	w.must(err)
	if w.knows("second") {
		t.Error("the token is revoked and works")
	}
	in.Until = w.time.Add(400 * 24 * time.Hour).UnixMilli()
	_, err = w.IssueToken(w.ctx(), in, hashOf("third"), By{})
	w.wants(err, rpcerr.Invalid)
}

func TestWhoComesAfterALongTimeSignsIn(t *testing.T) {
	w := newWorld(t)
	w.enrolled(w.person("Monitor A", monitor), "phone 1")
	_, err := w.IssueToken(w.ctx(), &daylightv1.Token{Name: "statistics", Until: w.time.Add(300 * time.Hour).UnixMilli()}, hashOf("program"), By{})
	w.must(err)
	come := func(want int, shows string) {
		t.Helper()
		for range 2 {
			if !w.knows("token of phone 1") || !w.knows("program") {
				t.Fatal("they are not known")
			}
		}
		notes := map[string]int{}
		for _, n := range w.notes() {
			notes[n]++
		}
		if notes["a device signed in"] != want || notes["a program signed in"] != want {
			t.Errorf("%s: %v", shows, notes)
		}
	}
	come(1, "at first")
	for range 13 { // seen again and again
		w.time = w.time.Add(awayFor - time.Millisecond)
		come(1, "in less than twelve hours")
	}
	w.time = w.time.Add(awayFor)
	come(2, "after twelve hours")
	if w.knows("somebody else's") {
		t.Error("a stranger is known")
	}
	come(2, "after a stranger")
	r, err := w.Accesses(w.ctx(), &daylightv1.ListAccessesRequest{PageSize: 2})
	w.must(err)
	if program, device := r.Accesses[0], r.Accesses[1]; program.Subject != program.Token || device.Subject != device.Device || device.Person == "" || device.Call != "/x" {
		t.Errorf("%v", r)
	}
}

func TestWhatADeviceWasSentOnlyGrows(t *testing.T) {
	w := newWorld(t)
	dev := w.enrolled(w.person("Monitor A", monitor), "phone 1")
	by := By{Device: idOf(t, dev.Id), Call: "/x"}
	lines := len(w.notes())
	for _, c := range []struct{ upTo, want uint64 }{{7, 7}, {0, 7}, {5, 7}, {8, 8}} {
		w.must(w.Sent(w.ctx(), c.upTo, 0, by))
		now, err := w.Device(w.ctx(), by.Device)
		w.must(err)
		if now.LastPosition != c.want {
			t.Errorf("after %d: %d", c.upTo, now.LastPosition)
		}
	}
	if len(w.notes()) != lines {
		t.Errorf("nothing restricted was sent, and there are lines: %q", w.notes())
	}
	w.must(w.Sent(w.ctx(), 0, 2, by))
	if got := w.notes(); len(got) != lines+1 || got[lines] != "2 restricted records were sent" {
		t.Errorf("%q", got)
	}
}
