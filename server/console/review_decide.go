package console

import (
	"net/http"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// decideFinding saves what the office decides about a finding. What the team proposed stays
// beside it; why stands as a comment at the severity, where the team's devices show it.
func (t *turn) decideFinding(f *look.Form) error {
	x, err := t.readFinding()
	if err != nil {
		return err
	}
	fields := x.decidable()
	if len(fields) == 0 {
		return errNotFound
	}
	as, err := recordpage.Unpack(record.Finding, x.finding.GetId(), f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	was := proto.Clone(as).(*daylightv1.Finding)
	laid, err := t.layOver(as, f, fields...)
	if err != nil {
		return err
	}
	if why := f.Error(sayField); len(why) > 0 {
		laid.wrong[sayField] = why
	}
	if len(laid.wrong) > 0 {
		return t.showFinding(f, laid.wrong, t.wrongIn(laid.wrong))
	}
	now := laid.message.(*daylightv1.Finding)
	if now.GetTopic() != was.GetTopic() && now.GetTopic() != "" { // which names its area
		area, _, _ := strings.Cut(now.GetTopic(), ".")
		now.Area = proto.String(area)
	}
	messages := []record.Message{now}
	if c := x.because(was, now, f.Trimmed(sayField)); c != nil {
		messages = append(messages, c)
	}
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		t.anew(f, x.item)
		return t.showFinding(f, nil, t.failure(why))
	}
	return t.to(with("/findings/"+x.finding.GetId(), "done", "decided"))
}

// anew has a form that came too late carry the record as it is shown now, so that the next
// try decides over that.
func (t *turn) anew(f *look.Form, item store.Item) {
	if t.status == http.StatusConflict {
		f.Put(recordpage.AsField, carriedOf(item.Message))
	}
}

// because is the reason as a comment at the field that was decided; nil for none given.
func (x *reviewed) because(was, now *daylightv1.Finding, why string) record.Message {
	field := ""
	for _, name := range []string{"severity_decided", "evidence_status", "topic", "standards"} {
		fd := recordpage.TopField(record.Finding, name)
		if field == "" && !was.ProtoReflect().Get(fd).Equal(now.ProtoReflect().Get(fd)) {
			field = name
		}
	}
	if why == "" {
		return nil
	}
	c := &daylightv1.ReviewComment{VisitId: proto.String(x.visitID()), AboutKind: proto.String(record.Finding.String()), AboutId: proto.String(was.GetId()), Text: proto.String(why),
		Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum(), Author: proto.String(x.session.Person.GetName())}
	if field != "" {
		c.AboutField = proto.String(field)
	}
	return c
}
