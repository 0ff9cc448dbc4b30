package fieldapp

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
)

func (a *App) helpRoutes() {
	a.openPage("/help", (*turn).showGuide)
	a.openPage("/help/{chapter}", (*turn).showChapter)
	a.openPage("/help/picture/{lang}/{name}", (*turn).sendPicture)
}

// chapterOf is which chapter speaks of a page, by the part of the catalogue that its title
// is of.
var chapterOf = map[string]string{
	"field-start": "start", "field-home": "home", "field-settings": "home", "field-ready": "ready",
	"field-visit": "visit", "field-place": "visit", "field-access": "visit", "field-counts": "visit",
	"field-notes": "notes", "field-checklist": "checklist", "field-finding": "finding",
	"field-interview": "interview", "field-sealed": "interview",
	"field-two": "two", "field-history": "two", "field-send": "send", "field-submit": "submit", "field-review": "review",
}

// helpFor is where the guide speaks of a page.
func helpFor(title look.Key) string {
	part, _, _ := strings.Cut(string(title), ".")
	if part == "field-help" {
		return "" // this is it
	}
	if c := chapterOf[part]; c != "" {
		return "/help/" + c
	}
	return "/help"
}

// reading is the language that the guide is read in: the reader's, or the one that they
// asked for.
func (t *turn) reading() string {
	if in := t.r.URL.Query().Get("in"); slices.Contains(guideLanguages(), in) {
		return in
	}
	return guideLanguage(t.locale.Tag)
}

// helpHref leads to a chapter, in the language that was asked for.
func (t *turn) helpHref(name string) string {
	href := strings.TrimSuffix("/help/"+name, "/")
	if in := t.reading(); in != guideLanguage(t.locale.Tag) {
		href += "?in=" + in
	}
	return href
}

// showGuide lists the chapters.
func (t *turn) showGuide() error {
	lang := t.reading()
	rows := look.Rows{Ordered: true}
	for _, c := range guide()[lang] {
		rows.Items = append(rows.Items, look.Row{Href: t.helpHref(c.name), Text: look.Plain(c.title), Under: t.inline(lang, c.lead)})
	}
	return t.showHelp(t.say("field-help.title"), "/",
		look.Heading{Text: t.say("field-help.title"), Under: t.say("field-help.under")},
		t.otherTongues(lang, ""),
		look.Tongue{Tag: lang, Body: []look.Part{rows}})
}

// showChapter shows one of them.
func (t *turn) showChapter() error {
	lang := t.reading()
	chapters := guide()[lang]
	i := slices.IndexFunc(chapters, func(c guideChapter) bool { return c.name == t.r.PathValue("chapter") })
	if i < 0 {
		return errEnded
	}
	c := chapters[i]
	body := append([]look.Part{look.Heading{Text: look.Plain(c.title)}, look.Para{Text: t.inline(lang, c.lead)}}, t.chapterParts(lang, c)...)
	parts := []look.Part{t.otherTongues(lang, c.name), look.Tongue{Tag: lang, Body: body}}
	if i+1 < len(chapters) {
		next := chapters[i+1]
		parts = append(parts, look.Rows{Items: []look.Row{{Href: t.helpHref(next.name), Text: look.Foreign(lang, next.title), Under: t.say("field-help.next")}}})
	}
	return t.showHelp(look.Foreign(lang, c.title), t.helpHref(""), parts...)
}

// showHelp is a page of the guide: within the app, or alone while the folder is locked.
func (t *turn) showHelp(name look.Text, back string, body ...look.Part) error {
	if !t.client.Locked() {
		return t.show(sheet{title: "field-help.title", name: name, back: back, body: body})
	}
	text := t.say("field-help.contents")
	if back == "/" {
		text = t.say("shell.back")
	}
	leave := look.Button{Href: back, Text: text, Icon: look.IconBack, Kind: look.ButtonQuiet}
	return t.showBare(http.StatusOK, "field-help.title", append([]look.Part{leave}, append(body, leave)...)...)
}

// otherTongues leads to the same in the other languages of the guide.
func (t *turn) otherTongues(lang, name string) look.Part {
	var links []look.Part
	for _, l := range guideLanguages() {
		if l != lang {
			links = append(links, look.Button{Href: strings.TrimSuffix("/help/"+name, "/") + "?in=" + l, Text: look.Foreign(l, look.LanguageName(l).String()), Kind: look.ButtonQuiet})
		}
	}
	return look.Cluster{Body: links}
}

// chapterParts draws a chapter: each part of it is a section.
func (t *turn) chapterParts(lang string, c guideChapter) (out []look.Part) {
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
			out = append(out, look.Section{Heading: t.inline(lang, b.lines[0])})
			section = len(out) - 1
			continue
		}
		if p := t.blockPart(lang, b); p != nil {
			add(p)
		}
	}
	return out
}

func (t *turn) blockPart(lang string, b guideBlock) look.Part {
	switch b.kind {
	case blockPoints, blockSteps:
		p := look.Points{Ordered: b.kind == blockSteps}
		for _, l := range b.lines {
			p.Items = append(p.Items, t.inline(lang, l))
		}
		return p
	case blockNote:
		return look.Note{Text: t.inline(lang, b.lines[0])}
	case blockPicture:
		if _, ok := guidePicture(lang, b.picture); !ok {
			return nil
		}
		return look.Picture{Src: "/help/picture/" + lang + "/" + b.picture, Alt: look.Plain(b.lines[0]), Caption: t.inline(lang, b.lines[1]), Width: pictureWidth, Height: pictureHeight}
	}
	return look.Para{Text: t.inline(lang, b.lines[0])}
}

// inlineSign is what may stand within a line: weight, a chapter, a message.
var inlineSign = regexp.MustCompile(`\*\*([^*]+)\*\*|\[([^]]+)\]\(([a-z]+)\)|\{([a-z-]+\.[a-z0-9-]+)\}`)

// inline reads what stands within a line.
func (t *turn) inline(lang, line string) (out look.Text) {
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
			out = append(out, look.To(t.helpHref(group(3)), look.Plain(group(2)))...)
		default:
			out = append(out, look.Strong(t.named(lang, look.Key(group(4))))...)
		}
		line = line[at[1]:]
	}
}

// named is a message as the pages of this reader say it.
func (t *turn) named(lang string, k look.Key) look.Text {
	said := t.say(k)
	if t.locale.Tag == lang {
		return said
	}
	return look.Foreign(t.locale.Tag, said.String())
}

// sendPicture sends a picture of the guide.
func (t *turn) sendPicture() error {
	b, ok := guidePicture(t.r.PathValue("lang"), t.r.PathValue("name"))
	if !ok {
		return errEnded
	}
	t.w.Header().Set("Content-Type", "image/webp")
	_, err := t.w.Write(b)
	return err
}
