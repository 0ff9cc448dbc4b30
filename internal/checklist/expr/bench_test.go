package expr

import "testing"

func benchmark(b *testing.B, source, on string) {
	w := garayol()
	e, s := compiled(b, source), Scope{World: fast{w, map[string][]Node{}}, Node: w.at(on)}
	if _, err := e.Eval(s); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Eval(s); err != nil {
			b.Fatal(err)
		}
	}
}

// fast finds nodes as a real room does: it has looked them up before.
type fast struct {
	*country
	found map[string][]Node
}

func (f fast) Find(name string, from Node) ([]Node, bool) {
	nodes, ok := f.found[name]
	if !ok {
		nodes, _ = f.country.Find(name, from)
		f.found[name] = nodes
	}
	return nodes, len(f.repeats[name]) == 0 && !f.isRepeat(name)
}

func BenchmarkRelevance(b *testing.B) {
	benchmark(b, `${access} != 'refused' and (${held} > 100 or selected(${issues}, 'light'))`, "")
}

func BenchmarkCalculation(b *testing.B) {
	benchmark(b, `if(${capacity} = '' or ${held} = '', '', round(100 * ${held} div ${capacity}, 0))`, "")
}

func BenchmarkConstraint(b *testing.B) {
	benchmark(b, `. >= 0 and (${held} = '' or . <= ${held})`, "held_women")
}

func BenchmarkSumOverARepeat(b *testing.B) {
	benchmark(b, `sum(${cell}[persons > 4]/area)`, "")
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(`${access} != 'refused' and (${held} > 100 or selected(${issues}, 'light'))`); err != nil {
			b.Fatal(err)
		}
	}
}
