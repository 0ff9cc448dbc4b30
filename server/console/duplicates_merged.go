package console

import (
	"errors"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

const mergesShown = 50

// showMerged lists what was joined, the latest first, each to be taken apart again.
func (t *turn) showMerged(why look.Text) error {
	kind, err := t.kindAsked()
	if err != nil {
		return err
	}
	after, err := record.ParseID(t.r.URL.Query().Get("after"))
	if err != nil {
		after = record.ID{}
	}
	all, err := t.store.Merges(t.ctx(), kind, after, mergesShown+1)
	if err != nil {
		return err
	}
	body := append(t.failure(why), t.undone(kind)...)
	body = append(body, t.duplicateTabs(kind, "/places/duplicates/merged"))
	table := look.Ledger{Stack: true, Caption: t.say("office-duplicates.merged-caption"), Head: []look.Column{{Text: t.say("office-duplicates.was")}, {Text: t.say("office-duplicates.shown-as")}, {Text: t.say("office-duplicates.history")}, {Text: t.say("office-duplicates.undo")}}}
	for _, m := range all[:min(len(all), mergesShown)] {
		if line, ok := t.mergedLine(kind, m); ok {
			table.Rows = append(table.Rows, line)
		}
	}
	if len(table.Rows) == 0 {
		body = append(body, look.Empty{Text: t.say("office-duplicates.no-merges"), Under: t.say("office-duplicates.no-merges-under")})
	} else {
		body = append(body, table)
	}
	if len(all) > mergesShown {
		body = append(body, look.Pager{N: -1, Later: ofKind("/places/duplicates/merged", kind, "after", all[mergesShown-1].Loser.String())})
	}
	crumbs := []look.Link{{Href: "/places", Text: t.say("office-import.places")}, {Href: ofKind("/places/duplicates", kind), Text: t.say("office-duplicates.title")}, {Text: t.say("office-duplicates.merged")}}
	return t.show(sheet{title: t.say("office-duplicates.merged"), lede: t.say("office-duplicates.merged-lede"), crumbs: crumbs, here: "/places", body: body})
}

// mergedLine is one of them; nothing for what is not in sight.
func (t *turn) mergedLine(kind record.Kind, m store.Merged) (line look.Line, ok bool) {
	loser, err := t.records().Get(t.ctx(), kind, m.Loser)
	if err != nil {
		return line, false
	}
	under := t.named(kind.String(), m.Target.String())
	if winner, err := t.records().Get(t.ctx(), kind, m.Target); err == nil {
		under = look.To("/records/"+kind.String()+"/"+m.Target.String(), t.calledTwice(winner.Message))
	}
	if m.Circular {
		under = look.Dotted(under, look.Strong(t.say("office-duplicates.crosswise")))
	}
	at := "/records/" + kind.String() + "/" + m.Loser.String()
	undo := look.Cell{Text: look.Soft(t.say("office-duplicates.for-others"))}
	if t.mayMerge(kind, loser.Message) {
		undo = look.Cell{Body: []look.Part{look.Button{Text: t.say("office-duplicates.undo-do"), Label: t.say("office-duplicates.undo-this", "name", t.calledTwice(loser.Message)), Action: ofKind("/places/duplicates/merged", kind),
			Hidden: []look.Hidden{{Name: "loser", Value: m.Loser.String()}, {Name: "seen", Value: seenOf(loser.Message)}}}}}
	}
	return look.Line{Href: at, Cells: []look.Cell{{Text: t.calledTwice(loser.Message)}, {Text: under}, {Text: look.To(at+"/history", t.say("office-duplicates.who-when"))}, undo}}, true
}

// undone says what became of a merge that was taken back: what was taken over stays.
func (t *turn) undone(kind record.Kind) []look.Part {
	q := t.r.URL.Query()
	if q.Get("done") != "undone" {
		return nil
	}
	note := look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-duplicates.undone"), Text: t.say("office-duplicates.undone-body")}
	loser, err := t.itemOf(kind, q.Get("loser"))
	if err != nil {
		return []look.Part{note}
	}
	if winner, err := t.itemOf(kind, q.Get("winner")); err == nil {
		if both := likeness.Shared(winner.Message, loser.Message); len(both) > 0 {
			note.Under = t.say("office-duplicates.undone-shared", "fields", t.pathsOf(kind, both))
		}
	}
	return []look.Part{note}
}

func (t *turn) unmerge(f *look.Form) error {
	kind, err := t.kindAsked()
	if err != nil {
		return err
	}
	loser, err := t.itemOf(kind, f.Value("loser"))
	if err != nil {
		return err
	}
	id, err := record.IDOf(loser.Message)
	if err != nil {
		return err
	}
	if string(seenIn(f, "seen")) != string(loser.Message.GetSeen()) {
		return t.showMerged(t.moved())
	}
	done, err := t.hand().Undo(t.ctx(), id)
	if errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil {
		why, ok := t.mergeProblem(err)
		if !ok {
			return err
		}
		return t.showMerged(why)
	}
	t.likely.forget()
	if err := t.witnessMerge(done.Loser, "a merge was undone"); err != nil {
		return err
	}
	return t.to(ofKind("/places/duplicates/merged", kind, "done", "undone", "loser", done.Loser, "winner", done.Winner))
}
