package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"filippo.io/age"
)

// frontOf is how long age's header and the nonce are.
func frontOf(t testing.TB, file []byte) int {
	t.Helper()
	header, err := age.ExtractHeader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return len(header) + nonce
}

// TestEveryTruncationIsRefused: the end of what is left is always among what cannot
// be read, and where age can tell, it is all of it.
func TestEveryTruncationIsRefused(t *testing.T) {
	reader := newIdentity(t)
	file := smallBundle(t, reader)
	front := frontOf(t, file)
	for n := range len(file) {
		got, err := takeBytes(file[:n], reader)
		e := wantNothingTaken(t, got, err)
		switch {
		case n < len(intro):
			wantError(t, err, ErrNotBundle, "not a bundle")
			continue
		case n >= front-nonce && n <= front:
			if e.Offset != int64(n) {
				t.Errorf("cut at %d: got %d", n, e.Offset)
			}
			wantError(t, err, ErrDamaged, fmt.Sprintf("ends at byte %d and", n))
		default:
			wantError(t, err, ErrDamaged, "was cut off or altered between")
		}
		if e.Until != int64(n) || e.Offset > e.Until {
			t.Errorf("cut at %d: got %d to %d", n, e.Offset, e.Until)
		}
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	first, second := newIdentity(t), newIdentity(t)
	file := write(t, sampleHeader(toTeam), []string{first.Recipient(), second.Recipient()}, sampleFrames(toTeam, 1)...)
	front := frontOf(t, file)
	for bit := range 8 * len(file) {
		if testing.Short() && bit%7 != 0 {
			continue
		}
		at := bit / 8
		file[at] ^= 1 << (bit % 8)
		got, err := takeBytes(file, second)
		file[at] ^= 1 << (bit % 8)

		e := wantNothingTaken(t, got, err)
		switch {
		case at < len(intro) && errors.Is(err, ErrNotBundle):
		case at < front-nonce && errors.Is(err, ErrElse): // age cannot tell
		case !errors.Is(err, ErrDamaged):
			t.Errorf("bit %d of %d: got %v", bit%8, at, err)
		case e.Offset > int64(at) || int64(at) > e.Until:
			t.Errorf("bit %d of %d: said to be between %d and %d", bit%8, at, e.Offset, e.Until)
		}
	}
}

// bundleOfChunks has that many full chunks and a last one of that many bytes.
func bundleOfChunks(t testing.TB, to Identity, full, last int) []byte {
	t.Helper()
	want, size := full*chunk+last, full*chunk
	for range 20 {
		file := write(t, sampleHeader(toTeam), []string{to.Recipient()}, sampleFrame(toTeam, 1, size))
		is := len(file) - frontOf(t, file)
		if is == want {
			return file
		}
		size += want - is
	}
	t.Fatal("there is no such bundle")
	return nil
}

func TestDamageIsFoundAtItsChunk(t *testing.T) {
	reader := newIdentity(t)
	file := bundleOfChunks(t, reader, 3, 1000)
	front := int64(frontOf(t, file))
	end := int64(len(file))
	for _, tt := range []struct {
		name             string
		flip, from, till int64
		says             string
	}{
		{"in the nonce", front - 1, front - nonce, front + chunk, "was altered"},
		{"the first byte", front, front - nonce, front + chunk, "was altered"},
		{"the first chunk's last", front + chunk - 1, front - nonce, front + chunk, "was altered"},
		{"the second chunk's first", front + chunk, front + chunk, front + 2*chunk, "was altered"},
		{"the third chunk's last", front + 3*chunk - 1, front + 2*chunk, front + 3*chunk, "was altered"},
		{"the last chunk's first", front + 3*chunk, front + 3*chunk, end, "was cut off or altered"},
		{"the last", end - 1, front + 3*chunk, end, "was cut off or altered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			broken := bytes.Clone(file)
			broken[tt.flip] ^= 1
			got, err := takeBytes(broken, reader)
			wantNothingTaken(t, got, err)
			e := wantError(t, err, ErrDamaged, fmt.Sprintf("%s between byte %d and byte %d", tt.says, tt.from, tt.till))
			if e.Offset != tt.from || e.Until != tt.till {
				t.Errorf("got %d to %d, want %d to %d", e.Offset, e.Until, tt.from, tt.till)
			}
		})
	}
}

