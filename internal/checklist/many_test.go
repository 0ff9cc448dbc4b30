package checklist

import (
	"fmt"
	"testing"
)

// What reads more nodes than are noted one by one follows each of them all the same.
func TestSumsOverManyTurnsFollow(t *testing.T) {
	x := filling(t, []row{
		{"text", "on"},
		{"begin_repeat", "cell"}, {"integer", "persons"}, {"calculate", "twice", "calculation", "${persons} * 2"},
		{"begin_repeat", "bed", "relevant", "${on} != 'off'"}, {"integer", "width"}, {"end"},
		{"calculate", "share", "calculation", "round(100 * ${persons} div sum(${all}), 0)"}, {"calculate", "all", "calculation", "${total}"}, {"end"},
		{"calculate", "total", "calculation", "sum(${persons})"}, {"calculate", "doubled", "calculation", "sum(${twice})"},
		{"calculate", "large", "calculation", "count(${cell}[persons > 1])"}, {"calculate", "beds", "calculation", "count(${bed})"},
	})
	var cells, beds []string
	for range narrow + 40 {
		cells = append(cells, x.add(t, "cell", ""))
		beds = append(beds, x.add(t, "bed", cells[len(cells)-1]))
		x.set(t, "persons/"+cells[len(cells)-1], "1")
	}
	n := len(cells)
	wants := func(total, large, beds int) {
		t.Helper()
		x.wants(t, "total", fmt.Sprint(total), "doubled", fmt.Sprint(2*total), "large", fmt.Sprint(large), "beds", fmt.Sprint(beds))
	}
	wants(n, 0, n)
	x.set(t, "persons/"+cells[n-2], "5")
	wants(n+4, 1, n)
	x.set(t, "persons/"+cells[3], "2")
	wants(n+5, 2, n)
	x.RemoveInstance(beds[n-1])
	wants(n+5, 2, n-1)
	x.add(t, "bed", cells[n-3])
	wants(n+5, 2, n)
	x.set(t, "on", "off")
	wants(n+5, 2, 0)
	x.set(t, "on", "on")
	wants(n+5, 2, n)
	x.RemoveInstance(cells[n-2])
	wants(n, 1, n-1)
}

// The memory of a filling grows with its cells, not with what each of them reads: a
// repeat in which every turn sums over all turns.
func TestReadersAreBounded(t *testing.T) {
	x := filling(t, []row{{"begin_repeat", "cell"}, {"integer", "p"}, {"calculate", "s", "calculation", "sum(${c}[. > 0]) + indexed-repeat(${p}, ${cell}, 1)"}, {"end"},
		{"begin_repeat", "other"}, {"integer", "c"}, {"end"}})
	for range narrow + 20 {
		x.add(t, "cell", "")
		x.add(t, "other", "")
	}
	some := x.r.GetInstances()[1].GetId()
	for i := range 20 {
		x.set(t, "c/"+some, fmt.Sprint(i))
	}
	entries, cells := 0, 0
	x.root.each(func(n *node) {
		entries += len(n.readers.readers) + len(n.members.readers)
		if n.value != nil {
			cells++
		}
	})
	for i := range x.wide {
		entries += len(x.wide[i].readers.readers) + len(x.wide[i].members.readers)
	}
	if entries > cells*(2*narrow+10) {
		t.Errorf("%d cells are noted %d times", cells, entries)
	}
}
