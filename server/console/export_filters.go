package console

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// errFilter: an address that no list of ours has.
var errFilter = errors.New("console: this is not a filter")

// filters reads the filters of an address. The first that cannot be is its error.
type filters struct {
	url.Values
	err error
}

func (f *filters) id(name string) (id record.ID) {
	if s := f.Get(name); s != "" {
		var err error
		if id, err = record.ParseID(s); err != nil {
			f.err = errFilter
		}
	}
	return id
}

func (f *filters) day(name string) string {
	s := f.Get(name)
	if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
		f.err = errFilter
	}
	return s
}

// code is the number of a state or type, by the name that it has without its enum's prefix.
func (f *filters) code(name, prefix string, values map[string]int32) int32 {
	s := f.Get(name)
	if s == "" {
		return 0
	}
	n, known := values[prefix+strings.TrimPrefix(s, prefix)]
	if !known {
		f.err = errFilter
	}
	return n
}

// mostText bounds the words of a search, in bytes.
const mostText = 1000

func (f *filters) query(of store.Filter) (store.Query, error) {
	q := store.Query{Filter: of, Text: f.Get("q")}
	if len(q.Text) > mostText || strings.ContainsRune(q.Text, 0) {
		f.err = errFilter
	}
	return q, f.err
}

func (f *filters) visits() store.Visits {
	return store.Visits{Facility: f.id("place"), Region: f.Get("region"), PlaceType: f.Get("placetype"), Body: f.Get("body"), From: f.day("from"), To: f.day("to")}
}

func exportedFindings(_ *turn, v url.Values) (store.Query, error) {
	f := &filters{Values: v}
	return f.query(store.FindingFilter{
		Visit: f.id("visit"), Visits: f.visits(), Area: f.Get("area"), Topic: f.Get("topic"), Standard: f.Get("standard"),
		Kind:     daylightv1.FindingKind(f.code("kind", "FINDING_KIND_", daylightv1.FindingKind_value)),
		Severity: daylightv1.FindingSeverity(f.code("severity", "FINDING_SEVERITY_", daylightv1.FindingSeverity_value)),
		Evidence: daylightv1.EvidenceStatus(f.code("evidence", "EVIDENCE_STATUS_", daylightv1.EvidenceStatus_value)),
	})
}
