package fieldapp

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// Records in words: what a field is called, what a value says, what a record is called. It
// works for every field of every kind; what this program does not know is shown as it is.

// noPlace stands for the name of a visit's place: it has none yet, or travel put the place
// away.
func (t *turn) noPlace(id string) look.Text {
	if id == "" {
		return t.say("field-home.no-place")
	}
	return t.say("field-history.not-here", "kind", t.kindWords(clientsync.KindFacility))
}

// referredWords names another record, if it is here.
func (t *turn) referredWords(refers, id string) look.Text {
	kind, err := clientsync.ParseKind(refers)
	if err != nil {
		return look.Mono(id)
	}
	item, err := t.client.Get(t.ctx(), kind, id)
	if err != nil {
		return t.say("field-history.not-here", "kind", t.kindWords(kind))
	}
	return t.nameWords(item)
}

// mostOfName is how much of a record's words name it.
const mostOfName = 60

// nameWords is what a record is called: its title or its first words, else its kind.
func (t *turn) nameWords(item clientsync.Item) look.Text {
	if words := recordpage.CalledBy(item.Message); words != "" {
		return t.say("field-history.record", "kind", t.kindWords(item.Kind), "name", look.Typed(recordpage.FirstWords(words, mostOfName)))
	}
	return t.kindWords(item.Kind)
}

// person names who wrote something, as far as this device knows.
func (t *turn) person(own bool, name string) look.Text {
	switch {
	case own:
		return t.say("field-two.you")
	case name != "":
		return look.Typed(name)
	}
	return t.say("field-two.team-mate")
}

// deviceName names the device that something was written on.
func (t *turn) deviceName(own bool, name string) look.Text {
	if own {
		return t.say("field-two.this-device")
	}
	return look.Typed(name)
}

// visitBehind is the visit that a record belongs to; empty for none.
func visitBehind(item clientsync.Item) string { return recordpage.VisitBehind(item.Message) }

// saying says records in the reader's language.
func (t *turn) saying() recordpage.Words {
	return recordpage.Words{Locale: t.locale, Code: t.code, Named: t.referredWords}
}

func (t *turn) kindWords(kind clientsync.Kind) look.Text { return t.saying().Kind(kind) }

func (t *turn) pathWords(kind clientsync.Kind, field, key string) look.Text {
	return t.saying().Path(kind, field, key)
}

func (t *turn) valueWords(kind clientsync.Kind, field, key, value string) look.Text {
	return t.saying().Value(kind, field, key, value)
}
