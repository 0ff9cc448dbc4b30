package console

import (
	"maps"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Controls of the forms about a recommendation that are no path of it.
const (
	standardsTyped = "_standards" // references that are not among those on offer
	findingAsked   = "_finding"
	visitAsked     = "_visit"
	repeatsAsked   = "_repeats"
)

// paperPaths are what the page that edits may set.
func paperPaths(r *daylightv1.Recommendation) (out []string) {
	for _, tag := range tonguesOf(r) {
		out = append(out, recordpage.At("texts", tag))
	}
	return append(out, "type", "horizon", "level", "cost", "topics", "standards", "finding_ids", "predecessor_id", "public", "confidentiality", "report_ref", "rationale", "note")
}

// tonguesOf are the languages to write in: those of the pages, and those that it has.
func tonguesOf(r *daylightv1.Recommendation) []string {
	out := slices.Clone(look.Languages)
	for _, tag := range slices.Sorted(maps.Keys(r.GetTexts())) {
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// wordsOfPaper ask for its wording: in the reader's language and those that it has, the others
// unfold.
func (e *editor) wordsOfPaper(r *daylightv1.Recommendation) []look.Part {
	var seen, rest []look.Part
	for _, tag := range tonguesOf(r) {
		path := recordpage.At("texts", tag)
		in := look.Input{Name: path, Label: e.say("office-recs.text-in", "language", e.tongueName(tag)), Value: e.value(path), Rows: 4, Tag: tag, Error: e.wrong[path]}
		if in.Value != "" || tag == e.locale.Tag {
			seen = append(seen, in)
		} else {
			rest = append(rest, in)
		}
	}
	return append(seen, look.Unfold{Summary: e.say("office-recs.other-languages"), Plain: true, Body: rest})
}

// codesOfPaper ask for what it is classified with.
func (e *editor) codesOfPaper(r *daylightv1.Recommendation) []look.Part {
	return []look.Part{
		e.one(ask{path: "horizon", hint: "office-recs.horizon-hint"}), e.one(ask{path: "type"}), e.one(ask{path: "level"}), e.one(ask{path: "cost"}),
		e.several(ask{path: "topics"}), e.standardsOf(r),
		look.Input{Name: standardsTyped, Label: e.say("office-recs.standards-more"), Hint: e.say("office-recs.standards-hint"), Value: typed(e.form, standardsTyped, ""), Error: e.wrong[standardsTyped]},
	}
}

// mostStandards bounds how many standards are on offer.
const mostStandards = 60

// standardsOf offers those that speak to its topics, and those that are chosen.
func (e *editor) standardsOf(r *daylightv1.Recommendation) look.Part {
	now := r.GetStandards()
	if e.form != nil && (e.form.Has("standards") || e.form.Ticked(recordpage.HasField, "standards")) {
		now = e.form.Values("standards")
	}
	var options []look.Option
	offer := func(ref string) {
		if len(options) < mostStandards && !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == ref }) {
			options = append(options, look.Option{Value: ref, Text: look.Spaced(look.Code(ref), e.standardTitle(ref))})
		}
	}
	for _, ref := range now {
		offer(ref)
	}
	for _, topic := range r.GetTopics() {
		for _, st := range e.terms().StandardsFor(vocabulary.Code(topic), vocabulary.Tenant{}, e.locale.Now) {
			offer(string(st.Ref))
		}
	}
	if len(options) == 0 {
		return look.Flow{}
	}
	return e.offers(ask{path: "standards"}, now, options)
}

// standardTitle is what a standard says, in short; nothing for an unknown one.
func (t *turn) standardTitle(ref string) look.Text {
	st, ok := t.terms().Standard(vocabulary.Ref(ref))
	if !ok {
		return nil
	}
	return t.locale.Labelled(st.Title(t.locale.Tag))
}

// mostOffered bounds the findings of a visit that are on offer.
const mostOffered = 200

// findingsOf offers those of its visit, and those that are chosen.
func (e *editor) findingsOf(r *daylightv1.Recommendation) (look.Part, error) {
	now := r.GetFindingIds()
	if e.form != nil && (e.form.Has("finding_ids") || e.form.Ticked(recordpage.HasField, "finding_ids")) {
		now = e.form.Values("finding_ids")
	}
	var options []look.Option
	if visit, err := record.ParseID(r.GetVisitId()); err == nil {
		page, err := e.records().List(e.ctx(), record.Finding, store.Query{Filter: store.FindingFilter{Visit: visit}, PageSize: mostOffered})
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			f := i.Message.(*daylightv1.Finding)
			options = append(options, look.Option{Value: f.GetId(), Text: look.Dotted(e.name(f), e.severityOf(f)), Group: e.code("FINDING_AREA", f.GetArea())})
		}
	}
	for _, id := range now {
		if !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == id }) {
			options = append(options, look.Option{Value: id, Text: e.named("finding", id)})
		}
	}
	if len(options) == 0 {
		return look.Flow{}, nil
	}
	return e.offers(ask{path: "finding_ids"}, now, options), nil
}

// mostEarlier bounds the earlier recommendations that are on offer.
const mostEarlier = 50

