package clientsync

import (
	"context"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// backed is an office with a backup of the log up to a position.
func backed(upTo uint64) func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	return func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		answer, err := takesAll(ctx, r)
		answer.BackedUp = upTo
		return answer, err
	}
}

func TestTravelPutsAwayWhatABackupCovers(t *testing.T) {
	s := &script{answer: backed(2)}
	d, _ := newOfficeDevice(t, s)
	one, two, three := finding("one"), finding("two"), finding("three")
	d.save(one)
	d.save(two)
	d.sync()
	d.save(three)
	d.sync()
	two.Narrative = proto.String("more")
	d.save(two) // not at the office
	writer := d.status().Writer
	got, err := d.Travel(t.Context())
	if err != nil || got != (Travelled{Records: 1, Changes: 2, Kept: 2}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if left := d.list(Filter{}); len(left) != 2 || left[0].ID != two.Id || left[1].ID != three.Id {
		t.Errorf("left: %v", left)
	}
	if d.status().Unsent != 1 || d.status().Writer == writer {
		t.Errorf("it stands %+v", d.status())
	}
	if got, err := d.Travel(t.Context()); err != nil || got != (Travelled{Kept: 2}) {
		t.Errorf("again: %+v, %v", got, err)
	}
	d.reopen()
	d.sync()
	if n := len(d.list(Filter{})); n != 2 {
		t.Errorf("a sync on the way brought %d records", n)
	}
	if err := d.Return(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.sync()
	if asked := s.asked[len(s.asked)-1]; len(asked.Cursor) != 0 {
		t.Error("it did not ask for everything")
	}
}

func TestTravelTouchesNothingThatIsNotBackedUp(t *testing.T) {
	d, _ := newOfficeDevice(t, &script{answer: takesAll})
	f := finding("one")
	d.save(f)
	for range 2 {
		if got, err := d.Travel(t.Context()); err != nil || got != (Travelled{Kept: 1}) {
			t.Errorf("%+v, %v", got, err)
		}
		d.get(f)
		d.sync()
	}
}

// The only key to a note is not put away with its record.
func TestTravelKeepsAKeyThatNobodyElseHas(t *testing.T) {
	s := &script{answer: backed(100)}
	d, _ := newOfficeDevice(t, s)
	_, note := noted(d, "alone")
	body := note.Sealed
	d.sync()
	if _, err := d.Travel(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.list(Filter{})); n != 0 {
		t.Errorf("%d records are left", n)
	}
	back := &daylightv1.InterviewNote{Id: note.Id, VisitId: note.VisitId, Sealed: body}
	d.save(back)
	d.says(back, "alone")
}

// Nobody is told that something was put away which may still be here.
func TestTravelThatMayNotHaveBeenDoneSaysSo(t *testing.T) {
	var x disk
	s := &script{answer: backed(0)}
	d, _ := newOfficeDevice(t, s, x.onCommit)
	d.save(finding("one"))
	d.sync()
	for shows, do := range map[string]func() error{
		"travel": func() error { _, err := d.Travel(t.Context()); return err },
		"return": func() error { return d.Return(t.Context()) },
	} {
		x.next = failed
		wantCode(t, do(), Unavailable, "not certain")
		if err := do(); err != nil {
			t.Errorf("%s, again: %v", shows, err)
		}
	}
}
