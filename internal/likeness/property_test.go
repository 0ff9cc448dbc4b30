package likeness

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// drawn is any place, of few words so that many are alike.
func drawn(t *rapid.T, n int) *daylightv1.Facility {
	words := []string{"ИК", "Colony", "№", "14", "41", "Степная", "Stepnaya", "Stpnaya", "север", "north", "больница", "Яр", "Yar", "б", "7b", "Женская", "«", "\u0301", ""}
	f := &daylightv1.Facility{Id: number(n), Names: map[string]string{}}
	for i := range rapid.IntRange(0, 2).Draw(t, "names") {
		f.Names[fmt.Sprint(i)] = strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "words"), " ")
	}
	if rapid.Bool().Draw(t, "former") {
		f.FormerNames = []*daylightv1.FormerName{{Name: proto.String(rapid.SampledFrom(words).Draw(t, "name"))}}
	}
	some := func(label string, values ...string) *string {
		if v := rapid.SampledFrom(append(values, "")).Draw(t, label); v != "" {
			return &v
		}
		return nil
	}
	f.Region, f.Code = some("region", "TM-A", "TM-B"), some("code", "1", "2")
	f.Town, f.MainType = some("town", "Гавань", "Gavan", "Заречье"), some("type", "PEN_A", "PEN_B", "POL_A")
	if rapid.Bool().Draw(t, "located") {
		at(f, float64(rapid.IntRange(0, 20).Draw(t, "north"))*300)
	}
	return f
}

func drawnPlaces(t *rapid.T) (out []*daylightv1.Facility) {
	for i := range rapid.IntRange(0, 7).Draw(t, "places") {
		out = append(out, drawn(t, i+1))
	}
	return out
}

func TestPairsAreTheSameWhicheverWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawnPlaces(t)
		want := NewPlaces(all).Pairs()
		shuffled := slices.Clone(all)
		for i := range shuffled {
			j := rapid.IntRange(0, i).Draw(t, "swap")
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		}
		set := NewPlaces(shuffled)
		if got := set.Pairs(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("in another order %v, want %v", got, want)
		}
		told := map[string]bool{}
		for _, p := range want {
			if p.A == p.B || !less(p.A, p.B) || p.Score < Likely || p.Score > most {
				t.Fatalf("a pair is %v", p)
			}
			told[fmt.Sprint(p.A, p.B, p.Score, p.Reasons)] = true
		}
		asked := 0
		for _, f := range all { // each pair is seen from both sides, and nothing else is
			id, _ := record.ParseID(f.GetId())
			for _, c := range set.Of(f) {
				a, b := id, c.ID
				if !less(a, b) {
					a, b = b, a
				}
				if asked++; !told[fmt.Sprint(a, b, c.Score, c.Reasons)] {
					t.Fatalf("%v finds %v, which is no pair of %v", id, c, want)
				}
			}
		}
		if asked != 2*len(want) {
			t.Fatalf("%d found one by one, %d pairs", asked, len(want))
		}
	})
}

// What the blocks leave out would not have been likely.
func TestBlocksLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawnPlaces(t)
		pairs := map[[2]record.ID]bool{}
		for _, p := range NewPlaces(all).Pairs() {
			pairs[[2]record.ID{p.A, p.B}] = true
		}
		for i, f := range all {
			for _, g := range all[i+1:] {
				a, b := readPlace(f), readPlace(g)
				if v := judge(&a, &b); v.likely() != pairs[[2]record.ID{a.id, b.id}] {
					t.Fatalf("%v and %v: %+v", f, g, v)
				}
			}
		}
	})
}

func TestAPlaceIsNeverItsOwnDuplicate(t *testing.T) {
	f := called(1, "Stepnaya")
	if c := NewPlaces([]*daylightv1.Facility{f, proto.CloneOf(f)}).Of(f); len(c) != 0 {
		t.Errorf("%v", c)
	}
	typed := proto.CloneOf(f)
	typed.Id = ""
	if c := NewPlaces([]*daylightv1.Facility{f}).Of(typed); len(c) != 1 {
		t.Errorf("what is being typed finds %v", c)
	}
}

