package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestIdentityComesBack(t *testing.T) {
	i := newIdentity(t)
	if !strings.HasPrefix(i.Recipient(), "age1") || !strings.HasPrefix(i.Secret(), "AGE-SECRET-KEY-1") {
		t.Errorf("it is to %s", i.Recipient())
	}
	again, err := ParseIdentity(i.Secret())
	if err != nil || again.Secret() != i.Secret() || again.Recipient() != i.Recipient() {
		t.Errorf("got %v, %v", again, err)
	}
	if other := newIdentity(t); other.Secret() == i.Secret() {
		t.Error("two are the same")
	}
	if zero := (Identity{}); !zero.IsZero() || zero.Recipient() != "" || zero.Secret() != "" || i.IsZero() {
		t.Error("the zero identity has a key, or another has none")
	}
}

func TestIdentityDoesNotPrint(t *testing.T) {
	i := newIdentity(t)
	var log bytes.Buffer
	text, asJSON := slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))
	for name, v := range map[string]any{
		"itself": i, "its address": &i, "several": []Identity{i}, "by name": map[string]Identity{"a": i},
		"a struct": struct{ I Identity }{i}, "hidden in a struct": struct{ i Identity }{i}, "as text": i.String() + i.GoString(),
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "%t"} {
				fmt.Fprintf(&log, verb+"\n", v)
			}
			text.Info("x", "v", v)
			asJSON.Info("x", "v", v)
			b, _ := json.Marshal(v)
			log.Write(b)
			secret := i.Secret()[len("AGE-SECRET-KEY-1"):]
			for _, leak := range []string{secret, fmt.Sprintf("%x", secret), "AGE-SECRET"} {
				if strings.Contains(strings.ToUpper(log.String()), strings.ToUpper(leak)) {
					t.Errorf("%s is in\n%s", leak, &log)
				}
			}
			if name != "hidden in a struct" && !strings.Contains(log.String(), redacted) {
				t.Errorf("there is no %s in\n%s", redacted, &log)
			}
		})
	}
}

func TestBundleDoesNotPrintTheIdentity(t *testing.T) {
	i := newIdentity(t)
	b, err := Open(bytes.NewReader(smallBundle(t, i)), i)
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %#v", b, b, *b); strings.Contains(s, "AGE-SECRET") {
		t.Error(s)
	}
}

func TestOnlyTheOneTextOfAKeyIsTaken(t *testing.T) {
	i := newIdentity(t)
	changed := func(s string) string { return s[:len(s)-1] + string("qp"[strings.IndexByte("pq", s[len(s)-1])&1]) }
	for name, text := range map[string]string{
		"nothing": "", "the other half": i.Recipient(), "small letters": strings.ToLower(i.Secret()),
		"a space behind": i.Secret() + " ", "one less": i.Secret()[:70], "another letter": changed(i.Secret()),
	} {
		t.Run("secret: "+name, func(t *testing.T) {
			_, err := ParseIdentity(text)
			wantError(t, err, ErrIdentity, "nothing was changed")
			if text != "" && strings.Contains(fmt.Sprintf("%+v", err), text) {
				t.Error("it repeats the text")
			}
		})
	}
	if err := CheckRecipient(i.Recipient()); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "the secret": i.Secret(), "capitals": strings.ToUpper(i.Recipient()),
		"a line": i.Recipient() + "\n", "one less": i.Recipient()[:60], "another letter": changed(i.Recipient()),
		"a point of low order": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
	} {
		t.Run("recipient: "+name, func(t *testing.T) {
			err := CheckRecipient(text)
			wantError(t, err, ErrRecipient, "nothing was written")
			if text != "" && strings.Contains(fmt.Sprintf("%+v", err), text) {
				t.Error("it repeats the text")
			}
		})
	}
}
