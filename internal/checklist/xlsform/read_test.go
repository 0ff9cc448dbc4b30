package xlsform_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
)

// table makes one of lines with | between the cells. The first is the head.
func table(t testing.TB, name, lines string) xlsform.Table {
	t.Helper()
	out := xlsform.Table{Name: name}
	for i, line := range strings.Split(strings.Trim(lines, "\n"), "\n") {
		row := xlsform.Row{At: i + 1}
		for _, cell := range strings.Split(line, "|") {
			row.Cells = append(row.Cells, xlsform.Cell{Text: strings.ReplaceAll(strings.TrimSpace(cell), `\n`, "\n")})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func TestFormComesInAsItIs(t *testing.T) {
	out := xlsform.ReadTables(xlsform.Tables{
		Survey: table(t, "survey", `
type            | name  | label::English (en) | label::Russian (ru) | relevant      | topic
begin_group     | cells | Cells               | Камеры
select_one kind | kind  | Kind of cell        | Вид камеры
decimal         | area  | Area in m2          | Площадь в м2        | ${kind} != '' | MAT.SPACE
end_group`),
		Choices: table(t, "choices", `
list_name | name   | label::English (en) | label::Russian (ru)
kind      | single | Single              | Одиночная
kind      | shared | Shared              | Общая`),
		Settings: table(t, "settings", `
form_title | form_id | version | default_language
Cells      | cells   | 3       | Russian (ru)`),
	})
	if out.Refused() || len(out.Remarks) > 0 {
		t.Fatal(out.Remarks)
	}
	c := out.Checklist
	if c.GetCode() != "cells" || c.GetVersion() != "3" || c.GetTitles()["ru"] != "Cells" || c.GetRows() != 5 {
		t.Fatal(c)
	}
	q := c.GetQuestions()[2]
	if q.GetName() != "area" || q.GetParent() != "cells" || q.GetTopic() != "MAT.SPACE" || q.GetLabels()[1].GetText() != "Площадь в м2" {
		t.Fatal(q)
	}
}
