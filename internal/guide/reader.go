package guide

import (
	"regexp"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
)

// Reader is somebody who reads the guide, at /help, /help/{chapter} and
// /help/picture/{lang}/{name}.
type Reader struct {
	Guide  *Guide
	Locale *look.Locale
	// In is the language that was asked for; the reader's own where the guide is not written
	// in it.
	In string
	// Width and Height are those of the pictures, so that nothing moves while they come.
	Width, Height int
}

// lang is the language that the guide is read in.
func (r Reader) lang() string {
	if slices.Contains(r.Guide.Languages(), r.In) {
		return r.In
	}
	return r.Guide.Language(r.Locale.Tag)
}

// Href leads to a chapter, in the language that was asked for; to the contents for no name.
func (r Reader) Href(name string) string {
	href := strings.TrimSuffix("/help/"+name, "/")
	if in := r.lang(); in != r.Guide.Language(r.Locale.Tag) {
		href += "?in=" + in
	}
	return href
}

// Contents lists the chapters.
func (r Reader) Contents() []look.Part {
	rows := look.Rows{Ordered: true}
	for _, c := range r.Guide.Chapters(r.lang()) {
		rows.Items = append(rows.Items, look.Row{Href: r.Href(c.Name), Text: look.Plain(c.Title), Under: r.inline(c.Lead)})
	}
	return []look.Part{r.otherTongues(""), look.Tongue{Tag: r.lang(), Body: []look.Part{rows}}}
}

// Chapter shows one, under its own heading or, bare, under that of its page; false: there is
// none of that name.
func (r Reader) Chapter(name string, bare bool) (title look.Text, parts []look.Part, ok bool) {
	chapters := r.Guide.Chapters(r.lang())
	i := slices.IndexFunc(chapters, func(c Chapter) bool { return c.Name == name })
	if i < 0 {
		return nil, nil, false
	}
	c := chapters[i]
	body := []look.Part{look.Para{Text: r.inline(c.Lead)}}
	if !bare {
		body = append([]look.Part{look.Heading{Text: look.Plain(c.Title)}}, body...)
	}
	parts = []look.Part{r.otherTongues(c.Name), look.Tongue{Tag: r.lang(), Body: append(body, r.draw(c)...)}}
	if i+1 < len(chapters) {
		next := chapters[i+1]
		parts = append(parts, look.Rows{Items: []look.Row{{Href: r.Href(next.Name), Text: look.Foreign(r.lang(), next.Title), Under: r.Locale.Say("field-help.next")}}})
	}
	return look.Foreign(r.lang(), c.Title), parts, true
}

// otherTongues leads to the same in the other languages of the guide.
func (r Reader) otherTongues(name string) look.Part {
	var links []look.Part
	for _, l := range r.Guide.Languages() {
		if l != r.lang() {
			links = append(links, look.Button{Href: strings.TrimSuffix("/help/"+name, "/") + "?in=" + l, Text: look.Foreign(l, look.LanguageName(l).String()), Kind: look.ButtonQuiet})
		}
	}
	return look.Cluster{Body: links}
}

// draw draws a chapter: each part of it is a section.
func (r Reader) draw(c Chapter) (out []look.Part) {
	section := -1
	add := func(p look.Part) {
		if section < 0 {
			out = append(out, p)
			return
		}
		s := out[section].(look.Section)
		s.Body = append(s.Body, p)
		out[section] = s
	}
	for _, b := range c.blocks {
		if b.kind == blockPart {
			out = append(out, look.Section{Heading: r.inline(b.lines[0])})
			section = len(out) - 1
			continue
		}
		if p := r.blockPart(b); p != nil {
			add(p)
		}
	}
	return out
}

func (r Reader) blockPart(b block) look.Part {
	switch b.kind {
	case blockPoints, blockSteps:
		p := look.Points{Ordered: b.kind == blockSteps}
		for _, l := range b.lines {
			p.Items = append(p.Items, r.inline(l))
		}
		return p
	case blockNote:
		return look.Note{Text: r.inline(b.lines[0])}
	case blockPicture:
		if _, ok := r.Guide.Picture(r.lang(), b.picture); !ok {
			return nil
		}
		return look.Picture{Src: "/help/picture/" + r.lang() + "/" + b.picture, Alt: look.Plain(b.lines[0]), Caption: r.inline(b.lines[1]), Width: r.Width, Height: r.Height}
	}
	return look.Para{Text: r.inline(b.lines[0])}
}

// inlineSign is what may stand within a line: weight, a chapter, a message.
var inlineSign = regexp.MustCompile(`\*\*([^*]+)\*\*|\[([^]]+)\]\(([a-z]+)\)|\{([a-z-]+\.[a-z0-9-]+)\}`)

// inline reads what stands within a line.
func (r Reader) inline(line string) (out look.Text) {
	for {
		at := inlineSign.FindStringSubmatchIndex(line)
		if at == nil {
			return append(out, look.Plain(line)...)
		}
		group := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return line[at[2*n]:at[2*n+1]]
		}
		out = append(out, look.Plain(line[:at[0]])...)
		switch {
		case group(1) != "":
			out = append(out, look.Strong(look.Plain(group(1)))...)
		case group(3) != "":
			out = append(out, look.To(r.Href(group(3)), look.Plain(group(2)))...)
		default:
			out = append(out, look.Strong(r.named(look.Key(group(4))))...)
		}
		line = line[at[1]:]
	}
}

// named is a message as the pages of this reader say it.
func (r Reader) named(k look.Key) look.Text {
	said := r.Locale.Say(k)
	if r.Locale.Tag == r.lang() {
		return said
	}
	return look.Foreign(r.Locale.Tag, said.String())
}
