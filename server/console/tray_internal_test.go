package console

import (
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

func TestATrayHoldsAFileForItsPersonAndForAWhile(t *testing.T) {
	var y tray
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	ann, ben := record.ID{1}, record.ID{2}
	first := y.put("register", ann, brought{name: "a"}, now)
	form := y.put("form", ann, brought{name: "f"}, now)
	for _, c := range []struct {
		name, purpose, at string
		person            record.ID
		later             time.Duration
		there             bool
	}{
		{"its person", "register", first, ann, 0, true},
		{"another", "register", first, ben, 0, false},
		{"for something else", "form", first, ann, 0, false},
		{"no such name", "register", "0", ann, 0, false},
		{"looked at again", "register", first, ann, heldFor - 1, true},
		{"since then", "register", first, ann, 2*heldFor - 2, true},
		{"too late", "form", form, ann, heldFor, false},
	} {
		if _, ok := y.get(c.purpose, c.person, c.at, now.Add(c.later)); ok != c.there {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
	if y.put("register", ann, brought{name: "b"}, now); len(y.files) != 2 {
		t.Errorf("%d files: another of one's own takes the place of the first", len(y.files))
	}
	for i := range 2 * mostHeld {
		y.put("register", record.ID{9, byte(i)}, brought{}, now.Add(time.Duration(i)))
	}
	if len(y.files) != mostHeld {
		t.Errorf("%d files are held", len(y.files))
	}
}
