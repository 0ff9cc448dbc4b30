package xlsform

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var settingAliases = map[string]string{
	"title": "form_title", "set_form_title": "form_title", "id_string": "form_id", "set_form_id": "form_id",
}

// The settings that a checklist keeps besides those that have fields of their own. They go
// out again with the form.
var keptSettings = []string{"allow_choice_duplicates", "instance_name", "style"}

// The settings that tools know and Daylight has no use for, and why.
var droppedSettings = map[string]string{
	"public_key":     "what is written is sealed by Daylight's own keys, not by the form's",
	"submission_url": "answers go to the office that the device belongs to",
	"auto_send":      "answers go out with every synchronisation", "auto_delete": "a device keeps what its person may see",
}

const (
	noVersion = "1"
	maxTitle  = 500 // letters
)

// settingColumn says what a head of the settings means.
func settingColumn(head string, double bool) column {
	parts := splitHead(head, double)
	name := snake(parts[0])
	if to, ok := settingAliases[name]; ok {
		name = to
	}
	return column{head: head, name: name, language: strings.Join(parts[1:], "::")}
}

// readSettings reads the first row below the heads; a form without them is called as its
// file.
func (r *reader) readSettings() {
	r.settings = map[string]string{}
	rows := r.tables.Settings.full()
	var h head
	var row Row
	if len(rows) > 0 {
		if len(rows) > 1 {
			row = rows[1]
		}
		h = readHead(r.tables.Settings, r.withoutTwins(rows[0], row), settingColumn, r.remarks)
	}
	r.settingsAt = place{h, row}
	if len(rows) > 2 {
		r.add(Remark{Code: "row-ignored", Sheet: h.sheet, Row: rows[2].At, Text: "only the first row of the settings counts, and this one was not read", Cure: "put what it says into the first"})
	}
	titles := map[string]string{}
	for _, c := range h.columns {
		text := tidy(r.plain(h, row, c))
		switch {
		case c.name == "form_title":
			titles[words(c.language)] = words(text)
		case text != "" && c.language == "":
			r.settings[c.name] = text
		}
	}
	r.identify(h, row)
	r.keepSettings(h, row)
	r.titles = func() { r.title(h, row, titles) }
}

// withoutTwins is the head without columns that say again what one before says, as forms
// that were converted from old ones have id_string beside form_id.
func (r *reader) withoutTwins(head, row Row) Row {
	out, seen := Row{At: head.At, Cells: slices.Clone(head.Cells)}, map[string]int{}
	for i, c := range head.Cells {
		name := settingColumn(words(c.Text), true).name
		if first, twice := seen[name]; !twice {
			seen[name] = i
		} else if name != "" && tidy(row.cell(i).Text) == tidy(row.cell(first).Text) {
			out.Cells[i] = Cell{}
			r.add(Remark{Code: "column-ignored", Sheet: r.tables.Settings.Name, Row: head.At, Column: shown(c.Text), Cell: cellName(head.At, i), Text: fmt.Sprintf("the column says the same as %s and was not read", shown(head.cell(first).Text))})
		}
	}
	return out
}

// identify gives the form its code and version.
func (r *reader) identify(h head, row Row) {
	from := r.settings["form_id"]
	if from == "" {
		stem := path.Base(strings.ReplaceAll(r.tables.Name, `\`, "/"))
		from = strings.TrimSuffix(stem, path.Ext(stem))
		if from == "" || from == "." || from == "/" {
			from = "form"
		}
		r.add(Remark{Code: "no-form-id", Sheet: h.sheet, Text: fmt.Sprintf("the settings say no form_id; the form is called %s after its file", asCode(from)), Cure: "write form_id, the same in all versions of the form"})
	}
	code := asCode(from)
	if r.settings["form_id"] != "" && code != from {
		r.note(h, row, "form_id", Remark{Code: "form-id-changed", Text: fmt.Sprintf("the form is called %s here", code), Cure: "use only letters A to Z, digits, dot, dash and underscore in form_id"})
	}
	version := noVersion
	if said := r.settings["version"]; said == "" {
		r.add(Remark{Code: "no-version", Sheet: h.sheet, Text: "the settings say no version; it counts as version " + noVersion, Cure: "write a version, and a new one at every change"})
	} else if version = asCode(said); version != said {
		r.note(h, row, "version", Remark{Code: "version-changed", Text: fmt.Sprintf("the version is called %s here", version), Cure: "use only letters A to Z, digits, dot, dash and underscore in version"})
	}
	r.form.Code, r.form.Version = &code, &version
}

// asCode makes a code of a text: what no code may have becomes an underscore.
func asCode(s string) string {
	out := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.ContainsRune(".-_", c):
			return c
		}
		return '_'
	}, words(s))
	if strings.Trim(out, "_") == "" || len(out) > 100 {
		sum := sha256.Sum256([]byte(s))
		return "form-" + hex.EncodeToString(sum[:6])
	}
	return out
}

func isCode(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(".-_/", c))
	}) < 0
}

// keepSettings keeps what the form needs, and names the rest once.
func (r *reader) keepSettings(h head, row Row) {
	for _, name := range slices.Sorted(maps.Keys(r.settings)) {
		text := r.settings[name]
		switch {
		case name == "form_id" || name == "version" || name == "default_language":
		case name == "place_types":
			r.placeTypes(h, row, text)
		case slices.Contains(keptSettings, name):
			if name == "instance_name" {
				text = straight(text)
			}
			r.form.Settings = append(r.form.Settings, &daylightv1.ChecklistSetting{Name: name, Value: &text})
		case droppedSettings[name] != "":
			r.note(h, row, name, Remark{Code: "setting-ignored", Text: "the setting is not used: " + droppedSettings[name]})
		default:
			r.note(h, row, name, Remark{Code: "setting-ignored", Text: "the setting is not known and was not taken"})
		}
	}
}

// placeTypes are those that the form is for: a setting of our own.
func (r *reader) placeTypes(h head, row Row, text string) {
	types := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;|\n\t", c) })
	slices.Sort(types)
	for _, t := range slices.Compact(types) {
		if !isCode(t) {
			r.refuse(h, row, "place_types", Remark{Code: "place-type", Text: fmt.Sprintf("%q is not the code of a type of place", shown(t)), Cure: "write codes of the list PLACE_TYPE with a blank between"})
			continue
		}
		r.form.PlaceTypes = append(r.form.PlaceTypes, t)
	}
}

// title gives the form its title in each language; one without is called by its code.
func (r *reader) title(h head, row Row, titles map[string]string) {
	r.form.Titles = map[string]string{}
	for _, written := range slices.Sorted(maps.Keys(titles)) {
		text, tag := titles[written], r.fallback
		if written != "" { // the one without a language comes first, and gives way
			tag, _ = tagOf(written)
		}
		if len([]rune(text)) > maxTitle {
			r.refuse(h, row, "form_title", Remark{Code: "title-too-long", Text: "the title has more than 500 letters", Cure: "shorten it"})
		}
		if text != "" {
			r.form.Titles[tag] = text
		}
	}
	if len(r.form.Titles) == 0 {
		r.form.Titles[r.fallback] = r.form.GetCode()
		r.add(Remark{Code: "no-title", Sheet: h.sheet, Text: "the settings say no form_title; the form is shown as " + r.form.GetCode(), Cure: "write form_title"})
	}
}
