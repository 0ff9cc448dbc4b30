package recordpage

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func wrote(writer byte, decision, says string) *daylightv1.HistoryEntry {
	return &daylightv1.HistoryEntry{Writer: []byte{writer}, Decision: decision, WrittenAt: time.Now().UnixMilli(), Edits: []*daylightv1.HistoryEdit{{Field: "narrative", Json: Quoted(says)}}}
}

func TestWhatVersionsGrewFromWasNotRefused(t *testing.T) {
	two := Two{Kind: record.Finding, Field: "narrative", Versions: []Version{{JSON: Quoted("ten people and a lamp"), Writer: "01"}, {JSON: Quoted("ten people and a dog"), Writer: "02"}}}
	past := []*daylightv1.HistoryEntry{wrote(1, "ACCEPTED", "ten people and a lamp"), wrote(3, "REFUSED", "ten people and a"), wrote(4, "held", "ten people and"), wrote(5, "ACCEPTED", "ten people"), wrote(6, "ACCEPTED", "nothing alike")}
	if got := two.FindBefore(past); got == nil || got.JSON != Quoted("ten people") || got.Writer != "05" {
		t.Errorf("they grew from %v", got)
	}
	two.Field = "removed"
	if got := two.FindBefore(past); got != nil {
		t.Errorf("a removal grew from %v", got)
	}
}

func TestAnswersStandInTheirThreads(t *testing.T) {
	say := func(id, to string) *daylightv1.ReviewComment {
		c := &daylightv1.ReviewComment{Id: id, VisitId: proto.String("v")}
		if to != "" {
			c.ReplyTo = proto.String(to)
		}
		return c
	}
	got := Threads([]*daylightv1.ReviewComment{say("3", "1"), say("1", ""), say("5", "gone"), say("2", "1"), say("4", "")})
	if len(got) != 3 || got[0].Root.Id != "5" || got[1].Root.Id != "4" || got[2].Root.Id != "1" || len(got[2].Answers) != 2 || got[2].Answers[0].Id != "2" {
		t.Errorf("the threads are %v", got)
	}
	if a := AnswerTo(got[2].Answers[0], "yes", ""); a.GetReplyTo() != "1" || a.GetText() != "yes" || a.Author != nil {
		t.Errorf("an answer to an answer is %v", a)
	}
	if !got[2].About(record.Visit, "v") || got[2].About(record.Finding, "v") || got[2].Asks() {
		t.Error("it is about the visit as a whole, and asks nothing")
	}
}
