package console

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/merging"
)

// What two people made of one place, or of one visit: what looks alike, both side by side,
// joining them, and taking that back.

func (c *Console) duplicateRoutes() {
	c.importRoutes()
	who := reads(record.Facility)
	c.page("/places/duplicates", who, (*turn).showDuplicates)
	c.page("/places/duplicates/two", who, func(t *turn) error { return t.showTwoAlike(nil) })
	c.post("/places/duplicates/two", who, (*turn).mergeTwo)
	c.page("/places/duplicates/merged", who, func(t *turn) error { return t.showMerged(nil) })
	c.post("/places/duplicates/merged", who, (*turn).unmerge)
}

// pairsFor is how long what was found is good: whoever goes through it page by page does not
// have every place compared with every other each time. Each pair is read anew when it is
// shown.
const pairsFor = 5 * time.Minute

// likely keeps the pairs that were found: for whoever sees all of a kind together, else for
// one person. They are found for one at a time, since that takes a core and memory.
type likely struct {
	mu    sync.Mutex
	found map[likelyFor]foundPairs
}

type likelyFor struct {
	person record.ID // zero: whoever sees all
	kind   record.Kind
}

type foundPairs struct {
	pairs []likeness.Pair
	until time.Time
}

// get gives what was found, or finds it.
func (l *likely) get(of likelyFor, now time.Time, find func() ([]likeness.Pair, error)) ([]likeness.Pair, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f, ok := l.found[of]; ok && now.Before(f.until) {
		return f.pairs, nil
	}
	pairs, err := find()
	if err != nil {
		return nil, err
	}
	if l.found == nil {
		l.found = map[likelyFor]foundPairs{}
	}
	for other, f := range l.found {
		if !now.Before(f.until) {
			delete(l.found, other)
		}
	}
	l.found[of] = foundPairs{pairs, now.Add(pairsFor)}
	return pairs, nil
}

// forget is for when two were joined or taken apart.
func (l *likely) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.found)
}

func (t *turn) hand() merging.Hand { return merging.Hand{Store: t.store, Desk: t.records().Desk()} }

func (t *turn) pairs(ctx context.Context, kind record.Kind) ([]likeness.Pair, error) {
	of := likelyFor{kind: kind}
	if t.rights.Reads(kind)&access.All == 0 {
		of.person = t.session.PersonID
	}
	return t.likely.get(of, t.now(), func() ([]likeness.Pair, error) { return t.hand().Pairs(ctx, kind) })
}

// kindAsked is the kind of the address: places, or visits for whoever sees any.
func (t *turn) kindAsked() (record.Kind, error) {
	switch t.r.URL.Query().Get("kind") {
	case "":
		return record.Facility, nil
	case record.Visit.String():
		if t.rights.Reads(record.Visit) != access.None {
			return record.Visit, nil
		}
	}
	return 0, errNotFound
}

// ofKind is an address about a kind.
func ofKind(path string, kind record.Kind, pairs ...string) string {
	if kind != record.Facility {
		pairs = append(pairs, "kind", kind.String())
	}
	return with(path, pairs...)
}

const pairsShown = 50

func (t *turn) showDuplicates() error {
	kind, err := t.kindAsked()
	if err != nil {
		return err
	}
	pairs, err := t.pairs(t.ctx(), kind)
	if err != nil {
		return err
	}
	circular, err := t.hand().Circular(t.ctx(), kind)
	if err != nil {
		return err
	}
	body := t.duplicatesDone()
	body = append(body, t.duplicateTabs(kind, "/places/duplicates"), t.crosswise(kind, circular))
	from := min(number(t.r.URL.Query(), "from"), len(pairs))
	to := min(from+pairsShown, len(pairs))
	rows := look.Rows{Ordered: true}
	for _, p := range pairs[from:to] {
		if row, ok := t.pairRow(kind, p); ok {
			rows.Items = append(rows.Items, row)
		}
	}
	if len(pairs) == 0 {
		body = append(body, look.Empty{Text: t.say("office-duplicates.none"), Under: t.say("office-duplicates.none-under")})
	} else {
		body = append(body, rows, pairsPager(kind, from, to, len(pairs)))
	}
	return t.show(sheet{title: t.say("office-duplicates.title"), lede: t.say("office-duplicates.lede", "n", len(pairs)), crumbs: t.placeCrumbs(t.say("office-duplicates.title")), here: "/places",
		actions: []look.Part{look.Button{Text: t.say("office-duplicates.merged"), Icon: look.IconHistory, Href: ofKind("/places/duplicates/merged", kind)}}, body: body})
}

