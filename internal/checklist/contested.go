package checklist

import (
	"google.golang.org/protobuf/encoding/protojson"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Disputed is one answer that has several values, each in protobuf JSON as a record's
// conflicts give it, the one shown in front. An empty one was cleared.
type Disputed struct {
	Key    string
	Values []string
}

// ContestedIn is Contested for a response's status, as the office tells it.
func ContestedIn(status *daylightv1.RecordStatus) map[string][]*daylightv1.Answer {
	var all []Disputed
	for _, c := range status.GetConflicts() {
		if c.GetField() != "answers" {
			continue
		}
		d := Disputed{Key: c.GetKey()}
		for _, v := range c.GetValues() {
			d.Values = append(d.Values, v.GetJson())
		}
		all = append(all, d)
	}
	return Contested(all...)
}

// Contested reads the answers that have several values, for Options.Contested: by their keys,
// the one shown in front. A value that cannot be read counts as an answer that says nothing,
// so that the dispute is seen.
func Contested(all ...Disputed) map[string][]*daylightv1.Answer {
	out := map[string][]*daylightv1.Answer{}
	for _, d := range all {
		for _, text := range d.Values {
			out[d.Key] = append(out[d.Key], answerIn(d.Key, text))
		}
	}
	return out
}

func answerIn(key, text string) *daylightv1.Answer {
	a := &daylightv1.Answer{}
	if text == "" || (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(text), a) != nil {
		a = &daylightv1.Answer{}
	}
	a.Key = key
	return a
}
