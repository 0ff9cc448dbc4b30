package compartment

import (
	"bytes"
	"crypto/ed25519"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestASignedListIsVerified(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	signed := sign(t, l, root)
	if !Same(signed, sign(t, l, root)) {
		t.Error("signed again it is another")
	}
	for _, newest := range []uint64{0, 1, l.Version} {
		got, err := Verify(signed, root.Public(), newest)
		slices.SortFunc(l.Readers, compareReaders)
		if err != nil || !reflect.DeepEqual(got, l) {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestAServerCannotAddAReader(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	signed := sign(t, l, root)
	more := l
	more.Readers = append(slices.Clone(l.Readers), Reader{Identity, newReader(t).recipient, deviceNumber(9), "The server"})

	t.Run("by signing with another key", func(t *testing.T) {
		_, err := Verify(sign(t, more, rootNumber(t, 2)), root.Public(), 0)
		wantError(t, err, ErrUnsigned)
	})
	t.Run("by leaving the signature away", func(t *testing.T) {
		_, err := Verify(encode(t, more), root.Public(), 0)
		wantError(t, err, ErrUnsigned)
	})
	t.Run("under the signature that was there", func(t *testing.T) {
		_, signature, _ := bytes.Cut(signed, []byte("\n\n"))
		_, err := Verify(slices.Concat(encode(t, more), []byte("\n"), signature), root.Public(), 0)
		wantError(t, err, ErrAltered)
	})
	t.Run("with the office's name on its own key", func(t *testing.T) {
		line := string(sign(t, more, rootNumber(t, 2)))
		_, good, _ := strings.Cut(string(signed), "— ")
		_, err := Verify([]byte(line+"— "+good), root.Public(), 0)
		wantError(t, err, ErrAltered)
	})
	t.Run("without a key to verify with", func(t *testing.T) {
		_, err := Verify(signed, nil, 0)
		wantError(t, err, ErrUnsigned)
	})
}

func TestAnOlderListIsRefused(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	_, err := Verify(sign(t, l, root), root.Public(), l.Version+1)
	wantError(t, err, ErrOlder)
}

func TestAnotherOfficesListIsRefused(t *testing.T) {
	l := sampleList(t)
	_, err := Verify(sign(t, l, rootNumber(t, 2)), rootNumber(t, 1).Public(), 0)
	wantError(t, err, ErrUnsigned)
	if err == nil || !strings.Contains(err.Error(), "another office's") {
		t.Errorf("it says %v", err)
	}
}

func TestARenamedOfficeIsTheSame(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	l.Office = "Another Name"
	if got, err := Verify(sign(t, l, root), root.Public(), l.Version); err != nil || got.Office != "Another Name" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestARootKeyHandsOverToTheNext(t *testing.T) {
	l, old, next := sampleList(t), rootNumber(t, 1), rootNumber(t, 2)
	l.NextRoot = next.Public()
	got, err := Verify(sign(t, l, old), old.Public(), 0)
	if err != nil || !got.NextRoot.Equal(next.Public()) {
		t.Fatalf("got %v, %v", got, err)
	}
	later := l
	later.Version, later.NextRoot = l.Version+1, nil
	if _, err := Verify(sign(t, later, next), got.NextRoot, l.Version); err != nil {
		t.Error("what the next key signs is not taken:", err)
	}
	_, err = Verify(sign(t, later, old), got.NextRoot, l.Version)
	wantError(t, err, ErrUnsigned)
}

func TestARootKeyDoesNotHandOverToItself(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	l.NextRoot = root.Public()
	_, err := Sign(l, root)
	wantError(t, err, ErrList)
	s, err := newSigner(root)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: string(encode(t, l))}, s)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Verify(signed, root.Public(), 0)
	wantError(t, err, ErrList)
}

func TestOneVersionThatSaysTwoThingsIsSeen(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	other := l
	other.Readers = l.Readers[:1]
	if Same(sign(t, l, root), sign(t, other, root)) {
		t.Error("they are the same")
	}
}

func TestEveryFlippedBitOfASignedListIsRefused(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	l.Readers = l.Readers[:1]
	eachFlip(sign(t, l, root), func(bit int, flipped []byte) {
		if _, err := Verify(flipped, root.Public(), 0); err == nil {
			t.Fatalf("bit %d: it is taken:\n%s", bit, flipped)
		}
	})
}

func TestASignedListHasOneForm(t *testing.T) {
	l, root := sampleList(t), rootNumber(t, 1)
	signed := sign(t, l, root)
	_, signature, _ := bytes.Cut(signed, []byte("\n\n"))
	other, err := newSigner(rootNumber(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	mine, err := newSigner(root)
	if err != nil {
		t.Fatal(err)
	}
	second, err := note.Sign(&note.Note{Text: string(encode(t, l))}, other, mine)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"the signature twice": slices.Concat(signed, signature), "a second signature": second,
		"something behind it": append(bytes.Clone(signed), 'x'), "a line behind it": append(bytes.Clone(signed), '\n'),
		"a line feed less": signed[:len(signed)-1],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Verify(text, root.Public(), 0)
			wantError(t, err, ErrAltered)
		})
	}
	t.Run("a text that is no list", func(t *testing.T) {
		text, err := note.Sign(&note.Note{Text: "daylight readers v1\n"}, mine)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Verify(text, root.Public(), 0)
		wantError(t, err, ErrList)
	})
	t.Run("too much", func(t *testing.T) {
		_, err := Verify(make([]byte, MaxList+1), root.Public(), 0)
		wantError(t, err, ErrTooLarge)
	})
}

func TestRootKeyIsReadAsItWasWrittenDown(t *testing.T) {
	want := rootNumber(t, 7).Public()
	text := rootPrefix + rootText.EncodeToString(bytes.Repeat([]byte{7}, 32))
	for _, typed := range []string{"# the office's root key\n  # kept on paper\n" + text + "\n", text, strings.ToLower(text), " " + text + "\r\n", text[:20] + "\n  " + text[20:40] + " " + text[40:]} {
		got, err := ParseRootKey(typed)
		if err != nil || !got.Public().Equal(want) || got.IsZero() {
			t.Errorf("%q: got %v, %v", typed, got.Public(), err)
		}
	}
	body := text[len(rootPrefix):]
	for name, bad := range map[string]string{
		"nothing": "", "another key": newKey(t).Secret(), "a cut one": text[:len(text)-1], "a longer one": text + "A",
		"a one for an I": rootPrefix + "1" + body[1:], "bits that no byte has": rootPrefix + body[:51] + "B",
		"a remark alone": "# " + text, "a key behind a remark's line too much": "#\n" + text + "A", "a long remark": "#" + strings.Repeat("x", maxKeyFile) + "\n" + text,
		"a dash in it": rootPrefix + "-" + body[1:], "very much": text + strings.Repeat(" ", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRootKey(bad)
			wantError(t, err, ErrRootKey)
			if len(bad) > 50 && strings.Contains(err.Error(), bad[30:50]) {
				t.Error("the error repeats it")
			}
		})
	}
	if rootNumber(t, 7).Secret() != text {
		t.Error("it is not written as it is read")
	}
	made, err := NewRootKey()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseRootKey(made.Secret()); err != nil || !again.Public().Equal(made.Public()) || made.Public().Equal(want) {
		t.Error("a new one does not come back", err)
	}
	if zero := (RootKey{}); zero.Public() != nil || !zero.IsZero() || zero.Secret() != "" {
		t.Error("the zero root key is one")
	}
	_, err = Sign(sampleList(t), RootKey{})
	wantError(t, err, ErrRootKey)
}

func TestAPublicRootHasOneText(t *testing.T) {
	public := rootNumber(t, 7).Public()
	text := PublicRoot(public)
	if got, err := ParsePublicRoot(text); err != nil || !got.Equal(public) || len(text) != 44 {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", text[:43], text + "\n", " " + text, strings.Repeat("A", 40), rootNumber(t, 7).Secret(), text[:42] + "t="} {
		_, err := ParsePublicRoot(bad)
		wantError(t, err, ErrRootKey)
		if len(bad) > 40 && strings.Contains(err.Error(), bad) {
			t.Error("the error repeats it")
		}
	}
}

func TestRootWordsTellKeysApart(t *testing.T) {
	a, b := RootWords(rootNumber(t, 1).Public()), RootWords(rootNumber(t, 2).Public())
	if a == b || a != RootWords(rootNumber(t, 1).Public()) {
		t.Errorf("%v and %v", a, b)
	}
	if len(rootNumber(t, 1).Public()) != ed25519.PublicKeySize {
		t.Error("it has another size")
	}
}
