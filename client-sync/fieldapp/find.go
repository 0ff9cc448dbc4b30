package fieldapp

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

func (t *turn) findPart(text string) look.Part {
	return look.Questions{Action: "/find", Body: []look.Part{
		look.Input{Name: "text", Type: "search", Label: t.say("field-home.find"), Hint: t.say("field-home.find-hint"), Value: text},
		look.Button{Text: t.say("field-home.find-do"), Icon: look.IconSearch}}}
}

// mostFound bounds what a search lists.
const mostFound = 50

// find looks for a text in every record here. It is asked for by POST, so that no address
// holds it.
func (t *turn) find(f *look.Form) error {
	text := f.Trimmed("text")
	body := []look.Part{look.Heading{Text: t.say("field-home.find"), Unseen: true}, t.findPart(text)}
	rows, more := []look.Row{}, false
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Text: text}) {
		if text == "" {
			break
		}
		if err != nil {
			return err
		}
		if more = len(rows) == mostFound; more {
			break
		}
		row := look.Row{Href: t.href(item.Kind, item.ID), Text: t.called(item), Words: true, Under: t.kindWords(item.Kind)}
		if v := onVisit(item.Message); v != "" {
			row.Under = look.Dotted(row.Under, t.visitName(v))
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) > 0:
		body = append(body, look.Para{Small: true, Soft: true, Live: true, Text: t.say("field-home.found", "n", len(rows))}, look.Rows{Items: rows})
	case text != "":
		body = append(body, look.Empty{Text: t.say("field-home.nothing"), Under: t.say("field-home.nothing-body")})
	}
	if more {
		body = append(body, look.Para{Small: true, Text: t.say("field-home.more")})
	}
	return t.show(sheet{title: "field-home.find", back: "/", tab: tabHome, body: body})
}