// A slip of a finger in a word of six letters and more is no matter: swapped, dropped,
// doubled or changed, wherever it is.
func TestASlipIsForgiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.SampledFrom([]string{"Тихореченск", "Stepnaya", "Zelenovka", "Дубравный", "Gyzylgum"}).Draw(t, "word"))
		i := rapid.IntRange(1, len(word)-2).Draw(t, "at")
		slip := slices.Clone(word)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			slip[i], slip[i+1] = slip[i+1], slip[i]
		case 1:
			slip = slices.Delete(slip, i, i+1)
		case 2:
			slip = slices.Insert(slip, i, slip[i])
		}
		if p := found(called(1, "Тюрьма "+string(word)), called(2, "Prison "+string(slip))); p == nil {
			t.Fatalf("%s and %s: %v, %v", string(word), string(slip), readName(string(word)), readName(string(slip)))
		}
	})
}

// The time is a bound of what is bearable, a tenth of it is usual.
func TestSixThousandPlacesAreCompared(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	all := manyPlaces(6000)
	began := time.Now()
	pairs := NewPlaces(all).Pairs()
	t.Logf("%d pairs in %v", len(pairs), time.Since(began))
	if len(pairs) < 300 || len(pairs) > 1200 {
		t.Errorf("%d pairs, of 300 that were made", len(pairs))
	}
}

// manyPlaces are n invented places in five regions, every twentieth of them twice: once
// more in Cyrillic.
func manyPlaces(n int) (out []*daylightv1.Facility) {
	r := rand.New(rand.NewPCG(1, 2))
	of := func(words ...string) string { return words[r.IntN(len(words))] }
	ru := map[string]string{"police station": "отдел полиции", "colony": "колония", "hospital": "больница", "children's home": "детский дом"}
	for len(out) < n {
		latin, cyrillic := "", ""
		for range 2 + r.IntN(2) {
			c, v := r.IntN(12), r.IntN(4)
			latin += []string{"b", "v", "g", "d", "z", "k", "l", "m", "n", "r", "sh", "t"}[c] + []string{"a", "e", "o", "u"}[v]
			cyrillic += []string{"б", "в", "г", "д", "з", "к", "л", "м", "н", "р", "ш", "т"}[c] + []string{"а", "е", "о", "у"}[v]
		}
		kind, digits := of("police station", "colony", "hospital", "children's home"), fmt.Sprint(1+r.IntN(40))
		f := called(len(out)+1, kind+" No. "+digits+" "+latin+"vka")
		f.Region = proto.String("TM-" + of("A", "B", "D", "L", "M"))
		f.MainType = nil
		if out = append(out, f); len(out)%20 == 1 && len(out) < n {
			again := proto.CloneOf(f)
			again.Id, again.Names = number(len(out)+1), map[string]string{"ru": ru[kind] + " №" + digits + " " + cyrillic + "вка"}
			out = append(out, again)
		}
	}
	return out
}

func BenchmarkSixThousandPlaces(b *testing.B) {
	all := manyPlaces(6000)
	for b.Loop() {
		NewPlaces(all).Pairs()
	}
}

func BenchmarkOnePlaceAmongSixThousand(b *testing.B) {
	all := manyPlaces(6000)
	set := NewPlaces(all)
	for b.Loop() {
		set.Of(all[77])
	}
}

// FuzzName reads any text: nothing panics, parts are sorted and bounded, and a name is
// like itself.
func FuzzName(f *testing.F) {
	for _, s := range []string{"", "ИК-14 «Зелёный Яр»", "14-nji koloniýa", "УК-161/3", "O'zbek ʼʼ", "Ⅷ ﷺ \u0301\u0301 7\u0301b", "\xff\xfe", "II"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := readName(s)
		for _, part := range [][]string{n.words, n.numbers, n.marks, n.classes} {
			if len(part) > maxRunes || !slices.IsSorted(part) || slices.Contains(part, "") {
				t.Fatalf("%q gives %q", s, part)
			}
		}
		if again := readName(s); fmt.Sprint(again) != fmt.Sprint(n) {
			t.Fatalf("%v, then %v", n, again)
		}
		if m := meet(n, n); m.apart || m.clash || m.doubt || len(n.words) > 0 && m.alike != 1 {
			t.Fatalf("%q is not like itself: %+v", s, m)
		}
		p := readPlace(&daylightv1.Facility{Names: map[string]string{"x": s}, Town: &s, Code: &s})
		if len(keysOf(&p)) > 8*maxRunes {
			t.Fatalf("%d keys", len(keysOf(&p)))
		}
	})
}