func TestCutIsFoundInALongFile(t *testing.T) {
	reader := newIdentity(t)
	file := bundleOfChunks(t, reader, 3, 1000)
	front := int64(frontOf(t, file))
	for _, tt := range []struct{ cut, from int64 }{
		{front + 1, front - nonce}, {front + chunk - 1, front - nonce},
		{front + chunk, front + chunk}, // between two chunks it is certain
		{front + chunk + 1, front + chunk}, {front + chunk + 16, front + chunk}, {front + chunk + 17, front + chunk},
		{front + 3*chunk, front + 3*chunk}, {int64(len(file)) - 1, front + 3*chunk},
	} {
		got, err := takeBytes(file[:tt.cut], reader)
		wantNothingTaken(t, got, err)
		if e := wantError(t, err, ErrDamaged, "was cut off"); e.Offset != tt.from || e.Until != tt.cut {
			t.Errorf("cut at %d: got %d to %d, want from %d", tt.cut, e.Offset, e.Until, tt.from)
		}
	}
}

func TestNothingMayStandBehind(t *testing.T) {
	reader := newIdentity(t)
	for name, file := range map[string][]byte{
		"a short last chunk": smallBundle(t, reader),
		"a full last chunk":  bundleOfChunks(t, reader, 1, 0),
		"full and short":     bundleOfChunks(t, reader, 1, 20),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := takeBytes(file, reader); err != nil {
				t.Fatal(err)
			}
			for _, behind := range [][]byte{{0}, []byte("\n"), make([]byte, 16), make([]byte, 2*chunk), file} {
				got, err := takeBytes(append(bytes.Clone(file), behind...), reader)
				wantNothingTaken(t, got, err)
				e := wantError(t, err, ErrDamaged, "altered between")
				if at := int64(len(file)); e.Offset > at || e.Until < at {
					t.Errorf("%d bytes behind %d: got %d to %d", len(behind), at, e.Offset, e.Until)
				}
			}
		})
	}
}

func TestOtherFilesAreNotBundles(t *testing.T) {
	reader := newIdentity(t)
	for name, file := range map[string][]byte{
		"nothing":               nil,
		"text":                  []byte("Dear colleagues,\n"),
		"zeros":                 make([]byte, 1<<20),
		"an armoured age file":  []byte("-----BEGIN AGE ENCRYPTED FILE-----\n"),
		"another thing in age":  lock(t, reader, bytes.Repeat([]byte("a letter "), 100)),
		"nothing in age":        lock(t, reader, nil),
		"the beginning in age":  lock(t, reader, begins[:10]),
		"no version in age":     lock(t, reader, begins[:16]),
		"version 0":             lock(t, reader, []byte(magic+"\x00")),
		"an identity by itself": []byte(reader.Secret() + "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := takeBytes(file, reader)
			wantNothingTaken(t, got, err)
			e := wantError(t, err, ErrNotBundle, "not a bundle of Daylight")
			if s := fmt.Sprintf("%+v %v", *e, err); bytes.Contains([]byte(s), []byte("AGE-SECRET")) {
				t.Error("it repeats a secret")
			}
		})
	}
}

func TestNewerVersionIsSaid(t *testing.T) {
	reader := newIdentity(t)
	for _, version := range []byte{2, 3, 255} {
		got, err := takeBytes(lock(t, reader, append([]byte(magic), version, 'x')), reader)
		wantNothingTaken(t, got, err)
		wantError(t, err, ErrNewer, "made by a newer program")
	}
}

// failing is a stick that gives out at a byte.
type failing struct {
	*bytes.Reader
	size, at int64
}

var errStick = errors.New("input/output error")

func (f *failing) Read(p []byte) (int, error) {
	room := f.at - (f.size - int64(f.Len()))
	if room <= 0 {
		return 0, errStick
	}
	return f.Reader.Read(p[:min(int64(len(p)), room)])
}

func TestFailingStickIsNotADamagedBundle(t *testing.T) {
	reader := newIdentity(t)
	for name, file := range map[string][]byte{"small": smallBundle(t, reader), "long": bundleOfChunks(t, reader, 2, 500)} {
		t.Run(name, func(t *testing.T) {
			step := max(1, len(file)/500)
			for at := 0; at <= len(file); at += step {
				got, err := take(&failing{bytes.NewReader(file), int64(len(file)), int64(at)}, publicNumber(maker), reader)
				wantNothingTaken(t, got, err)
				e := wantError(t, err, ErrUnread, "could not be read from byte")
				if !errors.Is(err, errStick) || e.Offset != int64(at) {
					t.Fatalf("fails at %d: got %d, %v", at, e.Offset, e.Cause)
				}
			}
		})
	}
}
