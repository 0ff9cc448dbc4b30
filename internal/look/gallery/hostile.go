package main

import (
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
)

func codeOf(s string) vocabulary.Code { return vocabulary.Code(s) }

func labelOf(list vocabulary.List, code, tag string) vocabulary.Label {
	return vocabulary.Shipped().Label(list, vocabulary.Code(code), tag)
}

// Hostile is what somebody might type to harm whoever reads it: markup, script, control
// characters that turn text round, a very long word, letters of every width.
const Hostile = `"><script>document.title="harmed"</script><img src=x onerror=document.title="harmed"> ' {{.}} ${7*7} ` +
	"\u202eright to left\u202c \u2066isolated 👩🏽‍⚕️🚪 " + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// hostile puts it into every part that shows what people wrote.
func hostile(w *words, _ *http.Request) look.Page {
	shell := w.office(5)
	bad := look.Typed(Hostile)
	shell.Heading, shell.Lede, shell.Crumbs, shell.Who = bad, bad, []look.Link{{Href: "javascript:document.title='harmed'", Text: bad}}, bad
	return look.Page{Title: w.say("Hostile text", "Враждебный текст", "نص عدائي"), Data: map[string]string{"note": Hostile}, Shell: shell, Body: []look.Part{
		look.Section{Heading: look.Typed("0 " + Hostile), Body: []look.Part{
			look.Leaf{Heading: look.Typed("1 " + Hostile), Over: bad, Body: []look.Part{look.Para{Text: bad}, look.Prose{Text: look.Plain(Hostile), Tag: Hostile}}},
			look.Note{Kind: look.NoteUrgent, Heading: look.Typed("2 " + Hostile), Text: bad, Under: look.To("javascript:alert(1)", bad)},
			look.Rows{Items: []look.Row{{Href: "javascript:alert(1)", Text: bad, Under: bad, Count: bad}, {Text: bad, Tags: []look.Tag{{Kind: look.TagUrgent, Text: bad}}}}},
			look.Facts{Items: []look.Fact{{Name: bad, Value: bad}}}, look.Pairs{Items: []look.Fact{{Name: bad, Value: bad}}}, look.Counts{Items: []look.Count{{Name: bad, Value: bad}}},
			look.Docket{Items: []look.Decision{{Clock: bad, ClockUnder: bad, Title: bad, Under: bad, Action: look.Button{Text: bad, Label: bad, Href: "/"}}}},
			look.Ledger{Stack: true, Caption: bad, Head: []look.Column{{Text: bad}, {Text: bad}}, Rows: []look.Line{{Cells: []look.Cell{{Text: bad}, {Text: bad, Under: bad}}}}},
			look.Log{Items: []look.Entry{{Text: bad, When: bad}}},
			look.Voice{Whose: look.Mine, Who: bad, When: bad, Words: w.Compared("before", Hostile)},
			look.Sealed{What: bad, Text: bad}, look.Empty{Text: bad, Under: bad}, look.Unfold{Summary: bad, Body: []look.Part{look.Points{Items: []look.Text{bad}}}},
			look.Shots{Items: []look.Shot{{Icon: look.IconCamera, Text: bad}}}, look.SixWords{Words: []string{Hostile}},
			look.Questions{Action: "javascript:alert(1)", Hidden: []look.Hidden{{Name: "h", Value: Hostile}}, Data: map[string]string{"kept": Hostile, `x" onclick="`: "1"}, Body: []look.Part{
				look.Input{Name: "one", Label: bad, Hint: bad, Error: bad, Value: Hostile, Placeholder: Hostile, Suggestions: []string{Hostile}, Unit: bad},
				look.Input{Name: "many", Label: bad, Value: Hostile, Rows: 3},
				look.Select{Name: "select", Label: bad, Options: []look.Option{{Value: Hostile, Text: bad, Group: bad}}},
				look.Choices{Name: "choices", Legend: bad, Options: []look.Choice{{Value: Hostile, Text: bad, Under: bad}}},
				look.Pick{Name: "pick", Legend: bad, Find: bad, None: bad, Groups: []look.PickGroup{{Text: bad, Options: []look.Choice{{Value: Hostile, Text: bad, Under: bad}}}}}}},
			look.Figure{Finding: look.Typed("3 " + Hostile), Caption: bad, Drawing: look.Drawing{Width: 100, Height: 20, Told: bad, Shapes: []look.Shape{{X: 0, Y: 12, Text: bad}, {Points: []float64{0, 0, 5, 5}, Title: bad}}}},
		}},
	}}
}
