package fieldapp

import (
	"encoding/hex"
	"slices"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// version is what was there before the versions parted, as far as this device knows.
type version struct {
	words  string // for text
	json   string
	own    bool
	person string
	at     time.Time
}

// findBefore looks for what the versions grew from among what was written here, and came in
// bundles. Of an own earlier version the distance to theirs is counted, of theirs that to
// mine: the nearest is where they parted; of equals the oldest, which takes nothing away.
func (w *two) findBefore() *version {
	h, err := w.client.History(w.ctx(), w.item.Kind, w.item.ID)
	if err != nil || w.conflict.Field == "removed" {
		return nil
	}
	mine, theirs := w.mineAndTheirs()
	var found *version
	least := 0
	for _, change := range h.Changes { // the newest first
		for _, e := range change.GetEdits() {
			if e.GetField() != w.conflict.Field || e.GetKey() != w.conflict.Key || !w.mayBeBefore(change, e) {
				continue
			}
			own := hex.EncodeToString(change.GetWriter()) == mine.Writer
			v := &version{words: recordpage.Unquoted(e.GetJson()), json: e.GetJson(), own: w.isOwn(change.GetWriter()), person: change.GetPerson(), at: time.UnixMilli(change.GetWrittenAt())}
			with := mine
			if own {
				with = theirs
			}
			far := 0
			if w.isText() {
				far = look.Apart(v.words, recordpage.Unquoted(with.JSON))
			} else if !own {
				continue // whether theirs came before mine is not known
			}
			if found == nil || w.isText() && far <= least {
				found, least = v, far
			}
		}
	}
	return found
}

// mayBeBefore: it says something, was not refused, and is none of the versions.
func (w *two) mayBeBefore(change *daylightv1.HistoryEntry, e *daylightv1.HistoryEdit) bool {
	if e.GetJson() == "" || change.GetDecision() == "refused" || change.GetDecision() == "held" {
		return false
	}
	return !slices.ContainsFunc(w.conflict.Values, func(v clientsync.Value) bool {
		return v.JSON == e.GetJson() && v.Writer == hex.EncodeToString(change.GetWriter())
	})
}

func (w *two) isOwn(writer []byte) bool {
	s, err := w.client.Status(w.ctx())
	return err == nil && s.Writer == hex.EncodeToString(writer)
}

// combined puts the two texts together. Open says in how many places a person decides.
func (w *two) combined() (text string, open int) {
	mine, theirs := w.mineAndTheirs()
	if w.before != nil {
		return look.Combined(w.before.words, recordpage.Unquoted(mine.JSON), recordpage.Unquoted(theirs.JSON))
	}
	return look.Joined(recordpage.Unquoted(mine.JSON), recordpage.Unquoted(theirs.JSON))
}
