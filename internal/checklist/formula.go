package checklist

import (
	"errors"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

// formula is one expression of a row.
type formula struct {
	// column is the XLSForm column that it stands in.
	column string
	// word is "true" or "false" for the columns that take words; expr is nil then.
	word string
	expr *expr.Expr
}

// words are what required and read_only take besides expressions.
var words = map[string]string{
	"yes": "true", "true": "true", "true()": "true", "no": "false", "false": "false", "false()": "false",
}

// compileFormula compiles what stands in a column; nil for an empty one and for one that
// is wrong, which becomes a problem.
func (b *builder) compileFormula(q *Question, column, source string, takesWords bool) *formula {
	if strings.TrimSpace(source) == "" {
		return nil
	}
	if w := words[strings.ToLower(strings.TrimSpace(source))]; takesWords && w != "" {
		return &formula{column: column, word: w}
	}
	e, err := expr.Compile(source)
	if err != nil {
		b.report(expressionProblem(q, column, err))
		return nil
	}
	f := &formula{column: column, expr: e}
	for _, r := range e.References() {
		b.refer(q, column, r.Name, r.At)
		b.form.readsLast = b.form.readsLast || r.LastSaved
	}
	return f
}

func expressionProblem(q *Question, column string, err error) Problem {
	p := Problem{Column: column, Code: "syntax", Fatal: true, Text: err.Error()}
	if q != nil {
		p.Question = q.Name
	}
	var e *expr.Error
	if errors.As(err, &e) {
		p.At, p.Code, p.Text, p.Cure = e.At, string(e.Code), e.Text, e.Cure
		if e.Word != "" {
			p.Params = map[string]string{"word": clipped(e.Word)}
		}
	}
	return p
}

// fail keeps why an evaluation did not end.
func (c *cell) fail(err error) {
	var f *expr.Failure
	switch {
	case errors.Is(err, expr.ErrSteps):
		c.fault, c.why = ranAway, "it takes too many steps"
	case errors.As(err, &f):
		c.fault, c.why = failed, f.Text
	default:
		c.fault, c.why = failed, "it cannot be evaluated"
	}
}

// doubt keeps the first thing that went wrong without stopping.
func (c *cell) doubt(n expr.Note) {
	if c.fault == fine {
		c.fault, c.why = doubtful, n.Text
	}
}
