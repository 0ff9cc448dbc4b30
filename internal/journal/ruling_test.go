package journal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

func aRuling() Change {
	return Change{Salt: [16]byte{1}, Time: 2, Ruling: &Ruling{Link: fold.Link{3}, Kind: Leave}, Reason: "Её записи"}
}

func TestRulingIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Change{Reason: rapid.StringN(0, 40, MaxReason).Draw(t, "reason"), Time: fold.Time(rapid.Uint64().Draw(t, "time"))}
		c.Ruling = &Ruling{Kind: rapid.SampledFrom([]RulingKind{Admit, Leave, Reopen}).Draw(t, "kind"), Link: fold.Link{1, 9: 7}}
		got, err := DecodeChange(c.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if *got.Ruling != *c.Ruling || got.Reason != c.Reason || got.Time != c.Time || !bytes.Equal(got.Encode(), c.Encode()) {
			t.Fatalf("%+v, want %+v", got, c)
		}
	})
}

func TestRulingThatCannotBeIsNotRead(t *testing.T) {
	for shows, spoil := range map[string]func(*Change){
		"about nothing":       func(c *Change) { c.Ruling.Link = fold.Link{} },
		"no kind":             func(c *Change) { c.Ruling.Kind = 0 },
		"another kind":        func(c *Change) { c.Ruling.Kind = 4 },
		"no text":             func(c *Change) { c.Reason = "\xff" },
		"a long reason":       func(c *Change) { c.Reason = strings.Repeat("a", MaxReason+1) },
		"a reason of nothing": func(c *Change) { c.Ruling = nil },
		"edits beside": func(c *Change) {
			id := record.ID{1}
			c.Records = []RecordEdits{{Kind: record.Visit, ID: id, Edits: []fold.Edit{Creation(id)}}}
		},
	} {
		t.Run(shows, func(t *testing.T) {
			c := aRuling()
			spoil(&c)
			err := c.Check()
			wantOwnError(t, err)
			if _, again := DecodeChange(c.Encode()); again == nil && shows != "a reason of nothing" {
				t.Error("it is read")
			}
			if errors.Is(err, ErrTooLarge) != (shows == "a long reason") {
				t.Error(err)
			}
		})
	}
}

// The name is promised to whoever holds a state: sha256 of 32 times 01.
func TestAdmittedIDIsTheHashOfTheLink(t *testing.T) {
	l := fold.Link(bytes.Repeat([]byte{1}, 32))
	if got := hex.EncodeToString(func() []byte { id := AdmittedID(l); return id[:] }()); got != "72cd6e8422c407fb6d098690f1130b7d" {
		t.Errorf("got %s", got)
	}
}
