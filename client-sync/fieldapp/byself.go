package fieldapp

import (
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// Where a person has said so, what was written goes to the office by itself, and what is new
// comes, while somebody has the app before them. It is not so until they say it: whoever runs
// a network sees which device calls the office, from where and when, and at a place that is
// visited that is for the team to decide. A window says every few seconds that it is in sight, and that is when
// it is asked whether a sync is due. So nothing has to be waited for in the background, a
// locked folder sends nothing, and a device in a pocket does not either.

const (
	// pauseAtFirst is how long after the folder was unlocked nothing goes by itself: who had
	// to open it before somebody else can lock it again, or turn this off, first.
	pauseAtFirst = time.Minute
	// pauseWaiting is between two syncs while something waits to be sent, pauseQuiet while
	// nothing does: then one asks for what is new, in about 600 bytes.
	pauseWaiting = time.Minute
	pauseQuiet   = 5 * time.Minute
	// pauseLongest is after a person has stopped one, and where each longer pause after one
	// more that failed ends.
	pauseLongest = 30 * time.Minute
)

// pauseAfter is how long after a sync the next begins by itself.
func pauseAfter(p progress, waiting bool) time.Duration {
	switch {
	case p.stopped:
		return pauseLongest
	case p.failures > 0:
		return min(pauseWaiting<<min(p.failures-1, 10), pauseLongest)
	case waiting:
		return pauseWaiting
	}
	return pauseQuiet
}

const (
	rememberedBySelf = "by-itself"
	bySelfYes        = "yes"
	// bySelfAfter was a yes, and is one again when a journey is over.
	bySelfAfter = "after"
)

// sendsBySelf reports whether syncs begin by themselves: where somebody has said so, with an
// office that has let this device in and whose words were compared.
func (t *turn) sendsBySelf(s clientsync.Status) bool {
	return s.Office != "" && !s.Waiting && t.kept(rememberedBySelf) == bySelfYes && t.kept(rememberedWords) == ""
}

// sendBySelf begins a sync when one is due. A window is in sight, and the folder is not
// locked.
func (t *turn) sendBySelf() {
	now, p := t.now(), t.sending.now()
	if p.running || now.Sub(t.windows.openSince()) < pauseAtFirst || now.Sub(p.ended) < pauseAfter(p, true) {
		return
	}
	s, err := t.client.Status(t.ctx())
	if err != nil || !t.sendsBySelf(s) {
		return
	}
	last := p.ended
	if s.LastTry.After(last) { // in the last run of the program
		last = s.LastTry
	}
	if now.Sub(last) >= pauseAfter(p, s.Unsent+s.Passing > 0) {
		t.sending.start(t.client, t.now)
	}
}

// bySelfQuestion asks whether it may; there is nothing to ask before there is an office.
func (t *turn) bySelfQuestion(s clientsync.Status) []look.Part {
	if s.Office == "" {
		return nil
	}
	return []look.Part{look.Questions{Action: "/settings/by-itself", Body: []look.Part{
		look.Check{Name: "on", Value: bySelfYes, Text: t.say("field-settings.by-itself"), Under: t.say("field-settings.by-itself-under"), Checked: t.kept(rememberedBySelf) == bySelfYes},
		look.Button{Text: t.say("field-edit.save")}}}}
}

func (t *turn) setBySelf(f *look.Form) error {
	said := ""
	if f.Value("on") == bySelfYes {
		said = bySelfYes
	}
	if err := t.client.Remember(t.ctx(), rememberedBySelf, []byte(said)); err != nil {
		return err
	}
	return t.to("/settings")
}
