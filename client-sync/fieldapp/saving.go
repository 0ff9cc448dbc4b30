package fieldapp

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// pageField is which page of the record a form stands on, to show it again.
const pageField = "_page"

func (a *App) savingRoutes() {
	a.onRecord(0, "save", (*turn).saveRecord)
	a.onRecord(0, "remove", (*turn).removeRecord)
	a.onRecord(0, "back", (*turn).bringBack)
}

// saveRecord saves what a form changed. The script gets an answer that it puts into the
// page; without it the page comes again, with what was not saved beside its control.
func (t *turn) saveRecord(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	posted, refused := sorted(f)
	if tidy := t.tidy[item.Kind]; tidy != nil {
		tidy(posted)
	}
	o, err := recordpage.Save(as, posted, t.locale.Zone, func(m clientsync.Message) error { return t.client.Save(t.ctx(), m) })
	var stale *clientsync.StaleError
	if errors.As(err, &stale) {
		return t.savedElsewhere(item, f, stale)
	}
	if err != nil {
		return t.notSaved(item, as, f, err)
	}
	for path, bad := range o.Bad {
		refused[path] = t.say(look.Key(bad.Word), pairsOf(bad.Params)...)
	}
	page := f.Value(pageField)
	t.here(item.Kind, item.ID, page, firstControl(posted))
	if t.fromScript() {
		return t.answerScript(item, f, o, refused)
	}
	if len(refused) > 0 {
		t.again, t.refused = f, refused
		t.shown = o.Message // the rest is saved, and the page shows it
		return t.showAgain(item, page, http.StatusUnprocessableEntity)
	}
	if o.Undo != "" {
		t.undo = o.Undo
		return t.showAgain(item, page, http.StatusOK)
	}
	return t.to(t.href(item.Kind, item.ID, page) + "?saved=1" + added(posted, o.Message))
}

// added leads to the element that a form has added, where the page has a leaf for it.
func added(posted url.Values, m clientsync.Message) string {
	field := posted.Get(recordpage.AddField)
	if field == "" {
		return ""
	}
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(protoreflect.Name(field))
	list := r.Get(fd).List()
	if list.Len() == 0 {
		return ""
	}
	first := fd.Message().Fields().ByNumber(1)
	return "#" + look.FieldID(recordpage.At(field, recordpage.Written(first, list.Get(list.Len()-1).Message().Get(first))))
}

// sorted takes what was posted apart: what can be laid over a record, and what the bounds of
// a form refuse already.
func sorted(f *look.Form) (url.Values, map[string]look.Text) {
	posted, refused := url.Values{}, map[string]look.Text{}
	for _, name := range f.Names() {
		if why := f.Error(name); len(why) > 0 && name != recordpage.AsField {
			refused[name] = why
			continue
		}
		posted[name] = f.Values(name)
	}
	return posted, refused
}

// firstControl is the control that a person was in: the one that the script sends.
func firstControl(posted url.Values) string {
	if paths := recordpage.Controls(posted); len(paths) > 0 {
		return paths[0]
	}
	return ""
}

func pairsOf(params map[string]string) (pairs []any) {
	for name, value := range params {
		pairs = append(pairs, name, value)
	}
	return pairs
}

func (t *turn) fromScript() bool { return t.r.Header.Get("Accept") == "application/json" }

// scriptAnswer is what the script puts into the page.
type scriptAnswer struct {
	// As is the record as it is shown now, Saved the sentence that says when.
	As    string `json:"as,omitempty"`
	Saved string `json:"saved,omitempty"`
	// Refused are sentences beside controls, by name; those of controls that were sent and
	// are not in it are taken away.
	Refused map[string]string `json:"refused,omitempty"`
	// Failed is why nothing was saved; the page keeps what was typed.
	Failed string `json:"failed,omitempty"`
	// Parts replace what has that id.
	Parts map[string]string `json:"parts,omitempty"`
	// Late: something sent after it was here before it, with its words.
	Late bool `json:"late,omitempty"`
}

func (t *turn) answerScript(item clientsync.Item, f *look.Form, o recordpage.Outcome, refused map[string]look.Text) error {
	a := scriptAnswer{Refused: map[string]string{}, Saved: t.say("part.saved-here", "clock", t.locale.Clock(t.locale.Now)).String()}
	for name, why := range refused {
		a.Refused[name] = why.String()
	}
	if len(refused) > 0 {
		a.Saved = t.say("field-edit.saved-but", "clock", t.locale.Clock(t.locale.Now)).String()
	}
	var err error
	if a.As, err = recordpage.Pack(o.Message); err != nil {
		return err
	}
	t.saved = a.As
	if live := t.live[route{item.Kind, f.Value(pageField)}]; live != nil {
		if a.Parts, err = t.drawLive(item, live); err != nil {
			return err
		}
	}
	return t.json(http.StatusOK, a)
}

