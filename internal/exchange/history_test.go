package exchange

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// weather is what may happen in a history.
type weather struct {
	narrow   bool // one record, one path, few values
	copies   bool // phones are copied and restored
	restores bool // the office is restored
	sights   bool // what people may see changes
	teams    bool // what people may see is decided by what they write
	peers    bool // bundles go from phone to phone, and to the office
}

// target is something that a history edits.
type target struct {
	kind  record.Kind
	id    record.ID
	field int32
	key   string
}

const (
	noteField, typesField, namesField = 34, 14, 11 // Facility
	titleField, stateField, stayField = 33, 11, 19 // Visit
	visitField, sourcesField          = 10, 17     // Finding
	headField                         = 26
	registerAhead, elementAhead       = 900, 901 // of a newer program
)

func nthID(kind record.Kind, n int) record.ID {
	return record.ID{0: byte(kind), 6: 0x70, 8: 0x80, 15: byte(n)}
}

// ids of elements are as good as any.
var stays = []string{nthID(9, 1).String(), nthID(9, 2).String()}

func wideTargets() (out []target) {
	for n := 1; n <= 2; n++ {
		f, v, g := nthID(record.Facility, n), nthID(record.Visit, n), nthID(record.Finding, n)
		out = append(out,
			target{record.Facility, f, noteField, ""}, target{record.Facility, f, typesField, "PRISON"},
			target{record.Facility, f, namesField, "en"}, target{record.Facility, f, namesField, "ru"},
			target{record.Facility, f, registerAhead, ""}, target{record.Facility, f, elementAhead, "k"},
			target{record.Visit, v, titleField, ""}, target{record.Visit, v, stateField, ""},
			target{record.Visit, v, stayField, stays[0]}, target{record.Visit, v, stayField, stays[1]},
			target{record.Finding, g, visitField, ""}, target{record.Finding, g, headField, ""},
			target{record.Finding, g, sourcesField, ""},
		)
	}
	return out
}

// edit sets the target's path of a message to a value; an empty one clears it.
func (x target) edit(m record.Message, value string) {
	opt := func(v string) *string {
		if v == "" {
			return nil
		}
		return proto.String(v)
	}
	switch m := m.(type) {
	case *daylightv1.Facility:
		switch x.field {
		case noteField:
			m.Note = opt(value)
		case typesField:
			m.Types = toggle(m.Types, x.key, value != "")
		case namesField:
			if m.Names == nil {
				m.Names = map[string]string{}
			}
			if m.Names[x.key] = value; value == "" {
				delete(m.Names, x.key)
			}
		}
	case *daylightv1.Visit:
		switch x.field {
		case titleField:
			m.Title = opt(value)
		case stateField:
			if m.State = nil; value != "" {
				m.State = daylightv1.VisitState(value[0]).Enum() // also such as nobody knows
			}
		case teamField:
			m.Team = slices.DeleteFunc(m.Team, func(s *daylightv1.TeamMember) bool { return s.Id == x.key })
			if value != "" {
				m.Team = append(m.Team, &daylightv1.TeamMember{Id: x.key, Person: &value})
			}
		case stayField:
			m.Sessions = slices.DeleteFunc(m.Sessions, func(s *daylightv1.VisitSession) bool { return s.Id == x.key })
			if value != "" {
				m.Sessions = append(m.Sessions, &daylightv1.VisitSession{Id: x.key, Note: &value})
			}
		}
	case *daylightv1.Finding:
		switch x.field {
		case visitField:
			m.VisitId = proto.String(nthID(record.Visit, 1+len(value)%2).String())
		case headField:
			m.Title = opt(value)
		case sourcesField:
			m.Sources = toggle(m.Sources, daylightv1.EvidenceSource(3), value != "")
		}
	}
}

func toggle[V comparable](in []V, v V, on bool) []V {
	in = slices.DeleteFunc(in, func(x V) bool { return x == v })
	if on {
		in = append(in, v)
	}
	return in
}

