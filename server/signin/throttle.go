package signin

import (
	"context"
	"net/netip"
	"time"

	"golang.org/x/text/cases"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
)

// Visitor is from where somebody comes.
type Visitor struct {
	// Address is the network address, without its port.
	Address string
	// Browser is what Entered.Browser gave to this browser earlier; empty for none.
	Browser string
	// Agent is what the browser calls itself; a word of a fixed list is made of it.
	Agent string
	// Session is the token that the browser holds, whatever it is worth: it ends when
	// somebody signs in.
	Session string
}

// counter counts failures under a key. It waits after more than free of them, twice as
// long each time, for most at the longest.
type counter struct {
	key  []byte
	free int64
	most time.Duration
}

// The counters of strangers are for guessing spread over addresses, and over accounts. They
// hold up nobody who has been here before.
const (
	freeOwn, mostOwn         = 4, 15 * time.Minute
	freeAccount, mostAccount = 50, time.Minute
	freeAddress, mostAddress = 30, 15 * time.Minute
	// forgotten is after how long without a failure there was none.
	forgotten = 24 * time.Hour
)

// wait is how long after the last failure the next try comes.
func (c counter) wait(failed int64) time.Duration {
	if failed <= c.free {
		return 0
	}
	return min(time.Second<<min(failed-c.free-1, 20), c.most)
}

// place is an address as it is counted: of the newer kind a network, since who has one has
// its 2^64 addresses.
func place(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// folded is a name as it is looked up.
func folded(name string) string { return squeezedSpaces(cases.Fold().String(normal(name))) }

// countersOf are those of a try for the account of that folded name, the own one first.
func (t *tx) countersOf(account string, person record.ID, v Visitor) ([]counter, error) {
	own := func(kind, from string) []counter { return []counter{{hashOf(kind, account, from), freeOwn, mostOwn}} }
	for _, from := range []struct{ kind, of string }{{"browser", v.Browser}, {"address", place(v.Address)}} {
		known, err := t.knows(person, from.kind, from.of)
		if err != nil || known {
			return own(from.kind, from.of), err
		}
	}
	return append(own("address", place(v.Address)),
		counter{hashOf("account", account), freeAccount, mostAccount},
		counter{hashOf("place", place(v.Address)), freeAddress, mostAddress}), nil
}

func (t *tx) knows(person record.ID, kind, of string) (known bool, err error) {
	if person == (record.ID{}) || of == "" {
		return false, nil
	}
	err = t.QueryRow(`SELECT EXISTS (SELECT 1 FROM sign_in_known WHERE person = $1 AND key = $2)`, person[:], hashOf(kind, of)).Scan(&known)
	return known, err
}

// mostKnown bounds what is remembered of one person.
const mostKnown = 40

// remember notes the browser and the address of somebody who has signed in.
func (t *tx) remember(person record.ID, v Visitor) error {
	for _, from := range []struct{ kind, of string }{{"browser", v.Browser}, {"address", place(v.Address)}} {
		if from.of == "" {
			continue
		}
		if _, err := t.Exec(`
			INSERT INTO sign_in_known (person, key, last_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (person, key) DO UPDATE SET last_at = excluded.last_at`, person[:], hashOf(from.kind, from.of), t.now); err != nil {
			return err
		}
	}
	_, err := t.Exec(`
		DELETE FROM sign_in_known
		WHERE person = $1 AND key NOT IN (SELECT key FROM sign_in_known WHERE person = $1 ORDER BY last_at DESC LIMIT $2)`, person[:], mostKnown)
	return err
}

// try counts a try as failed before anything is compared, so that many at a time are not
// more than many after another; settle takes it back. A *WaitError where it comes too
// early, which then counts for nothing.
func (s *Signins) try(ctx context.Context, counters func(*tx) ([]counter, error)) (out []counter, err error) {
	err = s.write(ctx, directory.By{}, func(t *tx) error {
		if out, err = counters(t); err != nil {
			return err
		}
		if _, err := t.Exec(`DELETE FROM sign_in_tries WHERE last_at < $1`, t.now-forgotten.Milliseconds()); err != nil {
			return err
		}
		var longest time.Duration
		for _, c := range out {
			var failed, last int64
			if _, err := t.one(`SELECT failed, last_at FROM sign_in_tries WHERE key = $1`, []any{c.key}, &failed, &last); err != nil {
				return err
			}
			longest = max(longest, time.Duration(last-t.now)*time.Millisecond+c.wait(failed))
		}
		if longest > 0 {
			return &WaitError{longest}
		}
		for _, c := range out {
			if _, err := t.Exec(`
				INSERT INTO sign_in_tries (key, failed, last_at)
				VALUES ($1, 1, $2)
				ON CONFLICT (key) DO UPDATE SET failed = failed + 1, last_at = excluded.last_at`, c.key, t.now); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// settle takes back the failure that try counted: the own ones are forgotten, of those of
// strangers this one.
func (t *tx) settle(counters []counter) error {
	for i, c := range counters {
		text := `UPDATE sign_in_tries SET failed = failed - 1 WHERE key = $1`
		if i == 0 {
			text = `DELETE FROM sign_in_tries WHERE key = $1`
		}
		if _, err := t.Exec(text, c.key); err != nil {
			return err
		}
	}
	return nil
}
