package checklist

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// drawnAnswer is some answer that a question may have.
func drawnAnswer(r *rand.Rand, it Item) Given {
	if it.States && r.IntN(5) == 0 {
		return Given{State: daylightv1.AnswerState(2 + r.IntN(5))}
	}
	choice := func() string {
		if len(it.Choices) == 0 {
			return ""
		}
		return it.Choices[r.IntN(len(it.Choices))].Name
	}
	switch it.Question.Type {
	case TypeInteger:
		return Given{Value: fmt.Sprint(r.IntN(40))}
	case TypeDecimal, TypeRange:
		return Given{Value: fmt.Sprintf("%d,%d", r.IntN(40), r.IntN(10))}
	case TypeDate:
		return Given{Value: fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))}
	case TypeTime:
		return Given{Value: fmt.Sprintf("%02d:30", r.IntN(24))}
	case TypeDateTime:
		return Given{Value: fmt.Sprintf("2026-11-%02d 09:15", 1+r.IntN(28))}
	case TypeSelectMultiple, TypeRank:
		if a, b := choice(), choice(); a != b {
			return Given{Value: a + " " + b}
		}
		return Given{Value: choice()}
	case TypeSelectOne:
		return Given{Value: choice()}
	case TypeAcknowledge:
		return Given{Value: "OK"}
	}
	return Given{Value: "AB-12"}
}

// The forms that ship, answered at random from the page: nothing that a page offers is
// refused, and what is shown is what evaluation from scratch shows.
func TestShippedFormsAreFilledAtRandom(t *testing.T) {
	for _, c := range Shipped() {
		t.Run(c.GetCode(), func(t *testing.T) {
			f, problems := Compile(c)
			if f == nil || len(problems) > 0 {
				t.Fatal(problems)
			}
			x, r := begun(t, f), rand.New(rand.NewPCG(7, 26))
			for i := range 400 {
				items := x.Items()
				it := items[r.IntN(len(items))]
				switch {
				case it.Kind == ItemRepeat && it.CanAdd && it.Turns < 5:
					x.add(t, it.Key.Question, it.Key.Turn)
				case it.Kind == ItemTurn && r.IntN(4) == 0:
					if _, err := x.RemoveInstance(it.Key.Turn); err != nil {
						t.Fatal(err)
					}
				case it.Kind == ItemQuestion && !it.ReadOnly && !it.Question.Later:
					if _, err := x.Set(it.Key, drawnAnswer(r, it)); err != nil {
						t.Fatalf("%s: %v", it.Key, err)
					}
				}
				if i%40 != 0 {
					continue
				}
				y := Open(f, x.Response(), options())
				if snapshot(x) != snapshot(y) || !proto.Equal(x.Response(), y.Response()) {
					t.Fatalf("after step %d evaluation from scratch shows something else", i)
				}
			}
			if p := x.Progress().All; p.Done < 40 {
				t.Errorf("the walk got no further than %+v", p)
			}
		})
	}
}
