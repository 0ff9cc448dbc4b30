package fieldapp

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) homeRoutes() {
	a.page("/{$}", (*turn).showHome)
	a.post("/find", (*turn).find)
}

// showHome is where a person begins: where they were, their visits, and how the device
// stands with the office.
func (t *turn) showHome() error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	visits, err := t.visits()
	if err != nil {
		return err
	}
	asked, err := t.asked()
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-home.title"), Unseen: true}}
	body = append(body, t.homeNotes(s)...)
	if part := t.goOn(); part != nil {
		body = append(body, part)
	}
	body = append(body, t.twoVersions(s)...)
	body = append(body, t.visitsPart(visits), t.countsPart(s, visits, asked))
	body = append(body, t.askedPart(asked)...)
	body = append(body, t.findPart(""),
		look.Rows{Items: []look.Row{{Href: "/settings", Lead: look.Symbol{Icon: look.IconDevice}, Text: t.say("field-settings.title"), Under: t.say("field-home.settings-under")}}})
	return t.show(sheet{title: "field-home.title", name: t.locale.Weekday(t.locale.Now), tab: tabHome, body: body})
}

// homeNotes say what stands in the way of sending anything, and what travel has put away.
func (t *turn) homeNotes(s clientsync.Status) (out []look.Part) {
	switch words := t.kept(rememberedWords); {
	case words != "":
		out = append(out, look.Note{Kind: look.NoteAttend, Text: t.say("field-home.words"), Body: []look.Part{
			look.Button{Text: t.say("field-home.words-do"), Href: "/enrol"}}})
	case s.Office == "" && s.Server == "":
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("field-home.alone"), Body: []look.Part{
			look.Button{Text: t.say("field-start.enrol"), Href: "/enrol"}}})
	case s.Waiting:
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("field-start.waiting-body")})
	}
	if t.kept(rememberedTravel) != "" {
		out = append(out, look.Note{Kind: look.NotePlain, Icon: look.IconLeave, Text: t.say("field-home.travelling", "to", look.To("/travel", t.say("field-settings.travel")))})
	}
	return out
}

// goOn leads to the field that a person was in.
func (t *turn) goOn() look.Part {
	w, ok := t.was(t.ctx())
	if !ok {
		return nil
	}
	item, err := t.client.Get(t.ctx(), w.Kind, w.ID)
	if err != nil || item.Removed {
		return nil
	}
	href := t.href(w.Kind, w.ID, w.Page)
	if w.Field != "" {
		href += "#" + look.FieldID(w.Field)
	}
	kind := t.kindWords(w.Kind)
	if v := onVisit(item.Message); v != "" {
		kind = look.Dotted(kind, t.visitName(v))
	}
	return look.Leaf{Lit: true, Words: true, Over: t.say("field-home.continue", "when", t.locale.ClockOrWhen(w.At)), Heading: t.called(item), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: kind},
		look.Button{Text: t.say("field-home.continue-do"), Href: href, Kind: look.ButtonMain, Wide: true, Further: true}}}
}

// twoVersions is the banner for what two people wrote without knowing of each other.
func (t *turn) twoVersions(s clientsync.Status) []look.Part {
	if s.Conflicts == 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteTwo, Heading: t.say("field-home.two", "n", s.Conflicts), Text: t.say("field-home.two-body"), Body: []look.Part{
		look.Button{Text: t.say("field-edit.compare"), Href: "/two", Kind: look.ButtonQuiet}}}}
}

// visitRank says in which order visits stand: what is today first, what is handed in last.
type visitRank int

const (
	rankNow visitRank = iota
	rankComing
	rankAfter
	rankHandedIn
)

// homeVisit is a visit in the list.
type homeVisit struct {
	id    string
	visit *daylightv1.Visit
	rank  visitRank
	day   string // on which it begins
}

