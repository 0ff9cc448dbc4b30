package record

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestARemovalFromAnOldWindowIsStale(t *testing.T) {
	w := Writer{ID: fold.WriterID{1}}
	v := &daylightv1.Visit{Id: "01920000-0000-7000-8000-000000000001", Title: proto.String("Spring")}
	id, err := IDOf(v)
	if err != nil {
		t.Fatal(err)
	}
	s := fold.New()
	save := func(seq fold.Seq) {
		edits, _, err := Diff(v, s, w, Naming{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: w.ID, Seq: seq}, Time: fold.Time(seq)}, edits)
	}
	save(1)
	old := MakeToken(Visit, id, s, Naming{})
	v.Seen, v.Summary = old, proto.String("written in another window")
	save(2)
	var stale *StaleError
	if _, err := Remove(Visit, id, old, s, w, Naming{}, nil); !errors.As(err, &stale) || stale.Field != "summary" {
		t.Errorf("the old window's removal was answered %v", err)
	}
	if _, err := Remove(Visit, id, MakeToken(Visit, id, s, Naming{}), s, w, Naming{}, nil); err != nil {
		t.Errorf("a removal that saw everything was answered %v", err)
	}
}
