package record

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
)

// MaxChain bounds how far merges are followed from one record. A chain beyond it, which
// no people make, counts as one that leads nowhere.
const MaxChain = 64

// Joint is what following merges has to know of a record. The zero Joint is of one that is
// not here.
type Joint struct {
	// Into is the record that it was merged into; zero for none.
	Into ID
	// Stands: it is here, complete, and not removed.
	Stands bool
}

// JointOf reads what a record says of merges.
func JointOf(s *fold.State) (j Joint) {
	j.Into, _ = ReferenceIn(s, FieldMergedInto)
	j.Stands = s.Complete() && !s.Removed()
	return j
}

// Winner follows merged_into from a record to the one under which it is shown: the last
// on the way that stands. It is the record itself where nothing else on the way stands, so
// that a merge hides a record only while there is another to look at instead.
//
//	A ─▶ B ─▶ C           A and B are shown under C
//	A ─▶ B ─▶ C removed   A is shown under B, and B for itself
//	A ─▶ B ─▶ A           two people merged the two crosswise: both stand for
//	D ─▶ A                themselves, circular, until somebody undoes one; D under A
//
// look gives a record of the same kind.
func Winner(id ID, look func(ID) (Joint, error)) (winner ID, circular bool, err error) {
	way, joints := []ID{id}, []Joint{}
	for {
		j, err := look(way[len(way)-1])
		if err != nil {
			return id, false, err
		}
		joints = append(joints, j)
		if j.Into == (ID{}) {
			break
		}
		if i := slices.Index(way, j.Into); i >= 0 { // whoever is in the circle stands for itself
			way, circular = way[:i+1], i == 0
			break
		}
		if len(way) == MaxChain {
			return id, true, nil
		}
		way = append(way, j.Into)
	}
	winner = id
	for i, on := range way {
		if joints[i].Stands {
			winner = on
		}
	}
	return winner, circular, nil
}
