package fieldapp

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// settleTwo does what was chosen.
func (t *turn) settleTwo(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(item.Conflicts, func(c clientsync.Conflict) bool { return c.Field == f.Value("_field") && c.Key == f.Value("_key") })
	if at < 0 { // somebody settled it meanwhile
		return t.to(t.href(item.Kind, item.ID, "two"))
	}
	w := &two{turn: t, item: item, conflict: item.Conflicts[at], at: at}
	t.refused = map[string]look.Text{}
	for _, name := range []string{whyField, textField} {
		if why := f.Error(name); len(why) > 0 {
			t.refused[name] = why
		}
	}
	if len(t.refused) == 0 {
		err = w.settle(as, f)
	}
	if err != nil && !w.tellRefused(f, err) {
		return err
	}
	if len(t.refused)+len(t.failed) > 0 {
		t.again = f
		if t.status == 0 {
			t.status = http.StatusUnprocessableEntity
		}
		return w.show(nil)
	}
	if f.Value(choiceField) == chooseOffice {
		return t.to(t.recordHref(item))
	}
	return t.to(t.href(item.Kind, item.ID, "two") + "?done=1")
}

// tellRefused puts an error beside what it is about; false for one that is no person's.
func (w *two) tellRefused(f *look.Form, err error) bool {
	var known *clientsync.Error
	var problem *clientsync.Problem
	if errors.Is(err, clientsync.ErrLocked) || !errors.As(err, &known) {
		return false
	}
	var stale *clientsync.StaleError
	switch {
	case errors.As(err, &stale):
		w.failed, w.status = w.say("field-two.stale"), http.StatusConflict
	case errors.As(err, &problem) && f.Value(choiceField) == chooseCombined:
		w.refused[textField] = w.say("field-edit.bad-value")
		if problem.TooLarge {
			w.refused[textField] = w.say("field-edit.bad-long")
		}
	default:
		w.failed, w.status = told(w.locale, known), statusOf(known)
	}
	return true
}

func (w *two) settle(as clientsync.Message, f *look.Form) error {
	why := strings.TrimSpace(f.Value(whyField))
	switch choice := f.Value(choiceField); choice {
	case chooseCombined:
		if !w.isText() {
			return w.settleParts(as, f, why)
		}
		return w.settleText(as, f.Value(textField), why)
	case chooseBoth:
		return w.keepBoth(as, why)
	case chooseOffice:
		return w.leave(why)
	default:
		for _, v := range w.conflict.Values {
			if digest(v) == choice {
				return w.take(as, v, why)
			}
		}
		w.refused[choiceField] = w.say("field-two.choose")
		return nil
	}
}

// take lets one version stand.
func (w *two) take(as clientsync.Message, v clientsync.Value, why string) error {
	if err := w.client.Resolve(w.ctx(), as, w.conflict, v); err != nil {
		return err
	}
	if c := w.comment(why, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK); c != nil {
		return w.client.Save(w.ctx(), c)
	}
	return nil
}

// marked are the places that Combined and Joined leave to a person.
var marked = regexp.MustCompile(`\[[^\[\]]* / [^\[\]]*\]`)

// settleText lets a text stand that a person has written from both.
func (w *two) settleText(as clientsync.Message, text, why string) error {
	w.before = w.findBefore()
	offered, _ := w.combined()
	open := 0
	for _, mark := range marked.FindAllString(offered, -1) {
		inOne := slices.ContainsFunc(w.conflict.Values, func(v clientsync.Value) bool { return strings.Contains(recordpage.Unquoted(v.JSON), mark) })
		if strings.Contains(text, mark) && !inOne {
			open++
		}
	}
	if open > 0 {
		w.refused[textField] = w.locale.StillOpen(open)
		return nil
	}
	return w.stand(as, text, why)
}

// stand settles a field of text, over all its versions.
func (w *two) stand(as clientsync.Message, text, why string, more ...clientsync.Message) error {
	return w.standValue(as, recordpage.Quoted(text), why, more...)
}

