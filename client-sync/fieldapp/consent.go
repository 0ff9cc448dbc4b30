package fieldapp

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Consent is asked for use by use. What was not asked counts as refused, and is not written
// down as an answer. A yes that is taken back is a record of its own beside the yes, made in
// a step of its own.

// asked are the scopes in the order in which they are asked, with the words to read aloud.
var asked = []struct {
	scope daylightv1.ConsentScope
	words look.Key
}{
	{daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART, "field-interview.may-take-part"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_NOTES, "field-interview.may-notes"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, "field-interview.may-anonymous"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_RAISE_WITH_MANAGEMENT, "field-interview.may-management"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_REFER_AUTHORITY, "field-interview.may-authority"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_FOLLOW_UP_CONTACT, "field-interview.may-follow-up"},
	// From here on they unfold.
	{daylightv1.ConsentScope_CONSENT_SCOPE_RECORD_IDENTITY, "field-interview.may-identity"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_CONTACT_FAMILY, "field-interview.may-family"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_SHARE_SPT, "field-interview.may-spt"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL, "field-interview.may-publish"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_MEDICAL_EXAM, "field-interview.may-exam"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_MEDICAL_RECORDS, "field-interview.may-records"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_PHOTO_INJURY, "field-interview.may-photo"},
	{daylightv1.ConsentScope_CONSENT_SCOPE_AUDIO_VIDEO, "field-interview.may-audio"},
}

// askedAtOnce is how many of them are always in sight.
const askedAtOnce = 6

const (
	saidYes  = "CONSENT_STATE_GIVEN"
	saidNo   = "CONSENT_STATE_REFUSED"
	notAsked = "CONSENT_STATE_NOT_ASKED"
)

// agreed are the scopes that the person said yes to, and did not take back.
func agreed(m *daylightv1.Interview) (out []daylightv1.ConsentScope) {
	for _, a := range asked {
		given := slices.ContainsFunc(m.GetConsents(), func(c *daylightv1.Consent) bool {
			return c.GetScope() == a.scope && c.GetState() == daylightv1.ConsentState_CONSENT_STATE_GIVEN
		})
		if given && withdrawn(m, a.scope) == nil {
			out = append(out, a.scope)
		}
	}
	return out
}

func withdrawn(m *daylightv1.Interview, scope daylightv1.ConsentScope) *daylightv1.ConsentWithdrawal {
	for _, w := range m.GetWithdrawals() {
		if w.GetScope() == scope {
			return w
		}
	}
	return nil
}

// consentSection asks for all of them.
func (e *editor) consentSection(m *daylightv1.Interview) look.Part {
	parts := []look.Part{look.Para{Soft: true, Text: e.say("field-interview.may-hint")}}
	var further []look.Part
	for i, a := range asked {
		if i < askedAtOnce {
			parts = append(parts, e.consent(m, a.scope, a.words))
		} else {
			further = append(further, e.consent(m, a.scope, a.words))
		}
	}
	parts = append(parts,
		look.Unfold{Summary: e.say("field-interview.may-further", "n", len(further)), Plain: true, Body: further},
		look.Section{ID: "agreed", Body: []look.Part{e.agreedPart(m)}})
	return look.Section{ID: "consents", Heading: e.say("field-interview.may"), Body: parts}
}

// agreedPart says what the answers come to.
func (t *turn) agreedPart(m *daylightv1.Interview) look.Part {
	n := len(agreed(m))
	if wouldNot(m) {
		return look.Para{Small: true, Live: true, Text: t.say("field-interview.would-not")}
	}
	return look.Para{Small: true, Live: true, Text: t.say("field-interview.agreed", "n", n, "rest", len(asked)-n)}
}

// wouldNot reports whether the person would not take part, or took that back: then no other
// yes counts.
func wouldNot(m *daylightv1.Interview) bool {
	const takePart = daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART
	return withdrawn(m, takePart) != nil || slices.ContainsFunc(m.GetConsents(), func(c *daylightv1.Consent) bool {
		return c.GetScope() == takePart && c.GetState() == daylightv1.ConsentState_CONSENT_STATE_REFUSED
	})
}

