package console

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// everybody is the category of a count of all persons held.
const everybody = "TOTAL"

// occupancy sets each count of all against the official capacity: none is chosen.
func (v *visited) occupancy() look.Text {
	var places uint32
	for _, c := range v.GetCapacities() {
		if c.GetKind() == daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL && c.GetPersons() > 0 {
			places = c.GetPersons()
		}
	}
	var out []look.Text
	for _, c := range v.GetPopulation() {
		if c.GetCategory() != everybody || c.GetSex() != 0 || c.Persons == nil {
			continue
		}
		count := v.locale.Number(int(c.GetPersons()))
		if places > 0 {
			count = look.Dotted(v.locale.Of(int(c.GetPersons()), int(places)), v.locale.Percent(float64(c.GetPersons())/float64(places)))
		}
		if c.Source != nil {
			count = look.Spaced(count, look.Small(v.shortCode("COUNT_SOURCE", c.GetSource(), true)))
		}
		out = append(out, count)
	}
	return look.Lines(out...)
}

// population are the counts and capacities, each with its source.
func (v *visited) population() (look.Section, bool) {
	var body []look.Part
	if len(v.GetPopulation()) > 0 {
		body = append(body, v.countTable())
	}
	if len(v.GetCapacities()) > 0 {
		body = append(body, v.capacityTable())
	}
	return look.Section{ID: "population", Heading: v.saying().Field("population"), Body: body}, len(body) > 0
}

func (v *visited) countTable() look.Part {
	table := look.Ledger{Stack: true, Caption: v.say("field-counts.counts"), Head: []look.Column{
		{Text: v.say("field-counts.category")}, {Text: v.say("field-counts.persons"), Right: true}, {Text: v.say("field-counts.source")}, {Text: v.say("field-counts.as-of")}, {Text: v.saying().Field("note")}}}
	for _, c := range v.GetPopulation() {
		who := v.say("office-visit.not-said")
		if c.GetCategory() != "" {
			who = v.code("POPULATION_CATEGORY", c.GetCategory())
		}
		n := v.say("office-visit.not-said")
		if c.Persons != nil {
			n = v.locale.Number(int(c.GetPersons()))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{
			{Text: look.Dotted(who, v.shortCode("SEX", c.GetSex(), c.Sex != nil))}, {Text: n},
			{Text: v.shortCode("COUNT_SOURCE", c.GetSource(), c.Source != nil), Under: look.Typed(c.GetCountedBy())}, {Text: v.day(c.GetAsOf())}, {Text: look.Typed(c.GetNote())}}})
	}
	return table
}

func (v *visited) capacityTable() look.Part {
	table := look.Ledger{Stack: true, Caption: v.say("field-counts.capacities"), Head: []look.Column{
		{Text: v.say("field-counts.capacity-kind")}, {Text: v.say("field-counts.places"), Right: true}, {Text: v.say("field-counts.source")}, {Text: v.say("field-counts.as-of")}, {Text: v.saying().Field("note")}}}
	for _, c := range v.GetCapacities() {
		n := v.say("office-visit.not-said")
		if c.Persons != nil {
			n = v.locale.Number(int(c.GetPersons()))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{
			{Text: v.shortCode("CAPACITY_KIND", c.GetKind(), true)}, {Text: n}, {Text: v.shortCode("COUNT_SOURCE", c.GetSource(), c.Source != nil)}, {Text: v.day(c.GetAsOf())}, {Text: look.Typed(c.GetNote())}}})
	}
	return table
}

// checklists are those that were filled.
func (v *visited) checklists() (look.Section, bool) {
	items, is := v.items(record.ChecklistResponse)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		r := item.Message.(*daylightv1.ChecklistResponse)
		row := look.Row{Href: v.address("/checklists/" + r.GetId()), Text: look.Spaced(look.Code(r.GetChecklistCode()), look.Code(r.GetChecklistVersion())), Count: v.say("office-visit.answers", "n", len(r.GetAnswers())), Tags: v.marks(item)}
		if r.GetFinishedAt() != "" {
			row.Under = v.say("field-checklist.finished-at", "when", v.saying().Date(r.GetFinishedAt()))
		}
		rows = append(rows, row)
	}
	return v.partOf(record.ChecklistResponse, "checklists", v.say("field-visit.checklists"), rows), true
}