func pairsPager(kind record.Kind, from, to, n int) look.Part {
	p := look.Pager{From: from + 1, To: to, N: n}
	if to < n {
		p.Later = ofKind("/places/duplicates", kind, "from", strconv.Itoa(to))
	}
	if from > 0 {
		p.Earlier = ofKind("/places/duplicates", kind, "from", strconv.Itoa(max(0, from-pairsShown)))
	}
	return p
}

// duplicatesDone says what was just done.
func (t *turn) duplicatesDone() []look.Part {
	if t.r.URL.Query().Get("done") != "merged" {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-duplicates.done"), Text: t.say("office-duplicates.done-body")}}
}

// duplicateTabs lead to places and visits.
func (t *turn) duplicateTabs(kind record.Kind, path string) look.Part {
	a := look.Anchors{Name: t.say("office-duplicates.kinds"), Links: []look.Link{{Href: path, Text: t.say("office-duplicates.places"), Current: kind == record.Facility}}}
	if t.rights.Reads(record.Visit) != access.None {
		a.Links = append(a.Links, look.Link{Href: ofKind(path, record.Visit), Text: t.say("office-duplicates.visits"), Current: kind == record.Visit})
	}
	return a
}

// crosswise says what two people merged both ways.
func (t *turn) crosswise(kind record.Kind, ids []record.ID) look.Part {
	if len(ids) == 0 {
		return look.Flow{}
	}
	var names []look.Text
	for _, id := range ids[:min(len(ids), 10)] {
		names = append(names, t.named(kind.String(), id.String()))
	}
	return look.Note{Kind: look.NoteAttend, Heading: t.say("office-duplicates.circular", "n", len(ids)), Text: t.say("office-duplicates.circular-body", "names", t.locale.List(names...)),
		Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-duplicates.merged"), Href: ofKind("/places/duplicates/merged", kind)}}}}}
}

// pairRow is one pair; nothing where one of the two is no longer in sight.
func (t *turn) pairRow(kind record.Kind, p likeness.Pair) (look.Row, bool) {
	a, err := t.records().Get(t.ctx(), kind, p.A)
	if err != nil || a.Removed {
		return look.Row{}, false
	}
	b, err := t.records().Get(t.ctx(), kind, p.B)
	if err != nil || b.Removed {
		return look.Row{}, false
	}
	return look.Row{Href: with("/places/duplicates/two", "a", p.A.String(), "b", p.B.String()), Lead: look.Symbol{Icon: look.IconTwo},
		Text: look.Lines(t.calledTwice(a.Message), t.calledTwice(b.Message)), Under: t.reasons(p.Reasons), Tags: []look.Tag{t.surety(p.Score)}}, true
}

func (t *turn) surety(score int) look.Tag {
	if score >= 85 {
		return look.Tag{Kind: look.TagAttend, Text: t.say("office-duplicates.sure")}
	}
	return look.Tag{Kind: look.TagWatch, Text: t.say("office-duplicates.likely")}
}

// reasons says what two have in common.
func (t *turn) reasons(all []likeness.Reason) look.Text {
	var out []look.Text
	for _, r := range all {
		out = append(out, t.say(look.Key("office-duplicates.r-"+string(r))))
	}
	return t.locale.List(out...)
}