// consent asks for one of them. No answer is chosen before there is one: silence is no.
func (e *editor) consent(m *daylightv1.Interview, scope daylightv1.ConsentScope, words look.Key) look.Part {
	if w := withdrawn(m, scope); w != nil {
		return look.Note{Kind: look.NoteWatch, Heading: e.say(words), Text: e.say("field-interview.taken-back", "day", e.dateText(w.GetOn()), "by", e.toldBy(w.GetToldBy()))}
	}
	path := recordpage.At("consents", scope.String(), "state")
	now := e.value(path)
	options := []look.Choice{
		{Value: saidYes, Text: e.say("field-edit.yes"), Checked: now == saidYes},
		{Value: saidNo, Text: e.say("field-edit.no"), Checked: now == saidNo},
	}
	if now == notAsked {
		options = append(options, look.Choice{Value: notAsked, Text: e.say("field-interview.not-asked"), Checked: true})
	}
	return look.Choices{Name: path, Legend: e.say(words), Options: options, Two: true, Error: e.refused[path], Beside: e.beside(recordpage.At("consents", scope.String()))}
}

// dateText is a date of a record, as far as it is known.
func (t *turn) dateText(day string) look.Text {
	if at, err := time.Parse("2006-01-02", day); err == nil {
		return t.locale.Day(at)
	}
	if day == "" {
		return t.say("field-interview.some-day")
	}
	return look.Typed(day)
}

// tellers are through whom a withdrawal may reach the team, by the codes of records.
var tellers = []struct {
	code  string
	words look.Key
}{
	{"PERSON", "field-interview.told-person"},
	{"LAWYER", "field-interview.told-lawyer"},
	{"FAMILY", "field-interview.told-family"},
	{"OTHER", "field-interview.told-other"},
}

func (t *turn) toldBy(code string) look.Text {
	for _, b := range tellers {
		if b.code == code {
			return t.say(b.words)
		}
	}
	return t.say("field-interview.told-other")
}

// saveInterview is the save of every record; an answer to a consent gets its day and the
// language in which it was asked.
func (t *turn) saveInterview(item clientsync.Item, f *look.Form) error {
	values := url.Values{}
	for _, name := range f.Names() {
		values[name] = f.Values(name)
	}
	m := item.Message.(*daylightv1.Interview)
	for _, a := range asked {
		at := recordpage.At("consents", a.scope.String())
		if now, err := recordpage.Read(m, at+".state"); err != nil || !f.Has(at+".state") || f.Value(at+".state") == now {
			continue
		}
		values.Set(at+".on", t.dayNow())
		if m.GetLanguage() != "" {
			values.Set(at+".language", m.GetLanguage())
		}
	}
	dated, err := look.FormOf(t.locale, values)
	if err != nil {
		return err
	}
	return t.saveRecord(item, dated)
}

// withdrawPage asks what is taken back, and shows what was.
func (t *turn) withdrawPage(item clientsync.Item) error {
	e, err := t.edit(item, "withdraw")
	if err != nil {
		return err
	}
	m := item.Message.(*daylightv1.Interview)
	as, err := recordpage.Pack(m)
	if err != nil {
		return err
	}
	body := append(e.notices(), look.Heading{Over: t.interviewName(m), Text: t.say("field-interview.take-back-title"), Under: t.say("field-interview.take-back-body")})
	if given := agreed(m); len(given) > 0 {
		body = append(body, t.withdrawForm(item, given, as))
	} else {
		body = append(body, look.Empty{Text: t.say("field-interview.nothing-to-take-back")})
	}
	if past := t.withdrawals(item, m, as); len(past) > 0 {
		body = append(body, look.Section{Heading: t.say("field-interview.taken-back-so-far"), Body: past})
	}
	return t.show(sheet{title: "field-interview.take-back-title", back: t.href(item.Kind, item.ID), tab: tabVisit, body: body})
}

