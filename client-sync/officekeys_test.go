package clientsync_test

import (
	"strings"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/compartment"
)

func TestANewRootKeySignsForTheOffice(t *testing.T) {
	secret, public, err := clientsync.NewRootKey()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := clientsync.SignReaders([]byte(unsigned), "# the office's\n"+secret+"\n")
	if err != nil {
		t.Fatal(err)
	}
	root, err := compartment.ParsePublicRoot(public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compartment.Verify(signed, root, 0); err != nil {
		t.Error(err)
	}
	if version, err := clientsync.TryRootKey(secret, signed); err != nil || version != 3 {
		t.Errorf("it has not signed version %d: %v", version, err)
	}
	if _, err := clientsync.TryRootKey(rootKey, signed); clientsync.CodeOf(err) != clientsync.Invalid || !strings.Contains(err.Error(), "has not signed") {
		t.Errorf("another key: %v", err)
	}
	if _, err := clientsync.SignReaders([]byte(strings.Replace(unsigned, "\nreader", "\nroot "+public+"\nreader", 1)), secret); clientsync.CodeOf(err) != clientsync.Invalid {
		t.Errorf("it hands over to itself: %v", err)
	}
}

func TestARecoveryKeyIsTried(t *testing.T) {
	for _, hybrid := range []bool{false, true} {
		secret, recipient, err := clientsync.NewRecoveryKey(hybrid)
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := clientsync.NewRecoveryKey(hybrid)
		if err != nil {
			t.Fatal(err)
		}
		k, err := compartment.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		wrap, err := k.Wrap(recipient, compartment.Place{Compartment: compartment.Medical, Visit: "a visit"})
		if err != nil {
			t.Fatal(err)
		}
		for shows, c := range map[string]struct {
			key    string
			file   []byte
			opened clientsync.Opened
			want   clientsync.Code
		}{
			"with a probe":       {secret, nil, clientsync.OpenedProbe, 0},
			"with a wrap":        {"# kept on paper\n" + secret + "\n", wrap, clientsync.OpenedCompartment, 0},
			"of another office":  {other, wrap, "", clientsync.Unauthenticated},
			"with a cut wrap":    {secret, wrap[:len(wrap)-1], "", clientsync.Invalid},
			"with no file of it": {secret, []byte("nothing"), "", clientsync.Invalid},
			"with too much":      {secret, make([]byte, 1<<20), "", clientsync.TooLarge},
			"that is none":       {recipient, nil, "", clientsync.Invalid},
		} {
			got, opened, err := clientsync.TryRecoveryKey(c.key, c.file)
			switch {
			case opened != c.opened || c.want == 0 && (err != nil || got != recipient):
				t.Errorf("%s: %q, %v", shows, opened, err)
			case c.want != 0 && clientsync.CodeOf(err) != c.want:
				t.Errorf("%s: %v", shows, err)
			case err != nil && strings.Contains(err.Error(), secret[20:40]):
				t.Errorf("%s: the error repeats the key", shows)
			}
		}
	}
}
