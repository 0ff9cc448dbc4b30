package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func dossierCommand() command {
	return command{
		name: "dossier", args: "VISIT", least: 1, most: 1,
		line: "tell what is known here of the place of a visit",
		long: `What earlier visits to the place found and counted, what is asked of authorities and was
promised, and what became of it. Needs no network. The office sends it with the sync
after the mandate, and takes it back when the visit is handed in. It never holds what
anybody said in an interview, what is restricted, or a single person's case.

VISIT is the whole id of a visit, or its beginning or end.`,
		prepare: func(*flag.FlagSet) action {
			return func(ctx context.Context, c *call, args []string) error { return c.dossier(ctx, args[0]) }
		},
	}
}

func (c *call) dossier(ctx context.Context, id string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	visit, err := c.find(ctx, clientsync.KindVisit, id)
	if err != nil {
		return err
	}
	d, err := c.client.Dossier(ctx, visit.ID)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, toDossierJSON(d))
	}
	showDossier(c.out, d)
	if len(d.Visits) == 0 {
		fmt.Fprintln(c.err, nothingEarlier(d))
	}
	return nil
}

// nothingEarlier says why there is nothing, and what helps.
func nothingEarlier(d *clientsync.Dossier) string {
	switch {
	case d.Visit.GetFacilityId() == "":
		return "The visit does not say to which place it goes."
	case d.Due && d.LastSync.IsZero():
		return `There is no earlier visit on this device, which has never synced. "daylight sync" brings what the office has.`
	case d.Due:
		return `No earlier visit had come with the last sync. "daylight sync" brings what the office has by now.`
	case d.Visit.GetState() <= daylightv1.VisitState_VISIT_STATE_PLANNED:
		return "There is no earlier visit on this device. What the office knows comes with the sync after the mandate is issued."
	}
	return "There is no earlier visit on this device. The visit is not under way, and what had come for it was put away."
}

func showDossier(w io.Writer, d *clientsync.Dossier) {
	fmt.Fprintf(w, "Visit  %s  %s  %s\n", short(d.Visit.GetId()), dash(titleOf(d.Visit)), dash(stateOf(d.Visit)))
	if d.Place != nil {
		fmt.Fprintf(w, "Place  %s  %s\n", short(d.Place.GetId()), dash(titleOf(d.Place)))
	}
	fresh := ": nothing that others wrote is newer"
	if d.LastSync.IsZero() {
		fresh = ""
	}
	fmt.Fprintf(w, "Last sync  %s%s\n", clock(d.LastSync), fresh)
	for _, part := range []struct {
		title string
		show  func(io.Writer, *clientsync.Dossier)
		lines int
	}{
		{"Earlier visits", showVisits, len(d.Visits)},
		{"Open recommendations", showRecommendations, len(d.Recommendations)},
		{"Open undertakings", showUndertakings, len(d.Undertakings)},
		{"What was found", showFindings, len(d.Findings)},
	} {
		if part.lines > 0 {
			fmt.Fprintf(w, "\n%s (%d)\n", part.title, part.lines)
			part.show(w, d)
		}
	}
}

func showVisits(w io.Writer, d *clientsync.Dossier) {
	for _, v := range d.Visits {
		fmt.Fprintf(w, "  %s  %s  %s  %s\n", dash(v.Day), short(v.Visit.GetId()), dash(titleOf(v.Visit)), dash(stateOf(v.Visit)))
		for _, p := range v.Visit.GetPopulation() {
			figure(w, p.Persons, "held", clean(p.GetCategory()), wordIn(p, "sex"), wordIn(p, "source"))
		}
		for _, p := range v.Visit.GetCapacities() {
			figure(w, p.Persons, "places", wordIn(p, "kind"), wordIn(p, "source"))
		}
		for _, m := range v.Measurements {
			fmt.Fprintf(w, "      %s\n", measured(m))
		}
		for _, r := range v.RegisterChecks {
			fmt.Fprintf(w, "      register %s: %s\n", dash(clean(r.GetRegisterType())), entries(r))
		}
		for _, o := range v.Obstructions {
			fmt.Fprintf(w, "      hindered: %s  %s\n", dash(clean(o.GetType())), oneLine(o.GetAccount()))
		}
	}
}

// figure is a line for a count; one that was not counted has none.
func figure(w io.Writer, n *uint32, what string, of ...string) {
	if n == nil {
		return
	}
	fmt.Fprintf(w, "      %d %s  %s\n", *n, what, together(of...))
}

func together(of ...string) string {
	var out []string
	for _, s := range of {
		if s != "" {
			out = append(out, s)
		}
	}
	return dash(strings.Join(out, ", "))
}