// standValue settles a field with a value as histories give it.
func (w *two) standValue(as clientsync.Message, value, why string, more ...clientsync.Message) error {
	for _, v := range w.conflict.Values {
		if recordpage.SameValue(v.JSON, value) && len(more) == 0 { // saving what is shown would change nothing
			return w.take(as, v, why)
		}
	}
	if err := recordpage.LayValue(as, w.item.Kind, w.conflict.Field, w.conflict.Key, value); err != nil {
		return err
	}
	if c := w.comment(why, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK); c != nil {
		more = append(more, c)
	}
	return w.client.Save(w.ctx(), append([]clientsync.Message{as}, more...)...)
}

// keepBoth keeps every version: of what was found as findings that contradict each other, of
// other texts under each other with who says what.
func (w *two) keepBoth(as clientsync.Message, why string) error {
	switch finding, is := as.(*daylightv1.Finding); {
	case is && w.asSecondFinding():
		return w.contradict(finding, why)
	case w.asOneText():
		var b strings.Builder
		for _, v := range w.inOrder() {
			if v.JSON != "" {
				b.WriteString(w.author(v) + ":\n" + recordpage.Unquoted(v.JSON) + "\n\n")
			}
		}
		return w.stand(as, strings.TrimSpace(b.String()), why)
	}
	w.refused[choiceField] = w.say("field-two.choose")
	return nil
}

// author names who wrote a version, to be written into a record.
func (w *two) author(v clientsync.Value) string {
	if v.Person != "" {
		return v.Person
	}
	return w.person(v.Own, v.Person).String()
}

// contradict lets one version stand and writes the others into findings of their own, all at
// once. The finding shows the version in front: it takes another, so that saving it settles.
func (w *two) contradict(as *daylightv1.Finding, why string) error {
	stays := slices.IndexFunc(w.inOrder(), func(v clientsync.Value) bool { return v.JSON != "" && recordpage.Unquoted(v.JSON) != as.GetNarrative() })
	if stays < 0 { // one of the two is empty: there are no two accounts
		w.refused[choiceField] = w.say("field-two.no-accounts")
		return nil
	}
	var others []clientsync.Message
	for i, v := range w.inOrder() {
		if i == stays || v.JSON == "" {
			continue
		}
		other := proto.Clone(as).(*daylightv1.Finding)
		other.Id, other.Seen, other.Removed, other.MergedInto = w.client.NewID(clientsync.KindFinding), nil, nil, nil
		other.ResponseId, other.AnswerKey = nil, nil
		other.Narrative = proto.String(recordpage.Unquoted(v.JSON))
		other.NotedBy = proto.String(w.author(v))
		other.Contradicts = append(other.Contradicts, as.GetId())
		as.Contradicts = append(as.Contradicts, other.Id)
		others = append(others, other)
	}
	return w.stand(as, recordpage.Unquoted(w.inOrder()[stays].JSON), why, others...)
}

// leave lets both versions stand and asks the office.
func (w *two) leave(why string) error {
	if why == "" {
		why = w.say("field-two.asked-office").String()
	}
	if c := w.comment(why, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION); c != nil {
		return w.client.Save(w.ctx(), c)
	}
	return nil
}

// comment says why beside the field; nil for nothing said, and for a record of no visit.
func (w *two) comment(text string, kind daylightv1.ReviewCommentKind) clientsync.Message {
	visit := visitBehind(w.item)
	if text == "" || visit == "" {
		return nil
	}
	c := &daylightv1.ReviewComment{
		VisitId: proto.String(visit), AboutKind: proto.String(w.item.Kind.String()), AboutId: proto.String(w.item.ID),
		AboutField: proto.String(w.conflict.Field), Text: proto.String(text), Kind: kind.Enum(),
	}
	if w.conflict.Key != "" {
		c.AboutKey = proto.String(w.conflict.Key)
	}
	if s, err := w.client.Status(w.ctx()); err == nil && s.Person != "" {
		c.Author = proto.String(s.Person)
	}
	return c
}
