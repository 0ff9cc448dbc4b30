package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
)

// TestTheOfficeRescuesWhatNoPassphraseOpens: ten wrong tries destroy the person's way in,
// and what the device had not sent reaches the office all the same.
func TestTheOfficeRescuesWhatNoPassphraseOpens(t *testing.T) {
	for _, hybrid := range []bool{false, true} {
		t.Run(fmt.Sprintf("hybrid %v", hybrid), func(t *testing.T) {
			secret, recipient, err := clientsync.NewRecoveryKey(hybrid)
			if err != nil {
				t.Fatal(err)
			}
			o := makeOfficeFor(t, recipient)
			c, dir := o.enrolled("Monitor A")
			o.save(c, "sent")
			o.synced(c)
			unsent := []string{o.save(c, "not sent").Id, o.save(c, "nor this").Id}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			o.forgets(dir)

			file, err := os.ReadFile(filepath.Join(dir, clientsync.RecoveryFile))
			if err != nil {
				t.Fatal(err)
			}
			if _, opened, err := clientsync.TryRecoveryKey(secret, file); err != nil || opened != clientsync.OpenedDevice {
				t.Errorf("the office's key opens %q: %v", opened, err)
			}
			var out bytes.Buffer
			r, err := clientsync.Rescue(t.Context(), Cheap(clientsync.Config{Dir: dir}), "# on paper\n"+secret+"\n", &out)
			if err != nil || r != (clientsync.Rescued{Changes: 2, Encrypted: true}) {
				t.Fatalf("rescued: %+v, %v", r, err)
			}
			for i, fresh := range []int{2, 0} {
				taken, err := o.server.TakeRescue(t.Context(), bytes.NewReader(out.Bytes()))
				if err != nil || taken.New != fresh || taken.New+taken.Known != 2 || taken.Refused+taken.Held+len(taken.TurnedAway) > 0 {
					t.Errorf("taken for the %d. time: %+v, %v", i+1, taken, err)
				}
			}
			for _, s := range unsent {
				id, err := record.ParseID(s)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := o.store.Get(t.Context(), record.Visit, id); err != nil {
					t.Errorf("the office does not have it: %v", err)
				}
			}
		})
	}
}

// TestARescueSaysWhichLogItsDeviceHasHeardOf: an office that was restored takes what was
// written after its device had heard of that, and nothing of before.
func TestARescueSaysWhichLogItsDeviceHasHeardOf(t *testing.T) {
	secret, recipient, err := clientsync.NewRecoveryKey(false)
	if err != nil {
		t.Fatal(err)
	}
	o := makeOfficeFor(t, recipient)
	folders := map[bool]string{}
	var before, after *clientsync.Client
	before, folders[false] = o.enrolled("Monitor A")
	after, folders[true] = o.enrolled("Monitor B")
	for _, c := range []*clientsync.Client{before, after} {
		o.save(c, "sent")
		o.synced(c)
	}
	if err := o.store.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.synced(after)
	for _, c := range []*clientsync.Client{before, after} {
		o.save(c, "not sent")
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for heard, dir := range folders {
		var out bytes.Buffer
		if r, err := clientsync.Rescue(t.Context(), Cheap(clientsync.Config{Dir: dir}), secret, &out); err != nil || r.Changes != 1 {
			t.Fatalf("rescued: %+v, %v", r, err)
		}
		taken, err := o.server.TakeRescue(t.Context(), &out)
		if err != nil || taken.Restored == heard || (taken.New == 1) != heard {
			t.Errorf("heard of it %v: %+v, %v", heard, taken, err)
		}
	}
}

// forgets gives a wrong passphrase until nobody's opens the folder any more.
func (o *madeOffice) forgets(dir string) {
	o.t.Helper()
	for range 10 {
		c, err := clientsync.Open(o.t.Context(), clientsync.Config{Dir: dir, Cost: vault.ForTests})
		if err != nil {
			o.t.Fatal(err)
		}
		if err := errors.Join(wrong(c.Unlock(o.t.Context(), "not what opens the folder")), c.Close()); err != nil {
			o.t.Fatal(err)
		}
	}
	c, err := clientsync.Open(o.t.Context(), clientsync.Config{Dir: dir, Cost: vault.ForTests})
	if err != nil {
		o.t.Fatal(err)
	}
	defer c.Close()
	if p, err := c.Protection(); err != nil || !p.Destroyed || !p.Recoverable {
		o.t.Fatalf("%+v, %v", p, err)
	}
}

// wrong is nil for the error of a wrong passphrase.
func wrong(err error) error {
	if clientsync.CodeOf(err) == clientsync.Unauthenticated {
		return nil
	}
	return errors.Join(errors.New("a wrong passphrase opens the folder"), err)
}

// age takes no recipient of the one kind beside one of the other, and what opens bundles
// at the server is X25519: a hybrid recovery key is left out of bundles.
func TestAHybridRecoveryKeyDoesNotStopBundlesForTheOffice(t *testing.T) {
	_, recipient, err := clientsync.NewRecoveryKey(true)
	if err != nil {
		t.Fatal(err)
	}
	w := &team{madeOffice: makeOfficeFor(t, recipient)}
	w.hands = []hand{w.hand("Monitor A", aMonitor)}
	w.synced(w.hands[0].Client)
	w.save(w.hands[0].Client, "on a stick")
	made := w.made(w.hands[0], clientsync.To{Office: true})
	if taken, err := w.server.TakeBundle(t.Context(), bytes.NewReader(made), bundle.Identity{}); err != nil || taken.New != 1 {
		t.Errorf("%+v, %v", taken, err)
	}
}
