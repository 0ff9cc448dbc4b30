package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func TestABundleIsOnlyForWhoIsMeant(t *testing.T) {
	phone := clientsync.BundleDevice{ID: "22222222-0000-4000-8000-000000000002", Person: "Monitor A", Device: "phone"}
	tablet := clientsync.BundleDevice{ID: "22222222-1111-4000-8000-000000000003", Person: "Monitor A", Device: "tablet 3"}
	other := clientsync.BundleDevice{ID: "44444444-0000-4000-8000-000000000004", Person: "Monitor B", Device: "Phone"}
	odd := clientsync.BundleDevice{ID: "5555555555555555", Person: "Monitor C", Device: "Monitor B"}
	twin := clientsync.BundleDevice{ID: "66666666-0000-4000-8000-000000000006", Person: "Monitor D", Device: "laptop"}
	// Of civil society, whom no directory tells of.
	namesake := clientsync.BundleDevice{ID: "7777777777777777", PersonID: "one", Person: "Monitor E", Device: "tablet 7"}
	another := clientsync.BundleDevice{ID: "8888888888888888", PersonID: "another", Person: "Monitor E", Device: "tablet 8"}
	all := []clientsync.BundleDevice{phone, tablet, other, odd, twin, namesake, another}
	people := []clientsync.Colleague{{Name: "Monitor A"}, {Name: "Monitor B"}, {Name: "Monitor D"}, {Name: "monitor d"}, {Name: "Officer E"}}
	for _, c := range []struct {
		shows, who string
		want       []clientsync.BundleDevice
		code       clientsync.Code
		words      string
	}{
		{"a person is all of their devices", "monitor a", []clientsync.BundleDevice{phone, tablet}, 0, ""},
		{"a label is one device", "Tablet 3", []clientsync.BundleDevice{tablet}, 0, ""},
		{"so is the beginning of an id", "44444444", []clientsync.BundleDevice{other}, 0, ""},
		{"and a whole id", "5555555555555555", []clientsync.BundleDevice{odd}, 0, ""},
		{"too little of an id is nobody", "4444444", nil, clientsync.NotFound, `called "4444444"`},
		{"a label of two people is refused", "phone", nil, clientsync.Invalid, "could mean several"},
		{"so is an id that is not whole enough", "22222222", nil, clientsync.Invalid, "could mean several"},
		{"a name that is a label too is refused", "Monitor B", nil, clientsync.Invalid, "could mean several"},
		{"two people of one name are refused, though one has a device", "Monitor D", nil, clientsync.Invalid, "could mean several"},
		{"somebody without a device is told so", "Officer E", nil, clientsync.NotFound, "has no device that takes bundles"},
		{"two people whom no directory tells of are refused", "Monitor E", nil, clientsync.Invalid, "could mean several"},
		{"a stranger is nobody", "Monitors", nil, clientsync.NotFound, "there is nobody"},
	} {
		t.Run(c.shows, func(t *testing.T) {
			got, err := devicesOf(c.who, all, people)
			if !slices.Equal(got, c.want) || clientsync.CodeOf(err) != c.code || err != nil && !strings.Contains(err.Error(), c.words) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	_, err := devicesOf("phone", all, people)
	var e *clientsync.Error
	if !errors.As(err, &e) || !strings.Contains(e.Hint, phone.ID+"  Monitor A (phone)\n"+other.ID+"  Monitor B (Phone)") {
		t.Errorf("the candidates are not told: %v", err)
	}
}

func TestABundleHasItsNameOnceItIsWhole(t *testing.T) {
	full := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	half := func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("half", 1<<20))
		return errors.New("broken off")
	}
	for _, c := range []struct {
		shows   string
		there   bool
		force   bool
		write   func(io.Writer) error
		want    string
		problem string
	}{
		{"written", false, false, full, "whole", ""},
		{"broken off", false, false, half, "", "broken off"},
		{"the name is taken", true, false, full, "old", "is there already"},
		{"written over", true, true, full, "whole", ""},
		{"broken off, the old one stays", true, true, half, "old", "broken off"},
		{"nothing was there to write over", false, true, full, "whole", ""},
	} {
		t.Run(c.shows, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "b.age")
			if c.there {
				if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := writeWhole(name, c.force, c.write)
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %v", err)
			}
			got, _ := os.ReadFile(name)
			if string(got) != c.want {
				t.Errorf("%q is there", got)
			}
			all, err := os.ReadDir(dir)
			if want := min(1, len(c.want)); err != nil || len(all) != want {
				t.Errorf("%d files are there, want %d", len(all), want)
			}
		})
	}
	t.Run("somebody else takes the name meanwhile", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "b.age")
		err := writeWhole(name, false, func(w io.Writer) error {
			return errors.Join(full(w), os.WriteFile(name, []byte("theirs"), 0o600))
		})
		if got, _ := os.ReadFile(name); clientsync.CodeOf(err) != clientsync.Conflicting || string(got) != "theirs" {
			t.Errorf("got %v, and %q is there", err, got)
		}
	})
	t.Run("its disk fails", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "b.age")
		// As the library hands it back.
		err := writeWhole(name, false, func(io.Writer) error { return &clientsync.Error{Code: clientsync.Internal, Cause: errDisk} })
		if clientsync.CodeOf(err) != clientsync.Unavailable || !strings.Contains(err.Error(), "could not be written to its end") {
			t.Errorf("got %v", err)
		}
	})
}

