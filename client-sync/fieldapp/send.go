package fieldapp

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// What was written here goes to the office by a sync, or in a file by hand: to the office,
// or to a team-mate who may have a network first.

func (a *App) sendRoutes() {
	a.page("/send", (*turn).showSend)
	a.page("/send/progress", (*turn).sendProgress)
	a.post("/send/start", (*turn).startSending)
	a.post("/send/stop", (*turn).stopSending)
	a.post("/send/file", (*turn).giveFile)
	a.mux.HandleFunc("POST /send/take", a.unlocked((*turn).takeFile))
}

// sendingPart is the id of what changes while a sync runs.
const sendingPart = "sending"

func (t *turn) showSend() error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	p := t.sending.now()
	leaf := look.Leaf{ID: sendingPart, Live: true, Body: t.sendingBody(s, p)}
	body := []look.Part{look.Heading{Text: t.say("field-send.title"), Unseen: true}, leaf, t.sendButtons(s, p)}
	body = append(body, t.reportNotes(p)...)
	stuck, err := t.stuckPart(s)
	if err != nil {
		return err
	}
	body = append(body, stuck...)
	if waiting, err := t.waitingPart(s, p); err != nil {
		return err
	} else if waiting != nil {
		body = append(body, waiting)
	}
	files, err := t.filesPart(s)
	if err != nil {
		return err
	}
	return t.show(sheet{title: "field-send.title", tab: tabSend, body: append(body, files...)})
}

// sendingBody is how far it is, as counted: changes that the office has answered for, and
// bytes that travelled.
func (t *turn) sendingBody(s clientsync.Status, p progress) []look.Part {
	if !p.running {
		heading := t.say("field-send.to-send", "n", s.Unsent)
		if s.Unsent == 0 && s.LastSync.IsZero() {
			heading = t.say("field-send.nothing-yet")
		} else if s.Unsent == 0 {
			heading = t.say("field-send.all-received")
		}
		pairs := []look.Fact{{Name: t.say("field-send.last"), Value: t.lastSyncWhen(s)}}
		if s.Unsent > 0 {
			pairs = append(pairs, look.Fact{Name: t.say("field-send.size"), Value: t.locale.Bytes(s.UnsentBytes)})
		}
		if s.Passing > 0 {
			pairs = append(pairs, look.Fact{Name: t.say("field-send.passing"), Value: t.locale.Number(s.Passing)})
		}
		return []look.Part{look.Para{Text: heading, Lead: true}, look.Pairs{Small: true, Items: pairs}}
	}
	r := p.report
	done, all := r.Pushed+r.Passed, r.ToPush+r.ToPass
	var out []look.Part
	if done < all {
		out = append(out, look.Para{Text: t.say("field-send.sending", "done", t.locale.Number(done), "n", all), Lead: true},
			look.Progress{Value: done, Max: all, Label: t.say("field-send.sent-label")})
	} else {
		out = append(out, look.Para{Text: t.say("field-send.fetching"), Lead: true})
	}
	left := t.say("field-send.left-unknown")
	if done >= all {
		left = t.say("field-send.left-pull")
	} else if p.left > 0 {
		left = t.say("field-send.left", "span", t.locale.Long(max(p.left, time.Minute)))
	}
	return append(out, look.Pairs{Small: true, Items: []look.Fact{
		{Name: t.say("field-send.came"), Value: t.locale.Number(r.Pulled)},
		{Name: t.say("field-send.travelled"), Value: t.say("field-send.up-down", "up", t.locale.Bytes(r.BytesUp), "down", t.locale.Bytes(r.BytesDown))},
		{Name: t.say("field-send.estimate"), Value: left},
		{Name: t.say("field-send.last"), Value: t.lastSyncWhen(s)}}})
}

func (t *turn) lastSyncWhen(s clientsync.Status) look.Text {
	if s.LastSync.IsZero() {
		return t.say("field-home.never")
	}
	return t.locale.When(s.LastSync)
}