// visits are those on this device: the office sends to each person those that are theirs.
func (t *turn) visits() (out []homeVisit, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindVisit}) {
		if err != nil {
			return nil, err
		}
		v := item.Message.(*daylightv1.Visit)
		out = append(out, homeVisit{item.ID, v, rankOf(v, t.locale.Now.In(t.locale.Zone)), cmp.Or(v.GetArrivedAt(), v.GetPlannedStart())})
	}
	slices.SortStableFunc(out, func(a, b homeVisit) int {
		if a.rank != b.rank {
			return int(a.rank - b.rank)
		}
		if a.rank == rankComing {
			return strings.Compare(a.day, b.day)
		}
		return strings.Compare(b.day, a.day)
	})
	return out, nil
}

func rankOf(v *daylightv1.Visit, now time.Time) visitRank {
	switch state := v.GetState(); {
	case state == daylightv1.VisitState_VISIT_STATE_IN_PROGRESS || state == daylightv1.VisitState_VISIT_STATE_SUSPENDED:
		return rankNow
	case state >= daylightv1.VisitState_VISIT_STATE_SUBMITTED:
		return rankHandedIn
	case state >= daylightv1.VisitState_VISIT_STATE_OBSTRUCTED:
		return rankAfter
	}
	today := now.Format(time.DateOnly)
	if from := v.GetPlannedStart(); from != "" && from <= today && today <= cmp.Or(v.GetPlannedEnd(), from) {
		return rankNow
	}
	return rankComing
}

// mostListed bounds lists on pages that are for a glance.
const mostListed = 12

func (t *turn) visitsPart(visits []homeVisit) look.Part {
	open, rest := []look.Row{}, 0
	for _, v := range visits {
		if v.rank == rankHandedIn || len(open) >= mostListed {
			rest++
		} else {
			open = append(open, t.homeRow(v))
		}
	}
	s := look.Section{Heading: t.say("field-home.visits")}
	if len(open) > 0 {
		s.Body = append(s.Body, look.Rows{Items: open})
	} else {
		s.Body = append(s.Body, look.Empty{Text: t.say("field-home.no-visits"), Under: t.say("field-home.no-visits-body")})
	}
	if rest > 0 {
		s.Body = append(s.Body, look.Button{Text: t.say("field-home.more-visits", "n", rest), Href: "/visits", Kind: look.ButtonQuiet, Further: true})
	}
	return s
}

func (t *turn) homeRow(v homeVisit) look.Row {
	row := look.Row{Href: t.href(clientsync.KindVisit, v.id), Words: true, Text: t.placeOf(v.visit.GetFacilityId())}
	if len(row.Text) == 0 {
		row.Text, row.Words = t.noPlace(v.visit.GetFacilityId()), false
	}
	row.Lead = look.Pane{State: map[visitRank]look.PaneState{rankNow: look.PaneBegun, rankComing: look.PaneUnseen, rankAfter: look.PaneBegun, rankHandedIn: look.PaneSeen}[v.rank]}
	if v.rank == rankComing {
		row.Under = t.say("field-home.check-first")
		row.Href = t.href(clientsync.KindVisit, v.id, "ready")
	}
	row.Under = look.Dotted(t.plannedDays(v.visit), t.enumLabel("VISIT_TYPE", uint32(v.visit.GetType())), row.Under)
	if state := v.visit.GetState(); state != 0 {
		if set, err := t.terms(); err == nil {
			if term, ok := set.ByNumber("VISIT_STATE", uint32(state)); ok {
				row.Tags = []look.Tag{look.TagOf(t.locale, "VISIT_STATE", term.Code, term.Label(t.locale.Tag))}
			}
		}
	}
	return row
}

// enumLabel is the label of an enum's value; nothing for none.
func (t *turn) enumLabel(list terms.List, number uint32) look.Text {
	set, err := t.terms()
	if err != nil || number == 0 {
		return nil
	}
	return t.locale.Labelled(set.NumberLabel(list, number, t.locale.Tag))
}