// earlierOf offers what was recommended before about the same place.
func (e *editor) earlierOf(r *daylightv1.Recommendation) (look.Part, error) {
	now, options := e.value("predecessor_id"), []look.Option{}
	if len(r.GetFacilityIds()) > 0 {
		place, err := record.ParseID(r.GetFacilityIds()[0])
		if err != nil {
			return nil, err
		}
		page, err := e.records().List(e.ctx(), record.Recommendation, store.Query{Filter: store.RecommendationFilter{Facility: place}, NewestFirst: true, PageSize: mostEarlier})
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			if m := i.Message.(*daylightv1.Recommendation); m.GetId() != r.GetId() && m.GetIssuedOn() != "" {
				options = append(options, look.Option{Value: m.GetId(), Text: look.Dotted(e.codeOf(m), e.textOf(m, 70)), Selected: m.GetId() == now})
			}
		}
	}
	if now != "" && !slices.ContainsFunc(options, func(o look.Option) bool { return o.Selected }) {
		options = append(options, look.Option{Value: now, Text: e.namedPaper(now), Selected: true})
	}
	if len(options) == 0 {
		return look.Flow{}, nil
	}
	options = append([]look.Option{{Text: e.say("office-recs.repeats-none")}}, options...)
	return look.Select{Name: "predecessor_id", Label: e.say("office-recs.repeats-which"), Hint: e.say("office-recs.repeats-hint"), Options: options, Error: e.wrong["predecessor_id"]}, nil
}

// paperClasses are how far a recommendation may travel: none is sealed.
var paperClasses = []string{"CONFIDENTIALITY_CLASS_PUBLIC", "CONFIDENTIALITY_CLASS_AUTHORITY", "CONFIDENTIALITY_CLASS_INTERNAL", "CONFIDENTIALITY_CLASS_RESTRICTED"}

// paperForm are all questions about a recommendation.
func (e *editor) paperForm(r *daylightv1.Recommendation) ([]look.Part, error) {
	findings, err := e.findingsOf(r)
	if err != nil {
		return nil, err
	}
	earlier, err := e.earlierOf(r)
	if err != nil {
		return nil, err
	}
	return []look.Part{
		look.Leaf{Heading: e.say("office-recs.wording"), Body: append(e.wordsOfPaper(r), e.line(ask{path: "rationale", rows: 4, hint: "office-recs.rationale-hint"}))},
		look.Leaf{Heading: e.say("office-recs.rests-on"), Body: []look.Part{findings, earlier}},
		look.Leaf{Heading: e.say("office-recs.classed"), Body: e.codesOfPaper(r)},
		look.Unfold{Summary: e.say("office-recs.more"), Body: []look.Part{e.one(ask{path: "confidentiality", only: paperClasses}), e.yesNo(ask{path: "public"}), e.line(ask{path: "report_ref"}), e.line(ask{path: "note", rows: 3})}},
	}, nil
}

func (t *turn) showPaperEdit(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	if !p.writes(t) {
		return errNotFound
	}
	e := t.edit(p.item, f, wrong)
	form, err := e.paperForm(p.r)
	if err != nil {
		return err
	}
	return t.showPaperForm(p, t.say("office-recs.edit"), p.href("/edit"), e, why, form, t.say("office-recs.save"))
}

// showPaperForm shows a form about a recommendation that there is.
func (t *turn) showPaperForm(p *paper, title look.Text, action string, e *editor, why look.Text, form []look.Part, do look.Text, beside ...look.Part) error {
	buttons := append([]look.Part{look.Button{Text: do, Kind: look.ButtonMain}, look.Button{Text: t.say("office-recs.back"), Kind: look.ButtonQuiet, Href: p.href("")}}, beside...)
	body := append(t.failure(why), t.wrongIn(e.wrong)...)
	body = append(body, look.Questions{Action: action, Hidden: e.hidden(), Body: append(form, look.Cluster{Body: buttons})})
	return t.show(sheet{title: title, crumbs: t.paperCrumbs(p.r, title), here: "/recommendations", lede: t.textOf(p.r, 200), body: body})
}

func (t *turn) editPaper(f *look.Form) error {
	return t.savePaper(f, "saved", func(r *daylightv1.Recommendation, wrong map[string]look.Text) error {
		t.addTyped(r, f, wrong)
		return nil
	}, t.showPaperEdit, paperPaths)
}

// addTyped adds the standards that were typed; what is none is told.
func (t *turn) addTyped(r *daylightv1.Recommendation, f *look.Form, wrong map[string]look.Text) {
	for _, ref := range trimmedRefs(f.Value(standardsTyped)) {
		ref = strings.ToUpper(ref)
		if _, ok := t.terms().Standard(vocabulary.Ref(ref)); !ok {
			wrong[standardsTyped] = t.say("office-recs.no-standard", "ref", look.Typed(ref))
		} else if !slices.Contains(r.Standards, ref) {
			r.Standards = append(r.Standards, ref)
		}
	}
}

// again shows a form that was not taken, with why.
type again func(f *look.Form, wrong map[string]look.Text, why look.Text) error

// savePaper saves the recommendation of the address as a form says it, with what change does
// beside, and leads back to it; or shows the form again.
func (t *turn) savePaper(f *look.Form, done string, change func(*daylightv1.Recommendation, map[string]look.Text) error, show again, paths func(*daylightv1.Recommendation) []string, beside ...record.Message) error {
	out, err := t.lay(record.Recommendation, t.r.PathValue("id"), f) // what the form carries: it says which paths there are
	if err != nil {
		return err
	}
	r := out.message.(*daylightv1.Recommendation)
	if out, err = t.layOver(r, f, paths(r)...); err != nil {
		return err
	}
	if err := change(r, out.wrong); err != nil {
		return err
	}
	if len(out.wrong) > 0 {
		return show(f, out.wrong, nil)
	}
	if _, err := t.records().Save(t.ctx(), append([]record.Message{r}, beside...)...); err != nil {
		why, ok := t.notSaved(err)
		if !ok {
			return err
		}
		return show(f, nil, why)
	}
	return t.to(with("/recommendations/"+r.GetId(), "done", done))
}
