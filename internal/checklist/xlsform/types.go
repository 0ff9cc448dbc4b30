package xlsform

import "strings"

// kindOf is what a word in the type column means.
type kindOf struct {
	name string // the canonical type; begin, end and file rows have their own words
	// takes says what may stand behind it.
	takes takes
	// silent is why nothing fills the question in, where its type asks a device for what
	// Daylight does not tell.
	silent string
	// loose: what stands behind does not count, as a group's name behind its end.
	loose bool
	// constraint is what the type asks of an answer by itself.
	constraint string
}

type takes uint8

const (
	nothing takes = iota
	aList
	aFile
)

const (
	identifies = "it would tell which device or person filled the form in; Daylight's own history says who wrote an answer"
	watches    = "it records without asking; Daylight does not"
)

// Words of the type column that are no question.
const (
	beginLoop = "begin_loop"
	endLoop   = "end_loop"
	endGroup  = "end_group"
	endRepeat = "end_repeat"
	dataFile  = "file of data"
	auditLog  = "audit"
	cascading = "cascading_select"
)

// kinds are the words of the type column with blanks for underscores, in lower case: those
// of today, and the old ones that pyxform takes.
var kinds = map[string]kindOf{
	"begin group": {name: "begin_group"}, "begin lgroup": {name: "begin_repeat"}, "begin repeat": {name: "begin_repeat"}, "begin looped group": {name: "begin_repeat"},
	"end group": {name: endGroup, loose: true}, "end lgroup": {name: endRepeat, loose: true}, "end repeat": {name: endRepeat, loose: true}, "end looped group": {name: endRepeat, loose: true},
	"begin loop": {name: beginLoop, takes: aList}, "begin loop over": {name: beginLoop, takes: aList}, "end loop": {name: endLoop, loose: true},

	"select one": {name: "select_one", takes: aList}, "select1": {name: "select_one", takes: aList}, "select one from": {name: "select_one", takes: aList},
	"add select one prompt using": {name: "select_one", takes: aList}, "select one using": {name: "select_one", takes: aList},
	"select multiple": {name: "select_multiple", takes: aList}, "select multiple from": {name: "select_multiple", takes: aList}, "select multiple using": {name: "select_multiple", takes: aList},
	"add select multiple prompt using": {name: "select_multiple", takes: aList}, "select all that apply": {name: "select_multiple", takes: aList}, "select all that apply from": {name: "select_multiple", takes: aList},
	"select one external": {name: "select_one", takes: aList}, "rank": {name: "rank", takes: aList}, "odk:rank": {name: "rank", takes: aList},
	"select one from file": {name: "select_one", takes: aFile}, "select multiple from file": {name: "select_multiple", takes: aFile},
	"cascading select": {name: cascading, takes: aList},

	"range": {name: "range"}, "calculate": {name: "calculate"}, "calculation": {name: "calculate"}, "hidden": {name: "hidden"}, "note": {name: "note"},
	"acknowledge": {name: "acknowledge"}, "trigger": {name: "acknowledge"},
	"text": {name: "text"}, "string": {name: "text"}, "barcode": {name: "text"},
	"phone number": {name: "text", constraint: `regex(., '^\d*$')`},
	"integer":      {name: "integer"}, "int": {name: "integer"}, "decimal": {name: "decimal"},
	"percentage":                   {name: "integer", constraint: "0 <= . and . <= 100"},
	"number of days in last month": {name: "integer", constraint: "0 <= . and . <= 31"}, "number of days in last six months": {name: "integer", constraint: "0 <= . and . <= 183"},
	"number of days in last year": {name: "integer", constraint: "0 <= . and . <= 365"},
	"date":                        {name: "date"}, "time": {name: "time"}, "datetime": {name: "dateTime"}, "date time": {name: "dateTime"},
	"geopoint": {name: "geopoint"}, "gps": {name: "geopoint"}, "location": {name: "geopoint"}, "geotrace": {name: "geotrace"}, "geoshape": {name: "geoshape"},
	"image": {name: "image"}, "photo": {name: "image"}, "picture": {name: "image"}, "audio": {name: "audio"}, "video": {name: "video"}, "file": {name: "file"},

	"start": {name: "start"}, "start time": {name: "start"}, "get start time": {name: "start"},
	"end": {name: "end"}, "end time": {name: "end"}, "get end time": {name: "end"},
	"today": {name: "today"}, "get today": {name: "today"},

	"deviceid": device, "device id": device, "get device id": device, "imei": device, "uri:deviceid": device,
	"subscriberid": device, "subscriber id": device, "get subscriber id": device, "uri:subscriberid": device,
	"simserial": device, "sim id": device, "get sim id": device, "uri:simserial": device,
	"phonenumber": device, "get phone number": device, "uri:phonenumber": device,
	"username": device, "uri:username": device, "email": device, "uri:email": device,
	"start-geopoint": {name: "hidden", silent: watches}, "background-geopoint": {name: "hidden", silent: watches}, "background-audio": {name: "hidden", silent: watches},
	"osm": {name: "hidden", loose: true, silent: "no OpenStreetMap editor is started; ask for the place with geopoint, or with select_one"},

	"audit": {name: auditLog}, "xml-external": {name: dataFile}, "csv-external": {name: dataFile},
}

var device = kindOf{name: "hidden", silent: identifies}

// oldKinds are those of the oldest forms: q string, and add text prompt.
var oldKinds = func() map[string]kindOf {
	out := map[string]kindOf{}
	for _, old := range []struct{ word, now string }{
		{"text", "text"}, {"string", "text"}, {"int", "int"}, {"integer", "integer"}, {"decimal", "decimal"}, {"date", "date"}, {"datetime", "datetime"}, {"date time", "datetime"},
		{"note", "note"}, {"calculate", "calculate"}, {"acknowledge", "acknowledge"}, {"location", "location"}, {"geopoint", "geopoint"}, {"barcode", "barcode"},
		{"image", "image"}, {"photo", "image"}, {"picture", "image"}, {"audio", "audio"}, {"video", "video"}, {"file", "file"},
	} {
		out["q "+old.word] = kinds[old.now]
		out["add "+old.word+" prompt"] = kinds[old.now]
	}
	return out
}()

// typed is the type column of a row, read.
type typed struct {
	kindOf
	// list is the list, or for one from a file the file's name.
	list string
	// other: "or other" stands behind.
	other bool
	// external: its choices stand in the sheet external_choices.
	external bool
	// rest is what stands behind and is not understood.
	rest string
	ok   bool
}

// typeOf reads a type: the longest words in front that are one, then a list or a file,
// then perhaps or_other.
func typeOf(written string) (t typed) {
	parts := strings.Fields(written)
	for n := min(len(parts), 6); n > 0; n-- {
		word := strings.ToLower(strings.ReplaceAll(strings.Join(parts[:n], " "), "_", " "))
		k, ok := kinds[word]
		if !ok {
			k, ok = oldKinds[word]
		}
		if !ok {
			continue
		}
		t = typed{kindOf: k, ok: true, external: word == "select one external"}
		rest := parts[n:]
		if k.takes != nothing && len(rest) > 0 && !strings.EqualFold(rest[0], "or_other") {
			t.list, rest = rest[0], rest[1:]
		}
		switch behind := strings.ToLower(strings.ReplaceAll(strings.Join(rest, " "), "_", " ")); behind {
		case "or other", "or specify other":
			t.other = k.takes != nothing
			if !t.other {
				t.rest = behind
			}
		default:
			t.rest = strings.Join(rest, " ")
		}
		return t
	}
	return typed{}
}