func (t *turn) sendButtons(s clientsync.Status, p progress) look.Part {
	switch {
	case p.running:
		return look.Cluster{Body: []look.Part{
			look.Button{Text: t.say("field-send.stop"), Icon: look.IconPause, Action: "/send/stop"},
			look.Button{Text: t.say("field-send.look-again"), Href: "/send", Kind: look.ButtonQuiet, Data: map[string]string{"progress": "/send/progress"}},
			look.Para{Small: true, Soft: true, Text: t.say("field-send.may-close")}}}
	case t.kept(rememberedWords) != "" && s.Office != "":
		return look.Note{Kind: look.NoteWatch, Text: t.say("field-home.words"), Body: []look.Part{look.Button{Text: t.say("field-home.words-do"), Href: "/enrol"}}}
	case s.Office == "" && s.Server == "":
		return look.Note{Kind: look.NoteWatch, Text: t.say("field-home.alone"), Body: []look.Part{look.Button{Text: t.say("field-start.enrol"), Href: "/enrol"}}}
	}
	return look.Button{Text: t.say("field-send.start"), Icon: look.IconSend, Action: "/send/start", Kind: look.ButtonMain, Wide: true}
}

// sendProgress is what the script puts into the page. It does not count as somebody doing
// something.
func (t *turn) sendProgress() error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	p := t.sending.now()
	var b strings.Builder
	for _, part := range t.sendingBody(s, p) {
		if err := look.RenderParts(&b, t.locale, part); err != nil {
			return err
		}
	}
	return t.json(http.StatusOK, map[string]any{"running": p.running, "parts": map[string]string{sendingPart: b.String()}})
}

// startSending begins a sync, but not to an office of which nobody has compared the words.
func (t *turn) startSending(*look.Form) error {
	if t.kept(rememberedWords) != "" {
		return t.to("/enrol")
	}
	t.sending.start(t.client, t.now)
	return t.to("/send")
}

func (t *turn) stopSending(*look.Form) error {
	t.sending.stop()
	return t.to("/send")
}

// reportNotes say what came of the last sync of this run.
func (t *turn) reportNotes(p progress) (out []look.Part) {
	r, note := p.report, func(kind look.NoteKind, text look.Text) {
		out = append(out, look.Note{Kind: kind, Status: true, Text: text})
	}
	if p.running || p.ended.IsZero() {
		return nil
	}
	switch {
	case p.stopped && p.failed != nil:
		note(look.NotePlain, t.say("field-send.stopped"))
	case clientsync.CodeOf(p.failed) == clientsync.Unavailable:
		out = append(out, look.Note{Icon: look.IconOffline, Status: true, Text: t.say("field-send.unavailable", "when", t.locale.ClockOrWhen(p.ended))})
	case p.failed != nil:
		out = append(out, look.Note{Kind: look.NoteAttend, Status: true, Heading: t.say("field-send.failed"), Text: told(t.locale, known(p.failed))})
	default:
		note(look.NoteSettled, t.say("field-send.done", "when", t.locale.ClockOrWhen(p.ended), "n", r.Pushed, "came", t.locale.Number(r.Pulled)))
	}
	if r.Fault != "" {
		out = append(out, look.Note{Kind: look.NoteAttend, Text: t.say("field-send.turned-away"), Under: t.faultWords(r.Fault)})
	}
	if r.ReadersRefused != "" {
		out = append(out, look.Note{Kind: look.NoteUrgent, Text: t.say("field-send.readers-refused"), Under: librarySays(t.locale, r.ReadersRefused)})
	}
	for _, n := range []struct {
		is   bool
		text look.Key
	}{{r.Gap, "field-send.gap"}, {r.Restored, "field-send.restored"}, {r.Copied, "field-send.copied"}, {r.TurnedAway > 0, "field-send.mates-turned-away"}} {
		if n.is {
			note(look.NoteWatch, t.say(n.text))
		}
	}
	return out
}

