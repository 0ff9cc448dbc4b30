package look

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Page is one page: a shell, and the parts in it. Handlers fill one in and Write it; there
// is no markup in them.
type Page struct {
	Locale *Locale
	Theme  Theme
	// Title says the kind of page only: never a place, a person or a record, for it
	// stays in the browser's history.
	Title Text
	// Shell is FieldShell, OfficeShell or BareShell, which it is where there is none.
	Shell Shell
	Body  []Part
	// Scripts are files of the look beside daylight.js, as field.js.
	Scripts []string
	// Data are data- attributes of the body for scripts, by name without data-.
	Data map[string]string
	// NoMarkup: no script of the page may make markup of text (Trusted Types).
	NoMarkup bool
}

// Part is a piece of a page. The parts are the exported structs of this package.
type Part interface {
	// partial names the template that draws it.
	partial() string
}

// Shell is what stands around the parts.
type Shell interface {
	Part
	class() string
}

//go:embed parts/*.html
var partFiles embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"icon": drawn, "brand": func() template.HTML { return brand }, "asset": AssetURL, "href": Href, "fieldid": FieldID, "lang": known,
	}).ParseFS(partFiles, "parts/*.html"))
})

// Write sends the page with the headers that every page has. An error is that it could not
// be drawn, and nothing was sent; a page that does not arrive is missed by nobody.
func (p Page) Write(w http.ResponseWriter, status int) error {
	var b bytes.Buffer
	if err := p.Render(&b); err != nil {
		return err
	}
	SecurityHeaders(w.Header())
	if p.NoMarkup {
		w.Header().Set("Content-Security-Policy", policy+noMarkup)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", p.Locale.Tag)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
	return nil
}

// Render writes the page's HTML.
func (p Page) Render(w io.Writer) error {
	if p.Shell == nil {
		p.Shell = BareShell{}
	}
	run := &run{locale: p.Locale}
	inside, err := run.draw(p.Shell, p.Body, 2)
	if err != nil {
		return err
	}
	return templates().ExecuteTemplate(w, "page", struct {
		Page
		Class   string
		Symbols template.HTML
		Inside  template.HTML
		Attrs   template.HTMLAttr
		Skip    Text
	}{p, p.Shell.class(), symbolsOf([]byte(inside)), inside, dataAttrs(p.Data), p.Locale.Say("shell.skip")})
}

// RenderParts writes parts without a page around them, for a script that puts them into
// one, and for tests.
func RenderParts(w io.Writer, l *Locale, parts ...Part) error {
	run := &run{locale: l}
	for _, p := range parts {
		html, err := run.draw(p, nil, 2)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, string(html)); err != nil {
			return err
		}
	}
	return nil
}

// RenderLive writes what a script puts into the element with that id, with the drawings in
// it, which the page may not have. Its ids are none that the page has.
func RenderLive(w io.Writer, l *Locale, id string, parts ...Part) error {
	run := &run{locale: l, within: "x-" + id + "-"}
	var b bytes.Buffer
	for _, p := range parts {
		html, err := run.draw(p, nil, 2)
		if err != nil {
			return err
		}
		b.WriteString(string(html))
	}
	if drawings := symbolsOf(b.Bytes()); drawings != "" {
		b.WriteString(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="unseen">` + string(drawings) + `</svg>`)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// run is one drawing of one page: it counts ids.
type run struct {
	locale *Locale
	ids    int
	// within stands in the ids of what goes into a page that is there.
	within string
}

// view is what a partial sees: the part, and how to draw what is in it.
type view struct {
	*run
	V any
	// Body are the parts of the page, for a shell.
	Body  []Part
	level int
	own   string
}

func (r *run) draw(p Part, body []Part, level int) (template.HTML, error) {
	if p == nil {
		return "", nil
	}
	var b bytes.Buffer
	v := &view{run: r, V: p, Body: body, level: level}
	if err := templates().ExecuteTemplate(&b, p.partial(), v); err != nil {
		return "", fmt.Errorf("look: %s: %w", p.partial(), err)
	}
	return template.HTML(b.String()), nil
}

// Part draws what stands in this one.
func (v *view) Part(p Part) (template.HTML, error) { return v.draw(p, nil, v.level) }

// Under draws what stands under this one's heading: its own headings are a level deeper.
func (v *view) Under(p Part) (template.HTML, error) { return v.draw(p, nil, v.level+1) }

// L is the reader.
func (v *view) L() *Locale { return v.locale }

// Say is a message of the catalogue.
func (v *view) Say(k Key, pairs ...any) Text { return v.locale.Say(k, pairs...) }

// NewID is an id that nothing else on the page has; ID gives the last one of this part
// again.
func (v *view) NewID() string {
	v.ids++
	v.own = fmt.Sprintf("p%s%d", v.within, v.ids)
	return v.own
}

// ID is the id that NewID gave.
func (v *view) ID() string { return v.own }

// Head is a heading of the level that the part stands at.
func (v *view) Head(t Text, class string) template.HTML {
	level := min(v.level, 6)
	attrs := ` id="` + v.own + `"`
	if v.own == "" {
		attrs = ""
	}
	if class != "" {
		attrs += ` class="` + class + `"`
	}
	return template.HTML(fmt.Sprintf("<h%d%s>%s</h%d>", level, attrs, t.HTML(), level))
}

// Data are data- attributes.
func (v *view) Data(m map[string]string) template.HTMLAttr { return dataAttrs(m) }

// Rtl reports whether the page runs from right to left.
func (v *view) Rtl() bool { return v.locale.Direction() == "rtl" }

// FieldID is the id of the control with that name, for links to it. A name with the key of
// an element in it is hashed: an address that leads there says nothing of the element.
func FieldID(name string) string {
	if field, _, keyed := strings.Cut(name, "["); keyed {
		sum := sha256.Sum256([]byte(name))
		name = field + "-" + hex.EncodeToString(sum[:6])
	}
	return "f-" + strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			return c
		}
		return '_'
	}, name)
}

// Row is the view of a row within its list.
func (v *view) Row(r Row) *view { return &view{run: v.run, V: r, level: v.level} }
