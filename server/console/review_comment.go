package console

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// subject is a record of a visit about which something is said.
type subject struct {
	*beside
	kind record.Kind
	item store.Item
}

// subjectOf reads the record; what is no part of a visit in sight has no comments.
func (t *turn) subjectOf(kindName, id string) (*subject, error) {
	kind, err := record.ParseKind(kindName)
	if err != nil {
		return nil, errNotFound
	}
	item, err := t.itemOf(kind, id)
	if err != nil {
		return nil, err
	}
	b, err := t.besideVisit(recordpage.VisitBehind(item.Message))
	if err != nil {
		return nil, err
	}
	return &subject{b, kind, item}, nil
}

// fields are those that something can be said about.
func (s *subject) fields() (out []string) {
	all := s.item.Message.ProtoReflect().Descriptor().Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		if fd.Number() >= 10 && !slices.Contains([]protoreflect.Name{"visit_id", "response_id", "answer_key"}, fd.Name()) {
			out = append(out, string(fd.Name()))
		}
	}
	return out
}

// back is where the record is read.
func (s *subject) back(done string) string {
	if s.kind == record.Visit {
		return with("/visits/"+s.visitID()+"/review", "done", done)
	}
	if s.kind == record.Finding {
		return with("/findings/"+s.item.Message.GetId(), "done", done)
	}
	return recordHref(s.kind, s.item.Message.GetId())
}

// showNewComment asks what somebody has to say.
func (t *turn) showNewComment(f *look.Form, failed []look.Part) error {
	q := t.r.URL.Query()
	s, err := t.subjectOf(q.Get("kind"), q.Get("id"))
	if err != nil {
		return err
	}
	if !s.mayMake(record.ReviewComment) {
		return errNotFound
	}
	back := s.back("")
	body := append(failed, look.Leaf{Body: []look.Part{look.Questions{Action: with("/comments/new", "kind", s.kind.String(), "id", s.item.Message.GetId()), Body: append(s.ask(f, q.Get("field")),
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-review.send"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-review.cancel"), Kind: look.ButtonQuiet, Href: back}}})}}})
	return t.show(sheet{title: t.say("office-review.say"), here: "/review", lede: look.Lines(s.name(s.item.Message), t.say("office-review.say-lede")), crumbs: s.crumbs(look.Link{Href: back, Text: s.saying().Kind(s.kind)}), body: body})
}

// ask are the questions of a comment; field is chosen beforehand.
func (s *subject) ask(f *look.Form, field string) []look.Part {
	options := []look.Option{{Value: "", Text: s.say("office-review.the-whole")}}
	now := typed(f, "_field", field)
	for _, name := range s.fields() {
		options = append(options, look.Option{Value: name, Text: s.saying().Field(name), Selected: name == now})
	}
	kinds := look.Choices{Name: "_kind", Legend: s.say("office-review.what-kind")}
	for _, k := range commentKinds {
		kinds.Options = append(kinds.Options, look.Choice{Value: k.String(), Text: s.enum(k), Under: s.say(commentUnder[k]), Checked: typed(f, "_kind", commentKinds[0].String()) == k.String()})
	}
	return []look.Part{
		look.Select{Name: "_field", Label: s.say("office-review.about"), Options: options, Error: wrong(f, "_field")},
		kinds,
		look.Input{Name: sayField, Label: s.say("office-review.text"), Hint: s.say("office-review.text-hint"), Rows: 4, Required: true, Value: typed(f, sayField, ""), Error: wrong(f, sayField)},
	}
}

// commentKinds are what a comment can be, the usual one first.
var commentKinds = []daylightv1.ReviewCommentKind{
	daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK,
}

var commentUnder = map[daylightv1.ReviewCommentKind]look.Key{
	daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION: "office-review.question-under", daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST: "office-review.request-under",
	daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK: "office-review.remark-under",
}

// saveNewComment keeps what was said beside its field.
func (t *turn) saveNewComment(f *look.Form) error {
	q := t.r.URL.Query()
	s, err := t.subjectOf(q.Get("kind"), q.Get("id"))
	if err != nil {
		return err
	}
	kind, field, text := daylightv1.ReviewCommentKind(daylightv1.ReviewCommentKind_value[f.Value("_kind")]), f.Value("_field"), f.Trimmed(sayField)
	if !slices.Contains(commentKinds, kind) || field != "" && !slices.Contains(s.fields(), field) {
		return look.ErrForm
	}
	if text == "" {
		f.Refuse(sayField, t.say("office-review.text-needed"))
	}
	if t.refused(f); !f.OK() {
		return t.showNewComment(f, t.problems(f, map[string]look.Text{sayField: t.say("office-review.text")}))
	}
	c := &daylightv1.ReviewComment{VisitId: proto.String(s.visitID()), Text: proto.String(text), Kind: kind.Enum(), Author: proto.String(t.session.Person.GetName())}
	if field != "" || s.kind != record.Visit {
		c.AboutKind, c.AboutId = proto.String(s.kind.String()), proto.String(s.item.Message.GetId())
	}
	if field != "" {
		c.AboutField = proto.String(field)
	}
	items, err := t.records().Save(t.ctx(), c)
	if err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		return t.showNewComment(f, t.failure(why))
	}
	if to := s.back("said"); strings.Contains(to, "done=") {
		return t.to(to)
	}
	return t.to(with("/comments/"+items[0].Message.GetId(), "done", "said"))
}

// spoken is a thread on its page.
type spoken struct {
	*beside
	recordpage.Thread
}

