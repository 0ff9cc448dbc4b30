package checklist

// Count says how far a form, or a part of it, is.
type Count struct {
	// Asked are the questions that stand on the page now and want a person's answer.
	Asked int
	// Done of them have an answer, or a state that says why there is none.
	Done int
	// Missing are those that the form requires and that are not done. The rest of what is
	// not done may stay open.
	Missing int
	// Contested have several answers beside each other; they count as done, too.
	Contested int
	// Broken have an answer that breaks the form's constraint; they count as done, too.
	Broken int
}

// Open is what is asked and not done.
func (c Count) Open() int { return c.Asked - c.Done }

// Progress is how far a response is.
type Progress struct {
	All Count
	// Sections are by the form's rows at the top that ask something, in order; those that
	// are not relevant are left out.
	Sections []SectionProgress
}

// SectionProgress is the part of one section.
type SectionProgress struct {
	Section *Question
	Label   Text
	Count
}

// Progress counts what stands on the page now. What is not relevant does not count.
func (x *Filling) Progress() Progress {
	var out Progress
	for i, k := range x.root.kids {
		if !k.visible() {
			continue
		}
		s := SectionProgress{Section: x.form.top[i], Label: x.fillIn(k, k.q.Label(x.language))}
		x.count(k, &s.Count)
		x.walk(k, 0, func(n *node, _ int) { x.count(n, &s.Count) })
		if s.Asked == 0 && k.isField() {
			continue
		}
		out.Sections = append(out.Sections, s)
		out.All.add(s.Count)
	}
	return out
}

func (c *Count) add(d Count) {
	c.Asked += d.Asked
	c.Done += d.Done
	c.Missing += d.Missing
	c.Contested += d.Contested
	c.Broken += d.Broken
}

func (x *Filling) count(n *node, c *Count) {
	if !n.asked() {
		return
	}
	c.Asked++
	if n.done() {
		c.Done++
	} else if n.required() {
		c.Missing++
	}
	if len(x.contested(n)) > 0 {
		c.Contested++
	}
	if n.broken() {
		c.Broken++
	}
}