// measured is one measurement with its unit.
func measured(m *daylightv1.Measurement) string {
	value := "-"
	if m.Value != nil {
		value = strconv.FormatFloat(m.GetValue(), 'f', -1, 64)
	}
	unit := units[m.GetType()]
	if unit == "" {
		unit = clean(m.GetUnit())
	}
	what := together(wordIn(m, "type"), clean(m.GetLabel()))
	return fmt.Sprintf("%s: %s  %s", what, strings.TrimSpace(value+" "+unit), together(clean(m.GetWing()), clean(m.GetRoom())))
}

// units are those of the types whose name does not say them.
var units = map[daylightv1.MeasurementType]string{
	daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE: "m2 a person",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_AREA:    "m2",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_WIDTH:   "m",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_HEIGHT:  "m",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_TEMPERATURE:  "degrees Celsius",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR:     "minutes a day",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_OUT_OF_CELL:  "hours a day",
	daylightv1.MeasurementType_MEASUREMENT_TYPE_LIGHT_HOURS:  "hours a day",
}

func entries(r *daylightv1.RegisterCheck) string {
	if r.EntriesSeen == nil {
		return dash(wordIn(r, "access"))
	}
	text := count(int(r.GetEntriesSeen()), "entry", "entries") + " read"
	if r.EntriesComplete != nil {
		text += fmt.Sprintf(", %d complete", r.GetEntriesComplete())
	}
	if n := len(r.GetGaps()); n > 0 {
		text += ", " + count(n, "gap", "gaps")
	}
	return text
}

// wordIn is the word of an enum field; empty where it is not set.
func wordIn(m protoreflect.ProtoMessage, name string) string {
	r := m.ProtoReflect()
	f := r.Descriptor().Fields().ByName(protoreflect.Name(name))
	if !r.Has(f) {
		return ""
	}
	if v := f.Enum().Values().ByNumber(r.Get(f).Enum()); v != nil {
		return enumWord(v)
	}
	return strconv.Itoa(int(r.Get(f).Enum()))
}

func showRecommendations(w io.Writer, d *clientsync.Dossier) {
	for _, r := range d.Recommendations {
		fmt.Fprintf(w, "  %s  %s  %s\n", short(r.Recommendation.GetId()), dash(stateOf(r.Recommendation)), dash(clean(r.Recommendation.GetCode())))
		showText(w, textOf(r.Recommendation, "texts"))
		for _, l := range r.Lines {
			fmt.Fprintf(w, "      to %s", together(clean(l.Line.GetAuthority()), clean(l.Line.GetOffice())))
			if due := l.Line.GetDueOn(); due != "" {
				fmt.Fprintf(w, ", an answer is due by %s", due)
			}
			fmt.Fprintln(w)
			showReply(w, "        ", l.Reply)
		}
		if r.Reply != nil {
			showReply(w, "      ", r.Reply)
		}
	}
}

func showReply(w io.Writer, by string, a *daylightv1.AuthorityReply) {
	if a == nil {
		fmt.Fprintln(w, by+"no answer here")
		return
	}
	fmt.Fprintf(w, "%s%s %s: %s\n", by, dash(a.GetReceivedOn()), dash(wordIn(a, "response")), oneLine(a.GetText()))
}

func showUndertakings(w io.Writer, d *clientsync.Dossier) {
	for _, u := range d.Undertakings {
		due := "no day was named"
		if u.GetDueOn() != "" {
			due = "by " + u.GetDueOn()
		}
		fmt.Fprintf(w, "  %s  %s\n", short(u.GetId()), due)
		showText(w, u.GetText())
	}
}

func showFindings(w io.Writer, d *clientsync.Dossier) {
	for _, f := range d.Findings {
		times := ""
		if f.Times > 1 {
			times = fmt.Sprintf("  found %d times", f.Times)
		}
		m := f.Finding
		severity := wordIn(m, "severity_decided")
		if severity == "" {
			severity = wordIn(m, "severity_proposed")
		}
		fmt.Fprintf(w, "  %s  %s  %s  %s%s\n", dash(f.Day), short(m.GetId()), together(clean(m.GetTopic()), wordIn(m, "kind"), severity),
			together(clean(m.GetUnit()), clean(m.GetRoom())), times)
		showText(w, strings.TrimSpace(m.GetTitle()+"\n"+m.GetNarrative()))
	}
}

// showText prints a text in full: at the door nobody can look it up.
func showText(w io.Writer, text string) {
	if text != "" {
		fmt.Fprint(w, indented("      ", clean(text)))
	}
}
