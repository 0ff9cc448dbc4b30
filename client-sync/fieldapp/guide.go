package fieldapp

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/daylight-npm/daylight/internal/look"
)

// The guide for monitors: a visit from packing to submission, in the languages that have
// it, chapter by chapter, with pictures of the pages. It came with the program, so that it
// can be read without a network and while the folder is locked; nothing of a record is in
// it. A chapter is a file guide/LANGUAGE/NN-NAME.md of a few signs:
//
//	# What the chapter is called       the first paragraph says what it is good for
//	## A part of it
//	- a point, or 1. a step
//	> what has to be known
//	![what is to be seen](picture) and what stands under it
//	**weight**, [another chapter](name), {field-edit.tab-send}
//
// The last is a message of the catalogue, shown as the pages show it to this reader, so
// that the guide calls everything as the page does.

//go:embed guide
var guideFiles embed.FS

// guideChapter is one page of the guide.
type guideChapter struct {
	name, title, lead string
	blocks            []guideBlock
}

// guideBlock is a stretch of a chapter: one kind of sign, and what stands behind it.
type guideBlock struct {
	kind  blockKind
	lines []string
	// picture is the name of one.
	picture string
}

type blockKind int

const (
	blockPara blockKind = iota
	blockPart
	blockPoints
	blockSteps
	blockNote
	blockPicture
)

// guide is all chapters of every language that has them, in order.
var guide = sync.OnceValue(func() map[string][]guideChapter {
	out := map[string][]guideChapter{}
	for _, lang := range look.Languages {
		names, err := fs.Glob(guideFiles, "guide/"+lang+"/*.md")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			text, err := guideFiles.ReadFile(name)
			if err != nil {
				panic(err)
			}
			c, err := readChapter(name, string(text))
			if err != nil {
				panic(err) // the tests read the same files
			}
			out[lang] = append(out[lang], c)
		}
	}
	return out
})

// guideLanguages are those that the guide is written in.
func guideLanguages() (out []string) {
	for _, lang := range look.Languages {
		if len(guide()[lang]) > 0 {
			out = append(out, lang)
		}
	}
	return out
}

// guideLanguage is the one to read the guide in for a reader of another: Russian where the
// pages fall back to it too.
func guideLanguage(tag string) string {
	if len(guide()[tag]) > 0 {
		return tag
	}
	if tag == "tk" {
		return "ru"
	}
	return look.Languages[0]
}

var (
	pictureSign = regexp.MustCompile(`^!\[([^]]+)\]\(([a-z-]+)\) ?(.*)$`)
	stepSign    = regexp.MustCompile(`^[0-9]+\. `)
)

// readChapter reads one file.
func readChapter(file, text string) (guideChapter, error) {
	_, name, ok := strings.Cut(strings.TrimSuffix(path.Base(file), ".md"), "-")
	if !ok {
		return guideChapter{}, fmt.Errorf("%s: a chapter is called NN-NAME.md", file)
	}
	c := guideChapter{name: name}
	for _, stretch := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(strings.TrimSpace(stretch), "\n")
		if title, ok := strings.CutPrefix(lines[0], "# "); ok {
			c.title = title
			continue
		}
		b, err := readBlock(lines)
		if err != nil {
			return c, fmt.Errorf("%s: %w", file, err)
		}
		if c.lead == "" && b.kind == blockPara {
			c.lead = b.lines[0]
			continue
		}
		c.blocks = append(c.blocks, b)
	}
	if c.title == "" || c.lead == "" {
		return c, fmt.Errorf("%s: a chapter begins with its title and a paragraph", file)
	}
	return c, nil
}

// readBlock reads lines that no empty one parts.
func readBlock(lines []string) (guideBlock, error) {
	first := lines[0]
	switch {
	case strings.HasPrefix(first, "## "):
		if len(lines) > 1 {
			return guideBlock{}, fmt.Errorf("no empty line after %q", first)
		}
		return guideBlock{kind: blockPart, lines: []string{first[3:]}}, nil
	case strings.HasPrefix(first, "- "):
		return guideBlock{kind: blockPoints, lines: itemsOf(lines, func(l string) string { return strings.TrimPrefix(l, "- ") })}, nil
	case stepSign.MatchString(first):
		return guideBlock{kind: blockSteps, lines: itemsOf(lines, func(l string) string { return stepSign.ReplaceAllString(l, "") })}, nil
	case strings.HasPrefix(first, "> "):
		for i, l := range lines {
			lines[i] = strings.TrimPrefix(l, "> ")
		}
		return guideBlock{kind: blockNote, lines: []string{strings.Join(lines, " ")}}, nil
	}
	whole := strings.Join(lines, " ")
	if m := pictureSign.FindStringSubmatch(whole); m != nil {
		return guideBlock{kind: blockPicture, lines: []string{m[1], m[3]}, picture: m[2]}, nil
	}
	return guideBlock{kind: blockPara, lines: []string{whole}}, nil
}

// itemsOf are the items of a list; a line without the sign goes on with the one before.
func itemsOf(lines []string, bare func(string) string) (out []string) {
	for _, l := range lines {
		text := bare(l)
		if text == l && len(out) > 0 {
			out[len(out)-1] += " " + strings.TrimSpace(l)
			continue
		}
		out = append(out, text)
	}
	return out
}

// Pictures of the pages are of one size, so that nothing moves while they come.
const (
	pictureWidth  = 390
	pictureHeight = 700
)

// guidePicture gives one as WebP, made by make guide; false: it was not made.
func guidePicture(lang, name string) ([]byte, bool) {
	b, err := guideFiles.ReadFile("guide/" + lang + "/" + name + ".webp")
	return b, err == nil
}