func TestABundleIsNamedAfterItsDevice(t *testing.T) {
	now := time.Date(2026, 11, 24, 18, 5, 9, 0, time.UTC)
	for device, want := range map[string]string{
		"Tablet 3":                "daylight-tablet-3-2026-11-24-180509.age",
		"../../etc: <a|b>":        "daylight-etc-a-b-2026-11-24-180509.age",
		"планшет":                 "daylight-планшет-2026-11-24-180509.age",
		"":                        "daylight-device-2026-11-24-180509.age",
		strings.Repeat("abc ", 9): "daylight-abc-abc-abc-abc-abc-abc-abc-abc-2026-11-24-180509.age",
	} {
		if got := fileName(device, now); got != want {
			t.Errorf("%q is %s", device, got)
		}
	}
}

func TestWhatCameInABundleIsToldInPlainWords(t *testing.T) {
	made := time.Date(2026, 11, 24, 18, 5, 0, 0, time.UTC)
	mate := clientsync.Imported{Person: "Monitor B", Device: "phone", Made: made, New: 5, Known: 1, LeftOut: 2, Hidden: 1, Records: 3}
	for _, c := range []struct {
		shows string
		got   clientsync.Imported
		s     clientsync.Status
		want  string
	}{
		{"of a team-mate", mate, clientsync.Status{Passing: 5, PassingFrom: 1}, `A bundle of Monitor B (phone), made ` + clock(made) + ` by the clock of that device.
5 new changes to 3 records; 1 was known already.
2 more came without content: not everybody whom the bundle is for may read that.
1 of the new ones is kept for the office and not shown: it may have answered already, or will not take that.
5 changes of team-mates are not yet at the office (1 device): the next sync passes on what is here.
`},
		{"taken twice", clientsync.Imported{Person: "Monitor B", Device: "phone", Made: made, Known: 6}, clientsync.Status{}, `A bundle of Monitor B (phone), made ` + clock(made) + ` by the clock of that device.
Nothing in it is new; 6 were known already.
`},
		{"the office's answer", clientsync.Imported{Office: true, Made: made, Answer: clientsync.Report{Pushed: 2, Passed: 1, TurnedAway: 1, Pulled: 4}}, clientsync.Status{Conflicts: 1}, `The office's answer to this device, made ` + clock(made) + `.
Sent 2 changes, received 4 records.
Passed on 1 change of a team-mate.
The office did not take what 1 device of a team-mate wrote. It is kept here, and the next sync tries again; if it stays so, tell the office.
All sent.
1 record has a conflict: "daylight conflicts" shows both texts.
`},
		{"an answer that came too late", clientsync.Imported{Office: true, Stale: true, Made: made}, clientsync.Status{Unsent: 1}, `The office's answer to this device, made ` + clock(made) + `.
It was made for an earlier state of this device, which has heard from the office since: nothing of it was taken. Make a new bundle for the office: daylight bundle make --to office
`},
	} {
		t.Run(c.shows, func(t *testing.T) {
			var out strings.Builder
			to := &call{out: bufio.NewWriter(&out)}
			to.showTaken(c.got, c.s)
			to.out.Flush()
			if out.String() != c.want {
				t.Errorf("got\n%swant\n%s", out.String(), c.want)
			}
		})
	}
}

func TestATeamMateIsNamedWhereTheirWordsStand(t *testing.T) {
	at := time.Date(2026, 11, 24, 18, 5, 0, 0, time.UTC)
	for want, v := range map[string]clientsync.Value{
		"Monitor B (phone), %s, not yet at the office": {Person: "Monitor B", Device: "phone", Writer: "0123456789abcdef", Pending: true},
		"Monitor B (phone), %s":                        {Person: "Monitor B", Device: "phone", Writer: "0123456789abcdef"},
		"this device, %s, not yet at the office":       {Person: "Monitor A", Device: "tablet", Own: true, Pending: true},
		"device 89abcdef, %s":                          {Writer: "0123456789abcdef"},
		`M\u001b[2J, %s`:                               {Person: "M\x1b[2J"},
	} {
		v.Written = at
		if got := author(v); got != fmt.Sprintf(want, clock(at)) {
			t.Errorf("got %q", got)
		}
	}
	var out strings.Builder
	showEntry(&out, "  ", nameOf("Monitor B", "phone")+", ", &daylightv1.HistoryEntry{
		WrittenAt: at.UnixMilli(), Edits: []*daylightv1.HistoryEdit{{Field: "title", Json: `"Night"`}},
	})
	if want := "  Monitor B (phone), " + clock(at) + "  not yet at the office\n    title: Night\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
	if got := marks(clientsync.Item{Sent: true, Passing: true}); !slices.Equal(got, []string{"passing"}) || markMeans["passing"] == "" {
		t.Errorf("marked %v", got)
	}
}
