package recordpage

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Thread is a comment with what was answered to it, the oldest first.
type Thread struct {
	Root    *daylightv1.ReviewComment
	Answers []*daylightv1.ReviewComment
}

// Threads puts comments into their threads, the newest first. An answer to a comment that is
// not among them begins one of its own.
func Threads(comments []*daylightv1.ReviewComment) (out []Thread) {
	at := map[string]int{}
	for _, c := range comments {
		if c.GetReplyTo() == "" {
			at[c.GetId()] = len(out)
			out = append(out, Thread{Root: c})
		}
	}
	for _, c := range comments {
		if c.GetReplyTo() == "" {
			continue
		}
		if i, is := at[c.GetReplyTo()]; is {
			out[i].Answers = append(out[i].Answers, c)
			continue
		}
		out = append(out, Thread{Root: c})
	}
	older := func(a, b *daylightv1.ReviewComment) int { return cmp.Compare(a.GetId(), b.GetId()) } // ids begin with their time
	for i := range out {
		slices.SortFunc(out[i].Answers, older)
	}
	slices.SortStableFunc(out, func(a, b Thread) int { return older(b.Root, a.Root) })
	return out
}

// Settled: nothing is left to be done about it.
func (x Thread) Settled() bool { return x.Root.GetSettled() }

// Asks reports whether somebody waits for something: an answer, or a change.
func (x Thread) Asks() bool {
	return !x.Settled() && (x.Root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION || x.Root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST)
}

// About reports whether the thread is about a record.
func (x Thread) About(kind record.Kind, id string) bool {
	if x.Root.GetAboutId() == "" { // of the visit as a whole
		return kind == record.Visit && x.Root.GetVisitId() == id
	}
	return x.Root.GetAboutKind() == kind.String() && x.Root.GetAboutId() == id
}

// AnswerTo is an answer in a comment's thread, about the same.
func AnswerTo(root *daylightv1.ReviewComment, text, author string) *daylightv1.ReviewComment {
	c := &daylightv1.ReviewComment{VisitId: root.VisitId, AboutKind: root.AboutKind, AboutId: root.AboutId, AboutField: root.AboutField, AboutKey: root.AboutKey,
		ReplyTo: proto.String(root.GetId()), Text: proto.String(text), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum()}
	if root.GetReplyTo() != "" {
		c.ReplyTo = root.ReplyTo
	}
	if author != "" {
		c.Author = proto.String(author)
	}
	return c
}
