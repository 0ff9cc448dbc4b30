package xlsform

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Preview is what a form holds, for whoever decides on taking it.
type Preview struct {
	Title   string `json:"title"`
	Code    string `json:"code"`
	Version string `json:"version"`
	// Languages are those of the form, its own first.
	Languages []LanguagePreview `json:"languages,omitempty"`
	// Sections are the groups and repeats at the top; questions that stand in none make
	// sections without a name.
	Sections []SectionPreview `json:"sections,omitempty"`
	// Questions are those that are asked or noted, without groups and what nobody sees;
	// Calculated are calculate rows, Rules all expressions together.
	Questions  int `json:"questions"`
	Calculated int `json:"calculated"`
	Groups     int `json:"groups"`
	Repeats    int `json:"repeats"`
	Rules      int `json:"rules"`
	Choices    int `json:"choices"`
	Lists      int `json:"lists"`
	// Later are the names of questions that are shown and cannot be answered yet:
	// pictures, sounds, films, files.
	Later []string `json:"later,omitempty"`
	// Files are the attached files that were read, Missing those that were not there.
	Files   []string `json:"files,omitempty"`
	Missing []string `json:"missing,omitempty"`
	// IgnoredSheets and IgnoredColumns were not read.
	IgnoredSheets  []string `json:"ignored_sheets,omitempty"`
	IgnoredColumns []string `json:"ignored_columns,omitempty"`
	// Bytes is how large the form is as a record, before it is compressed.
	Bytes int `json:"bytes"`
}

// LanguagePreview is one language of a form.
type LanguagePreview struct {
	Tag  string `json:"tag"`
	Name string `json:"name"`
	// Labels of questions and choices are there in the language; Missing are there in
	// another only.
	Labels  int `json:"labels"`
	Missing int `json:"missing"`
}

// SectionPreview is one part of a form.
type SectionPreview struct {
	Name  string `json:"name,omitempty"`
	Label string `json:"label,omitempty"`
	// Questions are asked in it; Rules are its expressions.
	Questions int  `json:"questions"`
	Rules     int  `json:"rules"`
	Repeat    bool `json:"repeat,omitempty"`
}

// PreviewOf is what a checklist holds, as far as the checklist itself can tell.
func PreviewOf(c *daylightv1.Checklist) Preview {
	p := Preview{Code: c.GetCode(), Version: c.GetVersion(), Title: titleOf(c), Choices: len(c.GetChoices()), Bytes: proto.Size(c), Languages: languagesOf(c)}
	lists := map[string]bool{}
	for _, x := range c.GetChoices() {
		lists[listOfKey(x.GetKey())] = true
	}
	p.Lists = len(lists)
	tops := map[string]int{} // the section of each group, by its name
	for _, q := range c.GetQuestions() {
		p.count(q)
		at, inside := tops[q.GetParent()]
		group := q.GetType() == "begin_group" || q.GetType() == "begin_repeat"
		switch {
		case q.GetParent() == "" && group:
			at = len(p.Sections)
			p.Sections = append(p.Sections, SectionPreview{Name: q.GetName(), Label: textIn(q.GetLabels(), c.GetDefaultLanguage()), Repeat: q.GetType() == "begin_repeat"})
		case !inside:
			if at = len(p.Sections) - 1; at < 0 || p.Sections[at].Name != "" {
				at++
				p.Sections = append(p.Sections, SectionPreview{})
			}
		}
		if group {
			tops[q.GetName()] = at
		}
		s := &p.Sections[at]
		s.Rules += len(expressionsOf(q))
		if asked(q) {
			s.Questions++
		}
	}
	return p
}

func listOfKey(key string) string {
	name, _, _ := strings.Cut(key, "/")
	return name
}

func (p *Preview) count(q *daylightv1.ChecklistQuestion) {
	p.Rules += len(expressionsOf(q))
	switch q.GetType() {
	case "begin_group":
		p.Groups++
	case "begin_repeat":
		p.Repeats++
	case "calculate":
		p.Calculated++
	case "image", "audio", "video", "file":
		p.Later = append(p.Later, q.GetName())
	}
	if asked(q) {
		p.Questions++
	}
}

// asked: people see it.
func asked(q *daylightv1.ChecklistQuestion) bool {
	switch q.GetType() {
	case "begin_group", "begin_repeat", "calculate", "hidden", "start", "end", "today":
		return false
	}
	return q.GetStateOf() == ""
}

func titleOf(c *daylightv1.Checklist) string {
	if t := c.GetTitles()[c.GetDefaultLanguage()]; t != "" {
		return t
	}
	for _, tag := range slices.Sorted(maps.Keys(c.GetTitles())) {
		return c.GetTitles()[tag]
	}
	return c.GetCode()
}

// textIn is a text in a language, else in any.
func textIn(texts []*daylightv1.LocalText, tag string) string {
	for _, t := range texts {
		if t.GetLanguage() == tag {
			return t.GetText()
		}
	}
	if len(texts) > 0 {
		return texts[0].GetText()
	}
	return ""
}

func languagesOf(c *daylightv1.Checklist) []LanguagePreview {
	out := make([]LanguagePreview, 0, len(c.GetLanguages()))
	at := map[string]int{}
	tags := slices.Clone(c.GetLanguages())
	slices.SortStableFunc(tags, func(a, b string) int {
		return boolInt(b == c.GetDefaultLanguage()) - boolInt(a == c.GetDefaultLanguage())
	})
	for i, tag := range tags {
		at[tag] = i
		out = append(out, LanguagePreview{Tag: tag, Name: languageName(tag)})
	}
	labelled := 0
	count := func(texts []*daylightv1.LocalText) {
		if len(texts) == 0 {
			return
		}
		labelled++
		for _, t := range texts {
			if i, ok := at[t.GetLanguage()]; ok {
				out[i].Labels++
			}
		}
	}
	for _, q := range c.GetQuestions() {
		count(q.GetLabels())
	}
	for _, x := range c.GetChoices() {
		count(x.GetLabels())
	}
	for i := range out {
		out[i].Missing = labelled - out[i].Labels
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *reader) preview() Preview {
	p := PreviewOf(r.form)
	for _, s := range r.tables.Ignored {
		p.IgnoredSheets = append(p.IgnoredSheets, shown(s))
	}
	for c := range r.ignoredColumns {
		p.IgnoredColumns = append(p.IgnoredColumns, c)
	}
	slices.Sort(p.IgnoredColumns)
	for _, u := range r.files {
		into := &p.Missing
		if r.file(u.name) != "" {
			into = &p.Files
		}
		if !slices.Contains(*into, shown(u.name)) {
			*into = append(*into, shown(u.name))
		}
	}
	return p
}
