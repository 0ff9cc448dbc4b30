package guide

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
)

// MostOfAPicture bounds a picture of a guide, in bytes.
const MostOfAPicture = 40_000

var messageSign = regexp.MustCompile(`\{([^}]*)\}`)

// Check says what is wrong with a guide, for the tests of whoever has one: its languages have
// the same chapters, parts and pictures, it calls nothing what no page calls it, links lead to
// chapters, and pictures are light.
func (g *Guide) Check() (out []string) {
	english := g.chapters[look.Languages[0]]
	for _, lang := range g.Languages() {
		chapters := g.chapters[lang]
		if len(chapters) != len(english) {
			out = append(out, fmt.Sprintf("%s has %d chapters, English %d", lang, len(chapters), len(english)))
			continue
		}
		for i, c := range chapters {
			if c.Name != english[i].Name || len(c.blocks) != len(english[i].blocks) {
				out = append(out, fmt.Sprintf("%s: %s has %d blocks; English: %s %d", lang, c.Name, len(c.blocks), english[i].Name, len(english[i].blocks)))
				continue
			}
			out = append(out, g.checkLine(lang+" "+c.Name, lang, c.Lead)...)
			for j, b := range c.blocks {
				out = append(out, g.checkBlock(lang+" "+c.Name, lang, b, english[i].blocks[j])...)
			}
		}
	}
	return out
}

func (g *Guide) checkBlock(where, lang string, b, english block) (out []string) {
	if b.kind != english.kind || len(b.lines) != len(english.lines) || b.picture != english.picture {
		out = append(out, fmt.Sprintf("%s: %q stands where English has %q", where, b.lines, english.lines))
	}
	for _, line := range b.lines {
		out = append(out, g.checkLine(where, lang, line)...)
	}
	if p, ok := g.Picture(lang, b.picture); b.picture != "" && ok && (len(p) > MostOfAPicture || http.DetectContentType(p) != "image/webp") {
		out = append(out, fmt.Sprintf("%s: the picture %s has %d bytes and is %s", where, b.picture, len(p), http.DetectContentType(p)))
	}
	return out
}

func (g *Guide) checkLine(where, lang, line string) (out []string) {
	for _, m := range messageSign.FindAllStringSubmatch(line, -1) {
		if !look.Words().Has(look.Key(m[1])) {
			out = append(out, fmt.Sprintf("%s: no page says %q", where, m[1]))
		}
	}
	for _, m := range inlineSign.FindAllStringSubmatch(line, -1) {
		if m[3] != "" && !g.Has(lang, m[3]) {
			out = append(out, fmt.Sprintf("%s: there is no chapter %q", where, m[3]))
		}
	}
	return out
}

// Has reports whether a language has a chapter of that name.
func (g *Guide) Has(lang, name string) bool {
	return slices.ContainsFunc(g.chapters[lang], func(c Chapter) bool { return c.Name == name })
}
