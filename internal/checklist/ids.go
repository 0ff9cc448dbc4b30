package checklist

import (
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/daylight-npm/daylight/internal/record"
)

// namespace is the root of the ids below. It never changes: the answers of visits hang
// on it.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://daylight-npm.github.io/checklists"))

// unit stands between the parts of a name: neither a code nor a name can hold it.
const unit = "\x1f"

func derivedID(parts ...string) record.ID {
	return record.ID(uuid.NewSHA1(namespace, []byte(strings.Join(parts, unit))))
}

// FormID is the id of the record of one version of a form, a UUID of version 5 (RFC
// 9562), the same on every machine: an office that changes a shipped form, and two desks
// that add one form, write the same record.
func FormID(code, version string) record.ID { return derivedID("form", code, version) }

// ResponseID is the id of a visit's first response to a form, the same on every device:
// two monitors who begin it without a network fill one checklist. A second one for the
// same visit, as of another building, has an id of its own.
func ResponseID(visit, form record.ID) record.ID {
	return derivedID("response", visit.String(), form.String())
}

// InstanceID is the id of a turn of a repeat that repeat_count makes, counted from 1, the
// same on every device. Parent is the turn that it stands in, the zero id at the top.
// Turns that a person adds have ids of their own.
func InstanceID(response record.ID, repeat string, parent record.ID, index int) record.ID {
	return derivedID("instance", response.String(), repeat, parent.String(), strconv.Itoa(index))
}
