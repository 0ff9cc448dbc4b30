package clientsync

import (
	"context"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ChecklistReport is how far one checklist of a visit is.
type ChecklistReport struct {
	// Response is its id; Code and Version are those of its form.
	Response, Code, Version string
	Finished                bool
	Progress                forms.Progress
	// Missing are the questions that must be answered and are not, Contested those with
	// several answers; by key, in the order of the form.
	Missing, Contested []forms.Key
	// Suggested are findings that answers suggest and on which none rests yet.
	Suggested []forms.Offer
	// Problem is why it cannot be looked into here, as a form that has not come; nothing
	// more is said of it then.
	Problem error
}

// addChecklists says of each checklist of a visit how far it is, and what is open in one
// line.
func (c *Client) addChecklists(ctx context.Context, w *record.Whole, r *VisitReport) error {
	var open []Remark
	for _, response := range w.Responses {
		item, err := c.Get(ctx, KindChecklistResponse, response.GetId())
		if err != nil {
			return err
		}
		report, x := c.reportOn(ctx, item)
		if report.Problem != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		r.Checklists = append(r.Checklists, report)
		if x == nil {
			continue
		}
		r.Checklists[len(r.Checklists)-1].Suggested = suggestedBy(x, w.Findings)
		r.Missing = slices.DeleteFunc(r.Missing, func(m Remark) bool {
			return m.ID == report.Response && m.Field == "answers" && m.Key != "" // its line says how many
		})
		open = append(open, report.open()...)
		r.Remarks = append(r.Remarks, doubts(x, report.Response)...)
	}
	at := slices.IndexFunc(r.Missing, func(m Remark) bool { return m.Code == "open-conflict" })
	if at < 0 {
		at = len(r.Missing)
	}
	r.Missing = slices.Insert(r.Missing, at, open...)
	return nil
}

// reportOn opens a response and says how far it is; without the filling where it cannot
// be opened.
func (c *Client) reportOn(ctx context.Context, item Item) (ChecklistReport, *forms.Filling) {
	m := item.Message.(*daylightv1.ChecklistResponse)
	out := ChecklistReport{Response: item.ID, Code: m.GetChecklistCode(), Version: m.GetChecklistVersion(), Finished: m.GetFinishedAt() != ""}
	of, err := c.formOf(ctx, m)
	var x *forms.Filling
	if err == nil {
		x, err = c.fill(ctx, item, of)
	}
	if err != nil {
		out.Problem = err
		return out, nil
	}
	out.Progress = x.Progress()
	for _, f := range x.Flags() {
		switch f.Code {
		case "answer-missing":
			out.Missing = append(out.Missing, forms.ParseKey(f.Key))
		case "answer-contested":
			out.Contested = append(out.Contested, forms.ParseKey(f.Key))
		}
	}
	return out, x
}

// openTexts are the sentences of what is open in a checklist, by the flag's code.
var openTexts = map[string]string{
	"checklist-open":          "In the checklist {checklist}, {missing} questions have no answer and no reason for that, and {contested} have two answers.",
	"checklist-finished-open": "The checklist {checklist} counts as finished, and {missing} questions have no answer and no reason for that, and {contested} have two answers.",
}

// open is what is open in a checklist, in one line.
func (r ChecklistReport) open() []Remark {
	missing, contested := len(r.Missing), len(r.Contested)
	if missing+contested == 0 {
		return nil
	}
	params := map[string]string{"checklist": r.Code, "missing": fmt.Sprint(missing), "contested": fmt.Sprint(contested)}
	code := "checklist-open"
	if r.Finished {
		code = "checklist-finished-open"
	}
	text := record.Filled(openTexts[code], params)
	return []Remark{{Kind: KindChecklistResponse, ID: r.Response, Flag: Flag{
		Code: code, Field: "answers", Text: text, MessageKey: "flag." + code, Params: params, Weight: WeightMissing,
	}}}
}

// mostDoubts bounds what is said of one checklist beside what is open.
const mostDoubts = 20

// doubts are what is to be said of a checklist's answers beside what is missing.
func doubts(x *forms.Filling, response string) (out []Remark) {
	for _, f := range x.Flags() {
		if f.Weight != WeightMissing && len(out) < mostDoubts {
			out = append(out, Remark{Kind: KindChecklistResponse, ID: response, Flag: f})
		}
	}
	return out
}

func suggestedBy(x *forms.Filling, findings []*daylightv1.Finding) []forms.Offer {
	return slices.DeleteFunc(checklist.Untaken(x.Offers(), findings), func(o forms.Offer) bool { return !o.Suggested })
}

// checklistFlags are what the form of a response has to say of its answers, for Check.
// Of a response that is not finished it is not said what is missing. Where the form is
// not here, or the folder is locked, it is nothing.
func (c *Client) checklistFlags(m Message) []Flag {
	r, ok := m.(*daylightv1.ChecklistResponse)
	if !ok || r.GetRemoved() != nil {
		return nil
	}
	ctx := Quietly(context.Background())
	of, err := c.formOf(ctx, r)
	if err != nil {
		return nil
	}
	asked := Item{ID: r.GetId(), Message: r}
	if stored, err := c.Get(ctx, KindChecklistResponse, r.GetId()); err == nil {
		asked.Conflicts = stored.Conflicts
	}
	x, err := c.fill(ctx, asked, of)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(x.Flags(), func(f Flag) bool {
		return f.Code == "answer-missing" && r.GetFinishedAt() == ""
	})
}
