package console

import (
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/register"
)

// A register of places comes in three steps: the file is brought; what it would do to the
// places of the office is shown, row by row; then what its person chose of that is done, in
// one change. What it would do is reckoned anew at the last step, since places go on being
// written meanwhile.

const registerFile = "register"

func (c *Console) importRoutes() {
	who := may(access.ImportRegister)
	c.freshPage("/places/import", who, func(t *turn) error { return t.showBringRegister(nil) })
	c.freshFile("/places/import", who, (*turn).bringRegister)
	c.page("/import/{file}", who, func(t *turn) error { return t.showIntake(nil) })
	c.post("/import/{file}/columns", who, (*turn).tellColumns)
	c.freshPost("/import/{file}/take", who, (*turn).takeRegister)
}

func (t *turn) placeCrumbs(here look.Text) []look.Link {
	return []look.Link{{Href: "/places", Text: t.say("office-import.places")}, {Text: here}}
}

// showBringRegister asks for the file, and says what became of the last one.
func (t *turn) showBringRegister(f *look.Form) error {
	t.refused(f)
	var body []look.Part
	q := t.r.URL.Query()
	if q.Get("done") == "taken" {
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-import.taken"),
			Text: t.say("office-import.taken-body", "new", number(q, "new"), "changed", number(q, "changed")),
			Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.to-places"), Href: "/places"}, look.Button{Text: t.say("office-import.to-duplicates"), Href: "/places/duplicates"}}}}})
	}
	if q.Get("done") == "gone" {
		body = append(body, look.Note{Kind: look.NoteWatch, Status: true, Heading: t.say("office-import.gone"), Text: t.say("office-import.gone-body")})
	}
	body = append(body, t.problems(f, map[string]look.Text{fileField: t.say("office-import.file"), "source": t.say("office-import.source")})...)
	body = append(body, look.Questions{ID: "bring", Action: "/places/import", Files: true, Body: []look.Part{
		look.Input{Name: fileField, Type: "file", Accept: ".csv,.xlsx,text/csv", Required: true, Label: t.say("office-import.file"), Hint: t.say("office-import.file-hint", "limit", t.locale.Bytes(mostBrought)), Error: wrong(f, fileField)},
		look.Input{Name: "source", Label: t.say("office-import.source"), Hint: t.say("office-import.source-hint"), Value: typed(f, "source", ""), Error: wrong(f, "source"), Mono: true},
		t.languageOfNames(typed(f, "language", t.locale.Tag)),
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.read"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-import.cancel"), Href: "/places", Kind: look.ButtonQuiet}}}}},
		look.Section{Heading: t.say("office-import.how"), Body: []look.Part{look.Points{Ordered: true, Items: []look.Text{t.say("office-import.how-1"), t.say("office-import.how-2"), t.say("office-import.how-3"), t.say("office-import.how-4")}}}})
	return t.show(sheet{title: t.say("office-import.title"), lede: t.say("office-import.lede"), crumbs: t.placeCrumbs(t.say("office-import.title")), here: "/places", body: body})
}

// number is a count that an address carries.
func number(q url.Values, name string) int {
	n, err := strconv.ParseUint(q.Get(name), 10, 20)
	if err != nil {
		return 0
	}
	return int(n)
}

func (t *turn) languageOfNames(now string) look.Part {
	s := look.Select{Name: "language", Label: t.say("office-import.language"), Hint: t.say("office-import.language-hint")}
	for _, tag := range look.Languages {
		s.Options = append(s.Options, look.Option{Value: tag, Text: look.LanguageName(tag), Selected: tag == now})
	}
	return s
}

func (t *turn) bringRegister(f *look.Form, b brought) error {
	source := sourceOf(f.Trimmed("source"))
	if f.Trimmed("source") == "" {
		name := filepath.Base(strings.ReplaceAll(b.name, `\`, "/"))
		source = sourceOf(strings.TrimSuffix(name, filepath.Ext(name)))
	}
	if source == "" {
		f.Refuse("source", t.say("office-import.no-source"))
	}
	if !f.OK() {
		return t.showBringRegister(f)
	}
	b.told = url.Values{"source": {source}, "language": {f.Value("language")}}
	return t.to("/import/" + t.tray.put(registerFile, t.session.PersonID, b, t.now()))
}

// sourceOf makes a register's name, as it is known by at every import, of what somebody typed
// or a file is called.
func sourceOf(typed string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, typed)
	return strings.Trim(name[:min(len(name), 60)], "-")
}

// heldRegister is the file of the address; gone is true where it is held no longer.
func (t *turn) heldRegister() (at string, b brought, gone bool) {
	at = t.r.PathValue("file")
	b, ok := t.tray.get(registerFile, t.session.PersonID, at, t.now())
	return at, b, !ok
}

func (t *turn) registerGone() error { return t.to("/places/import?done=gone") }

// tellColumns keeps what somebody says of the columns, and shows anew what the file would do.
func (t *turn) tellColumns(f *look.Form) error {
	at, b, gone := t.heldRegister()
	if gone {
		return t.registerGone()
	}
	told := url.Values{"source": b.told["source"], "language": b.told["language"]}
	if source := sourceOf(f.Trimmed("source")); source != "" {
		told.Set("source", source)
	}
	for i, header := range f.Values("header") {
		field, err := register.ParseField(f.Value("column-" + strconv.Itoa(i)))
		if err == nil && f.Has("column-"+strconv.Itoa(i)) {
			told.Add("header", header)
			told.Add("field", string(field))
		}
	}
	for i, word := range f.Values("word") {
		if code := f.Value("type-" + strconv.Itoa(i)); code != "" {
			told.Add("word", word)
			told.Add("code", code)
		}
	}
	t.tray.tell(at, told)
	return t.to("/import/" + at)
}

// registerOptions are what somebody told of a file, as the register takes it.
func registerOptions(told url.Values) register.Options {
	o := register.Options{Source: told.Get("source"), Language: told.Get("language"), Map: map[string]register.Field{}, Types: map[string]string{}}
	for i, header := range told["header"] {
		o.Map[header] = register.Field(told["field"][i])
	}
	for i, word := range told["word"] {
		o.Types[word] = told["code"][i]
	}
	return o
}
