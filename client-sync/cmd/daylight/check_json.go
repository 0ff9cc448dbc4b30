package main

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
)

// checkedJSON is what check says, for scripts.
type checkedJSON struct {
	Visit       string            `json:"visit"`
	TurnedAway  bool              `json:"turned_away"`
	Missing     []remarkJSON      `json:"missing"`
	Urgent      []remarkJSON      `json:"urgent"`
	Remarks     []remarkJSON      `json:"remarks"`
	Withheld    []gatedJSON       `json:"withheld"`
	Counts      []countRowJSON    `json:"counts"`
	Occupancy   []occupancyJSON   `json:"occupancy"`
	Suggestions []suggestionJSON  `json:"suggestions"`
	Checklists  []checkedListJSON `json:"checklists"`
}

// checkedListJSON is how far a checklist is, with the keys of what is open.
type checkedListJSON struct {
	responseJSON
	MissingKeys   []string    `json:"missing_keys"`
	ContestedKeys []string    `json:"contested_keys"`
	Suggested     []offerJSON `json:"suggested"`
}

func toCheckedListJSON(r clientsync.ChecklistReport) checkedListJSON {
	return checkedListJSON{toResponseJSON(r), each(r.Missing, forms.Key.String), each(r.Contested, forms.Key.String), each(r.Suggested, toOfferJSON)}
}

type remarkJSON struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	flagJSON
}

type gatedJSON struct {
	Kind   string       `json:"kind"`
	ID     string       `json:"id"`
	Closed []closedJSON `json:"closed"`
}

type closedJSON struct {
	Use       string `json:"use"`
	Scope     string `json:"scope"`
	Interview string `json:"interview"`
	NotHere   bool   `json:"not_here"`
}

type countRowJSON struct {
	Category string      `json:"category"`
	Sex      string      `json:"sex,omitempty"`
	Counts   []countJSON `json:"counts"`
	Least    uint32      `json:"least"`
	Most     uint32      `json:"most"`
	Differ   bool        `json:"differ"`
}

type countJSON struct {
	Of      string `json:"of"`
	Key     string `json:"key"`
	Source  string `json:"source"`
	AsOf    string `json:"as_of,omitempty"`
	Persons uint32 `json:"persons"`
}

type occupancyJSON struct {
	Capacity string    `json:"capacity"`
	Places   uint32    `json:"places"`
	Count    countJSON `json:"count"`
	Ratio    float64   `json:"ratio"`
}

type suggestionJSON struct {
	Measurement string          `json:"measurement"`
	Code        string          `json:"code"`
	Value       float64         `json:"value"`
	Text        string          `json:"text"`
	Finding     json.RawMessage `json:"finding"`
}

func toCheckedJSON(r clientsync.VisitReport) checkedJSON {
	return checkedJSON{
		Visit: r.Visit, TurnedAway: r.TurnedAway,
		Missing: each(r.Missing, toRemarkJSON), Urgent: each(r.Urgent, toRemarkJSON), Remarks: each(r.Remarks, toRemarkJSON),
		Withheld: each(r.Withheld, toGatedJSON), Counts: each(r.Counts, toCountRowJSON),
		Occupancy: each(r.Occupancy, func(o clientsync.OccupancyRow) occupancyJSON {
			return occupancyJSON{o.Capacity.String(), o.Places, toCountJSON(o.Count), o.Ratio}
		}),
		Checklists: each(r.Checklists, toCheckedListJSON),
		Suggestions: each(r.Suggestions, func(s clientsync.Suggestion) suggestionJSON {
			return suggestionJSON{s.Measurement, s.Threshold.Code, s.Value, s.Text, messageJSON(s.Finding)}
		}),
	}
}

// each turns every one into what JSON shows; an empty array for none.
func each[A, B any](all []A, to func(A) B) []B {
	out := make([]B, len(all))
	for i, x := range all {
		out[i] = to(x)
	}
	return out
}

func toRemarkJSON(r clientsync.Remark) remarkJSON {
	return remarkJSON{r.Kind.String(), r.ID, toFlagJSON(r.Flag)}
}

func toGatedJSON(g clientsync.Gated) gatedJSON {
	out := gatedJSON{Kind: g.Kind.String(), ID: g.ID}
	for _, x := range g.Closed {
		out.Closed = append(out.Closed, closedJSON{x.Use.String(), x.Scope.String(), x.Interview, x.NotHere})
	}
	return out
}

func toCountRowJSON(r clientsync.CountRow) countRowJSON {
	out := countRowJSON{Category: r.Category, Counts: each(r.Counts, toCountJSON), Least: r.Least, Most: r.Most, Differ: r.Differ}
	if r.Sex != 0 {
		out.Sex = r.Sex.String()
	}
	return out
}

func toCountJSON(n clientsync.Count) countJSON {
	return countJSON{n.Of.String(), n.Key, n.Source.String(), n.AsOf, n.Persons}
}

// wordOf is the word of a value of a list in small letters, as enumWord.
func wordOf(e protoreflect.Enum) string {
	if v := e.Descriptor().Values().ByNumber(e.Number()); v != nil {
		return enumWord(v)
	}
	return fmt.Sprint(e.Number())
}
