package expr_test

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

func ExampleCompile() {
	e, err := expr.Compile(`${held} div ${capacity} > 1.2 and not(selected(${issues}, 'none'))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range e.References() {
		fmt.Println(r.Name, "at", r.At)
	}
	for _, source := range []string{`selcted(${issues}, 'none')`, `number of persons`, `${held} > 3,5`} {
		_, err = expr.Compile(source)
		fmt.Println(err)
	}
	// Output:
	// held at 0
	// capacity at 12
	// issues at 47
	// at character 1: “selcted” is not a function that Daylight knows: did you mean selected?
	// at character 1: the words “number of persons” are not an expression: put text in quotes, write a question as ${name}
	// at character 11: “3,5” is not a number: write the decimal point, 3.5
}
