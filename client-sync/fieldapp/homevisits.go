package fieldapp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visitRank says in which order visits stand: what is today first, what is handed in last.
type visitRank int

const (
	rankNow visitRank = iota
	rankComing
	rankAfter
	rankHandedIn
)

// homeVisit is a visit in the list.
type homeVisit struct {
	id    string
	visit *daylightv1.Visit
	rank  visitRank
	day   string // on which it begins
}

// visits are those on this device: the office sends to each person those that are theirs.
func (t *turn) visits() (out []homeVisit, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindVisit}) {
		if err != nil {
			return nil, err
		}
		v := item.Message.(*daylightv1.Visit)
		out = append(out, homeVisit{item.ID, v, rankOf(v, t.locale.Now.In(t.locale.Zone)), cmp.Or(v.GetArrivedAt(), v.GetPlannedStart())})
	}
	slices.SortStableFunc(out, func(a, b homeVisit) int {
		if a.rank != b.rank {
			return int(a.rank - b.rank)
		}
		if a.rank == rankComing && (a.day == "") != (b.day == "") {
			return strings.Compare(b.day, a.day) // one without a day comes when somebody has set one
		}
		if a.rank == rankComing {
			return strings.Compare(a.day, b.day)
		}
		return strings.Compare(b.day, a.day)
	})
	return out, nil
}

func rankOf(v *daylightv1.Visit, now time.Time) visitRank {
	switch state := v.GetState(); {
	case state == daylightv1.VisitState_VISIT_STATE_IN_PROGRESS || state == daylightv1.VisitState_VISIT_STATE_SUSPENDED:
		return rankNow
	case state >= daylightv1.VisitState_VISIT_STATE_SUBMITTED:
		return rankHandedIn
	case state >= daylightv1.VisitState_VISIT_STATE_OBSTRUCTED:
		return rankAfter
	}
	today := now.Format(time.DateOnly)
	if from := v.GetPlannedStart(); from != "" && from <= today && today <= cmp.Or(v.GetPlannedEnd(), from) {
		return rankNow
	}
	return rankComing
}

// mostListed bounds lists on pages that are for a glance.
const mostListed = 12

func (t *turn) visitsPart(visits []homeVisit) look.Part {
	open, more, handedIn := []look.Row{}, 0, 0
	for _, v := range visits {
		switch {
		case v.rank == rankHandedIn:
			handedIn++
		case len(open) == mostListed:
			more++
		default:
			open = append(open, t.homeRow(v))
		}
	}
	s := look.Section{Heading: t.say("field-home.visits")}
	if len(open) > 0 {
		s.Body = append(s.Body, look.Rows{Items: open})
	} else {
		s.Body = append(s.Body, look.Empty{Text: t.say("field-home.no-visits"), Under: t.say("field-home.no-visits-body")})
	}
	// What is left out is named by what it is: work that waits is not to look like work done.
	var rest []look.Text
	if more > 0 {
		rest = append(rest, t.say("field-home.more-visits", "n", more))
	}
	if handedIn > 0 {
		rest = append(rest, t.say("field-home.handed-in", "n", handedIn))
	}
	if len(rest) > 0 {
		s.Body = append(s.Body, look.Button{Text: look.Dotted(rest...), Href: "/visits", Kind: look.ButtonQuiet, Further: true})
	}
	return s
}

func (t *turn) homeRow(v homeVisit) look.Row {
	row := look.Row{Href: t.href(clientsync.KindVisit, v.id), Words: true, Text: t.placeOf(v.visit.GetFacilityId())}
	if len(row.Text) == 0 {
		row.Text, row.Words = t.noPlace(v.visit.GetFacilityId()), false
	}
	row.Lead = look.Pane{State: map[visitRank]look.PaneState{rankNow: look.PaneBegun, rankComing: look.PaneUnseen, rankAfter: look.PaneBegun, rankHandedIn: look.PaneSeen}[v.rank]}
	if v.rank == rankComing {
		row.Under = t.say("field-home.check-first")
		row.Href = t.href(clientsync.KindVisit, v.id, "ready")
	}
	row.Under = look.Dotted(t.plannedDays(v.visit), t.enumLabel("VISIT_TYPE", uint32(v.visit.GetType())), row.Under)
	if state := v.visit.GetState(); state != 0 {
		if set, err := t.terms(); err == nil {
			if term, ok := set.ByNumber("VISIT_STATE", uint32(state)); ok {
				row.Tags = []look.Tag{look.TagOf(t.locale, "VISIT_STATE", term.Code, term.Label(t.locale.Tag))}
			}
		}
	}
	return row
}

// enumLabel is the label of an enum's value; nothing for none.
func (t *turn) enumLabel(list terms.List, number uint32) look.Text {
	set, err := t.terms()
	if err != nil || number == 0 {
		return nil
	}
	return t.locale.Labelled(set.NumberLabel(list, number, t.locale.Tag))
}

// plannedDays is when a visit is, as far as it says.
func (t *turn) plannedDays(v *daylightv1.Visit) look.Text {
	from, err := time.ParseInLocation(time.DateOnly, v.GetPlannedStart(), t.locale.Zone)
	if err != nil {
		return nil
	}
	if to, err := time.ParseInLocation(time.DateOnly, v.GetPlannedEnd(), t.locale.Zone); err == nil && to.After(from) {
		return t.locale.Period(from, to)
	}
	return t.locale.Weekday(from)
}
