package fieldapp

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// countsPart are the six numbers. What each counts is said below them.
func (t *turn) countsPart(s clientsync.Status, received int, visits []homeVisit, asked []clientsync.Item) look.Part {
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
			count(look.StandingDraft, drafts, "/visits"), count(look.StandingReady, ready, "/send"), count(look.StandingSending, sending, "/send"),
			count(look.StandingReceived, received, "/send"), count(look.StandingAttention, attention, attentionHref(s)), count(look.StandingReturned, len(asked), "/review")}},
		t.offline(s),
		look.Unfold{Plain: true, Summary: t.say("field-home.what"), Body: []look.Part{look.Points{Small: true, Items: []look.Text{
			t.say("field-home.what-draft"), t.say("field-home.what-ready"), t.say("field-home.what-received"), t.say("field-home.what-attention"), t.say("field-home.what-returned")}}}}}}
}

// attentionHref leads to the one thing that needs it; to all of them where there are several.
func attentionHref(s clientsync.Status) string {
	switch {
	case s.Refused+s.Held == 0:
		return "/two"
	case s.Conflicts == 0:
		return "/refused"
	}
	return "/send"
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
	text, again := t.say("field-home.kept"), look.Key("field-home.not-through")
	if t.sendsBySelf(s) {
		text, again = t.say("field-home.kept-by-itself"), "field-home.not-through-by-itself"
	}
	if s.Problem != "" {
		text = t.say(again, "when", t.locale.ClockOrWhen(s.LastTry))
	}
	return look.Para{Small: true, Soft: true, Text: text}
}
