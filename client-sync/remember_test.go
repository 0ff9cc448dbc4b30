package clientsync

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

func TestTheAppRemembers(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	ctx := t.Context()
	read := func(name, want string) {
		t.Helper()
		got, err := d.Remembered(ctx, name)
		if err != nil || string(got) != want {
			t.Errorf("under %s stands %q (%v), want %q", name, got, err, want)
		}
	}
	read("where", "")
	for _, v := range []string{"cell 12", "cell 14"} {
		if err := d.Remember(ctx, "where", []byte(v)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Remember(ctx, "language", []byte("ru")); err != nil {
		t.Fatal(err)
	}
	d.lock()
	d.unlock()
	read("where", "cell 14")
	read("language", "ru")
	if n := d.status().Unsent; n != 0 {
		t.Errorf("%d changes are to be sent", n)
	}
	if err := d.Remember(ctx, "where", nil); err != nil {
		t.Fatal(err)
	}
	read("where", "")
	read("language", "ru")

	if _, err := d.Travel(ctx); err != nil {
		t.Fatal(err)
	}
	read("language", "")
	if err := d.Remember(ctx, "language", []byte("tk")); err != nil {
		t.Fatal(err)
	}
	read("language", "tk")
}

func TestTheAppRemembersLittle(t *testing.T) {
	d := newFrontDesk(t).enrolled()
	ctx := t.Context()
	full := bytes.Repeat([]byte("x"), MaxRemembered)
	for i := range MaxRememberedNames {
		if err := d.Remember(ctx, strconv.Itoa(i), full[:1+i]); err != nil {
			t.Fatal(err)
		}
	}
	for shows, err := range map[string]error{
		"a value that is too large": d.Remember(ctx, "0", append(full, 'x')),
		"one name too many":         d.Remember(ctx, "another", full),
		"no name":                   d.Remember(ctx, "", full),
		"a name that is too long":   d.Remember(ctx, strings.Repeat("n", 65), full),
	} {
		if CodeOf(err) != TooLarge {
			t.Errorf("%s: %v", shows, err)
		}
	}
	if got, err := d.Remembered(ctx, "0"); err != nil || string(got) != "x" {
		t.Errorf("the first is %q (%v) afterwards", got, err)
	}
	if err := d.Remember(ctx, "0", full); err != nil {
		t.Errorf("an old name at the bound: %v", err)
	}
}