// stuckPart is what does not go by itself, and why.
func (t *turn) stuckPart(s clientsync.Status) ([]look.Part, error) {
	n := s.Conflicts + s.Refused + s.Held
	if n == 0 {
		return nil, nil
	}
	section := look.Section{Heading: t.say("field-send.stuck", "n", n)}
	rows := []look.Row{}
	if s.Conflicts > 0 {
		for item, err := range t.client.Conflicts(t.ctx()) {
			if err != nil {
				return nil, err
			}
			if len(rows) == mostListed {
				break
			}
			rows = append(rows, look.Row{Href: t.href(item.Kind, item.ID, "two"), Lead: look.Symbol{Icon: look.IconTwo}, Text: t.called(item), Words: true, Under: t.say("field-send.two")})
		}
	}
	refused, err := t.client.Refused(t.ctx())
	if err != nil {
		return nil, err
	}
	for _, r := range refused[:min(len(refused), mostListed)] {
		item, err := t.client.Get(t.ctx(), r.Kind, r.ID)
		if err != nil {
			continue
		}
		rows = append(rows, look.Row{Href: "/refused", Lead: look.Symbol{Icon: look.IconAlert}, Text: t.called(item), Words: true,
			Under: look.Spaced(t.say("field-send.refused"), t.reasonWords(r))})
	}
	if len(rows) > 0 {
		section.Body = append(section.Body, look.Rows{Items: rows})
	}
	if s.Held > 0 {
		section.Body = append(section.Body, look.Note{Kind: look.NoteWatch, Text: t.say("field-send.held", "n", s.Held)})
	}
	return []look.Part{section}, nil
}

// waitingPart are the records that wait, as many as a page holds.
func (t *turn) waitingPart(s clientsync.Status, p progress) (look.Part, error) {
	if s.UnsentRecords == 0 && s.Passing == 0 {
		return nil, nil
	}
	standing := look.StandingReady
	if p.running {
		standing = look.StandingSending
	}
	rows := []look.Row{}
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{OnlyUnsent: true, IncludeRemoved: true}) {
		if err != nil {
			return nil, err
		}
		row := look.Row{Href: t.href(item.Kind, item.ID), Text: t.called(item), Words: true, Under: t.kindWords(item.Kind), Tags: []look.Tag{look.StandingTag(t.locale, standing)}}
		if item.Sent {
			row.Under = look.Dotted(row.Under, t.say("field-send.of-a-mate"))
		}
		rows = append(rows, row)
		if len(rows) == mostListed || len(rows) == s.UnsentRecords && s.Passing == 0 {
			break
		}
	}
	section := look.Section{Heading: t.say("field-send.waiting"), Body: []look.Part{look.Rows{Items: rows}}}
	if more := s.UnsentRecords - len(rows); more > 0 {
		section.Body = append(section.Body, look.Para{Small: true, Soft: true, Text: t.say("field-send.more", "n", more)})
	}
	return section, nil
}

// filesPart are the ways without a network.
func (t *turn) filesPart(s clientsync.Status) ([]look.Part, error) {
	take := look.Section{Heading: t.say("field-send.take"), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: t.say("field-send.take-body")},
		look.Questions{Action: "/send/take", Files: true, Body: []look.Part{
			look.Input{Name: "bundle", Type: "file", Label: t.say("field-send.take-file"), Accept: ".age,application/octet-stream", Required: true, Error: t.failed},
			look.Button{Text: t.say("field-send.take-do")}}}}}
	if s.Office == "" {
		return []look.Part{take}, nil
	}
	mates, err := t.client.BundleDevices(t.ctx())
	if err != nil {
		return nil, err
	}
	office := look.Unfold{Summary: t.say("field-send.file-office"), Body: []look.Part{
		look.Para{Small: true, Text: t.say("field-send.file-office-body")},
		look.Button{Text: t.say("field-send.file-do"), Action: "/send/file", Icon: look.IconStick, Hidden: []look.Hidden{{Name: "to", Value: "office"}}}}}
	team := look.Unfold{Summary: t.say("field-send.file-team"), Body: []look.Part{look.Para{Small: true, Text: t.say("field-send.file-nobody")}}}
	if len(mates) > 0 {
		all := []look.Choice{}
		for _, d := range mates {
			all = append(all, look.Choice{Value: d.ID, Text: look.Typed(d.Person), Under: look.Typed(d.Device)})
		}
		team.Body = []look.Part{look.Para{Small: true, Text: t.say("field-send.file-team-body")},
			look.Questions{Action: "/send/file", Hidden: []look.Hidden{{Name: "to", Value: "team"}}, Body: []look.Part{
				look.Choices{Name: "device", Legend: t.say("field-send.file-for"), Many: true, Options: all},
				look.Button{Text: t.say("field-send.file-do"), Icon: look.IconStick}}}}
	}
	return []look.Part{look.Section{Heading: t.say("field-send.other-ways"), Body: []look.Part{office, team}}, take}, nil
}

