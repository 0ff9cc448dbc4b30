package compartment

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestListIsReadAloud(t *testing.T) {
	l := sampleList(t)
	medical, interview := l.Readers[0], l.Readers[1]
	want := "daylight readers v1\noffice The Office\nversion 3\nissued 2026-11-26T08:00:00Z\nrecovery " + l.Recovery + "\n" +
		"reader interview " + medical.Recipient + " " + deviceNumber(1) + " Dr. of the office, desk 2\n" +
		"reader interview " + interview.Recipient + " " + deviceNumber(2) + " Рецензент, стіл 1\n" +
		"reader medical " + medical.Recipient + " " + deviceNumber(1) + " Dr. of the office, desk 2\n"
	if got := string(encode(t, l)); got != want {
		t.Errorf("got\n%s", got)
	}
	if l.Readers[0] != medical {
		t.Error("the caller's list was sorted")
	}
	l.NextRoot = rootNumber(t, 1).Public()
	want = strings.Replace(want, "\nreader", "\nroot iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=\nreader", 1)
	if got := string(encode(t, l)); got != want {
		t.Errorf("with another root key: got\n%s", got)
	}
}

func TestForGivesThoseOfACompartment(t *testing.T) {
	l := sampleList(t)
	if got, want := l.For(Interview), []Reader{l.Readers[2], l.Readers[1]}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := l.For(Reprisal); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestAListNamesWhoAKeyIsWrappedFor(t *testing.T) {
	l := sampleList(t)
	one := l.Readers[2].Recipient
	if got, ok := l.ByRecipient(one); !ok || got != l.Readers[2] {
		t.Errorf("got %v, %v", got, ok)
	}
	for c, want := range map[Compartment]bool{Medical: true, Interview: true, Identity: false, Reprisal: false, 9: false} {
		if got := l.Reads(c, one); got != want {
			t.Errorf("%v: %v", c, got)
		}
	}
	if l.Reads(Medical, l.Readers[1].Recipient) {
		t.Error("another's device reads")
	}
	for _, nobody := range []string{"", l.Recovery, newReader(t).recipient} {
		if got, ok := l.ByRecipient(nobody); ok || l.Reads(Medical, nobody) {
			t.Errorf("%q is %v", nobody, got)
		}
	}
}

func TestAnyListComesBack(t *testing.T) {
	recipients := []pair{newReader(t), newReader(t), newReader(t), newHybridReader(t)}
	recovery := []pair{newReader(t), newHybridReader(t)}
	rapid.Check(t, func(t *rapid.T) {
		l := List{
			Office:   PlainName(rapid.String().Draw(t, "office")),
			Version:  rapid.Uint64Range(1, MaxVersion).Draw(t, "version"),
			Issued:   time.Unix(rapid.Int64Range(-6e10, 2.5e11).Draw(t, "issued"), 0).UTC(),
			Recovery: recovery[rapid.IntRange(0, 1).Draw(t, "recovery")].recipient,
		}
		if rapid.Bool().Draw(t, "hands over") {
			l.NextRoot = rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root")
		}
		for device, p := range recipients {
			for _, c := range Compartments() {
				if rapid.Bool().Draw(t, "reads") {
					l.Readers = append(l.Readers, Reader{c, p.recipient, deviceNumber(device), PlainName(rapid.String().Draw(t, "name"))})
				}
			}
		}
		l.Readers = rapid.Permutation(l.Readers).Draw(t, "order")
		text, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		slices.SortFunc(l.Readers, compareReaders)
		if !reflect.DeepEqual(got, l) {
			t.Fatalf("got %v, want %v", got, l)
		}
	})
}

func TestAListWithoutReadersIsOne(t *testing.T) {
	l := sampleList(t)
	l.Readers = nil
	if got, err := Parse(encode(t, l)); err != nil || !reflect.DeepEqual(got, l) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWhatIsNoListIsRefusedWithItsLine(t *testing.T) {
	sample := sampleList(t)
	bare := string(encode(t, sample))
	sample.NextRoot = rootNumber(t, 1).Public()
	good := string(encode(t, sample))
	lines := strings.SplitAfter(good, "\n")
	replace := func(line int, old, new string) string {
		all := slices.Clone(lines)
		if all[line-1] = strings.Replace(all[line-1], old, new, 1); all[line-1] == lines[line-1] {
			t.Fatalf("line %d has no %q", line, old)
		}
		return strings.Join(all, "")
	}
	for _, c := range []struct {
		shows string
		line  int
		text  string
	}{
		{"nothing", 1, ""},
		{"another version of the form", 1, replace(1, "v1", "v2")},
		{"only its first line", 1, lines[0]},
		{"no readers and no line feed", 4, strings.TrimSuffix(strings.Join(lines[:4], ""), "\n")},
		{"nothing behind the time", 4, strings.Join(lines[:4], "")},
		{"no line feed at the end", 9, strings.TrimSuffix(good, "\n")},
		{"an empty line at the end", 10, good + "\n"},
		{"line ends of another system", 1, strings.ReplaceAll(good, "\n", "\r\n")},
		{"no office", 2, replace(2, "office ", "office")},
		{"a blank behind the office", 2, replace(2, "Office\n", "Office \n")},
		{"the version 0", 3, replace(3, "3", "0")},
		{"a version that nobody can follow", 3, replace(3, "3", "2147483648")},
		{"a version with a zero before it", 3, replace(3, "3", "03")},
		{"a version below zero", 3, replace(3, "3", "-3")},
		{"a time of another zone", 4, replace(4, "Z", "+02:00")},
		{"a time with parts of seconds", 4, replace(4, "00Z", "00.5Z")},
		{"a compartment that there is not", 7, replace(7, "interview", "secret")},
		{"a key that is none", 7, replace(7, "age1", "age2")},
		{"a device that is none", 7, replace(7, "0190e9c4", "0190E9C4")},
		{"a name with two blanks", 7, replace(7, "of the", "of  the")},
		{"a name that is turned around", 7, replace(7, "of the", "of\u202ethe")},
		{"a name with a control character", 7, replace(7, "of the", "of\x1bthe")},
		{"a name that is too long", 7, replace(7, "of the", strings.Repeat("x", MaxName))},
		{"no name", 7, replace(7, " Dr. of the office, desk 2", "")},
		{"a blank before a line", 7, replace(7, "reader", " reader")},
		{"another word", 8, replace(8, "reader", "writer")},
		{"readers in another order", 7, strings.Join(slices.Concat(lines[:6], []string{lines[7], lines[6], lines[8]}), "")},
		{"a reader twice", 8, strings.Join(slices.Concat(lines[:7], lines[6:]), "")},
		{"no recovery key", 5, strings.Join(slices.Concat(lines[:4], lines[5:]), "")},
		{"two recovery keys", 6, strings.Join(slices.Concat(lines[:5], lines[4:]), "")},
		{"a recovery key that is none", 5, replace(5, "age1", "age2")},
		{"a recovery key and something behind it", 5, replace(5, "\n", " x\n")},
		{"the secret half of the recovery key", 5, replace(5, strings.Fields(lines[4])[1], newKey(t).Secret())},
		{"a recovery key that a device has too", 7, replace(7, strings.Fields(lines[6])[2], sample.Recovery)},
		{"two root keys", 7, strings.Join(slices.Concat(lines[:6], lines[5:]), "")},
		{"a root key that is none", 6, replace(6, "=", "")},
		{"a root key that has another text too", 6, replace(6, "w=", "x=")},
		{"a root key too long", 6, replace(6, "root ", "root AAAA")},
		{"a root key before the recovery key", 5, strings.Join(slices.Concat(lines[:4], []string{lines[5], lines[4]}, lines[6:]), "")},
		{"a root key behind the readers", 8, bare[:strings.LastIndex(bare, "reader")] + lines[5] + lines[8]},
		{"a device with another key", 9, replace(9, strings.Fields(lines[8])[2], newReader(t).recipient)},
		{"a key of another device", 9, replace(9, deviceNumber(1), deviceNumber(9))},
	} {
		t.Run(c.shows, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			wantError(t, err, ErrList)
			var e *Error
			if errors.As(err, &e); e == nil || e.Line != c.line {
				t.Errorf("got %v, want line %d", err, c.line)
			}
		})
	}
}

func TestAListHasBounds(t *testing.T) {
	l := sampleList(t)
	l.Readers = nil
	for i := range MaxReaders + 1 {
		l.Readers = append(l.Readers, Reader{Medical, "age1", deviceNumber(i), "x"})
	}
	_, err := l.Encode()
	wantError(t, err, ErrTooLarge)
	_, err = Parse(fmt.Appendf(nil, "%s\n%s", listBegins, strings.Repeat("x\n", MaxReaders+6)))
	wantError(t, err, ErrTooLarge)
	_, err = Parse(bytes.Repeat([]byte("x"), maxText+1))
	wantError(t, err, ErrTooLarge)

	l.Readers = nil
	for i := range 33 { // of 2 KiB each
		l.Readers = append(l.Readers, Reader{Medical, newHybridReader(t).recipient, deviceNumber(i), "x"})
	}
	_, err = l.Encode()
	wantError(t, err, ErrTooLarge)
}

func TestPlainName(t *testing.T) {
	for in, want := range map[string]string{
		"": "-", " \t\n": "-", "Monitor A": "Monitor A", " Monitor\u00a0 A\r\nB ": "Monitor A B", "x\u202ey\u200bz\x00": "xyz",
		"می\u200cروم": "می\u200cروم", "a\xffb": "ab",
		strings.Repeat("ж", 150):         strings.Repeat("ж", 100),
		strings.Repeat("x", 199) + " yz": strings.Repeat("x", 199),
	} {
		if got := PlainName(in); got != want || PlainName(got) != got {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
