package signin

import (
	"errors"
	"testing"
	"time"
)

var site = Site{Host: "localhost:8420"}

// keyed is somebody who has set up with a passkey.
func (w *world) keyed(name string) (*authenticator, Entered) {
	w.Helper()
	s := w.arrive(w.person(name, caseRole))
	a := newAuthenticator(w, site)
	w.addKey(s, a, name)
	codes, err := w.NewCodes(w.Context(), s)
	w.must(err)
	e, err := w.ConfirmCodes(w.Context(), s, here, codes[0])
	w.must(err)
	return a, e
}

func (w *world) addKey(s *Session, a *authenticator, name string) {
	w.Helper()
	options, err := w.BeginPasskey(w.Context(), s, site, name)
	w.must(err)
	w.must(w.AddPasskey(w.Context(), s, site, a.create(options), "Phone  of\nmine"))
}

func (w *world) signInWith(a *authenticator) (Entered, error) {
	w.Helper()
	options, err := w.BeginSignIn(site)
	w.must(err)
	if o := a.read(options); len(o.AllowCredentials) != 0 {
		w.Error("it names passkeys")
	}
	return w.ByPasskey(w.Context(), here, site, a.get(options))
}

func TestAPasskeySignsIn(t *testing.T) {
	w := newWorld(t)
	a, e := w.keyed("Case officer")
	if e.Session.Way != Passkey {
		t.Errorf("%+v", e.Session)
	}
	in, err := w.signInWith(a)
	w.must(err)
	if in.Session.PersonID != e.Session.PersonID || !in.Session.Fresh() {
		t.Errorf("%+v", in.Session)
	}
	ways, err := w.Ways(t.Context(), e.Session.PersonID)
	w.must(err)
	if len(ways.Passkeys) != 1 || ways.Passkeys[0].Name != "Phone of mine" || ways.Passkeys[0].Last.IsZero() || ways.Passphrase {
		t.Errorf("%+v", ways)
	}
	for _, note := range []string{"a passkey was added", "a person signed in with a passkey"} {
		w.noted(note)
	}
	// Passkeys never wait, whatever was tried.
	m := &member{world: w, person: e.Session.Person}
	for range 60 {
		_ = m.fails(here)
	}
	if _, err := w.signInWith(a); err != nil {
		t.Error(err)
	}
}

func TestWhatAPasskeyMustNotDo(t *testing.T) {
	w := newWorld(t)
	a, _ := w.keyed("Case officer")
	other, _ := w.keyed("Another")
	ctx := t.Context()
	begin := func() []byte {
		options, err := w.BeginSignIn(site)
		w.must(err)
		return options
	}
	refused := func(what string, at Site, answer []byte) {
		t.Helper()
		if _, err := w.ByPasskey(ctx, here, at, answer); err != ErrWrong {
			t.Errorf("%s: %v", what, err)
		}
	}
	answer := a.get(begin())
	_, err := w.ByPasskey(ctx, here, site, answer)
	w.must(err)
	refused("a second time", site, answer)

	late := begin()
	w.time = w.time.Add(ceremonyFor)
	refused("late", site, a.get(late))

	b := *a
	b.origin = "http://localhost.evil.example:8420"
	refused("from another site", site, b.get(begin()))
	b = *a
	b.verified = false
	refused("without the person", site, b.get(begin()))
	b = *a
	b.key = other.key
	refused("with another key", site, b.get(begin()))
	b = *a
	b.handle = other.handle
	refused("as somebody else", site, b.get(begin()))
	b = *a
	b.counter = 0
	refused("a copy that counts on its own", site, b.get(begin()))
	refused("under another name of the server", Site{Host: "office.localhost:8420"}, a.get(begin()))
	refused("nonsense", site, []byte("{}"))
	refused("made up", site, a.get([]byte(`{"challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`)))
	_, err = w.ByPasskey(ctx, here, Site{Host: "127.0.0.1:8420"}, a.get(begin()))
	w.wants(err, ErrNoPasskeys)
	a.counter += 50
	if _, err := w.signInWith(a); err != nil {
		t.Errorf("after all that: %v", err)
	}
}

