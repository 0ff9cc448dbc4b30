package look

import (
	"html/template"
	"maps"
	"slices"
	"strings"
)

// dataAttrs are data- attributes in order of their names. A name that is not of small
// letters, digits and dashes is left out.
func dataAttrs(m map[string]string) template.HTMLAttr {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			continue
		}
		b.WriteString(` data-` + name + `="` + template.HTMLEscapeString(m[name]) + `"`)
	}
	return template.HTMLAttr(b.String())
}
