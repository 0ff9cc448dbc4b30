package look

import (
	"html/template"
	"strings"

	"golang.org/x/text/language"
)

// Text is what a page shows: words of the catalogue, numbers and dates in the reader's
// manner, what people wrote. It carries its markup and can only be made by this package,
// so that nothing which a person typed is ever read as markup. The zero value shows
// nothing, and {{if}} treats it as false.
type Text []span

// span is a stretch of text: escaped markup, and the same as plain words.
type span struct {
	html  template.HTML
	plain string
}

// String is the text without markup, for attributes, titles and messages elsewhere.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.plain)
	}
	return b.String()
}

// HTML is the text with its markup.
func (t Text) HTML() template.HTML {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(string(s.html))
	}
	return template.HTML(b.String())
}

func escaped(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// Plain is text of the program's own that is the same in every language, as a name of a
// product or a figure that is formatted already.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{escaped(s), s}}
}

// Typed is what a person wrote, in whatever script: it is shown as typed, and neither its
// letters nor its control characters turn what stands around it.
func Typed(s string) Text { return wrapped("<bdi>", Plain(s), "</bdi>") }

// Code is a code, a time, an "n / n": it keeps its order within a text that runs from
// right to left.
func Code(s string) Text { return wrapped(`<bdi dir="ltr">`, Plain(s), "</bdi>") }

// Mono is a code that is compared sign by sign, as a fingerprint.
func Mono(s string) Text { return wrapped(`<bdi dir="ltr" class="mono">`, Plain(s), "</bdi>") }

// Foreign is text in another language than the page's, by its BCP 47 tag, so that it is
// read aloud and broken into lines as what it is.
func Foreign(tag, s string) Text {
	if tag = known(tag); tag == "" {
		return Typed(s)
	}
	return wrapped(template.HTML(`<bdi lang="`+template.HTMLEscapeString(tag)+`">`), Plain(s), "</bdi>")
}

// known gives a tag back if it names a language, else nothing: one of a record may be
// anything.
func known(tag string) string {
	if _, err := language.Parse(tag); err != nil {
		return ""
	}
	return tag
}

// Strong sets a text off by weight.
func Strong(t Text) Text { return wrapped("<b>", t, "</b>") }

// Soft sets a text back.
func Soft(t Text) Text { return wrapped(`<span class="soft">`, t, "</span>") }

// Small is a text in small letters.
func Small(t Text) Text { return wrapped(`<span class="small soft">`, t, "</span>") }

// Written is what a person wrote, within a sentence, in the letters of the record.
func Written(s string) Text { return wrapped(`<bdi class="words">`, Plain(s), "</bdi>") }

// Added and Gone are words that one version has and another has not: coloured, and
// underlined or struck.
func Added(t Text) Text { return wrapped("<ins>", t, "</ins>") }

// Gone is the counterpart of Added.
func Gone(t Text) Text { return wrapped("<del>", t, "</del>") }

// Withheld stands in a document for a passage that may not leave the office.
func Withheld(t Text) Text { return wrapped(`<span class="withheld">`, t, "</span>") }

// Unseen is read aloud and not shown.
func Unseen(t Text) Text { return wrapped(`<span class="unseen">`, t, "</span>") }

// To makes a text lead to an address. An address that is not of this site, a fragment, or
// of http, https or mailto leads nowhere: the text alone is shown.
func To(href string, t Text) Text {
	href = Href(href)
	if href == "" {
		return t
	}
	return wrapped(template.HTML(`<a href="`+template.HTMLEscapeString(href)+`">`), t, "</a>")
}

// Lines sets texts under each other.
func Lines(lines ...Text) Text { return joined(span{"<br>", "\n"}, lines) }

// Dotted sets texts after each other with a middle dot between them; empty ones are left
// out.
func Dotted(parts ...Text) Text { return joined(span{" · ", " · "}, parts) }

// Spaced sets texts after each other with a space between them; empty ones are left out.
func Spaced(parts ...Text) Text { return joined(span{" ", " "}, parts) }

func joined(between span, parts []Text) (out Text) {
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, between)
		}
		out = append(out, p...)
	}
	return out
}

func wrapped(before template.HTML, t Text, after template.HTML) Text {
	if len(t) == 0 {
		return nil
	}
	return Text{{before + t.HTML() + after, t.String()}}
}

// Href gives an address back if a page may lead there, else nothing: javascript: and the
// like never pass, whoever wrote them.
func Href(s string) string {
	head, _, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(head, "/?#") {
		return s
	}
	switch strings.ToLower(strings.TrimSpace(head)) {
	case "http", "https", "mailto", "tel":
		return s
	}
	return ""
}