func TestAPasskeyIsAddedByWhoAskedOnly(t *testing.T) {
	w := newWorld(t)
	_, e := w.keyed("Case officer")
	_, other := w.keyed("Another")
	options, err := w.BeginPasskey(t.Context(), e.Session, site, "")
	w.must(err)
	b := newAuthenticator(t, site)
	answer := b.create(options)
	w.wants(w.AddPasskey(t.Context(), other.Session, site, answer, "mine"), ErrWrong)
	w.must(w.AddPasskey(t.Context(), e.Session, site, answer, "mine"))
	w.wants(w.AddPasskey(t.Context(), e.Session, site, answer, "mine"), ErrWrong)
	options, err = w.BeginPasskey(t.Context(), e.Session, site, "")
	w.must(err)
	c := newAuthenticator(t, site)
	c.verified = false
	w.wants(w.AddPasskey(t.Context(), e.Session, site, c.create(options), ""), ErrWrong)
	stale := *e.Session
	stale.now += FreshFor.Milliseconds()
	_, err = w.BeginPasskey(t.Context(), &stale, site, "")
	w.wants(err, ErrNotProved)
}

func TestPasskeysAreNamedAndRemoved(t *testing.T) {
	w := newWorld(t)
	a, e := w.keyed("Case officer")
	s := e.Session
	ways, err := w.Ways(t.Context(), s.PersonID)
	w.must(err)
	id := ways.Passkeys[0].ID
	w.wants(w.RemovePasskey(t.Context(), s, id), ErrLast)
	b := newAuthenticator(t, site)
	w.addKey(s, b, "")
	w.must(w.NamePasskey(t.Context(), s, id, "Desk"))
	_, other := w.keyed("Another")
	w.wants(w.NamePasskey(t.Context(), other.Session, id, "stolen"), ErrGone)
	elsewhere, err := w.signInWith(b)
	w.must(err)
	w.must(w.RemovePasskey(t.Context(), s, id))
	_, err = w.signInWith(a)
	w.wants(err, ErrWrong)
	_, err = w.Authenticate(t.Context(), elsewhere.Token)
	w.wants(err, ErrNobody)
	m := &member{world: w, person: s.Person, id: s.PersonID}
	m.setPassphrase(s, "")
	w.must(w.RemovePassphrase(t.Context(), s))
	if _, err := m.signIn(here); err != ErrWrong {
		t.Error("a passphrase that was removed signs in")
	}
}

func TestAProofByPasskeyIsOfTheSamePerson(t *testing.T) {
	w := newWorld(t)
	a, e := w.keyed("Case officer")
	b, other := w.keyed("Another")
	w.time = w.time.Add(10 * time.Minute)
	s, err := w.Authenticate(t.Context(), e.Token)
	w.must(err)
	options, err := w.BeginProof(s, site)
	w.must(err)
	_, err = w.ProvePasskey(t.Context(), s, site, b.get(options))
	w.wants(err, ErrWrong)
	_, err = w.ProvePasskey(t.Context(), other.Session, site, b.get(options))
	w.wants(err, ErrWrong)
	_, err = w.ByPasskey(t.Context(), here, site, a.get(options))
	w.wants(err, ErrWrong)
	options, err = w.BeginProof(s, site)
	w.must(err)
	p, err := w.ProvePasskey(t.Context(), s, site, a.get(options))
	w.must(err)
	if !p.Session.Fresh() || p.Token == e.Token {
		t.Errorf("%+v", p.Session)
	}
}

func TestAResetPersonMayUseTheSameAuthenticator(t *testing.T) {
	w := newWorld(t)
	a, e := w.keyed("Case officer")
	s := w.arrive(e.Session.Person)
	options, err := w.BeginPasskey(t.Context(), s, site, "Case officer")
	w.must(err)
	if _, err := w.signInWith(a); err != nil {
		t.Errorf("a setting-up that only began has dropped what there was: %v", err)
	}
	w.must(w.AddPasskey(t.Context(), s, site, a.create(options), ""))
	if _, err := w.signInWith(a); err != nil && !errors.Is(err, ErrWrong) {
		t.Error(err)
	}
	ways, err := w.Ways(t.Context(), s.PersonID)
	w.must(err)
	if len(ways.Passkeys) != 1 || ways.Codes != 0 {
		t.Errorf("%+v", ways)
	}
}
