package console

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Records are the office's records as one person sees and changes them, by the very rules of
// the services: what is not in sight is not there, and what is restricted is not given
// without a line in the access log.
type Records interface {
	// Get, List, Several and History give what is in sight; the errors are those of store.Desk.
	Get(ctx context.Context, kind record.Kind, id record.ID) (store.Item, error)
	List(ctx context.Context, kind record.Kind, q store.Query) (store.Page, error)
	History(ctx context.Context, kind record.Kind, id record.ID, size int, token string) ([]*daylightv1.HistoryEntry, string, error)
	// Several gives those of the records that are in sight, by their ids, read at once.
	Several(ctx context.Context, kind record.Kind, ids ...record.ID) (map[record.ID]store.Item, error)
	// Save writes all messages or none, each against what its token showed, as the person.
	Save(ctx context.Context, messages ...record.Message) ([]store.Item, error)
	Remove(ctx context.Context, kind record.Kind, id record.ID, seen []byte) (store.Item, error)
	// Settle lets one of several versions stand, with the messages, as the person.
	Settle(ctx context.Context, s store.Settlement, more ...record.Message) ([]store.Item, error)
	// Turned are changes that were not taken.
	Turned
	Exporting
	// Desk counts: figures leave no line, since they show no record.
	Desk() *store.Desk
}

// records are those of whoever has signed in.
func (t *turn) records() Records {
	if t.desk == nil {
		t.desk = t.recordsOf(t.session)
	}
	return t.desk
}

// item reads the record of the address: {id}.
func (t *turn) item(kind record.Kind) (store.Item, error) {
	id, err := t.id("id")
	if err != nil {
		return store.Item{}, err
	}
	return t.records().Get(t.ctx(), kind, id)
}

// itemOf reads a record of which the id stands somewhere in a record.
func (t *turn) itemOf(kind record.Kind, id string) (store.Item, error) {
	of, err := record.ParseID(id)
	if err != nil {
		return store.Item{}, store.ErrNotFound
	}
	return t.records().Get(t.ctx(), kind, of)
}

// shelf keeps the office's words until one of them moves.
type shelf struct {
	mu  sync.Mutex
	at  uint64 // one more than how often they had moved; 0: there are none yet
	set *vocabulary.Set
}

// terms are the words that records are classified with: the shipped ones, with what the office
// laid over them. A page asks for them once, since it says hundreds of them.
func (t *turn) terms() *vocabulary.Set {
	if t.words != nil { // a page has hundreds of labels
		return t.words
	}
	set, err := t.set(t.ctx())
	if err != nil {
		t.log.Error("the office's words cannot be read", "error", err)
		set = vocabulary.Shipped()
	}
	t.words = set
	return set
}

func (c *Console) set(ctx context.Context) (*vocabulary.Set, error) {
	at := c.store.WordsMoved() + 1 // asked first: what moves while they are read makes them old
	c.shelf.mu.Lock()
	defer c.shelf.mu.Unlock()
	if c.shelf.at == at {
		return c.shelf.set, nil
	}
	w, err := c.store.Words(ctx)
	if err != nil {
		return nil, err
	}
	c.shelf.at, c.shelf.set = at, vocabulary.New(w.Terms, w.Standards, w.Removed...)
	return c.shelf.set, nil
}

// code is the label of a code, known or not. Values of enums are given by their names or as
// codes.
func (t *turn) code(list vocabulary.List, value string) look.Text {
	code := vocabulary.Code(value)
	if n := len(list); len(value) > n && value[:n] == string(list) && value[n] == '_' {
		code = vocabulary.Code(value[n+1:])
	}
	return t.locale.Labelled(t.terms().Label(list, code, t.locale.Tag))
}

// enum is the label of an enum's value.
func (t *turn) enum(v protoreflect.Enum) look.Text {
	return t.locale.Labelled(t.terms().ValueLabel(v, t.locale.Tag))
}

// saying says records in the reader's language.
func (t *turn) saying() recordpage.Words {
	return recordpage.Words{Locale: t.locale, Code: t.code, Named: t.named}
}

// named names another record by its kind and id, if it is in sight.
func (t *turn) named(refers, id string) look.Text {
	kind, err := record.ParseKind(refers)
	if err != nil {
		return look.Mono(id)
	}
	if name, known := t.names[id]; known {
		return name
	}
	if item, err := t.itemOf(kind, id); err == nil {
		return t.met(item.Message)
	}
	return t.call(id, t.say("office-record.not-in-sight", "kind", t.saying().Kind(kind)))
}

// met keeps what a record is called that the page has read anyway.
func (t *turn) met(m record.Message) look.Text {
	name := t.call(m.GetId(), t.name(m))
	t.known[m.GetId()] = true
	return name
}

func (t *turn) call(id string, name look.Text) look.Text {
	if t.names == nil {
		t.names, t.known = map[string]look.Text{}, map[string]bool{}
	}
	t.names[id] = name
	return name
}

// name is what a record is called: the name of a place in the reader's language, its title,
// its first words, else its kind.
func (t *turn) name(m record.Message) look.Text {
	if f, is := m.(*daylightv1.Facility); is {
		if names := f.GetNames(); len(names) > 0 {
			return t.localised(names)
		}
	}
	if words := recordpage.CalledBy(m); words != "" {
		return look.Typed(recordpage.FirstWords(words, mostOfName))
	}
	kind, err := record.KindOf(m)
	if err != nil {
		return nil
	}
	return t.saying().Kind(kind)
}

// mostOfName is how much of a record's words name it, in letters.
const mostOfName = 60

// localised chooses among names or texts by language: the reader's, Russian, English, else the
// first by tag.
func (t *turn) localised(all map[string]string) look.Text {
	tag := t.tongue(all)
	return look.Foreign(tag, all[tag])
}

// tongue is the language of the one that localised chooses.
func (t *turn) tongue(all map[string]string) (first string) {
	for _, tag := range []string{t.locale.Tag, "ru", "en"} {
		if all[tag] != "" {
			return tag
		}
	}
	for tag, s := range all {
		if s != "" && (first == "" || tag < first) {
			first = tag
		}
	}
	return first
}

// day reads a date of a record, YYYY-MM-DD; nothing for what is none.
func (t *turn) day(s string) look.Text {
	at, err := time.ParseInLocation(time.DateOnly, s, t.locale.Zone)
	if err != nil {
		return t.saying().Date(s)
	}
	return t.locale.Day(at)
}

// today is the day of the office, YYYY-MM-DD.
func (t *turn) today() string { return t.locale.Now.In(t.locale.Zone).Format(time.DateOnly) }
