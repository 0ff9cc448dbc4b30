package console

import (
	"maps"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// paper is one recommendation with what its page needs.
type paper struct {
	item store.Item
	r    *daylightv1.Recommendation
	// visit is the one that it follows from; nil for none, or one that is not in sight.
	visit *daylightv1.Visit
	// replies are what the authorities said, the oldest first.
	replies []*daylightv1.AuthorityReply
	subject access.Subject
}

// mostReplies bounds the answers that one page reads.
const mostReplies = 200

// paper reads the recommendation of the address.
func (t *turn) paper() (*paper, error) {
	item, err := t.item(record.Recommendation)
	if err != nil {
		return nil, err
	}
	p := &paper{item: item, r: item.Message.(*daylightv1.Recommendation)}
	id, err := t.id("id")
	if err != nil {
		return nil, err
	}
	page, err := t.records().List(t.ctx(), record.AuthorityReply, store.Query{Filter: store.ReplyFilter{Recommendation: id}, PageSize: mostReplies})
	if err != nil {
		return nil, err
	}
	for _, i := range page.Items {
		p.replies = append(p.replies, i.Message.(*daylightv1.AuthorityReply))
	}
	slices.SortStableFunc(p.replies, func(a, b *daylightv1.AuthorityReply) int {
		return strings.Compare(a.GetReceivedOn(), b.GetReceivedOn())
	})
	p.visit, p.subject = t.visitBehind(p.r.GetVisitId())
	return p, nil
}

// visitBehind is a visit, if in sight, and what access has to know of a recommendation that
// hangs on it.
func (t *turn) visitBehind(id string) (*daylightv1.Visit, access.Subject) {
	item, err := t.itemOf(record.Visit, id)
	if err != nil {
		return nil, access.Subject{Kind: record.Recommendation}
	}
	visit := item.Message.(*daylightv1.Visit)
	s := access.Beside(visit, record.Recommendation, t.session.PersonID)
	if place, err := t.itemOf(record.Facility, visit.GetFacilityId()); err == nil {
		s.Region = place.Message.(*daylightv1.Facility).GetRegion()
	}
	return visit, s
}

// writes reports whether this person writes its words.
func (p *paper) writes(t *turn) bool {
	ok, _ := t.rights.MayWrite(access.Write{Subject: p.subject, Fields: []int32{14}})
	return ok
}

// answers reports whether this person records what authorities say to it.
func (p *paper) answers(t *turn) bool {
	s := p.subject
	s.Kind = record.AuthorityReply
	ok, _ := t.rights.MayWrite(access.Write{Subject: s, Creates: true, Fields: []int32{13}})
	return ok
}

// steps are those that this person may take, in the order of the life-cycle, the usual first.
func (p *paper) steps(t *turn) (out []daylightv1.RecommendationState) {
	may := t.rights.RecommendationSteps(p.r.GetState(), p.subject)
	for _, s := range record.NextRecommendationStates(p.r.GetState()) {
		if slices.Contains(may, s) {
			out = append(out, s)
		}
	}
	for _, s := range may {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// line finds an addressee line; nil for none.
func (p *paper) line(id string) *daylightv1.AddresseeLine {
	for _, l := range p.r.GetAddressees() {
		if l.GetId() == id {
			return l
		}
	}
	return nil
}

func (p *paper) href(more string) string { return "/recommendations/" + p.r.GetId() + more }

// paperTitle is the kind of page, and the number at most.
func (t *turn) paperTitle(r *daylightv1.Recommendation) look.Text {
	if r.GetCode() == "" {
		return t.say("office-recs.one")
	}
	return look.Code(r.GetCode())
}

func (t *turn) paperCrumbs(r *daylightv1.Recommendation, here look.Text) []look.Link {
	out := []look.Link{{Href: "/recommendations", Text: t.say("office-recs.title")}}
	if len(here) == 0 {
		return append(out, look.Link{Text: t.paperTitle(r)})
	}
	return append(out, look.Link{Href: "/recommendations/" + r.GetId(), Text: t.paperTitle(r)}, look.Link{Text: here})
}

// doneWords are what a page can say was done.
var doneWords = []string{"drafted", "saved", "step", "issued", "line", "line-gone", "answer", "assessed"}

// showPaper shows a recommendation; why says what stood against a step that was asked for.
func (t *turn) showPaper(why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	var body []look.Part
	if done := t.r.URL.Query().Get("done"); slices.Contains(doneWords, done) {
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(look.Key("office-recs.done-" + done))})
	}
	body = append(body, t.failure(why)...)
	if p.item.Removed {
		body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("office-recs.removed")})
	}
	if s := p.r.GetState(); s < paperIssued {
		body = append(body, t.missingNote(p.r)...)
	}
	body = append(body, t.paperLeaf(p), t.paperAxes(p), t.linesSection(p), t.answersSection(p), t.assessedSection(p), t.findingsSection(p))
	chain, err := t.chainSection(p)
	if err != nil {
		return err
	}
	return t.show(sheet{title: t.paperTitle(p.r), crumbs: t.paperCrumbs(p.r, nil), here: "/recommendations", body: append(body, chain...),
		actions: t.paperActions(p), aside: t.paperAside(p)})
}

