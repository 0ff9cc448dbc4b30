package guide

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
)

// Chapter is one page of a guide.
type Chapter struct {
	// Name is its address, Title what it is called, Lead what it is good for.
	Name, Title, Lead string
	blocks            []block
}

// block is a stretch of a chapter: one kind of sign, and what stands behind it.
type block struct {
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

// Guide is a guide in the languages that have it. It never changes.
type Guide struct {
	files    fs.FS
	chapters map[string][]Chapter
}

// New reads the files LANGUAGE/NN-NAME.md. An error names the file that is none of a guide.
func New(files fs.FS) (*Guide, error) {
	g := &Guide{files: files, chapters: map[string][]Chapter{}}
	for _, lang := range look.Languages {
		names, err := fs.Glob(files, lang+"/*.md")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, err
			}
			c, err := readChapter(name, string(text))
			if err != nil {
				return nil, err
			}
			g.chapters[lang] = append(g.chapters[lang], c)
		}
	}
	return g, nil
}

// Embedded reads a guide that came with the program, in the folder of its files. It panics at
// what is none: the tests of whoever embeds it read the same files.
func Embedded(files fs.FS, dir string) *Guide {
	in, err := fs.Sub(files, dir)
	if err != nil {
		panic(err)
	}
	g, err := New(in)
	if err != nil {
		panic(err)
	}
	return g
}

// Languages are those that the guide is written in.
func (g *Guide) Languages() (out []string) {
	for _, lang := range look.Languages {
		if len(g.chapters[lang]) > 0 {
			out = append(out, lang)
		}
	}
	return out
}

// Language is the one to read the guide in for a reader of another: Russian where the pages
// fall back to it too.
func (g *Guide) Language(tag string) string {
	if len(g.chapters[tag]) > 0 {
		return tag
	}
	if tag == "tk" {
		return "ru"
	}
	return look.Languages[0]
}

// Chapters are those of a language, in order.
func (g *Guide) Chapters(lang string) []Chapter { return g.chapters[lang] }

// Picture gives one as WebP, made by make guide; false: it was not made.
func (g *Guide) Picture(lang, name string) ([]byte, bool) {
	b, err := fs.ReadFile(g.files, lang+"/"+name+".webp")
	return b, err == nil
}

var (
	pictureSign = regexp.MustCompile(`^!\[([^]]+)\]\(([a-z-]+)\) ?(.*)$`)
	stepSign    = regexp.MustCompile(`^[0-9]+\. `)
)

// readChapter reads one file.
func readChapter(file, text string) (Chapter, error) {
	_, name, ok := strings.Cut(strings.TrimSuffix(path.Base(file), ".md"), "-")
	if !ok {
		return Chapter{}, fmt.Errorf("%s: a chapter is called NN-NAME.md", file)
	}
	c := Chapter{Name: name}
	for _, stretch := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(strings.TrimSpace(stretch), "\n")
		if title, ok := strings.CutPrefix(lines[0], "# "); ok {
			c.Title = title
			continue
		}
		b, err := readBlock(lines)
		if err != nil {
			return c, fmt.Errorf("%s: %w", file, err)
		}
		if c.Lead == "" && b.kind == blockPara {
			c.Lead = b.lines[0]
			continue
		}
		c.blocks = append(c.blocks, b)
	}
	if c.Title == "" || c.Lead == "" {
		return c, fmt.Errorf("%s: a chapter begins with its title and a paragraph", file)
	}
	return c, nil
}

// readBlock reads lines that no empty one parts.
func readBlock(lines []string) (block, error) {
	first := lines[0]
	switch {
	case strings.HasPrefix(first, "## "):
		if len(lines) > 1 {
			return block{}, fmt.Errorf("no empty line after %q", first)
		}
		return block{kind: blockPart, lines: []string{first[3:]}}, nil
	case strings.HasPrefix(first, "- "):
		return block{kind: blockPoints, lines: itemsOf(lines, func(l string) string { return strings.TrimPrefix(l, "- ") })}, nil
	case stepSign.MatchString(first):
		return block{kind: blockSteps, lines: itemsOf(lines, func(l string) string { return stepSign.ReplaceAllString(l, "") })}, nil
	case strings.HasPrefix(first, "> "):
		for i, l := range lines {
			lines[i] = strings.TrimPrefix(l, "> ")
		}
		return block{kind: blockNote, lines: []string{strings.Join(lines, " ")}}, nil
	}
	whole := strings.Join(lines, " ")
	if m := pictureSign.FindStringSubmatch(whole); m != nil {
		return block{kind: blockPicture, lines: []string{m[1], m[3]}, picture: m[2]}, nil
	}
	return block{kind: blockPara, lines: []string{whole}}, nil
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
