package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestSaveEachMakesAChangeOfEachRecord(t *testing.T) {
	w := newWorld(t)
	messages := make([]record.Message, maxRun+5) // more than one seal
	for i := range messages {
		messages[i] = aFacility(fmt.Sprint("House ", i), fmt.Sprint(i))
	}
	items := must(w.SaveEach(t.Context(), "Register import", messages...))(t)
	if head := must(w.Head(t.Context()))(t); len(items) != len(messages) || int(head) != len(messages) {
		t.Fatalf("%d items, head %d", len(items), head)
	}
	for i, item := range items {
		if f := item.Message.(*daylightv1.Facility); f.GetCode() != fmt.Sprint(i) {
			t.Fatalf("item %d is %s", i, f.GetCode())
		}
	}
	w.whole()
}

func TestSaveEachIsAllOrNothing(t *testing.T) {
	w := newWorld(t)
	taken := must(w.Save(t.Context(), "Monitor A", aFacility("House", "1")))(t)[0].Message.(*daylightv1.Facility)
	before := w.digest()
	visit := &daylightv1.Visit{Id: taken.Id}
	_, err := w.SaveEach(t.Context(), "Register import", aFacility("Other", "2"), visit)
	var guarded *GuardedError
	if !errors.As(err, &guarded) || w.digest() != before {
		t.Errorf("got %v; changed: %v", err, w.digest() != before)
	}
	w.whole()
}
