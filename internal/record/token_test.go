package record_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// drawToken draws any token, canonical in its order of paths.
func drawToken(t *rapid.T) *record.Token {
	tok := &record.Token{
		Kind:       rapid.SampledFrom(record.Kinds()).Draw(t, "kind"),
		ID:         parseID(t, rapid.SampledFrom([]string{anID, anotherID}).Draw(t, "id")),
		Generation: rapid.Uint32().Draw(t, "generation"),
		Clock:      fold.Time(rapid.Uint64().Draw(t, "clock")),
	}
	paths := rapid.MapOfN(rapid.Custom(drawPath), rapid.Custom(drawDots), 0, 8).Draw(t, "paths")
	for p, dots := range paths {
		tok.Paths = append(tok.Paths, record.SeenPath{Path: p, Dots: dots})
	}
	sortPaths(tok.Paths)
	return tok
}

func drawPath(t *rapid.T) fold.Path {
	p := fold.Path{Field: rapid.Int32Range(1, 1<<29-1).Draw(t, "field"), Element: rapid.Bool().Draw(t, "element")}
	if p.Element {
		p.Key = rapid.OneOf(rapid.Just(anID), rapid.Just("0190A6E2-7C1B-7000-8000-000000000001"), rapid.String()).Draw(t, "key")
	}
	return p
}

func drawDots(t *rapid.T) []record.SeenDot {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.SeenDot {
		d := record.SeenDot{Dot: dot(rapid.SampledFrom([]byte{1, 2}).Draw(t, "writer"), fold.Seq(rapid.Uint64Range(1, 2).Draw(t, "seq")))}
		d.Hash[0] = rapid.Byte().Draw(t, "hash")
		return d
	}), 1, 3).Draw(t, "dots")
}

func sortPaths(paths []record.SeenPath) {
	for i := range paths {
		for j := i; j > 0 && paths[j].Compare(paths[j-1].Path) < 0; j-- {
			paths[j], paths[j-1] = paths[j-1], paths[j]
		}
	}
}

func TestTokenRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawToken(t)
		got, err := record.ParseToken(want.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		if at := record.ClockOf(want.Encode()); at != want.Clock {
			t.Fatalf("it was made at %d, want %d", at, want.Clock)
		}
	})
}

func TestTokenWithAPathTwiceIsRefused(t *testing.T) {
	one := record.SeenPath{Path: narrative, Dots: []record.SeenDot{{Dot: dot(1, 1)}}}
	tok := record.Token{Kind: record.Finding, Paths: []record.SeenPath{one, one}}
	if got, err := record.ParseToken(tok.Encode()); err == nil {
		t.Errorf("got %+v", got)
	}
}

func TestTokenIsSmall(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	paths := len(d.state.Paths())
	if got, most := len(d.finding(t).Seen), 64+paths*20; got > most {
		t.Errorf("%d bytes for %d paths, want at most %d", got, paths, most)
	}
}

func TestMakeTokenIsWhatShowPutsIntoTheMessage(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	names := record.Naming{Generation: 3, Clock: 9}
	m, err := record.Show(record.Finding, parseID(t, anID), d.state, names)
	if err != nil {
		t.Fatal(err)
	}
	if got := record.MakeToken(record.Finding, parseID(t, anID), d.state, names); string(got) != string(m.GetSeen()) {
		t.Errorf("got %x, want %x", got, m.GetSeen())
	}
}

func TestTokenNamesAllValuesTheOneShownFirstInFront(t *testing.T) {
	a, b := shared(t)
	one, two := a.finding(t), b.finding(t)
	one.Narrative = nil
	text := "two"
	two.Narrative = &text
	b.save(t, two)
	a.clock = 10
	a.save(t, one) // shown first: cleared
	a.pull(b)
	tok, err := record.ParseToken(a.finding(t).Seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range tok.Paths {
		if p.Path == narrative {
			if len(p.Dots) != 2 || p.Dots[0].Dot != dot(1, 2) || p.Dots[1].Dot != dot(2, 1) {
				t.Errorf("got %+v", p.Dots)
			}
			return
		}
	}
	t.Error("the path is not there")
}

func FuzzParseToken(f *testing.F) {
	d := newDevice(1)
	d.save(f, aFinding())
	f.Add(d.finding(f).Seen)
	f.Add([]byte{})
	f.Add([]byte{2, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		tok, err := record.ParseToken(b)
		if err != nil {
			return
		}
		again, err := record.ParseToken(tok.Encode())
		if err != nil || !reflect.DeepEqual(again, tok) {
			t.Errorf("%+v\nencodes to %+v, %v", tok, again, err)
		}
	})
}