// plannedDays is when a visit is, as far as it says.
func (t *turn) plannedDays(v *daylightv1.Visit) look.Text {
	from, err := time.ParseInLocation(time.DateOnly, v.GetPlannedStart(), t.locale.Zone)
	if err != nil {
		return nil
	}
	if to, err := time.ParseInLocation(time.DateOnly, v.GetPlannedEnd(), t.locale.Zone); err == nil && to.After(from) {
		return t.locale.Period(from, to)
	}
	return t.locale.Weekday(from)
}

// countsPart are the six numbers. What each counts is said below them.
func (t *turn) countsPart(s clientsync.Status, visits []homeVisit, asked []clientsync.Item) look.Part {
	drafts := 0
	for _, v := range visits {
		if v.rank != rankHandedIn {
			drafts++
		}
	}
	ready, sending := s.UnsentRecords, 0
	if t.sending.running() {
		ready, sending = 0, s.UnsentRecords
	}
	attention := s.Conflicts + s.Refused + s.Held
	count := func(standing look.Standing, n int, href string) look.Count {
		if n == 0 {
			href = "" // there is nothing to go to
		}
		return look.Count{Name: t.say("record." + look.Key(standing)), Value: t.locale.Number(n), Href: href, Zero: n == 0, Attend: n > 0 && standing == look.StandingAttention}
	}
	return look.Section{Heading: t.say("field-home.here"), Beside: look.Para{Small: true, Soft: true, Text: t.lastSync(s)}, Body: []look.Part{
		look.Counts{Items: []look.Count{
			count(look.StandingDraft, drafts, ""), count(look.StandingReady, ready, "/send"), count(look.StandingSending, sending, "/send"),
			count(look.StandingReceived, max(s.Records-s.UnsentRecords, 0), ""), count(look.StandingAttention, attention, "/send"), count(look.StandingReturned, len(asked), "/review")}},
		t.offline(s),
		look.Unfold{Plain: true, Summary: t.say("field-home.what"), Body: []look.Part{look.Points{Small: true, Items: []look.Text{
			t.say("field-home.what-draft"), t.say("field-home.what-ready"), t.say("field-home.what-received"), t.say("field-home.what-attention"), t.say("field-home.what-returned")}}}}}}
}

// lastSync is said always.
func (t *turn) lastSync(s clientsync.Status) look.Text {
	if s.LastSync.IsZero() {
		return t.say("field-home.never")
	}
	return t.say("field-home.last-sync", "when", t.locale.ClockOrWhen(s.LastSync))
}

// offline is a fact and not a fault.
func (t *turn) offline(s clientsync.Status) look.Part {
	text := t.say("field-home.kept")
	if s.Problem != "" {
		text = t.say("field-home.not-through", "when", t.locale.ClockOrWhen(s.LastTry))
	}
	return look.Para{Small: true, Soft: true, Text: text}
}

// asked are comments of review that wait for an answer.
func (t *turn) asked() (out []clientsync.Item, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindReviewComment}) {
		if err != nil {
			return nil, err
		}
		c := item.Message.(*daylightv1.ReviewComment)
		if !c.GetSettled() && c.GetReplyTo() == "" && c.GetKind() != daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK {
			out = append(out, item)
		}
	}
	return out, nil
}

func (t *turn) askedPart(asked []clientsync.Item) []look.Part {
	rows := []look.Row{}
	for _, item := range asked[:min(len(asked), mostListed)] {
		c := item.Message.(*daylightv1.ReviewComment)
		kind, err := clientsync.ParseKind(c.GetAboutKind())
		if err != nil {
			continue
		}
		about, err := t.client.Get(t.ctx(), kind, c.GetAboutId())
		if err != nil {
			continue
		}
		rows = append(rows, look.Row{Href: t.href(kind, about.ID, "review"), Lead: look.Symbol{Icon: look.IconPen}, Text: t.called(about), Words: true,
			Under: look.Spaced(t.say("field-home.asks"), look.Typed(inOneLine(c.GetText())))})
	}
	if len(rows) == 0 {
		return nil
	}
	return []look.Part{look.Section{Heading: t.say("field-home.for-you"), Body: []look.Part{look.Rows{Items: rows}}}}
}

