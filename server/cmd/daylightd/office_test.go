package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func newRecovery(t *testing.T, hybrid bool) compartment.RecoveryKey {
	t.Helper()
	k, err := compartment.NewRecoveryKey(hybrid)
	must(t, err)
	return k
}

func TestTheOfficeIsShownByThePublicHalvesOfItsKeys(t *testing.T) {
	d := newDesk(t)
	out := d.run(t, exitOK, nil, "office", "show")
	words := compartment.RootWords(d.root.Public())
	for _, says := range []string{
		"Office of the Ombudsperson (OMBUDSMAN)", "certificates last    90 days", "second approval      no", "list of readers      none yet",
		"root key             " + compartment.PublicRoot(d.root.Public()), "its words            " + strings.Join(words[:], " "), "recovery key         age1", "key for bundles      age1",
	} {
		if !strings.Contains(out, says) {
			t.Errorf("it does not say %q:\n%s", says, out)
		}
	}
	if js := d.run(t, exitOK, nil, "office", "show", "--json"); strings.Contains(out+js, "SECRET") || strings.Contains(out+js, "ROOT-KEY") || !strings.Contains(js, `"root_words": "`+words[0]) {
		t.Errorf("it shows %s", js)
	}
}

func TestTheOfficeGetsAnotherRecoveryKey(t *testing.T) {
	for _, hybrid := range []bool{false, true} {
		d := newDesk(t)
		first := d.proposed(t)
		d.run(t, exitOK, d.signed(t, first, d.root), "readers", "take", "-")
		key := newRecovery(t, hybrid)
		out := d.run(t, exitOK, []byte(key.Recipient()+"\n"), "office", "recovery", "-")
		if !strings.Contains(out, "The office has another recovery key") || !strings.Contains(out, "Keep the earlier key") {
			t.Error(out)
		}
		if out := d.run(t, exitOK, nil, "office", "recovery", key.Recipient()); !strings.Contains(out, "already; nothing was changed") {
			t.Error(out)
		}
		if out := d.run(t, exitOK, nil, "office", "show"); !strings.Contains(out, "recovery key         "+key.Recipient()) || !strings.Contains(out, "names another recovery key") {
			t.Error(out)
		}
		if out := d.run(t, exitOK, nil, "log"); strings.Count(out, "the office has another recovery key") != 1 {
			t.Error(out)
		}
		next := d.proposed(t)
		if next.Recovery != key.Recipient() || first.Recovery == next.Recovery {
			t.Errorf("the next list names %s", next.Recovery)
		}
		d.run(t, exitOK, d.signed(t, next, d.root), "readers", "take", "-")
		if out := d.run(t, exitOK, nil, "office", "show"); !strings.Contains(out, "list of readers      version 2") || strings.Contains(out, "names another") {
			t.Error(out)
		}
	}
}

func TestASecretIsNoRecoveryKeyForAServer(t *testing.T) {
	d := newDesk(t)
	before := d.run(t, exitOK, nil, "office", "show")
	for shows, bad := range map[string]string{
		"the secret half": newRecovery(t, false).Secret(), "the root key": d.root.Secret(), "nothing": "-", "something": "age1nobody",
	} {
		out := d.run(t, exitFailed, nil, "office", "recovery", bad)
		if !strings.Contains(out, "not the public half of a recovery key; nothing was changed") || len(bad) > 20 && strings.Contains(out, bad[20:]) {
			t.Errorf("%s: %s", shows, out)
		}
	}
	d.run(t, exitUsage, nil, "office", "recovery")
	if out := d.run(t, exitFailed, nil, "readers", "propose", "--next-root", d.root.Secret()); !strings.Contains(out, "nothing was proposed") || strings.Contains(out, d.root.Secret()) {
		t.Error(out)
	}
	if out := d.run(t, exitOK, nil, "office", "show"); out != before {
		t.Errorf("it is\n%s", out)
	}
}

func TestTheOfficeGetsAnotherRootKey(t *testing.T) {
	d := newDesk(t)
	next, err := compartment.NewRootKey()
	must(t, err)
	if out := d.run(t, exitFailed, nil, "readers", "propose", "--next-root", compartment.PublicRoot(d.root.Public())); !strings.Contains(out, "the one that the office has") {
		t.Error(out)
	}
	l := d.proposed(t, "--next-root", compartment.PublicRoot(next.Public()))
	if !l.NextRoot.Equal(next.Public()) {
		t.Fatalf("the list names %v", l.NextRoot)
	}
	// The next key cannot say so itself.
	forged := l
	forged.NextRoot = nil
	d.run(t, exitFailed, d.signed(t, forged, next), "readers", "take", "-")
	handover := d.signed(t, l, d.root)
	out := d.run(t, exitOK, handover, "readers", "take", "-")
	if words := compartment.RootWords(next.Public()); !strings.Contains(out, "the office has another root key: "+strings.Join(words[:], " ")) || !strings.Contains(out, "Keep this signed list") {
		t.Error(out)
	}
	if out := d.run(t, exitOK, nil, "office", "show"); !strings.Contains(out, "root key             "+compartment.PublicRoot(next.Public())) {
		t.Error(out)
	}
	d.run(t, exitOK, handover, "readers", "take", "-") // again changes nothing
	after := d.proposed(t)
	if after.NextRoot != nil {
		t.Error("it hands over again")
	}
	if out := d.run(t, exitFailed, d.signed(t, after, d.root), "readers", "take", "-"); !strings.Contains(out, "not signed by the office's root key") {
		t.Error(out)
	}
	d.run(t, exitOK, d.signed(t, after, next), "readers", "take", "-")
}

func TestARescuedFileIsTakenAtTheServer(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(d.dir, "rescued.bin")
	must(t, os.WriteFile(file, []byte("nothing of ours"), 0o600))
	if out := d.run(t, exitFailed, nil, "rescue", "take", file); !strings.Contains(out, "not what daylight rescue writes") {
		t.Error(out)
	}
	if out := d.run(t, exitFailed, nil, "rescue", "take", filepath.Join(d.dir, "nowhere")); !strings.Contains(out, "the rescued file cannot be read") {
		t.Error(out)
	}
	d.run(t, exitUsage, nil, "rescue", "take")

	var b bytes.Buffer // of nobody
	_, err := protodelim.MarshalTo(&b, &daylightv1.Batch{Writer: bytes.Repeat([]byte{1}, 16), FirstSeq: 1, CertificateSerial: make([]byte, 16)})
	must(t, err)
	if out := d.run(t, exitProblems, b.Bytes(), "rescue", "take", "-"); !strings.Contains(out, "0 changes are new; 0 were here already") || !strings.Contains(out, "1 batch of changes was not taken") || strings.Contains(out, "destroy it") {
		t.Error(out)
	}
	if out := d.run(t, exitProblems, b.Bytes(), "rescue", "take", "-", "--json"); !strings.Contains(out, `"turned_away"`) || strings.Contains(out, "in the clear") {
		t.Error(out)
	}
	d.run(t, exitOK, nil, "restored")
	if out := d.run(t, exitProblems, b.Bytes(), "rescue", "take", "-"); !strings.Contains(out, "nothing of the file was taken: the office was restored") {
		t.Error(out)
	}
}
