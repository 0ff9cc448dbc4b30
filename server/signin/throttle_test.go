package signin

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fails tries with a wrong passphrase.
func (m *member) fails(v Visitor) error {
	_, err := m.ByPassphrase(m.Context(), v, m.person.GetName(), "wrong", "000000")
	return err
}

func TestTheWaitGrowsFromTheFifthFailure(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	stranger := from("203.0.113.7")
	for range 5 {
		w.wants(m.fails(stranger), ErrWrong)
	}
	last := time.Duration(0)
	for range 12 {
		d := w.waits(m.fails(stranger))
		if d > mostOwn || d < last && last != mostOwn {
			t.Errorf("after %s it waits %s", last, d)
		}
		if _, err := m.ByPassphrase(t.Context(), stranger, "Case officer", good, codeAt(m.secret, w.time.UnixMilli()/stepMS)); err == nil {
			t.Fatal("a try that came too early is looked at")
		}
		w.time = w.time.Add(d)
		w.wants(m.fails(stranger), ErrWrong)
		last = d
	}
	if last < 10*time.Minute {
		t.Errorf("it grows to %s", last)
	}
	w.time = w.time.Add(forgotten + time.Second)
	w.wants(m.fails(stranger), ErrWrong)
	w.wants(m.fails(stranger), ErrWrong)
}

func TestWhoSignsInStartsAnew(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	e, err := m.signIn(here)
	w.must(err)
	mine := here
	mine.Browser = e.Browser
	for range 3 {
		for range 4 {
			w.wants(m.fails(mine), ErrWrong)
		}
		_, err := m.signIn(mine)
		w.must(err)
	}
}

// Whatever strangers do, from however many addresses and also from that of the person: who
// has signed in from this browser, or from this address before, signs in at once.
func TestStrangersKeepNobodyOut(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	e, err := m.signIn(from("192.0.2.50"))
	w.must(err)
	rapid.Check(t, func(rt *rapid.T) {
		w.time = w.time.Add(48 * time.Hour)                                   // each draw for itself
		w.must(w.write(t.Context(), m.now.Session.By(""), func(t *tx) error { // what came before
			for _, key := range [][]byte{hashOf("account", "case officer"), hashOf("place", "192.0.2.77"), hashOf("address", "case officer", "192.0.2.77")} {
				if _, err := t.Exec(`INSERT OR REPLACE INTO sign_in_tries (key, failed, last_at) VALUES ($1, $2, $3)`, key, rapid.IntRange(0, 100_000).Draw(rt, "before"), t.now); err != nil {
					return err
				}
			}
			return nil
		}))
		for i := range rapid.IntRange(1, 8).Draw(rt, "tries") {
			v := from(fmt.Sprintf("203.0.113.%d", rapid.IntRange(1, 250).Draw(rt, "address")))
			if rapid.Bool().Draw(rt, "behind the same address") {
				v = from("192.0.2.77")
			}
			if rapid.Bool().Draw(rt, "a browser of its own") {
				v.Browser = fmt.Sprint("stranger ", i)
			}
			_ = m.fails(v)
		}
		browser := from("192.0.2.77") // a new address, shared with a stranger
		browser.Browser = e.Browser
		if _, err := m.signIn(browser); err != nil {
			rt.Fatalf("by its browser: %v", err)
		}
		if _, err := m.signIn(from("192.0.2.50")); err != nil {
			rt.Fatalf("by its address: %v", err)
		}
		w.must(w.write(t.Context(), m.now.Session.By(""), func(t *tx) error { // it is a new address again
			_, err := t.Exec(`DELETE FROM sign_in_known WHERE key = $1`, hashOf("address", "192.0.2.77"))
			return err
		}))
	})
}

// Guessing spread over addresses is held up, for a minute at most; guessing one passphrase
// at many names too.
func TestSpreadGuessesAreHeldUp(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	for i := range freeAccount + 1 {
		w.wants(m.fails(from(fmt.Sprintf("203.0.%d.%d", i/200, i%200))), ErrWrong)
	}
	if d := w.waits(m.fails(from("198.51.100.1"))); d > mostAccount {
		t.Errorf("it waits %s", d)
	}
	for i := range freeAddress + 1 {
		_, err := w.ByPassphrase(t.Context(), from("198.51.100.2"), fmt.Sprint("name ", i), good, "000000")
		w.wants(err, ErrWrong)
	}
	_, err := w.ByPassphrase(t.Context(), from("198.51.100.2"), "another name", good, "000000")
	w.waits(err)
}

func TestAnAddressOfTheNewKindCountsAsItsNetwork(t *testing.T) {
	for a, want := range map[string]string{"2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "::ffff:192.0.2.1": "192.0.2.1", "192.0.2.1": "192.0.2.1", "x": "x"} {
		if got := place(a); got != want {
			t.Errorf("%s: %s", a, got)
		}
	}
}

// Many tries at a time are not more than many after another.
func TestTriesAtATimeAreCounted(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	var group sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 40 {
		group.Go(func() {
			if err := m.fails(from("203.0.113.7")); err == ErrWrong {
				mu.Lock()
				looked++
				mu.Unlock()
			} else if !errors.As(err, new(*WaitError)) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if looked != freeOwn+1 {
		t.Errorf("%d of 40 were looked at", looked)
	}
}

func TestWrongFirstCodesWait(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		_, err := w.Enter(t.Context(), here, "0000-0000-0000-0000")
		w.wants(err, ErrCode)
	}
	_, err := w.Enter(t.Context(), here, "0000-0000-0000-0000")
	w.waits(err)
}

func TestProofsWait(t *testing.T) {
	w := newWorld(t)
	m := w.member(w.person("Case officer", caseRole))
	for range 5 {
		_, err := w.Prove(t.Context(), m.now.Session, here, "wrong", "000000")
		w.wants(err, ErrWrong)
	}
	_, err := w.Prove(t.Context(), m.now.Session, here, good, "000000")
	w.waits(err)
}