// drawLive draws what changes in a page with what was saved, by the id that it replaces.
func (t *turn) drawLive(item clientsync.Item, live livePart) (map[string]string, error) {
	now, err := t.item(target{item.Kind, item.ID})
	if err != nil {
		return nil, err
	}
	parts, err := live(t, now)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for id, part := range parts {
		var b strings.Builder
		if err := look.RenderLive(&b, t.locale, id, part); err != nil {
			return nil, err
		}
		out[id] = b.String()
	}
	return out, nil
}

// json answers the script; an answer that does not arrive is missed by nobody.
func (t *turn) json(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	t.w.Header().Set("Content-Type", "application/json")
	t.w.WriteHeader(status)
	_, _ = t.w.Write(b)
	return nil
}

// notSaved tells why nothing was saved: beside the form, which keeps what was typed.
func (t *turn) notSaved(item clientsync.Item, as clientsync.Message, f *look.Form, err error) error {
	var known *clientsync.Error
	if !errors.As(err, &known) || errors.Is(err, clientsync.ErrLocked) {
		return err
	}
	if t.fromScript() {
		return t.json(statusOf(known), scriptAnswer{Failed: told(t.locale, known).String()})
	}
	t.again, t.shown, t.failed = f, as, told(t.locale, known)
	return t.showAgain(item, f.Value(pageField), statusOf(known))
}

// savedElsewhere: the same person changed the field in another window meanwhile. The page
// comes with what stands there now, and what was typed stays in its control.
func (t *turn) savedElsewhere(item clientsync.Item, f *look.Form, stale *clientsync.StaleError) error {
	why := t.say("field-edit.changed-elsewhere")
	field, _, _ := strings.Cut(stale.Field, ".")
	if t.fromScript() {
		as, err := recordpage.Pack(stale.Present.Message)
		if err != nil {
			return err
		}
		return t.json(http.StatusOK, scriptAnswer{As: as, Refused: map[string]string{t.controlOf(f, field): why.String()}})
	}
	t.again, t.shown, t.refused = f, stale.Present.Message, map[string]look.Text{t.controlOf(f, field): why}
	return t.showAgain(stale.Present, f.Value(pageField), http.StatusConflict)
}

// controlOf is the posted control that is about a field; the field itself where there is none.
func (t *turn) controlOf(f *look.Form, field string) string {
	for _, name := range f.Names() {
		if steps, err := recordpage.ParsePath(name); err == nil && string(steps[0].Field) == field {
			return name
		}
	}
	return field
}

// showAgain shows the page that a form stands on.
func (t *turn) showAgain(item clientsync.Item, page string, status int) error {
	show := t.pages[route{item.Kind, page}]
	if show == nil {
		show = t.pages[route{0, page}]
	}
	if show == nil {
		return recordpage.ErrForm
	}
	now, err := t.item(target{item.Kind, item.ID})
	if err != nil {
		return err
	}
	t.status = status
	return show(t, now)
}

// removeRecord removes what the page showed, and says so on the page of the visit, where it
// can be brought back.
func (t *turn) removeRecord(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	if err := t.client.Remove(t.ctx(), as); err != nil {
		return err
	}
	return t.show(sheet{title: "field-edit.title-removed", tab: tabVisit, body: []look.Part{
		look.Heading{Text: t.say("field-edit.removed")},
		look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-edit.removed-body"), Body: []look.Part{
			look.Button{Text: t.say("field-edit.bring-back"), Action: t.href(item.Kind, item.ID, "back")},
		}},
		look.Button{Text: t.say("field-edit.go-on"), Href: backOr(f.Value("_back"), "/visit"), Kind: look.ButtonMain},
	}})
}

// backOr takes an address of our own from a form, or another where it is none.
func backOr(href, other string) string {
	if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") && !strings.Contains(href, "\\") {
		return href
	}
	return other
}

// bringBack brings a removed record back.
func (t *turn) bringBack(item clientsync.Item, _ *look.Form) error {
	m := item.Message.ProtoReflect()
	m.Clear(m.Descriptor().Fields().ByName("removed"))
	if err := t.client.Save(t.ctx(), item.Message); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID))
}