func (t *turn) findPart(text string) look.Part {
	return look.Questions{Action: "/find", Body: []look.Part{
		look.Input{Name: "text", Type: "search", Label: t.say("field-home.find"), Hint: t.say("field-home.find-hint"), Value: text},
		look.Button{Text: t.say("field-home.find-do"), Icon: look.IconSearch}}}
}

// mostFound bounds what a search lists.
const mostFound = 50

// find looks for a text in every record here. It is asked for by POST, so that no address
// holds it.
func (t *turn) find(f *look.Form) error {
	text := f.Trimmed("text")
	body := []look.Part{look.Heading{Text: t.say("field-home.find"), Unseen: true}, t.findPart(text)}
	rows, more := []look.Row{}, false
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Text: text}) {
		if text == "" {
			break
		}
		if err != nil {
			return err
		}
		if more = len(rows) == mostFound; more {
			break
		}
		row := look.Row{Href: t.href(item.Kind, item.ID), Text: t.called(item), Words: true, Under: t.kindWords(item.Kind)}
		if v := onVisit(item.Message); v != "" {
			row.Under = look.Dotted(row.Under, t.visitName(v))
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) > 0:
		body = append(body, look.Para{Small: true, Soft: true, Live: true, Text: t.say("field-home.found", "n", len(rows))}, look.Rows{Items: rows})
	case text != "":
		body = append(body, look.Empty{Text: t.say("field-home.nothing"), Under: t.say("field-home.nothing-body")})
	}
	if more {
		body = append(body, look.Para{Small: true, Text: t.say("field-home.more")})
	}
	return t.show(sheet{title: "field-home.find", back: "/", tab: tabHome, body: body})
}

// onVisit is the visit that a record hangs on; empty for none.
func onVisit(m clientsync.Message) string { return textOf(m, "visit_id") }

// textOf is a field of a record that holds one text; empty where it has none.
func textOf(m clientsync.Message, field protoreflect.Name) string {
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(field)
	if fd == nil || fd.Kind() != protoreflect.StringKind || fd.IsList() || fd.IsMap() {
		return ""
	}
	return r.Get(fd).String()
}

// visitName names a visit by its place.
func (t *turn) visitName(id string) look.Text {
	item, err := t.client.Get(t.ctx(), clientsync.KindVisit, id)
	if err != nil {
		return nil
	}
	return t.placeOf(item.Message.(*daylightv1.Visit).GetFacilityId())
}

// placeOf is a place's name in the reader's language, else in one that it has.
func (t *turn) placeOf(id string) look.Text {
	if id == "" {
		return nil
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindFacility, id)
	if err != nil {
		return nil
	}
	return t.inLanguage(item.Message.(*daylightv1.Facility).GetNames())
}

// inLanguage picks a text by language: the reader's, else English, else any.
func (t *turn) inLanguage(texts map[string]string) look.Text {
	for _, tag := range append([]string{t.locale.Tag, "en"}, slices.Sorted(maps.Keys(texts))...) {
		if texts[tag] != "" {
			return look.Foreign(tag, texts[tag])
		}
	}
	return nil
}

// called is how a record is named in a list: by what its author called it, else by its
// kind. Nothing that is sealed is read for it.
func (t *turn) called(item clientsync.Item) look.Text {
	switch m := item.Message.(type) {
	case *daylightv1.Visit:
		if name := t.placeOf(m.GetFacilityId()); len(name) > 0 {
			return name
		}
	case *daylightv1.Facility:
		if name := t.inLanguage(m.GetNames()); len(name) > 0 {
			return name
		}
	case *daylightv1.Recommendation:
		if text := t.inLanguage(m.GetTexts()); len(text) > 0 {
			return text
		}
	}
	for _, field := range []protoreflect.Name{"title", "label", "text", "narrative", "account", "code"} {
		if text := textOf(item.Message, field); strings.TrimSpace(text) != "" {
			return look.Typed(inOneLine(text))
		}
	}
	return t.kindWords(item.Kind)
}

// inOneLine is the beginning of a text, for a line.
func inOneLine(s string) string {
	const most = 80
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}