func (t *turn) paperActions(p *paper) []look.Part {
	out := []look.Part{
		look.Button{Text: t.say("field-history.title"), Icon: look.IconHistory, Kind: look.ButtonQuiet, Href: "/records/recommendation/" + p.r.GetId() + "/history"},
		look.Button{Text: t.say("office-recs.print"), Icon: look.IconPrint, Kind: look.ButtonQuiet, Href: p.href("/print")},
	}
	if p.writes(t) {
		out = append(out, look.Button{Text: t.say("office-recs.edit"), Icon: look.IconPen, Href: p.href("/edit")})
		if record.RecommendationOpen(p.r.GetState()) || p.r.GetState() == daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED {
			out = append(out, look.Button{Text: t.say("office-recs.repeat"), Href: with("/recommendations/new", "repeats", p.r.GetId())})
		}
	}
	return out
}

// paperLeaf are its words, in the reader's language first and whole in all others.
func (t *turn) paperLeaf(p *paper) look.Part {
	tag := t.tongue(p.r.GetTexts())
	body := []look.Part{look.Para{Soft: true, Text: t.say("office-recs.no-text")}}
	if tag != "" {
		body = []look.Part{look.Tongue{Tag: tag, Body: []look.Part{look.Prose{Tag: tag, Strong: true, Text: look.Foreign(tag, p.r.GetTexts()[tag])}}}}
	}
	for _, other := range slices.Sorted(maps.Keys(p.r.GetTexts())) {
		if other != tag {
			body = append(body, look.Unfold{Summary: t.tongueName(other), Plain: true, Body: []look.Part{
				look.Tongue{Tag: other, Body: []look.Part{look.Prose{Tag: other, Text: look.Foreign(other, p.r.GetTexts()[other])}}}}})
		}
	}
	from := look.Text(nil)
	if p.visit != nil {
		from = t.say("office-recs.from-visit", "visit", look.To("/visits/"+p.visit.GetId(), t.named("visit", p.visit.GetId())))
	}
	var refs []look.Text
	for _, ref := range p.r.GetStandards() {
		refs = append(refs, look.Code(ref))
	}
	return look.Leaf{Body: append(body, look.Para{Small: true, Soft: true, Text: look.Dotted(t.paperUnder(p.r), from, t.locale.List(refs...))})}
}

// tongueName is what a language is called.
func (t *turn) tongueName(tag string) look.Text {
	if name := look.LanguageName(tag); len(name) > 0 {
		return name
	}
	return look.Code(tag)
}

// paperAxes are our step, their answer and what we found: three things.
func (t *turn) paperAxes(p *paper) look.Part {
	return look.Axes{
		Ours:   look.Axis{Label: t.say("office-recs.ours"), Body: t.oursBody(p)},
		Theirs: look.Axis{Label: t.say("office-recs.theirs-words"), Body: t.theirsBody(p)},
		Found:  look.Axis{Label: t.say("office-recs.found-ourselves"), Body: t.foundBody(p)},
	}
}