// interviews say how they were held, and what is sealed. Neither an hour nor a room stands in
// them, which would tell who spoke.
func (v *visited) interviews() (look.Section, bool) {
	items, is := v.items(record.Interview)
	s := look.Section{ID: "interviews", Heading: v.say("field-interview.all")}
	if is && len(items) > 0 {
		s.Heading = look.Spaced(s.Heading, v.locale.Number(len(items)))
		table := look.Ledger{Stack: true, Caption: v.say("office-visit.interviews-caption"), Head: []look.Column{
			{Text: v.say("field-interview.type")}, {Text: v.say("field-interview.mode")}, {Text: v.say("field-interview.privacy-short")}, {Text: v.say("field-interview.language")},
			{Text: v.say("field-interview.minutes"), Right: true, Whole: true}, {Text: v.say("office-visit.interview-marks")}}}
		for _, item := range items {
			table.Rows = append(table.Rows, v.interviewLine(item.Message.(*daylightv1.Interview)))
		}
		s.Body = append(s.Body, table)
	}
	for _, k := range record.Kinds() {
		if n := v.sealed[k]; n > 0 {
			s.Body = append(s.Body, look.Sealed{What: look.Spaced(v.saying().Kind(k), v.locale.Number(n)), Text: v.say("office-visit.sealed-under")})
		}
	}
	return s, len(s.Body) > 0
}

func (v *visited) interviewLine(i *daylightv1.Interview) look.Line {
	coded := func(field, value string) look.Text {
		if value == "" {
			return v.say("field-interview.not-said")
		}
		return v.saying().String(i.ProtoReflect().Descriptor().Fields().ByTextName(field), value)
	}
	minutes := look.Text(nil)
	if i.Minutes != nil {
		minutes = v.locale.Measure(float64(i.GetMinutes()), "min")
	}
	var marks []look.Part
	if i.GetAllegation() {
		marks = append(marks, look.Tag{Icon: look.MarkAlleged, Text: v.saying().Field("allegation")})
	}
	if r := i.GetReprisalRisk(); r >= daylightv1.ReprisalRisk_REPRISAL_RISK_MEDIUM {
		marks = append(marks, v.tag("REPRISAL_RISK", r.String()))
	}
	return look.Line{Href: recordHref(record.Interview, i.GetId()), Cells: []look.Cell{
		{Text: coded("interviewee_type", i.GetIntervieweeType())}, {Text: coded("mode", i.GetMode())}, {Text: coded("privacy", i.GetPrivacy())},
		{Text: look.Code(i.GetLanguage())}, {Text: minutes}, {Body: marks}}}
}

// reprisals are the cases of the visit: that they are, and where they stand.
func (v *visited) reprisals() (look.Section, bool) {
	items, is := v.items(record.ReprisalCase)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		c := item.Message.(*daylightv1.ReprisalCase)
		row := look.Row{Href: recordHref(record.ReprisalCase, c.GetId()), Lead: look.Symbol{Icon: look.IconLock}, Text: v.saying().Kind(record.ReprisalCase), Tags: v.marks(item)}
		if c.Risk != nil {
			row.Tags = append([]look.Tag{v.tag("REPRISAL_RISK", c.GetRisk().String())}, row.Tags...)
		}
		row.Under = look.Dotted(v.shortCode("REPRISAL_STATE", c.GetState(), c.State != nil), v.shortCode("REPRISAL_PHASE", c.GetPhase(), c.Phase != nil))
		rows = append(rows, row)
	}
	return v.partOf(record.ReprisalCase, "reprisals", v.say("office-visit.reprisals"), rows), true
}

// registers are the register checks.
func (v *visited) registers() (look.Section, bool) {
	items, is := v.items(record.RegisterCheck)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		c := item.Message.(*daylightv1.RegisterCheck)
		row := look.Row{Href: recordHref(record.RegisterCheck, c.GetId()), Text: v.name(c), Tags: v.marks(item)}
		if c.GetRegisterType() != "" {
			row.Text = look.Dotted(v.code("REGISTER_TYPE", c.GetRegisterType()), look.Typed(c.GetTitle()))
		}
		if c.EntriesSeen != nil && c.EntriesInPeriod != nil {
			row.Under = v.say("office-visit.entries", "seen", int(c.GetEntriesSeen()), "n", int(c.GetEntriesInPeriod()))
		}
		if n := len(c.GetGaps()); n > 0 {
			row.Under = look.Dotted(row.Under, v.say("office-visit.gaps", "n", n))
		}
		if c.Access != nil {
			row.Tags = append([]look.Tag{v.tag("ACCESS_RATING", c.GetAccess().String())}, row.Tags...)
		}
		rows = append(rows, row)
	}
	return v.partOf(record.RegisterCheck, "registers", v.say("office-visit.registers"), rows), true
}

// measurements are what was measured, counted or stated.
func (v *visited) measurements() (look.Section, bool) {
	items, is := v.items(record.Measurement)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	return look.Section{ID: "measurements", Heading: v.say("field-counts.measurements"), Body: []look.Part{v.measureTable()}}, true
}

