package fieldapp

import (
	"errors"
	"net/http"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// A folder that is new gets a passphrase, and then the device a place at the office, by a
// code. One that is locked is unlocked. Nothing else is shown before.

func (a *App) startRoutes() {
	a.openPage("/unlock", (*turn).showUnlock)
	a.openPost("/unlock", (*turn).unlock)
	a.openPost("/unlock/begin", (*turn).beginFolder)
	a.page("/enrol", func(t *turn) error { return t.showEnrol(nil) })
	a.post("/enrol", (*turn).enrol)
	a.mux.HandleFunc("POST /enrol/picture", a.unlocked((*turn).enrolByPicture))
	a.post("/enrol/same", (*turn).wordsSame)
	a.post("/enrol/other", (*turn).wordsOther)
}

// showUnlock is the page for a folder that is not open, whatever it lacks.
func (t *turn) showUnlock() error {
	if !t.client.Locked() {
		return t.to("/")
	}
	t.forget() // it may have locked itself
	p, err := t.client.Protection()
	switch {
	case err != nil:
		return err
	case p.New:
		return t.showNew(p, nil)
	case p.Destroyed:
		return t.showDestroyed(p)
	}
	return t.showLocked(p, nil)
}

// mostTries is how many wrong passphrases in a row the library takes.
const mostTries = 10

// fieldError is what is wrong with a control; nothing without a form.
func fieldError(f *look.Form, name string) look.Text {
	if f == nil {
		return nil
	}
	return f.Error(name)
}

func statusFor(f *look.Form) int {
	if f == nil || f.OK() {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

// passphraseInput asks for one; the script offers to show the words.
func (t *turn) passphraseInput(name string, label, hint look.Key, f *look.Form) look.Input {
	in := look.Input{Name: name, Type: "password", Label: t.say(label), Error: fieldError(f, name), Required: true, Sensitive: true,
		Data: map[string]string{"reveal": t.say("field-start.reveal").String()}}
	if hint != "" {
		in.Hint = t.say(hint)
	}
	return in
}

func (t *turn) showLocked(p clientsync.Protection, f *look.Form) error {
	lede := t.say("field-start.locked")
	if at := t.windows.lockedSince(); !at.IsZero() {
		lede = look.Spaced(t.say("field-start.locked-at", "when", t.locale.When(at)), lede)
	}
	body := []look.Part{
		look.Beam{}, look.Heading{Text: t.say("shell.product"), Under: lede},
		look.Questions{Action: "/unlock", Body: []look.Part{
			t.passphraseInput("passphrase", "field-start.passphrase", "field-start.passphrase-hint", f),
			look.Button{Text: t.say("field-start.unlock"), Kind: look.ButtonMain, Wide: true}}},
	}
	if n, err := t.client.Unsent(t.ctx()); err == nil && n > 0 {
		body = append(body, look.Note{Icon: look.IconSend, Text: look.Strong(t.say("field-edit.net-unsent", "n", n)), Under: t.say("field-start.unsent-locked")})
	} else if err == nil {
		body = append(body, look.Note{Icon: look.IconCheck, Text: t.say("field-start.all-sent")})
	}
	body = append(body, look.Para{Small: true, Soft: true, Text: t.say("field-start.tries", "n", p.TriesLeft, "of", mostTries)},
		look.Unfold{Plain: true, Summary: t.say("field-start.lost"), Body: t.lost(p)})
	return t.showBare(statusFor(f), "shell.product", append(body, t.outside()...)...)
}

// lost says what the office can do for somebody who does not know the passphrase, and what
// nobody can.
func (t *turn) lost(p clientsync.Protection) []look.Part {
	points := []look.Text{t.say("field-start.lost-nobody")}
	if p.Recoverable {
		points = append(points, t.say("field-start.lost-office"), t.say("field-start.lost-not"))
	} else {
		points = append(points, t.say("field-start.lost-alone"))
	}
	points = append(points, t.say("field-start.lost-received"), t.say("field-start.lost-anew"))
	return []look.Part{look.Points{Items: points, Small: true}}
}

// showDestroyed is for a folder that no passphrase opens any more.
func (t *turn) showDestroyed(p clientsync.Protection) error {
	body := []look.Part{look.Beam{}, look.Heading{Text: t.say("field-start.destroyed"), Under: t.say("field-start.destroyed-body")}}
	return t.showBare(http.StatusOK, "shell.product", append(append(body, t.lost(p)...), t.outside()...)...)
}

// outside is what can be done before the folder is open: to choose light and language, and
// to erase it.
func (t *turn) outside() []look.Part {
	return []look.Part{
		look.Section{Heading: t.say("shell.language"), Unseen: true, Body: []look.Part{look.LanguageChoice{Action: "/unlock/language"}}},
		look.Section{Heading: t.say("shell.theme"), Unseen: true, Body: []look.Part{look.ThemeChoice{Action: "/unlock/theme", Now: look.ThemeOf(t.r)}}},
		look.Rule{},
		look.Button{Text: t.say("field-start.to-wipe"), Href: "/wipe", Icon: look.IconBin, Kind: look.ButtonQuiet},
	}
}

// unlock opens the folder.
func (t *turn) unlock(f *look.Form) error {
	if !t.client.Locked() {
		return t.to("/")
	}
	t.forget() // it may have locked itself
	err := t.client.Unlock(t.ctx(), f.Value("passphrase"))
	var wrong *clientsync.PassphraseError
	switch {
	case errors.As(err, &wrong):
		f.Refuse("passphrase", t.say("field-start.wrong", "n", wrong.TriesLeft))
	case clientsync.CodeOf(err) == clientsync.Unavailable:
		f.Refuse("passphrase", told(t.locale, known(err)))
	case clientsync.CodeOf(err) == clientsync.Unauthenticated:
		return t.to("/unlock") // which says why
	case err != nil:
		return err
	default:
		return t.afterUnlock()
	}
	p, err := t.client.Protection()
	if err != nil {
		return err
	}
	if p.Destroyed || p.New {
		return t.to("/unlock")
	}
	return t.showLocked(p, f)
}

// known is what the library says of a failure; it says something of each.
func known(err error) *clientsync.Error {
	var e *clientsync.Error
	if errors.As(err, &e) {
		return e
	}
	return &clientsync.Error{Code: clientsync.Internal, Message: err.Error()}
}

// afterUnlock goes on once the folder is open: the language that was chosen at the door is
// kept.
func (t *turn) afterUnlock() error {
	t.windows.unlocked(t.now())
	if k, err := t.r.Cookie("daylight-language"); err == nil && k.Value != "" {
		t.keep(rememberedLanguage, look.LanguageOf(t.r))
	}
	return t.to("/")
}

// keep remembers something small. Failing to is no trouble of the person's.
func (t *turn) keep(name, value string) {
	if err := t.client.Remember(t.ctx(), name, []byte(value)); err != nil {
		t.log.Warn("something small is not remembered", "name", name, "code", clientsync.CodeOf(err))
	}
}

// kept gives it; empty for nothing.
func (t *turn) kept(name string) string {
	b, err := t.client.Remembered(clientsync.Quietly(t.ctx()), name)
	if err != nil {
		return ""
	}
	return string(b)
}

// showNew is the first page of all: a passphrase is chosen, which is most of what protects
// the records.
func (t *turn) showNew(p clientsync.Protection, f *look.Form) error {
	words := clientsync.SuggestPassphrase()
	if f != nil && f.Value("words") != "" {
		words = f.Value("words")
	}
	strength := look.Note{Kind: look.NoteWatch, Icon: look.IconLock, Text: t.say("field-start.strength-weak")}
	if p.Hardware {
		strength = look.Note{Icon: look.IconLock, Text: t.say("field-start.strength-hardware")}
	}
	body := []look.Part{
		look.Beam{}, look.Heading{Text: t.say("field-start.new"), Under: t.say("field-start.new-body")},
		look.Leaf{Over: t.say("field-start.suggested"), Body: []look.Part{
			look.Para{Big: true, Text: look.Foreign("en", words)},
			look.Para{Small: true, Soft: true, Text: t.say("field-start.suggested-why")},
			look.Button{Text: t.say("field-start.suggest-others"), Href: "/unlock", Kind: look.ButtonQuiet}}},
		strength,
		look.Questions{Action: "/unlock/begin", Hidden: []look.Hidden{{Name: "words", Value: words}}, Body: []look.Part{
			t.passphraseInput("passphrase", "field-start.new-passphrase", "field-start.new-hint", f),
			t.passphraseInput("again", "field-start.once-more", "", f),
			look.Button{Text: t.say("field-start.begin"), Kind: look.ButtonMain, Wide: true}}},
		look.Para{Small: true, Soft: true, Text: t.say("field-start.no-way-back")},
		look.Section{Heading: t.say("shell.language"), Unseen: true, Body: []look.Part{look.LanguageChoice{Action: "/unlock/language"}}},
	}
	return t.showBare(statusFor(f), "shell.product", body...)
}

// weak refuses a passphrase that is too weak, or was typed two ways; false: it did not.
func (t *turn) weak(f *look.Form, p clientsync.Protection) bool {
	phrase := f.Value("passphrase")
	err := t.client.CheckPassphrase(phrase)
	switch {
	case err != nil && len(phrase) > 1000:
		f.Refuse("passphrase", t.say("field-start.weak-long"))
	case err != nil && p.Hardware:
		f.Refuse("passphrase", t.say("field-start.weak-short"))
	case err != nil:
		f.Refuse("passphrase", t.say("field-start.weak-words", "n", differentWords(phrase)))
	case f.Value("again") != phrase:
		f.Refuse("again", t.say("field-start.not-the-same"))
	}
	return !f.OK()
}

// differentWords are those that count: of three letters or more, each once.
func differentWords(phrase string) int {
	words := map[string]bool{}
	for _, w := range strings.Fields(phrase) {
		if len([]rune(w)) >= 3 {
			words[w] = true
		}
	}
	return len(words)
}

// beginFolder makes the vault of a new folder.
func (t *turn) beginFolder(f *look.Form) error {
	p, err := t.client.Protection()
	if err != nil {
		return err
	}
	if !p.New {
		return t.to("/unlock")
	}
	if t.weak(f, p) {
		return t.showNew(p, f)
	}
	if err := t.client.SetPassphrase(t.ctx(), "", f.Value("passphrase")); err != nil {
		return err
	}
	t.keep(rememberedLanguage, look.LanguageOf(t.r))
	return t.to("/enrol")
}

// rememberedWords holds the six words until somebody has compared them with the office's;
// otherWords, that the office has others.
const (
	rememberedWords = "enrol-words"
	otherWords      = "!"
)

// showEnrol asks for a code, has the words compared, and says how the office knows the
// device.
func (t *turn) showEnrol(f *look.Form) error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	page := sheet{title: "field-start.device", back: "/settings", tab: tabHome}
	switch words := t.kept(rememberedWords); {
	case words == otherWords && f == nil:
		page.body = t.otherBody()
	case f != nil:
		page.body = t.codeBody(f)
	case words != "":
		page.body = t.compareBody(words, s)
	case s.Office == "":
		page.body = t.codeBody(nil)
	default:
		page.body = t.enrolledBody(s)
	}
	t.status = statusFor(f)
	return t.show(page)
}

// codeBody asks for the code, pasted or by a picture; f holds what was typed, or read.
func (t *turn) codeBody(f *look.Form) []look.Part {
	value := func(name string) string {
		if f == nil {
			return ""
		}
		return f.Value(name)
	}
	body := []look.Part{look.Heading{Text: t.say("field-start.enrol"), Under: t.say("field-start.enrol-body")}}
	if f != nil && f.OK() {
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-start.picture-read")})
	}
	return append(body,
		look.Questions{Action: "/enrol", Body: []look.Part{
			look.Input{Name: "code", Label: t.say("field-start.code"), Hint: t.say("field-start.code-hint"), Rows: 4, Mono: true, Sensitive: true, Required: true,
				Value: value("code"), Error: fieldError(f, "code")},
			look.Input{Name: "label", Label: t.say("field-start.label"), Hint: t.say("field-start.label-hint"), Value: value("label"), Error: fieldError(f, "label")},
			look.Button{Text: t.say("field-start.enrol-do"), Kind: look.ButtonMain, Wide: true}}},
		t.picturePart(f),
		look.Button{Text: t.say("field-start.later"), Href: "/", Kind: look.ButtonQuiet})
}

// compareBody has the six words compared: they say whether somebody stands in between.
func (t *turn) compareBody(words string, s clientsync.Status) []look.Part {
	return []look.Part{
		look.Heading{Text: t.say("field-start.compare"), Under: t.say("field-start.compare-body", "office", s.Office)},
		look.Leaf{Lit: true, Over: t.say("field-start.words-here"), Body: []look.Part{look.Para{Big: true, Text: look.Foreign("en", words)}}},
		look.Flow{Body: []look.Part{
			look.Button{Text: t.say("field-start.same"), Action: "/enrol/same", Kind: look.ButtonMain, Wide: true},
			look.Button{Text: t.say("field-start.other"), Action: "/enrol/other", Wide: true}}},
		look.Para{Small: true, Soft: true, Text: t.say("field-start.compare-later")},
	}
}

// otherBody is for words that differ. Nothing is sent from here on.
func (t *turn) otherBody() []look.Part {
	return []look.Part{
		look.Heading{Text: t.say("field-start.between")},
		look.Note{Kind: look.NoteUrgent, Status: true, Text: t.say("field-start.between-body")},
		look.Points{Ordered: true, Items: []look.Text{t.say("field-start.between-1"), t.say("field-start.between-2"), t.say("field-start.between-3")}},
		look.Questions{Action: "/enrol", Body: []look.Part{
			look.Input{Name: "code", Label: t.say("field-start.code-new"), Hint: t.say("field-start.code-hint"), Rows: 4, Mono: true, Sensitive: true, Required: true},
			look.Button{Text: t.say("field-start.enrol-do"), Wide: true}}},
		t.picturePart(nil),
	}
}

func (t *turn) enrolledBody(s clientsync.Status) []look.Part {
	facts := []look.Fact{
		{Name: t.say("field-start.office"), Value: look.Typed(s.Office)}, {Name: t.say("field-start.person"), Value: look.Typed(s.Person)},
		{Name: t.say("field-start.device-name"), Value: look.Typed(s.Device)}}
	body := []look.Part{look.Heading{Text: t.say("field-start.device")}, look.Facts{Items: facts, Leaf: true}}
	if s.Waiting {
		return append(body, look.Note{Kind: look.NoteWatch, Heading: t.say("field-start.waiting"), Text: t.say("field-start.waiting-body"), Body: []look.Part{
			look.Button{Text: t.say("field-start.ask-again"), Action: "/send/start"}}})
	}
	body = append(body, look.Note{Kind: look.NoteSettled, Text: t.say("field-start.approved")})
	if s.LastSync.IsZero() { // nothing of the office is here yet
		body = append(body, look.Button{Text: t.say("field-send.start"), Icon: look.IconSend, Action: "/send/start", Kind: look.ButtonMain, Wide: true})
	}
	return body
}

// longestLabel bounds what a device is called.
const longestLabel = 60

// enrol makes the device one of the office's.
func (t *turn) enrol(f *look.Form) error {
	label := f.Trimmed("label")
	if label == "" {
		label = t.say("field-start.a-device").String()
	}
	if len([]rune(label)) > longestLabel {
		f.Refuse("label", t.say("field-start.label-long", "n", longestLabel))
	}
	if !f.OK() {
		return t.showEnrol(f)
	}
	e, err := t.client.Enrol(t.ctx(), f.Value("code"), label)
	if err != nil {
		if errors.Is(err, clientsync.ErrLocked) {
			return err
		}
		f.Refuse("code", told(t.locale, known(err)))
		return t.showEnrol(f)
	}
	if err := t.client.Remember(t.ctx(), rememberedWords, []byte(e.Words)); err != nil {
		return err
	}
	return t.to("/enrol")
}

func (t *turn) wordsSame(*look.Form) error {
	if t.kept(rememberedWords) != otherWords {
		t.keep(rememberedWords, "")
	}
	return t.to("/enrol")
}

func (t *turn) wordsOther(*look.Form) error {
	if err := t.client.Remember(t.ctx(), rememberedWords, []byte(otherWords)); err != nil {
		return err
	}
	return t.to("/enrol")
}
