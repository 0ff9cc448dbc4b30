package main

import (
	"encoding/json"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// dossierJSON is a dossier for scripts, with its messages in protobuf JSON.
type dossierJSON struct {
	Visit           json.RawMessage      `json:"visit"`
	Place           json.RawMessage      `json:"place"`
	Visits          []earlierJSON        `json:"visits"`
	Recommendations []recommendationJSON `json:"recommendations"`
	Undertakings    []json.RawMessage    `json:"undertakings"`
	Findings        []foundJSON          `json:"findings"`
	Due             bool                 `json:"due"`
	LastSync        string               `json:"last_sync"`
}

type earlierJSON struct {
	Day            string            `json:"day"`
	Visit          json.RawMessage   `json:"visit"`
	Measurements   []json.RawMessage `json:"measurements"`
	RegisterChecks []json.RawMessage `json:"register_checks"`
	Obstructions   []json.RawMessage `json:"obstructions"`
}

type recommendationJSON struct {
	Recommendation json.RawMessage `json:"recommendation"`
	// Lines are its addressees', in their order.
	Lines []lineJSON      `json:"lines"`
	Reply json.RawMessage `json:"reply"`
}

type lineJSON struct {
	Line  string          `json:"line"`
	Reply json.RawMessage `json:"reply"`
}

type foundJSON struct {
	Day     string          `json:"day"`
	Times   int             `json:"times"`
	Finding json.RawMessage `json:"finding"`
}

func toDossierJSON(d *clientsync.Dossier) dossierJSON {
	out := dossierJSON{
		Visit: messageJSON(d.Visit), Place: orNull(d.Place), Visits: []earlierJSON{}, Recommendations: []recommendationJSON{},
		Undertakings: allJSON(d.Undertakings), Findings: []foundJSON{}, Due: d.Due, LastSync: stamp(d.LastSync),
	}
	for _, v := range d.Visits {
		out.Visits = append(out.Visits, earlierJSON{
			v.Day, messageJSON(v.Visit), allJSON(v.Measurements), allJSON(v.RegisterChecks), allJSON(v.Obstructions),
		})
	}
	for _, r := range d.Recommendations {
		one := recommendationJSON{messageJSON(r.Recommendation), []lineJSON{}, orNull(r.Reply)}
		for _, l := range r.Lines {
			one.Lines = append(one.Lines, lineJSON{l.Line.GetId(), orNull(l.Reply)})
		}
		out.Recommendations = append(out.Recommendations, one)
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, foundJSON{f.Day, f.Times, messageJSON(f.Finding)})
	}
	return out
}

// orNull is a message, or null for none.
func orNull[M interface {
	comparable
	clientsync.Message
}](m M) json.RawMessage {
	var none M
	if m == none {
		return json.RawMessage("null")
	}
	return messageJSON(m)
}

func allJSON[M clientsync.Message](all []M) []json.RawMessage {
	out := []json.RawMessage{}
	for _, m := range all {
		out = append(out, messageJSON(m))
	}
	return out
}
