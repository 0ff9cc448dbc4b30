package compartment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestCompartmentComesBackFromItsName(t *testing.T) {
	for i, want := range []string{"identity", "interview", "medical", "reprisal"} {
		c := Compartments()[i]
		if c != Compartment(i+1) || c.String() != want {
			t.Errorf("%d is %s, want %s", uint8(c), c, want)
		}
		if again, err := ParseCompartment(want); err != nil || again != c {
			t.Errorf("%s: got %v, %v", want, again, err)
		}
	}
	for _, bad := range []string{"", "Identity", "compartment 9", "photo"} {
		_, err := ParseCompartment(bad)
		wantError(t, err, ErrCompartment)
	}
	if got := Compartment(9).String(); got != "compartment 9" {
		t.Error(got)
	}
}

func TestKeyComesBack(t *testing.T) {
	k := newKey(t)
	if !strings.HasPrefix(k.Public(), "age1") || !strings.HasPrefix(k.Secret(), "AGE-SECRET-KEY-1") || k.IsZero() {
		t.Errorf("it is to %s", k.Public())
	}
	again, err := ParseKey(k.Secret())
	if err != nil || again.Secret() != k.Secret() || again.Public() != k.Public() {
		t.Errorf("got %v, %v", again, err)
	}
	if newKey(t).Secret() == k.Secret() {
		t.Error("two are the same")
	}
	if zero := (Key{}); !zero.IsZero() || zero.Public() != "" || zero.Secret() != "" {
		t.Error("the zero key is one")
	}
	for _, bad := range []string{"", " " + k.Secret(), k.Secret() + "\n", strings.ToLower(k.Secret()), k.Public(), newHybridReader(t).identity} {
		_, err := ParseKey(bad)
		wantError(t, err, ErrKey)
		if len(bad) > 2 && strings.Contains(err.Error(), bad) {
			t.Error("the error repeats it")
		}
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	k, r, paper := newKey(t), rootNumber(t, 7), newRecovery(t, true)
	rootSecret := strings.Repeat("\x07", 32)
	leaks := []string{
		"AGE-SECRET", k.Secret()[len("AGE-SECRET-KEY-1"):], fmt.Sprintf("%x", k.Secret()), rootSecret, fmt.Sprintf("%x", rootSecret),
		strings.TrimPrefix(fmt.Sprint([]byte(rootSecret)), "["), rootText.EncodeToString([]byte(rootSecret))[:20], "7, 7, 7", "0x7, 0x7", "7 7 7", "&{",
		paper.Secret()[len("AGE-SECRET-KEY-PQ-1"):], fmt.Sprintf("%x", paper.Secret()), paper.Recipient(),
	}
	type hidden struct {
		k Key
		r RootKey
		p RecoveryKey
	}
	for name, v := range map[string]any{
		"a key": k, "its address": &k, "several": []Key{k}, "by name": map[string]Key{"a": k}, "as text": k.String() + k.GoString(),
		"a root key": r, "its own address": &r, "several roots": []RootKey{r}, "a root as text": r.String() + r.GoString(),
		"a struct": struct{ K any }{r}, "hidden in a struct": hidden{k, r, paper},
		"a recovery key": paper, "where it is": &paper, "recovery keys": []RecoveryKey{paper}, "a recovery key as text": paper.String() + paper.GoString(),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
				fmt.Fprintf(&log, verb+"\n", v)
			}
			slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
			slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
			b, _ := json.Marshal(v)
			log.Write(b)
			for _, leak := range leaks {
				if strings.Contains(strings.ToUpper(log.String()), strings.ToUpper(leak)) {
					t.Errorf("%q is in\n%s", leak, &log)
				}
			}
		})
	}
}
