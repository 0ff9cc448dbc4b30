// Package look is what both faces of the product share: the words of the pages in five
// languages, dates and numbers as people write them, the style and its icons, forms, and
// the parts that pages are made of. It promises that nothing which a person typed is ever
// read as markup, that nothing typed into a form is lost because it was refused, and that
// a page works without script, by keyboard alone, on a phone and in the dark.
//
// A handler fills in structs; each has one partial in parts/ that draws it, and there is
// no markup elsewhere. Texts are of type Text, which only this package can make:
// Locale.Say for words of the catalogue, Typed for what people wrote, Code for what keeps
// its order between Arabic words, Locale.When and its like for what depends on the reader.
//
// A page written from parts:
//
//	func (a *app) finding(w http.ResponseWriter, r *http.Request) {
//		l := look.Words().Locale(look.LanguageOf(r), a.zone, a.now())
//		form, err := look.ReadForm(l, r) // keeps what was typed, also what is refused
//		if err != nil {
//			a.fail(w, l, err)
//			return
//		}
//		if r.Method == http.MethodPost && form.OK() && a.save(form) {
//			http.Redirect(w, r, "/visit", http.StatusSeeOther)
//			return
//		}
//		label := vocabulary.Shipped().Label("FINDING_SEVERITY", "SERIOUS", l.Tag)
//		err = look.Page{
//			Locale: l, Theme: look.ThemeOf(r), Title: l.Say("finding.title"), // the kind of page only
//			Shell: look.FieldShell{Back: "/visit", Name: l.Say("finding.title"), Net: a.net(l), Lock: "/lock",
//				Foot: []look.Button{{Kind: look.ButtonMain, Text: l.Say("finding.ready"), Form: "finding"}}},
//			Body: []look.Part{
//				look.Heading{Text: l.Say("finding.title"), Tags: []look.Tag{look.TagOf(l, "FINDING_SEVERITY", "SERIOUS", label)}},
//				look.Note{Kind: look.NoteTwo, Heading: l.Say("finding.versions", "n", 2)},
//				look.Questions{ID: "finding", Action: "/finding", Hidden: []look.Hidden{{Name: "seen", Value: a.seen}}, Body: []look.Part{
//					look.Input{Name: "narrative", Rows: 6, Label: l.Say("finding.narrative"), Hint: l.Say("finding.no-names"),
//						Value: form.Value("narrative"), Error: form.Error("narrative")},
//					look.Saved{At: l.ClockOrWhen(a.savedAt), For: "finding"},
//				}},
//				look.Rows{Items: []look.Row{{Href: "/room/12", Text: look.Typed(a.room), Count: l.Of(7, 18), Lead: look.Pane{State: look.PaneBegun}}}},
//			},
//		}.Write(w, http.StatusOK)
//	}
//
// Words stand in words/LANGUAGE/PART.json, one file for each part of the product, and are
// named part.name. A message that counts has the plural forms of its language and is told
// its number as n. The tests hold the files of all languages against each other and
// against what the code of both faces says. "reviewed" lists what a native speaker has
// read; Locale.Translating marks the rest.
//
// New kinds of parts get a struct with a partial method here, a define in parts/, a place
// in the list of page_test.go and in the gallery, which shows every part in every state:
//
//	go run ./internal/look/gallery
//
// Assets serves the style and the script under AssetPrefix; SecurityHeaders says what a
// page may do. Cookies hold the chosen language and theme alone.
package look
