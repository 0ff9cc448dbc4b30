package signin

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

const (
	adminRole = daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN
	caseRole  = daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER
)

func TestSomebodySetsUpAndSignsIn(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	if m.now.Session.Stage != Full || m.now.Session.Way != Passphrase || !m.now.Session.Fresh() {
		t.Errorf("%+v", m.now.Session)
	}
	e, err := m.signIn(here)
	w.must(err)
	s, err := w.Authenticate(t.Context(), e.Token)
	w.must(err)
	if s.PersonID != m.id || s.Person.GetName() != "Case officer" || s.Browser != "Firefox, Linux" {
		t.Errorf("%+v", s)
	}
	ways, err := w.Ways(t.Context(), m.id)
	w.must(err)
	if ways.Name != "Case officer" || !ways.Passphrase || ways.Codes != 10 || len(ways.Passkeys) != 0 || !ways.Last.Equal(w.time) {
		t.Errorf("%+v", ways)
	}
	for _, note := range []string{"a first-sign-in code was made", "a first-sign-in code was used", "a passphrase and one-time codes were set",
		"new recovery codes were made", "a person has set up how to sign in", "a person signed in with a passphrase"} {
		w.noted(note)
	}
}

// Whatever of the three is wrong, the answer is the same, and the name is found however it
// is written.
func TestAWrongSignInSaysNotWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Ägyptens Prüferin", caseRole))
	for i, c := range []struct{ name, passphrase, code string }{
		{"Nobody", good, m.code()}, {"Ägyptens Prüferin", good + "!", m.code()}, {"Ägyptens Prüferin", good, "000000"},
		{"", "", ""}, {"Ägyptens Prüferin", good, ""}, {"Ägyptens Prüferin", "", m.code()}, {"Ägyptens Prüferin", strings.Repeat("x", 1<<20), m.code()},
	} {
		v := from("198.51.100." + string(rune('1'+i)))
		if _, err := w.ByPassphrase(t.Context(), v, c.name, c.passphrase, c.code); err != ErrWrong {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := w.ByPassphrase(t.Context(), here, "  ÄGYPTENS   prüferin ", good, m.code()); err != nil {
		t.Error(err)
	}
	w.noted("a sign-in was refused")
	w.noted("a stranger could not sign in")
}

func TestAOneTimeCodeIsGoodOnce(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	code := m.code()
	_, err := w.ByPassphrase(t.Context(), here, "Case officer", good, code)
	w.must(err)
	_, err = w.ByPassphrase(t.Context(), here, "Case officer", good, code)
	w.wants(err, ErrWrong)
	// One that is older than the one that was used is not good either, a later one is.
	before := codeAt(m.secret, w.time.UnixMilli()/stepMS-1)
	_, err = w.ByPassphrase(t.Context(), here, "Case officer", good, before)
	w.wants(err, ErrWrong)
	if _, err := m.signIn(here); err != nil {
		t.Error(err)
	}
}

func TestAFirstCodeIsGoodOnceAndNotForLong(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor", caseRole)
	code, until, err := w.Issue(t.Context(), idOf(t, p), time.Minute, directory.By{})
	w.must(err)
	if until.Sub(w.time) != LeastFirst {
		t.Errorf("it is good for %s", until.Sub(w.time))
	}
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	e, err := w.Enter(t.Context(), here, typed)
	w.must(err)
	if e.Session.Stage != Arrived || e.Session.Until.Sub(w.time) != SetUpFor {
		t.Errorf("%+v", e.Session)
	}
	_, err = w.Enter(t.Context(), here, code)
	w.wants(err, ErrCode)

	code, until, err = w.Issue(t.Context(), idOf(t, p), 1000*time.Hour, directory.By{})
	w.must(err)
	if until.Sub(w.time) != MostFirst {
		t.Errorf("it is good for %s", until.Sub(w.time))
	}
	w.time = until
	_, err = w.Enter(t.Context(), here, code)
	w.wants(err, ErrCode)
	for _, bad := range []string{"", "0000-0000-0000-0000", strings.Repeat("A", 32), "код", strings.Repeat("A", 1<<20)} {
		if _, err = w.Enter(t.Context(), from("203.0.113.9"), bad); err != ErrCode && !errors.As(err, new(*WaitError)) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	// A new one takes the place of one that was out.
	old, _, err := w.Issue(t.Context(), idOf(t, p), time.Hour, directory.By{})
	w.must(err)
	_, _, err = w.Issue(t.Context(), idOf(t, p), time.Hour, directory.By{})
	w.must(err)
	_, err = w.Enter(t.Context(), here, old)
	w.wants(err, ErrCode)
}

// Until whoever came by a code has a way to sign in, everything is as it was; then all of
// the old is gone.
func TestAFirstCodeDropsWhatThereWasOnceItIsReplaced(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	s := w.arrive(m.person)
	if _, err := w.Authenticate(t.Context(), m.now.Token); err != nil {
		t.Errorf("a code alone has ended a session: %v", err)
	}
	if _, err := w.NewCodes(t.Context(), s); err != ErrGone {
		t.Errorf("codes without a way: %v", err)
	}
	old := *m
	m.setPassphrase(s, "Officer 7")
	if _, err := w.Authenticate(t.Context(), m.now.Token); err != ErrNobody {
		t.Errorf("the old session goes on: %v", err)
	}
	if _, err := w.ByRecovery(t.Context(), here, "Officer 7", m.codes[0]); err != ErrWrong {
		t.Errorf("an old recovery code: %v", err)
	}
	if _, err := w.ByPassphrase(t.Context(), here, "Officer 7", good, old.code()); err != ErrWrong {
		t.Errorf("an old one-time code: %v", err)
	}
	if _, err := w.ByPassphrase(t.Context(), here, "Officer 7", good, m.code()); err != nil {
		t.Error(err)
	}
}

func TestNamesAreOneEach(t *testing.T) {
	w := newWorld(t)
	w.member(w.person("Monitor", caseRole))
	s := w.arrive(w.person("Monitor", caseRole))
	offer, err := w.Offer(t.Context(), s, "Office", "Monitor")
	w.must(err)
	m := &member{world: w}
	m.secret, _ = base32Bytes(offer.Secret)
	for name, want := range map[string]error{" MONITOR ": ErrTaken, "": ErrName, "   ": ErrName, strings.Repeat("x", 201): ErrName, "a\x00b": ErrName} {
		if err := w.SetPassphrase(t.Context(), s, name, good, m.code()); err != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	again, err := w.Offer(t.Context(), s, "Office", "Monitor 2")
	w.must(err)
	if again.Secret != offer.Secret {
		t.Error("each look at the page makes another secret")
	}
	w.must(w.SetPassphrase(t.Context(), s, "Monitor 2", good, m.code()))
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	ended := func(e Entered, why EndReason) {
		t.Helper()
		_, err := w.Authenticate(t.Context(), e.Token)
		var end *EndedError
		if !errors.As(err, &end) || end.Why != why || end.Person != m.id {
			t.Errorf("got %v, want it ended because %s", err, why)
		}
		if _, err := w.Authenticate(t.Context(), e.Token); err != ErrNobody {
			t.Errorf("it is told twice: %v", err)
		}
	}
	e, err := m.signIn(here)
	w.must(err)
	w.time = w.time.Add(IdleFor - time.Millisecond)
	_, err = w.Authenticate(t.Context(), e.Token)
	w.must(err)
	w.time = w.time.Add(IdleFor)
	ended(e, EndIdle)

	e, err = m.signIn(here)
	w.must(err)
	for range int(EndsAfter/(10*time.Minute)) - 1 {
		w.time = w.time.Add(10 * time.Minute)
		_, err := w.Authenticate(t.Context(), e.Token)
		w.must(err)
	}
	w.time = w.time.Add(10 * time.Minute)
	ended(e, EndOld)

	e, err = m.signIn(here)
	w.must(err)
	m.person.Grants = append(m.person.Grants, &daylightv1.Grant{Role: adminRole})
	m.person, err = w.directory.SavePerson(t.Context(), m.person, directory.By{})
	w.must(err)
	ended(e, EndChanged)

	e, err = m.signIn(here)
	w.must(err)
	m.person.Disabled = true
	_, err = w.directory.SavePerson(t.Context(), m.person, directory.By{})
	w.must(err)
	ended(e, EndChanged)
	if _, err := m.signIn(here); err != ErrWrong {
		t.Errorf("somebody disabled signs in: %v", err)
	}
	for _, bad := range []string{"", "x", strings.Repeat("A", 43)} {
		if _, err := w.Authenticate(t.Context(), bad); err != ErrNobody {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A change of the name alone ends nothing.
func TestANameIsNoRight(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	m.person.Name = "Case officer 2"
	_, err := w.directory.SavePerson(t.Context(), m.person, directory.By{})
	w.must(err)
	s, err := w.Authenticate(t.Context(), m.now.Token)
	w.must(err)
	if s.Person.GetName() != "Case officer 2" {
		t.Error("it shows the old name")
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	m, other := w.member(w.person("Case officer", caseRole)), w.member(w.person("Another", caseRole))
	a, err := m.signIn(here)
	w.must(err)
	b, err := m.signIn(here)
	w.must(err)
	all, err := w.Sessions(t.Context(), m.id)
	w.must(err)
	if len(all) != 3 {
		t.Fatalf("%d sessions", len(all))
	}
	w.must(w.End(t.Context(), a.Session, other.now.Session.ID)) // is not one's own
	_, err = w.Authenticate(t.Context(), other.now.Token)
	w.must(err)
	w.must(w.End(t.Context(), a.Session, b.Session.ID))
	_, err = w.Authenticate(t.Context(), b.Token)
	w.wants(err, ErrNobody)
	w.must(w.End(t.Context(), a.Session, record.ID{}))
	_, err = w.Authenticate(t.Context(), m.now.Token)
	w.wants(err, ErrNobody)
	_, err = w.Authenticate(t.Context(), a.Token)
	w.must(err)
	w.must(w.SignOut(t.Context(), a.Session))
	_, err = w.Authenticate(t.Context(), a.Token)
	w.wants(err, ErrNobody)
	for range mostSessions + 3 {
		_, err = m.signIn(here)
		w.must(err)
	}
	all, err = w.Sessions(t.Context(), m.id)
	w.must(err)
	if len(all) != mostSessions {
		t.Errorf("%d sessions", len(all))
	}
}

// Whoever puts a token into somebody's browser gets nothing: signing in and proving give
// another one, and what the browser had is over.
func TestTokensChangeWhenSomebodySignsIn(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	planted, err := m.signIn(here)
	w.must(err)
	v := here
	v.Session = planted.Token
	e, err := m.signIn(v)
	w.must(err)
	_, err = w.Authenticate(t.Context(), planted.Token)
	w.wants(err, ErrNobody)
	proved, err := w.Prove(t.Context(), e.Session, here, good, m.code())
	w.must(err)
	if proved.Token == e.Token || proved.Session.ID != e.Session.ID {
		t.Error("the token stays, or the session does not")
	}
	_, err = w.Authenticate(t.Context(), e.Token)
	w.wants(err, ErrNobody)
	if _, err := w.Prove(t.Context(), e.Session, here, good, m.code()); err != ErrNobody {
		t.Errorf("an old token goes on: %v", err)
	}
}

func TestAProofIsFreshForFiveMinutes(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	e, err := m.signIn(here)
	w.must(err)
	w.time = w.time.Add(FreshFor)
	s, err := w.Authenticate(t.Context(), e.Token)
	w.must(err)
	if s.Fresh() || s.OwnFresh() {
		t.Error("it is fresh for ever")
	}
	_, err = w.NewCodes(t.Context(), s)
	w.wants(err, ErrNotProved)
	_, err = w.Prove(t.Context(), s, here, good+"!", m.code())
	w.wants(err, ErrWrong)
	p, err := w.Prove(t.Context(), s, here, good, m.code())
	w.must(err)
	if !p.Session.Fresh() {
		t.Error("it is not fresh")
	}
}

func TestARecoveryCodeOpensOnesOwnWaysOnly(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	e, err := w.ByRecovery(t.Context(), here, "case officer", strings.ToLower(m.codes[0]))
	w.must(err)
	if e.Session.Fresh() || !e.Session.OwnFresh() {
		t.Errorf("%+v", e.Session)
	}
	_, err = w.ByRecovery(t.Context(), here, "Case officer", m.codes[0])
	w.wants(err, ErrWrong)
	m.setPassphrase(e.Session, "ignored")
	if _, err := m.signIn(here); err != nil {
		t.Error(err)
	}
	other := w.member(w.person("Another", caseRole))
	_, err = w.ByRecovery(t.Context(), here, "Case officer", other.codes[0])
	w.wants(err, ErrWrong)
	ways, err := w.Ways(t.Context(), m.id)
	w.must(err)
	if ways.Codes != 9 {
		t.Errorf("%d codes are left", ways.Codes)
	}
}

func TestTwoPeopleReset(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	first, second := w.member(w.admin), w.member(w.person("Second", adminRole))
	ctx := t.Context()
	propose := func() (half string, id record.ID) {
		t.Helper()
		half, err := w.ProposeReset(ctx, first.now.Session, m.id, LostDevice)
		w.must(err)
		all, err := w.Resets(ctx)
		w.must(err)
		if len(all) != 1 || all[0].Person.GetName() != "Case officer" || all[0].AskedBy.GetName() != "Administrator" || all[0].Reason != LostDevice {
			t.Fatalf("%+v", all)
		}
		return half, all[0].ID
	}
	_, id := propose()
	_, err := w.ApproveReset(ctx, first.now.Session, id)
	w.wants(err, ErrSame)
	_, err = w.ApproveReset(ctx, m.now.Session, id)
	w.wants(err, ErrSame)
	_, err = w.ProposeReset(ctx, first.now.Session, first.id, LostDevice)
	w.wants(err, ErrSame)
	if _, err := w.Authenticate(ctx, m.now.Token); err != nil {
		t.Errorf("what one person proposed has done something: %v", err)
	}
	w.must(w.RefuseReset(ctx, second.now.Session, id))
	_, err = w.ApproveReset(ctx, second.now.Session, id)
	w.wants(err, ErrGone)

	a, id := propose()
	b, err := w.ApproveReset(ctx, second.now.Session, id)
	w.must(err)
	_, err = w.Authenticate(ctx, m.now.Token)
	w.wants(err, ErrNobody)
	_, err = m.signIn(here)
	w.wants(err, ErrWrong)
	for _, part := range []string{a, b, b + a} {
		if _, err := w.Enter(ctx, from("203.0.113.1"), part); err != ErrCode {
			t.Errorf("half a code: %v", err)
		}
	}
	e, err := w.Enter(ctx, here, a+" "+b)
	w.must(err)
	if e.Session.PersonID != m.id {
		t.Error("it lets somebody else in")
	}
	for _, note := range []string{"a reset of a sign-in was proposed", "a reset of a sign-in was refused", "a reset of a sign-in was approved"} {
		w.noted(note)
	}
}

func TestAResetLapsesAndWantsAFreshProof(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	first, second := w.member(w.admin), w.member(w.person("Second", adminRole))
	_, err := w.ProposeReset(t.Context(), first.now.Session, m.id, Misused)
	w.must(err)
	all, err := w.Resets(t.Context())
	w.must(err)
	stale := *second.now.Session
	stale.now += FreshFor.Milliseconds() + 1
	_, err = w.ApproveReset(t.Context(), &stale, all[0].ID)
	w.wants(err, ErrNotProved)
	recovered, err := w.ByRecovery(t.Context(), here, "Second", second.codes[0])
	w.must(err)
	_, err = w.ApproveReset(t.Context(), recovered.Session, all[0].ID)
	w.wants(err, ErrNotProved)
	w.time = w.time.Add(ResetFor)
	_, err = w.ApproveReset(t.Context(), second.now.Session, all[0].ID)
	w.wants(err, ErrGone)
	for _, why := range []Reason{0, 5, -1} {
		_, err = w.ProposeReset(t.Context(), first.now.Session, m.id, why)
		w.wants(err, ErrGone)
	}
}

func TestAccountsAreListed(t *testing.T) {
	w := newWorld(t)
	w.member(w.person("Case officer", caseRole))
	for i := range AccountsPage {
		w.person("Person " + string(rune('A'+i%26)) + string(rune('a'+i/26)))
	}
	page, next, err := w.Accounts(t.Context(), "", "")
	w.must(err)
	rest, end, err := w.Accounts(t.Context(), "", next)
	w.must(err)
	if len(page) != AccountsPage || len(rest) != 2 || end != "" || page[1].Ways.Codes != 10 {
		t.Errorf("%d and %d, %q %+v", len(page), len(rest), end, page[1])
	}
	found, _, err := w.Accounts(t.Context(), "CASE", "")
	w.must(err)
	if len(found) != 1 || found[0].Person.GetName() != "Case officer" {
		t.Errorf("%+v", found)
	}
}

func TestTheKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signin.key")
	k, err := LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadKey(path)
	if err != nil || k != again || k == (Key{}) {
		t.Errorf("%v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); err == nil {
		t.Error("half a key is taken")
	}
}

// Whoever has the database and not the key makes no one-time codes, and finds nothing that
// signs in.
func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	e, err := m.signIn(here)
	w.must(err)
	secrets := map[string][]byte{"one-time": m.secret, "token": []byte(e.Token), "browser": []byte(e.Browser), "recovery": []byte(readCode(m.codes[0])), "passphrase": []byte(good)}
	w.must(w.db.Copy(t.Context(), filepath.Join(t.TempDir(), "copy.db")))
	copied := filepath.Join(t.TempDir(), "copy2.db")
	w.must(w.db.Copy(t.Context(), copied))
	b, err := os.ReadFile(copied)
	w.must(err)
	for name, s := range secrets {
		if bytes.Contains(b, s) {
			t.Errorf("the %s stands in the database", name)
		}
	}
	other, err := New(Config{DB: w.db, Key: Key{2}, Now: func() time.Time { return w.time }, Random: counted{&w.numbers}, Cost: cheap})
	w.must(err)
	if _, err := other.ByPassphrase(t.Context(), here, "Case officer", good, m.code()); err != ErrWrong {
		t.Errorf("without the key: %v", err)
	}
}

func TestPassphrases(t *testing.T) {
	for p, want := range map[string]Weakness{
		good: "", "девять серых цапель": "", "correct horse battery staple": TooCommon, "short": TooShort, "": TooShort,
		strings.Repeat("ab cd ef gh", 40): TooLong, "passwordpassword": TooCommon, "Password12345678": TooCommon, "aaaaaaaaaaaaaaaaaa": TooCommon,
		"abcdefghijklmnopqrst": TooCommon, "1234567890123456": TooCommon, "case officer case": TooLike, "qwertyqwerty2026": TooCommon,
		"пароль пароль пароль": TooCommon, "xyzwvutxyzwvutxyzwvut": TooCommon,
	} {
		err := CheckPassphrase(p, "Case officer")
		var weak *WeakError
		switch {
		case want == "" && err != nil, want != "" && (!errors.As(err, &weak) || weak.Why != want):
			t.Errorf("%.30q: %v, want %q", p, err, want)
		}
	}
	w := newWorld(t)
	h, err := w.hash(t.Context(), "ﬁve grey herons on ice")
	w.must(err)
	if ok, err := w.matches(t.Context(), h, "five grey herons on ice"); err != nil || !ok {
		t.Errorf("NFKC: %v %v", ok, err)
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=8,t=0,p=1$AAAA$AAAA", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA"} {
		if _, err := w.matches(t.Context(), bad, good); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// The codes of RFC 6238, appendix B, cut to six digits.
func TestOneTimeCodesAreThoseOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := codeAt(secret, at/30); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	if _, ok := stepOf(secret, "٢٨٧ ٠٨٢", 59_000, 0); !ok {
		t.Error("Arabic digits are not read")
	}
	for _, typed := range []string{"28708", "2870822", "28708a", "", "287082x"} {
		if _, ok := stepOf(secret, typed, 59_000, 0); ok {
			t.Errorf("%q is taken", typed)
		}
	}
}

// Any code is read as it was meant, however it is written.
func TestCodesAreReadAsTheyWereMeant(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		code, err := w.newCode()
		if err != nil {
			rt.Fatal(err)
		}
		var b strings.Builder
		for _, r := range strings.ReplaceAll(code, "-", "") {
			b.WriteString(rapid.SampledFrom([]string{"", " ", "-", "\u2011"}).Draw(rt, "between"))
			switch s := string(r); {
			case rapid.Bool().Draw(rt, "small"):
				b.WriteString(strings.ToLower(s))
			case s == "0":
				b.WriteString("O")
			case s == "1":
				b.WriteString(rapid.SampledFrom([]string{"I", "L", "l", "i"}).Draw(rt, "one"))
			default:
				b.WriteString(s)
			}
		}
		if !bytes.Equal(firstHash(b.String()), firstHash(code)) {
			rt.Fatalf("%q is not read as %q", b.String(), code)
		}
	})
}

func TestADatabaseThatCannotBeWrittenLetsNobodyIn(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	w.must(w.db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON accesses BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	if _, err := m.signIn(here); err == nil {
		t.Error("somebody signs in without a line in the log")
	}
}

// Two who show the same code at the same moment: one comes in.
func TestACodeIsUsedUpByOne(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	if _, ok := stepOf(m.secret, codeAt(m.secret, 7), 7*stepMS, 7); ok {
		t.Error("a step that was used is good again")
	}
	var a *account
	w.must(w.read(t.Context(), func(x *tx) (err error) {
		a, err = x.accountBy("person", m.id[:])
		return err
	}))
	code := m.code()
	one, err := w.checkPassphrase(t.Context(), a, good, code)
	w.must(err)
	other, err := w.checkPassphrase(t.Context(), a, good, code)
	w.must(err)
	w.must(w.write(t.Context(), directory.By{}, one))
	w.wants(w.write(t.Context(), directory.By{}, other), ErrWrong)
}