func (t *turn) withdrawForm(item clientsync.Item, given []daylightv1.ConsentScope, as string) look.Part {
	typed := func(name, other string) string {
		if t.again != nil {
			return t.again.Value(name)
		}
		return other
	}
	what := look.Choices{Name: "scope", Legend: t.say("field-interview.take-back-what"), Required: true, Error: t.refused["scope"]}
	for _, a := range asked {
		if slices.Contains(given, a.scope) {
			what.Options = append(what.Options, look.Choice{Value: a.scope.String(), Text: t.say(a.words), Checked: typed("scope", "") == a.scope.String()})
		}
	}
	by := look.Choices{Name: "told_by", Legend: t.say("field-interview.take-back-by"), Two: true}
	for i, b := range tellers {
		by.Options = append(by.Options, look.Choice{Value: b.code, Text: t.say(b.words), Checked: typed("told_by", tellers[0].code) == b.code || i == 0 && typed("told_by", "") == ""})
	}
	return look.Questions{Action: t.href(item.Kind, item.ID, "withdraw"), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}}, Body: []look.Part{
		what, by,
		look.Input{Name: "on", Type: "date", Label: t.say("field-interview.take-back-on"), Value: typed("on", t.dayNow()), Error: t.refused["on"]},
		look.Button{Text: t.say("field-interview.take-back-do"), Kind: look.ButtonMain},
	}}
}

// withdrawals are what was taken back; one that was a mistake is taken out again.
func (t *turn) withdrawals(item clientsync.Item, m *daylightv1.Interview, as string) (out []look.Part) {
	rows := []look.Row{}
	for _, w := range m.GetWithdrawals() {
		key, what := w.GetScope().String(), t.scopeWords(w.GetScope())
		rows = append(rows, look.Row{
			Text:  what,
			Under: look.Dotted(t.dateText(w.GetOn()), t.toldBy(w.GetToldBy())),
			Actions: []look.Part{look.Button{Text: t.say("field-interview.was-mistake"), Label: t.say("field-interview.was-mistake-label", "what", what),
				Kind: look.ButtonQuiet, Action: t.href(item.Kind, item.ID, "save"),
				Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: pageField, Value: "withdraw"}, {Name: recordpage.DropField, Value: recordpage.At("withdrawals", key)}}}},
		})
	}
	if len(rows) == 0 {
		return nil
	}
	return []look.Part{look.Rows{Items: rows}}
}

// scopeWords are the words in which it was asked for.
func (t *turn) scopeWords(scope daylightv1.ConsentScope) look.Text {
	for _, a := range asked {
		if a.scope == scope {
			return t.say(a.words)
		}
	}
	return t.code("CONSENT_SCOPE", scope.String())
}

// withdraw writes down that a consent was taken back.
func (t *turn) withdraw(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	m := as.(*daylightv1.Interview)
	scope := daylightv1.ConsentScope(daylightv1.ConsentScope_value[f.Value("scope")])
	day, given := f.Day("on")
	if given && day.After(t.locale.Now) {
		f.Refuse("on", t.say("field-interview.day-to-come"))
	}
	if scope <= 0 || !slices.Contains(agreed(m), scope) {
		f.Refuse("scope", t.say("field-interview.choose-scope"))
	}
	if !f.OK() {
		t.again, t.refused = f, map[string]look.Text{"scope": f.Error("scope"), "on": f.Error("on")}
		return t.showAgain(item, "withdraw", http.StatusUnprocessableEntity)
	}
	w := &daylightv1.ConsentWithdrawal{Scope: scope, ToldBy: proto.String("OTHER")}
	for _, b := range tellers {
		if b.code == f.Value("told_by") {
			w.ToldBy = proto.String(b.code)
		}
	}
	if given {
		w.On = proto.String(day.Format("2006-01-02"))
	}
	m.Withdrawals = append(m.Withdrawals, w)
	if err := t.client.Save(t.ctx(), m); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID) + "?saved=1#consents")
}
