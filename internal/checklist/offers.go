package checklist

import (
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Offer is a finding that an answer may become. A person decides whether it is one.
type Offer struct {
	Key Key
	// Finding has what follows from the question: visit, response, key, area, topic and
	// standards. It is not saved, has no id and no severity, and says nothing of what was
	// answered: words that somebody spoke get into a finding only by a person's hand.
	Finding *daylightv1.Finding
	// Suggested: the form's own expression says that this is worth a finding. Else the
	// question has a topic, and something was answered.
	Suggested bool
	// Question is how the form asks, with what it refers to filled in; of a calculation
	// without a label its name. Answer is what a person reads for the answer.
	Question Text
	Answer   string
}

// Offers lists what may become a finding, in the order of the form: every answer to a
// question with a topic, also where the team was not let in to see, and everything that
// suggests one. What is not relevant offers nothing, nor does what is contested as long
// as nobody has settled it, nor where it is only known that something was not asked.
func (x *Filling) Offers() (out []Offer) {
	x.walk(x.root, 0, func(n *node, _ int) {
		if n.offers() && len(x.contested(n)) == 0 {
			out = append(out, x.offer(n))
		}
	})
	return out
}

// offers reports whether the node's answer may become a finding.
func (n *node) offers() bool {
	if !n.isField() || n.q.StateOf != nil || n.q.Topic == "" && n.q.rules.suggest == nil {
		return false
	}
	if n.suggests() {
		return true
	}
	if n.q.Topic == "" || n.q.role != asks {
		return false
	}
	state := n.answer.GetState()
	return state <= answered && n.text() != "" || state == daylightv1.AnswerState_ANSWER_STATE_NOT_ALLOWED_IN
}

func (x *Filling) offer(n *node) Offer {
	area, _, _ := strings.Cut(n.q.Topic, ".")
	f := &daylightv1.Finding{
		VisitId: proto.String(x.r.GetVisitId()), ResponseId: proto.String(x.r.GetId()), AnswerKey: proto.String(n.key().String()),
		Standards: append([]string(nil), n.q.Standards...),
	}
	if n.q.Topic != "" {
		f.Area, f.Topic = proto.String(area), proto.String(n.q.Topic)
	}
	o := Offer{Key: n.key(), Finding: f, Suggested: n.suggests(), Question: x.fillIn(n, n.q.Label(x.language))}
	if o.Suggested {
		f.Kind = daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum()
	}
	if o.Question.Text == "" {
		o.Question.Text = n.q.Called
	}
	value, state := n.says()
	if o.Answer = x.display(n.q, value, state); o.Answer == "" && state > answered {
		o.Answer = StateName(state)
	}
	return o
}

// Untaken leaves out the offers on whose answer a finding rests already.
func Untaken(offers []Offer, findings []*daylightv1.Finding) (out []Offer) {
	type answer struct{ response, key string }
	taken := map[answer]bool{}
	for _, f := range findings {
		taken[answer{f.GetResponseId(), f.GetAnswerKey()}] = true
	}
	for _, o := range offers {
		if !taken[answer{o.Finding.GetResponseId(), o.Finding.GetAnswerKey()}] {
			out = append(out, o)
		}
	}
	return out
}