// history draws and plays one.
type history struct {
	*world
	weather
	rt      *rapid.T
	targets []target
	values  []string
	forms   map[*phone][]*form
	images  map[*phone][]*book
	backups []*ledger
	post
}

func playHistory(rt *rapid.T, sky weather) {
	h := &history{world: newWorld(rt, 3), weather: sky, rt: rt, forms: map[*phone][]*form{}, images: map[*phone][]*book{}}
	h.targets, h.values = wideTargets(), []string{"", "a", "b", "cc", "longer words"}
	if sky.narrow {
		one := rapid.IntRange(0, len(h.targets)/2-1).Draw(rt, "target")
		h.targets, h.values = h.targets[one:one+1], h.values[:3]
	}
	if h.teams {
		h.gather()
	}
	if h.sights {
		h.gate = gateOf(h.world)
		for _, p := range h.phones {
			p.sight = only{all: true, version: 1}
		}
		h.sightings = 1
	}
	h.maxPage = rapid.SampledFrom([]int{1, 300, 2000}).Draw(rt, "page")
	steps := h.steps()
	names := make([]string, 0, len(steps))
	for name, s := range steps {
		for range s.weight {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	// Drawing favours what comes first: each history has its own favourites.
	names = rapid.Permutation(names).Draw(rt, "favourites")
	h.targets = rapid.Permutation(h.targets).Draw(rt, "targets")
	for range rapid.IntRange(30, 70).Draw(rt, "steps") {
		h.now += 1000
		p := h.phones[rapid.IntRange(0, len(h.phones)-1).Draw(rt, "phone")]
		name := rapid.SampledFrom(names).Draw(rt, "step")
		h.note("%s: %s", p.name, name)
		steps[name].do(p)
	}
	h.settle()
}

// gather makes teams, and lets the history edit them. No finding goes to another visit:
// that is refused, but until then the phone believes it, and would forget it with the
// wrong one.
func (h *history) gather() {
	h.meet()
	for i, x := range h.targets {
		if x.field == visitField {
			h.targets[i].field = headField
		}
	}
	var more []target
	for _, x := range h.targets {
		if x.kind == record.Facility {
			continue
		}
		for _, p := range h.phones {
			more = append(more, target{record.Visit, nthID(record.Visit, int(x.id[15])), teamField, p.person()})
		}
	}
	h.targets = append(h.targets, more...)
}

type step struct {
	weight int
	do     func(*phone)
}

func (h *history) steps() map[string]step {
	all := map[string]step{
		"":           {1, func(*phone) {}}, // where a fault needs less
		"save":       {6, h.saveNew},
		"save old":   {4, h.saveOld},
		"open":       {3, h.open},
		"remove":     {1, h.remove},
		"remove old": {1, h.removeOld},
		"bring back": {1, h.bringBack},
		"resolve":    {2, h.resolve},
		"save two":   {1, h.saveTwo},
		"sync":       {3, func(p *phone) { p.turn = nil; p.sync(h.size()) }},
		"go on":      {10, h.goOn},
		"set clock":  {1, h.setClock},
		"poison":     {1, (*phone).poison},
		"unreadable": {1, h.unreadable},
	}
	if h.copies {
		all["copy"] = step{2, h.copyPhone}
		all["keep image"] = step{2, func(p *phone) { h.images[p] = append(h.images[p], p.book.clone()) }}
		all["restore image"] = step{2, h.restoreImage}
	}
	if h.sights {
		all["see"] = step{2, h.see}
		all["rule"] = step{2, h.ruleOne}
	}
	if h.peers {
		all["hand over"] = step{3, h.handOver}
		all["take over"] = step{5, h.takeOver}
		all["post"] = step{1, h.send}
		all["office takes"] = step{1, h.officeTakes}
		all["take answer"] = step{2, h.takeAnswer}
	}
	if h.restores {
		all["back up"] = step{1, func(*phone) { h.backups = append(h.backups, h.backup()) }}
		all["restore office"] = step{1, h.restoreBackup}
	}
	return all
}

// ruleOne lets the office decide about one of the entries that it holds.
func (h *history) ruleOne(*phone) {
	held := h.held()
	if len(held) == 0 {
		return
	}
	e := rapid.SampledFrom(held).Draw(h.rt, "held")
	kind := rapid.SampledFrom([]journal.RulingKind{journal.Admit, journal.Admit, journal.Leave, journal.Reopen}).Draw(h.rt, "ruling")
	d, r := h.rule(e.Link, kind)
	h.note("   %v about %d: %v %v", kind, e.Position, d, r)
}

func (h *history) size() int { return rapid.SampledFrom([]int{1, 200, 1 << 20}).Draw(h.rt, "size") }

func (h *history) target() target { return rapid.SampledFrom(h.targets).Draw(h.rt, "target") }

func (h *history) value() string { return rapid.SampledFrom(h.values).Draw(h.rt, "value") }

func (h *history) saveNew(p *phone) {
	x := h.target()
	h.write(p, x, p.open(x.kind, x.id))
}

func (h *history) write(p *phone, x target, f *form) {
	value := h.value()
	h.note("   %v %d %s := %q", x.kind, x.field, x.key, value)
	switch x.field {
	case registerAhead:
		p.newer(p.open(x.kind, x.id), fold.Path{Field: registerAhead}, occurrence(registerAhead, value))
	case elementAhead:
		path := fold.Path{Field: elementAhead, Element: true, Key: x.key}
		if value != "" {
			value = "\x0a\x01k" + value // field 1 is the key
			value = string(protowire.AppendString([]byte("\x0a\x01k\x12"), value))
		}
		p.newer(p.open(x.kind, x.id), path, occurrence(elementAhead, value))
	default:
		if p.save(f, func(m record.Message) { x.edit(m, value) }) {
			h.forms[p] = append(h.forms[p], p.open(x.kind, x.id))
		}
	}
}

// unreadable saves a change that the office refuses for another of its edits.
func (h *history) unreadable(p *phone) {
	x := h.target()
	texts := map[record.Kind]int32{record.Facility: 16, record.Visit: 30, record.Finding: 21}
	if !slices.Contains([]int32{noteField, titleField, headField, registerAhead}, x.field) {
		return
	}
	bad := fold.Edit{Path: fold.Path{Field: texts[x.kind]}, Value: occurrence(protowire.Number(texts[x.kind]), "\xff")}
	p.newer(p.open(x.kind, x.id), fold.Path{Field: x.field}, occurrence(protowire.Number(x.field), h.value()), bad)
}

func occurrence(field protowire.Number, value string) []byte {
	if value == "" {
		return nil
	}
	return protowire.AppendString(protowire.AppendTag(nil, field, protowire.BytesType), value)
}

func (h *history) open(p *phone) {
	x := h.target()
	h.forms[p] = append(h.forms[p], p.open(x.kind, x.id))
}

// old draws a form that was opened before; a new one where there is none.
func (h *history) old(p *phone, of target) *form {
	for _, f := range h.forms[p] {
		if f.id == of.id && rapid.Bool().Draw(h.rt, "this form") {
			return f
		}
	}
	return p.open(of.kind, of.id)
}

func (h *history) saveOld(p *phone) {
	x := h.target()
	h.write(p, x, h.old(p, x))
}

func (h *history) remove(p *phone) {
	x := h.target()
	p.remove(p.open(x.kind, x.id))
}

func (h *history) removeOld(p *phone) {
	x := h.target()
	p.remove(h.old(p, x))
}

func (h *history) bringBack(p *phone) {
	x := h.target()
	p.save(h.old(p, x), func(m record.Message) {
		m.ProtoReflect().Clear(m.ProtoReflect().Descriptor().Fields().ByNumber(3))
	})
}

func (h *history) resolve(p *phone) {
	x := h.target()
	s := p.state(x.id)
	for _, path := range s.Conflicts() {
		if _, known := record.RuleOf(x.kind, path.Field); known && path.Field > 3 {
			values := s.Entries(path)
			v := rapid.IntRange(0, len(values)-1).Draw(h.rt, "choice")
			p.resolve(p.open(x.kind, x.id), path, values[v].Value)
			return
		}
	}
}

// saveTwo edits two records in one change.
func (h *history) saveTwo(p *phone) {
	x, y := h.target(), h.target()
	if x.id == y.id || x.field >= registerAhead || y.field >= registerAhead {
		return
	}
	f, g := p.open(x.kind, x.id), p.open(y.kind, y.id)
	x.edit(f.msg, h.value())
	y.edit(g.msg, h.value())
	both := screen{}
	for _, s := range []screen{f.screen, g.screen} {
		for at, v := range s {
			both[at] = v
		}
	}
	p.write(both, func(d *Device) error { return d.Save(f.msg, g.msg) })
}

// goOn takes one step of a sync: begin, ask, lose or deliver, lose or take.
func (h *history) goOn(p *phone) {
	if p.turn == nil {
		p.begin(h.size())
		return
	}
	h.note("   request %v answer %v", p.turn.request != nil, p.turn.answer != nil)
	lost := rapid.IntRange(0, 4).Draw(h.rt, "lost") == 0
	switch {
	case p.turn.request == nil:
		p.ask()
	case p.turn.answer == nil && lost, p.turn.answer != nil && lost:
		p.turn = nil
	case p.turn.answer == nil:
		p.deliver()
	default:
		p.take()
	}
}

func (h *history) setClock(p *phone) {
	const year = 365 * 24 * 3600 * 1000
	p.offset = rapid.SampledFrom([]int64{0, 5000, -3 * year, 5 * year}).Draw(h.rt, "offset")
}

func (h *history) copyPhone(p *phone) {
	if len(h.phones) < 5 {
		p.copy()
	}
}

func (h *history) restoreImage(p *phone) {
	if images := h.images[p]; len(images) > 0 {
		p.restore(images[len(images)-1])
		h.forms[p] = nil
	}
}

func (h *history) restoreBackup(*phone) {
	if n := len(h.backups); n > 0 {
		h.restoreOffice(h.backups[n-1], true)
	}
}

// see lets the phone's person see some records, or all.
func (h *history) see(p *phone) {
	sight := h.sees()
	sight.all = rapid.IntRange(0, 2).Draw(h.rt, "all") == 0
	for _, x := range h.targets {
		sight.records[x.id] = rapid.Bool().Draw(h.rt, "sees")
	}
	for _, o := range h.phones {
		if o.key.Equal(p.key) { // a copy is the same person's
			o.sight = sight
		}
	}
}

func TestHistories(t *testing.T) {
	for name, sky := range map[string]weather{
		"wide": {}, "narrow": {narrow: true},
		"wide with copied phones":            {copies: true},
		"narrow with copied phones":          {narrow: true, copies: true},
		"wide with a restored office":        {restores: true},
		"narrow with a restored office":      {narrow: true, restores: true},
		"wide with every disaster":           {copies: true, restores: true},
		"narrow with every disaster":         {narrow: true, copies: true, restores: true},
		"wide with people who come and go":   {sights: true, restores: true},
		"narrow with people who come and go": {narrow: true, sights: true, restores: true},
		"wide with teams":                    {teams: true, restores: true},
		"narrow with teams":                  {narrow: true, teams: true, restores: true},
		"wide with bundles":                  {peers: true},
		"wide with bundles and teams":        {peers: true, teams: true, restores: true},
		"narrow with bundles and teams":      {narrow: true, peers: true, teams: true, restores: true},
		"wide with bundles and people":       {peers: true, sights: true, restores: true},
		"narrow with bundles and people":     {narrow: true, peers: true, sights: true, restores: true},
		"narrow with bundles":                {narrow: true, peers: true},
		"wide with bundles and copies":       {peers: true, copies: true},
		"narrow with bundles and copies":     {narrow: true, peers: true, copies: true},
		"wide with bundles and disasters":    {peers: true, copies: true, restores: true},
		"narrow with bundles and disasters":  {narrow: true, peers: true, copies: true, restores: true},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { playHistory(rt, sky) })
		})
	}
}