func (t *turn) oursBody(p *paper) []look.Part {
	out := []look.Part{t.track(p.r.GetState())}
	if p.r.GetIssuedOn() != "" {
		out = append(out, look.Para{Small: true, Soft: true, Text: t.say("office-recs.issued-on", "day", t.day(p.r.GetIssuedOn()))})
	}
	if p.r.GetClosedOn() != "" {
		out = append(out, look.Para{Small: true, Soft: true, Text: t.say("office-recs.closed-on", "day", t.day(p.r.GetClosedOn()))})
	}
	if id := p.r.GetSupersededById(); id != "" {
		out = append(out, look.Para{Small: true, Text: t.say("office-recs.replaced-by", "which", look.To("/recommendations/"+id, t.namedPaper(id)))})
	}
	return append(out, t.stepsForm(p)...)
}

// namedPaper is another recommendation's number, else its first words.
func (t *turn) namedPaper(id string) look.Text {
	item, err := t.itemOf(record.Recommendation, id)
	if err != nil {
		return t.say("office-record.not-in-sight", "kind", t.saying().Kind(record.Recommendation))
	}
	if r := item.Message.(*daylightv1.Recommendation); r.GetCode() != "" {
		return look.Code(r.GetCode())
	}
	return t.name(item.Message)
}

// theirsBody is what each addressee said last, and how long it is awaited.
func (t *turn) theirsBody(p *paper) (out []look.Part) {
	late := record.Overdue(p.r, p.replies, t.today())
	for _, l := range p.r.GetAddressees() {
		last := record.CurrentReply(p.r, p.replies, l.GetId())
		said := t.answerTag(last, p.r.GetState())
		if len(said.Text) == 0 {
			continue
		}
		line := []look.Part{look.Para{Text: look.Strong(t.authority(l))}, said}
		for _, o := range late {
			if o.Line == l.GetId() && o.AnswerLate {
				line = append(line, t.overTag(o.AnswerDays))
			}
		}
		out = append(out, look.Cluster{Body: line})
		if last.GetReceivedOn() != "" {
			out = append(out, look.Para{Small: true, Soft: true, Text: t.day(last.GetReceivedOn())})
		}
		for _, o := range late {
			if o.Line == l.GetId() && o.AskedUntil != "" {
				out = append(out, look.Para{Small: true, Text: t.say("office-recs.asks-until", "day", t.day(o.AskedUntil))})
			}
		}
	}
	if len(out) == 0 {
		out = append(out, look.Para{Soft: true, Text: t.say("office-recs.not-asked")})
	}
	if p.answers(t) && record.RecommendationOpen(p.r.GetState()) {
		out = append(out, look.Button{Text: t.say("office-recs.answer-add"), Href: p.href("/answers/new")})
	}
	return out
}

// foundBody is what the office sees of it, of each addressee where they differ.
func (t *turn) foundBody(p *paper) (out []look.Part) {
	shown := map[string]bool{}
	lines := []string{""}
	for _, l := range p.r.GetAddressees() {
		if len(p.r.GetAddressees()) > 1 {
			lines = append(lines, l.GetId())
		}
	}
	for _, line := range lines[min(len(lines)-1, 1):] {
		a := record.CurrentAssessment(p.r.GetAssessments(), line)
		if a == nil || shown[a.GetId()] {
			continue
		}
		shown[a.GetId()] = true
		out = append(out, t.assessment(p, a)...)
	}
	if len(out) == 0 {
		out = append(out, look.Para{Soft: true, Text: t.say("office-recs.not-assessed")})
	}
	if p.writes(t) && (record.RecommendationOpen(p.r.GetState()) || p.r.GetState() == daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED) {
		out = append(out, look.Button{Text: t.say("office-recs.assess"), Href: p.href("/assessments/new")})
	}
	return out
}

func (t *turn) assessment(p *paper, a *daylightv1.Assessment) []look.Part {
	head := []look.Part{t.tagOf(implementationStates, a.GetStatus().String())}
	if l := p.line(a.GetLineId()); l != nil {
		head = append([]look.Part{look.Para{Text: look.Strong(t.authority(l))}}, head...)
	}
	out := []look.Part{look.Cluster{Body: head}}
	if under := look.Dotted(t.basisOf(a), t.seenAt(a)); len(under) > 0 {
		out = append(out, look.Para{Small: true, Soft: true, Text: under})
	}
	if a.GetNote() != "" {
		out = append(out, look.Prose{Text: look.Typed(a.GetNote())})
	}
	return out
}
