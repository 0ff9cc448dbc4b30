package checklist

import "github.com/daylight-npm/daylight/internal/checklist/expr"

// listNode is a list of choices or an attached file as expressions read it: the root of
// rows called item, whose columns are name, label and the list's own.
type listNode struct {
	items []*rowNode
	below []expr.Node
}

type rowNode struct {
	list    *listNode
	columns []expr.Node
}

type columnNode struct {
	row        *rowNode
	name, text string
}

// rowsOf makes the nodes of a list once, labels in the language shown.
func (x *Filling) rowsOf(l *list) *listNode {
	if made := x.rows[l]; made != nil {
		return made
	}
	out := &listNode{items: make([]*rowNode, len(l.choices)), below: make([]expr.Node, len(l.choices))}
	for i, c := range l.choices {
		row := &rowNode{list: out}
		row.columns = append(row.columns, &columnNode{row, "name", c.name}, &columnNode{row, "label", c.in(x.form, x.language).Label.Text})
		for _, col := range c.columns {
			row.columns = append(row.columns, &columnNode{row, col.name, col.value})
		}
		out.items[i], out.below[i] = row, row
	}
	x.rows[l] = out
	return out
}

// Name is root, as in instance('x')/root/item.
func (l *listNode) Name() string { return "root" }

// Kind says that it stands once.
func (l *listNode) Kind() expr.Kind { return expr.Group }

// Parent is nil.
func (l *listNode) Parent() expr.Node { return nil }

// Children are the rows.
func (l *listNode) Children() []expr.Node { return l.below }

// Text is empty.
func (l *listNode) Text() string { return "" }

// Name is item.
func (r *rowNode) Name() string { return "item" }

// Kind says that there are several.
func (r *rowNode) Kind() expr.Kind { return expr.Turn }

// Parent is the list.
func (r *rowNode) Parent() expr.Node { return r.list }

// Children are the columns.
func (r *rowNode) Children() []expr.Node { return r.columns }

// Text is empty.
func (r *rowNode) Text() string { return "" }

// Name is the column's.
func (c *columnNode) Name() string { return c.name }

// Kind says that it holds a text.
func (c *columnNode) Kind() expr.Kind { return expr.Answer }

// Parent is the row.
func (c *columnNode) Parent() expr.Node { return c.row }

// Children is nil.
func (c *columnNode) Children() []expr.Node { return nil }

// Text is what stands in the column.
func (c *columnNode) Text() string { return c.text }
