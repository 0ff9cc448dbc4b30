package fieldapp

import (
	"errors"
	"net/http"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// showThread is the page of one thread: what was said, and where to answer.
func (t *turn) showThread(item clientsync.Item) error {
	x, err := t.threadOf(item)
	if err != nil {
		return err
	}
	e := &editor{turn: t, item: x.item}
	body := []look.Part{look.Heading{Over: t.aboutName(x), Text: t.threadHeading(x)}}
	if t.r.URL.Query().Get("saved") != "" {
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-review.saved")})
	}
	body = append(append(body, e.notices()...), t.said(x)...)
	if href := t.fieldHref(x.Root); href != "" {
		body = append(body, look.Button{Text: t.say("field-review.to-field"), Href: href, Kind: look.ButtonQuiet, Further: true})
	}
	as, err := recordpage.Pack(x.item.Message)
	if err != nil {
		return err
	}
	back := "/review"
	if about, ok := t.aboutItem(x.Root); ok {
		back = t.href(about.Kind, about.ID, "review")
	}
	settle := look.Button{Text: t.say("field-review.settle"), Name: "_settled", Value: "yes", NoCheck: true}
	if x.Settled() {
		settle = look.Button{Text: t.say("field-review.reopen"), Name: "_settled", Value: "no", NoCheck: true}
	}
	form := look.Questions{ID: "answer", Action: t.href(x.item.Kind, x.item.ID, "answer"), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}}, Body: []look.Part{
		look.Input{Name: textField, Label: t.say("field-review.your-answer"), Hint: t.say("field-review.your-answer-hint"), Rows: 4, Value: t.typed(textField, ""), Error: t.refused[textField]},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("field-review.answer"), Kind: look.ButtonMain, NoCheck: true}, settle}},
	}}
	return t.show(sheet{title: "field-review.title", back: back, tab: tabHome, body: append(body, form)})
}

// threadOf is the thread that a comment begins or is in.
func (t *turn) threadOf(item clientsync.Item) (x thread, err error) {
	c := item.Message.(*daylightv1.ReviewComment)
	all, err := t.threads(c.GetVisitId())
	if err != nil {
		return x, err
	}
	for _, x := range all {
		if x.Root.GetId() == c.GetId() || x.Root.GetId() == c.GetReplyTo() {
			return x, nil
		}
	}
	return thread{Thread: recordpage.Thread{Root: c}, item: item}, nil
}

// answerComment writes an answer into the thread, and says that it is settled or not.
func (t *turn) answerComment(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	root := as.(*daylightv1.ReviewComment)
	text, settled := strings.TrimSpace(f.Value(textField)), f.Value("_settled")
	t.refused = map[string]look.Text{}
	if why := f.Error(textField); len(why) > 0 {
		t.refused[textField] = why
	} else if text == "" && settled == "" {
		t.refused[textField] = t.say("field-review.empty")
	}
	var messages []clientsync.Message
	if settled == "yes" || settled == "no" {
		root.Settled = proto.Bool(settled == "yes")
		messages = append(messages, root)
	}
	if text != "" {
		messages = append(messages, t.answerTo(root, text))
	}
	if len(t.refused) == 0 {
		err = t.client.Save(t.ctx(), messages...)
	}
	var known *clientsync.Error
	if err != nil && (errors.Is(err, clientsync.ErrLocked) || !errors.As(err, &known)) {
		return err
	}
	if known != nil {
		t.failed, t.status = told(t.locale, known), statusOf(known)
	} else if len(t.refused) > 0 {
		t.status = http.StatusUnprocessableEntity
	}
	if t.status != 0 {
		t.again = f
		return t.showThread(item)
	}
	return t.to(t.href(item.Kind, item.ID) + "?saved=1")
}

// answerTo is an answer of this device's person.
func (t *turn) answerTo(root *daylightv1.ReviewComment, text string) *daylightv1.ReviewComment {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		s.Person = ""
	}
	return recordpage.AnswerTo(root, text, s.Person)
}

// commentsBeside are the open comments about one control of a page, by path.
func (e *editor) commentsBeside(path string) (out []look.Part) {
	for _, x := range e.open {
		field, key := x.Root.GetAboutField(), x.Root.GetAboutKey()
		at := field
		if key != "" {
			at = recordpage.At(field, key)
		}
		if field == "" || path != at && !strings.HasPrefix(path, at+".") && (key != "" || !strings.HasPrefix(path, field+"[")) || e.drawn[x.Root.GetId()] {
			continue
		}
		e.drawn[x.Root.GetId()] = true
		v := e.voice(x.item).(look.Voice)
		v.Words = look.Typed(recordpage.FirstWords(x.Root.GetText(), 400))
		out = append(out, v, look.Button{Text: e.say("field-review.answer"), Href: e.href(x.item.Kind, x.item.ID), Kind: look.ButtonQuiet, Icon: look.IconPen})
	}
	return out
}

// openAbout are the unsettled threads about the record of a page.
func (t *turn) openAbout(item clientsync.Item) (out []thread) {
	visit := visitBehind(item)
	if visit == "" || item.Kind == clientsync.KindReviewComment {
		return nil
	}
	all, err := t.threads(visit)
	if err != nil {
		t.log.Warn("comments were not read", "code", clientsync.CodeOf(err))
		return nil
	}
	for _, x := range all {
		if !x.Settled() && x.About(item.Kind, item.ID) {
			out = append(out, x)
		}
	}
	return out
}

// reviewNotice is the banner over a page about whose record somebody said something.
func (e *editor) reviewNotice() (out []look.Part) {
	if len(e.open) == 0 {
		return nil
	}
	kind := look.NotePlain
	if n := countOf(e.open, thread.Asks); n > 0 {
		kind = look.NoteAttend
	}
	return append(out, look.Note{Kind: kind, Icon: look.IconBack, Text: e.say("field-review.banner", "n", len(e.open)), Body: []look.Part{
		look.Button{Text: e.say("field-review.read"), Href: e.href(e.item.Kind, e.item.ID, "review"), Kind: look.ButtonQuiet}}})
}