// giveFile writes a bundle as a download. Its name says nothing of what is in it.
func (t *turn) giveFile(f *look.Form) error {
	to := clientsync.To{Office: f.Value("to") == "office"}
	if !to.Office {
		if to.Devices = f.Values("device"); len(to.Devices) == 0 {
			return t.show(sheet{title: "field-send.title", back: "/send", tab: tabSend, body: []look.Part{
				look.Heading{Text: t.say("field-send.file-team")}, look.Note{Kind: look.NoteAttend, Status: true, Text: t.say("field-send.choose-somebody")}}})
		}
	}
	w := &download{w: t.w, name: "daylight-" + t.locale.Now.Format("2006-01-02-150405") + ".age"}
	_, err := t.client.Export(t.ctx(), w, to)
	if err != nil && w.begun { // what has gone is no bundle: the browser has to know
		t.log.Error("a bundle broke off", "code", clientsync.CodeOf(err))
		panic(http.ErrAbortHandler)
	}
	return err
}

// download sends its head with the first byte, so that what fails before is a page.
type download struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", "application/octet-stream")
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
	return d.w.Write(b)
}

// mostTaken bounds a bundle that is taken.
const mostTaken = 1 << 30

// takeFile reads a bundle as it comes.
func (t *turn) takeFile() error {
	t.r.Body = http.MaxBytesReader(t.w, t.r.Body, mostTaken)
	parts, err := t.r.MultipartReader()
	if err != nil {
		return recordpage.ErrForm
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return t.to("/send")
		}
		if err != nil {
			return recordpage.ErrForm
		}
		if part.FormName() == "bundle" {
			if part.FileName() == "" {
				return t.to("/send")
			}
			got, err := t.client.Import(t.ctx(), part)
			if err != nil {
				return t.notTaken(err)
			}
			return t.showTaken(got)
		}
	}
}

// notTaken says beside the file why it was not taken, so that another can be chosen.
func (t *turn) notTaken(err error) error {
	var e *clientsync.Error
	if errors.Is(err, clientsync.ErrLocked) || !errors.As(err, &e) || e.Code == clientsync.Internal {
		return err
	}
	t.failed, t.status = told(t.locale, e), statusOf(e)
	return t.showSend()
}

// showTaken says what a bundle has brought.
func (t *turn) showTaken(got clientsync.Imported) error {
	note := look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("field-send.taken-office"), Text: t.say("field-send.taken-office-body", "n", got.Answer.Pushed, "came", t.locale.Number(got.Answer.Pulled))}
	switch {
	case got.Office && got.Stale:
		note = look.Note{Kind: look.NoteWatch, Status: true, Heading: t.say("field-send.taken-office"), Text: t.say("field-send.taken-stale")}
	case !got.Office:
		note.Heading = t.say("field-send.taken-mate", "person", got.Person, "device", got.Device)
		note.Text = t.say("field-send.taken-new", "n", got.New, "records", t.locale.Number(got.Records), "known", t.locale.Number(got.Known))
		note.Under = t.say("field-send.taken-made", "when", t.locale.When(got.Made))
	}
	body := []look.Part{look.Heading{Text: t.say("field-send.taken")}, note}
	if got.LeftOut > 0 {
		body = append(body, look.Note{Text: t.say("field-send.taken-left-out", "n", got.LeftOut)})
	}
	if got.Hidden > 0 {
		body = append(body, look.Note{Text: t.say("field-send.taken-hidden", "n", got.Hidden)})
	}
	return t.show(sheet{title: "field-send.title", back: "/send", tab: tabSend, body: body})
}

// faultWords say why the office turned changes away as a whole.
func (t *turn) faultWords(fault string) look.Text {
	if k := look.Key("field-send.fault-" + fault); t.locale.Words().Has(k) {
		return t.say(k)
	}
	return look.Code(fault)
}