func (v *visited) measureTable() look.Part {
	table := look.Ledger{Stack: true, Caption: v.say("office-visit.measured-caption"), Head: []look.Column{
		{Text: v.say("field-counts.what-measured")}, {Text: v.say("field-counts.value"), Right: true}, {Text: v.say("office-visit.where")}, {Text: v.say("field-counts.method")}}}
	for _, item := range v.hanging[record.Measurement] {
		m := item.Message.(*daylightv1.Measurement)
		what := look.Typed(m.GetLabel())
		if m.GetType() != daylightv1.MeasurementType_MEASUREMENT_TYPE_OTHER || len(what) == 0 {
			what = v.enum(m.GetType()) // which says the unit
		}
		value := look.Text(nil)
		if m.Value != nil {
			value = v.locale.Measure(m.GetValue(), m.GetUnit())
		}
		table.Rows = append(table.Rows, look.Line{Href: recordHref(record.Measurement, m.GetId()), Cells: []look.Cell{
			{Text: what}, {Text: value}, {Text: look.Dotted(look.Typed(m.GetWing()), look.Typed(m.GetRoom()))}, {Text: v.shortCode("MEASUREMENT_METHOD", m.GetMethod(), m.Method != nil)}}})
	}
	return table
}

// fieldNotes are what was written down and is neither a finding nor an interview, with what
// became of the paper.
func (v *visited) fieldNotes() (look.Section, bool) {
	items, is := v.items(record.Note)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		n := item.Message.(*daylightv1.Note)
		row := look.Row{Href: recordHref(record.Note, n.GetId()), Text: v.name(n), Words: n.GetText() != "", Under: look.Dotted(look.Typed(n.GetWing()), look.Typed(n.GetRoom()), look.Typed(n.GetNotedBy())), Tags: v.marks(item)}
		if n.GetOnPaper() {
			paper := v.saying().Field("on_paper")
			if n.PaperState != nil {
				paper = look.Dotted(paper, v.shortCode("PAPER_STATE", n.GetPaperState(), true))
			}
			row.Tags = append(row.Tags, look.Tag{Text: paper})
		}
		rows = append(rows, row)
	}
	return v.partOf(record.Note, "notes", v.say("office-visit.notes"), rows), true
}

// team is who visited, and as what; and whom they met.
func (v *visited) team() (look.Section, bool) {
	s := look.Section{ID: "team", Heading: v.say("field-visit.team")}
	if v.mayLead() {
		s.Beside = look.Para{Small: true, Text: look.To(v.address("/team"), v.say("office-visit.to-team"))}
	}
	var rows []look.Row
	for _, m := range inOrder(v.GetTeam()) {
		rows = append(rows, v.memberRow(m))
	}
	if len(rows) == 0 {
		s.Body = append(s.Body, look.Para{Soft: true, Text: v.say("field-visit.no-team")})
	} else {
		s.Body = append(s.Body, look.Rows{Items: rows})
	}
	if len(v.GetMet()) > 0 {
		s.Body = append(s.Body, look.Para{Label: true, Text: v.say("field-access.people-met")}, v.metTable())
	}
	return s, true
}

func (v *visited) memberRow(m *daylightv1.TeamMember) look.Row {
	row := look.Row{Lead: look.Symbol{Icon: look.IconPerson}, Text: v.say("office-visit.not-said")}
	if m.GetPerson() != "" {
		row.Text = look.Typed(m.GetPerson())
	}
	var languages []look.Text
	for _, l := range m.GetLanguages() {
		languages = append(languages, look.Code(l))
	}
	row.Under = look.Dotted(v.shortCode("SEX", m.GetSex(), m.Sex != nil), v.locale.List(languages...), look.Code(m.GetBody()), look.Typed(m.GetConflictOfInterest()))
	roles := slices.Clone(m.GetRoles())
	slices.Sort(roles)
	for _, r := range roles {
		row.Tags = append(row.Tags, v.tag("TEAM_ROLE", r.String()))
	}
	return row
}

func (v *visited) metTable() look.Part {
	table := look.Ledger{Stack: true, Slim: true, Caption: v.say("field-access.people-met"), Head: []look.Column{
		{Text: v.say("field-access.met-name")}, {Text: v.say("field-access.met-office")}, {Text: v.saying().Field("at"), Whole: true}}}
	for _, m := range v.GetMet() {
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: look.Typed(m.GetName())}, {Text: look.Typed(m.GetOffice())}, {Text: v.saying().Date(m.GetAt())}}})
	}
	return table
}