func (t *turn) spoken() (*spoken, error) {
	item, err := t.item(record.ReviewComment)
	if err != nil {
		return nil, err
	}
	x, err := t.threadOf(item.Message.(*daylightv1.ReviewComment))
	if err != nil {
		return nil, err
	}
	b, err := t.besideVisit(x.Root.GetVisitId())
	if err != nil {
		return nil, err
	}
	return &spoken{b, x}, nil
}

// showComment is the page of one thread: what was said, and where to answer, settle and
// correct one's own words.
func (t *turn) showComment(f *look.Form, failed []look.Part) error {
	s, err := t.spoken()
	if err != nil {
		return err
	}
	body := append(failed, t.doneNote(map[string]look.Key{"said": "office-review.said", "settled": "office-review.settled", "reopened": "office-review.reopened", "corrected": "office-review.corrected"})...)
	voices, err := t.voices(s.Thread)
	if err != nil {
		return err
	}
	body = append(append(body, voices...), s.answering(f)...)
	if own, err := s.correcting(f); err != nil {
		return err
	} else if own != nil {
		body = append(body, own)
	}
	kind, id := aboutKind(s.Root)
	crumbs := s.crumbs()
	if kind != 0 && kind != record.Visit {
		crumbs = s.crumbs(look.Link{Href: recordHref(kind, id), Text: s.saying().Kind(kind)})
	}
	var tags []look.Part
	for _, tag := range t.threadTags(s.Thread) {
		tags = append(tags, tag)
	}
	return t.show(sheet{title: t.say("office-review.comment"), here: "/review", lede: t.aboutWords(s.Root), actions: tags, crumbs: crumbs, body: body})
}

// answering asks for an answer, and whether it is settled.
func (s *spoken) answering(f *look.Form) []look.Part {
	var buttons, body []look.Part
	if s.mayMake(record.ReviewComment) {
		body = append(body, look.Input{Name: sayField, Label: s.say("field-review.your-answer"), Hint: s.say("office-review.text-hint"), Rows: 3, Value: typed(f, sayField, ""), Error: wrong(f, sayField)})
		buttons = append(buttons, look.Button{Text: s.say("field-review.answer"), Kind: look.ButtonMain, Name: "_do", Value: "answer", NoCheck: true})
	}
	if s.mayEdit(record.ReviewComment, false, "settled") {
		settle := look.Button{Text: s.say("field-review.settle"), Icon: look.IconCheck, Name: "_do", Value: "settle", NoCheck: true}
		if s.Settled() {
			settle = look.Button{Text: s.say("field-review.reopen"), Name: "_do", Value: "reopen", NoCheck: true}
		}
		buttons = append(buttons, settle)
	}
	if len(buttons) == 0 {
		return nil
	}
	return []look.Part{look.Leaf{Body: []look.Part{look.Questions{Action: "/comments/" + s.Root.GetId(), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: carriedOf(s.Root)}},
		Body: append(body, look.Cluster{Body: buttons})}}}}
}

// correcting lets whoever wrote the comment write it again; nil for everybody else.
func (s *spoken) correcting(f *look.Form) (look.Part, error) {
	e, err := s.writtenBy(s.Root)
	if err != nil || e == nil || !s.entryPen(e).own || !s.mayEdit(record.ReviewComment, true, "text") {
		return nil, err
	}
	open := f != nil && f.Value("_do") == "correct"
	return look.Unfold{Summary: s.say("office-review.correct"), Open: open, Body: []look.Part{look.Questions{Action: "/comments/" + s.Root.GetId(), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: carriedOf(s.Root)}},
		Body: []look.Part{look.Input{Name: "text", Label: s.say("office-review.text"), Rows: 3, Value: typed(f, "text", s.Root.GetText()), Error: wrong(f, "text")},
			look.Cluster{Body: []look.Part{look.Button{Text: s.say("office-review.correct-do"), Name: "_do", Value: "correct", NoCheck: true}}}}}}}, nil
}

// answerComment writes into a thread, settles it, or corrects one's own words.
func (t *turn) answerComment(f *look.Form) error {
	s, err := t.spoken()
	if err != nil {
		return err
	}
	m, err := recordpage.Unpack(record.ReviewComment, s.Root.GetId(), f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	messages, done, err := s.answer(m.(*daylightv1.ReviewComment), f)
	if err != nil {
		return err
	}
	if t.refused(f); !f.OK() {
		return t.showComment(f, t.problems(f, map[string]look.Text{sayField: t.say("field-review.your-answer"), "text": t.say("office-review.text")}))
	}
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		return t.showComment(f, t.failure(why))
	}
	return t.to(with("/comments/"+s.Root.GetId(), "done", done))
}

// answer is what a form about a thread comes to.
func (s *spoken) answer(root *daylightv1.ReviewComment, f *look.Form) (messages []record.Message, done string, err error) {
	said := f.Trimmed(sayField)
	switch f.Value("_do") {
	case "correct":
		root.Text = proto.String(f.Trimmed("text"))
		if root.GetText() == "" {
			f.Refuse("text", s.say("office-review.text-needed"))
		}
		return []record.Message{root}, "corrected", nil
	case "answer":
		if said == "" {
			f.Refuse(sayField, s.say("field-review.empty"))
		}
		done = "said"
	case "settle", "reopen":
		root.Settled, done = proto.Bool(f.Value("_do") == "settle"), "settled"
		if !root.GetSettled() {
			done = "reopened"
		}
		messages = append(messages, root)
	default:
		return nil, "", look.ErrForm
	}
	if said != "" {
		messages = append(messages, recordpage.AnswerTo(root, said, s.session.Person.GetName()))
	}
	return messages, done, nil
}
