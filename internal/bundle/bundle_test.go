package bundle

import (
	"bytes"
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/cryptotest"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestBundleRoundTrip(t *testing.T) {
	reader := newIdentity(t)
	for _, purpose := range []daylightv1.BundlePurpose{toOffice, toTeam, toDevice} {
		for _, n := range []int{0, 1, 5} {
			h, frames := sampleHeader(purpose), sampleFrames(purpose, n)
			file := write(t, h, []string{reader.Recipient()}, frames...)
			b, err := Open(bytes.NewReader(file), reader)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(b.Header(), h) {
				t.Errorf("%v: got header %+v, want %+v", purpose, b.Header(), h)
			}
			got, err := takeBytes(file, reader)
			if err != nil {
				t.Fatal(err)
			}
			wantFrames(t, got, frames)
		}
	}
}

// TestFormatIsAsPinned reads a file that an earlier program made.
func TestFormatIsAsPinned(t *testing.T) {
	file, err := os.ReadFile("testdata/team.bundle")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := ParseIdentity(readerSecret)
	if err != nil {
		t.Fatal(err)
	}
	got, err := takeBytes(file, reader)
	if err != nil {
		t.Fatal(err)
	}
	wantFrames(t, got, sampleFrames(toTeam, 2))
	// Age and zstd may choose otherwise; what they hold may not.
	if !bytes.Equal(contentOf(t, file, reader), contentOf(t, smallBundle(t, reader), reader)) {
		t.Error("the same bundle has another content today")
	}
}

func TestWhoeverItIsForOpensIt(t *testing.T) {
	first, second, stranger := newIdentity(t), newIdentity(t), newIdentity(t)
	frames := sampleFrames(toTeam, 2)
	file := write(t, sampleHeader(toTeam), []string{first.Recipient(), second.Recipient()}, frames...)
	for name, by := range map[string][]Identity{
		"the first": {first}, "the second": {second}, "with an old key too": {stranger, {}, second},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := take(bytes.NewReader(file), publicNumber(maker), by...)
			if err != nil {
				t.Fatal(err)
			}
			wantFrames(t, got, frames)
		})
	}
	for name, by := range map[string][]Identity{"a stranger": {stranger}, "the zero identity": {{}}, "nobody": nil} {
		t.Run(name, func(t *testing.T) {
			got, err := take(bytes.NewReader(file), publicNumber(maker), by...)
			wantNothingTaken(t, got, err)
			wantError(t, err, ErrElse, "for somebody else")
		})
	}
}

func TestFramesComeOnlyAfterVerify(t *testing.T) {
	reader := newIdentity(t)
	b, err := Open(bytes.NewReader(smallBundle(t, reader)), reader)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(when string) {
		t.Helper()
		n := 0
		for f, err := range b.Frames(context.Background()) {
			if n++; f != nil || !errors.Is(err, errNotVerified) {
				t.Errorf("%s: got %v, %v", when, f, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: it said %d things", when, n)
		}
	}
	refused("before")
	wantError(t, b.Verify(context.Background(), publicNumber(maker+1)), ErrSignature, "not made by whom it names")
	refused("after one that failed")
	wantError(t, b.Verify(context.Background(), nil), ErrSignature, "not made by whom it names")
	for range 2 {
		if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range b.Frames(context.Background()) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != 2 {
			t.Errorf("got %d frames", n)
		}
	}
	for range b.Frames(context.Background()) {
		break // says nothing more
	}
	wantError(t, b.Verify(context.Background(), publicNumber(maker+1)), ErrSignature, "")
	refused("after another that failed")
}

func TestContextEndsIt(t *testing.T) {
	reader := newIdentity(t)
	b, err := Open(bytes.NewReader(smallBundle(t, reader)), reader)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := b.Verify(ctx, publicNumber(maker)); err != nil {
		t.Fatal(err)
	}
	var got []error
	for _, err := range b.Frames(ctx) {
		got = append(got, err)
		cancel()
	}
	if len(got) != 2 || got[0] != nil || !errors.Is(got[1], context.Canceled) {
		t.Errorf("got %v", got)
	}
	if err := b.Verify(ctx, publicNumber(maker)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// swapped is a file that can become another one.
type swapped struct{ *bytes.Reader }

func TestFileThatBecomesAnotherIsNotTaken(t *testing.T) {
	reader := newIdentity(t)
	file := smallBundle(t, reader)
	for name, other := range map[string][]byte{
		"another bundle":         smallBundle(t, reader),
		"the same, of one frame": write(t, sampleHeader(toTeam), []string{reader.Recipient()}, sampleFrames(toTeam, 1)...),
		"the same, cut off":      file[:len(file)-1],
		"something else":         []byte("a letter"),
	} {
		t.Run(name, func(t *testing.T) {
			disk := &swapped{bytes.NewReader(file)}
			b, err := Open(disk, reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
				t.Fatal(err)
			}
			disk.Reader = bytes.NewReader(other)
			for f, err := range b.Frames(context.Background()) {
				if f != nil {
					t.Error("a frame came out")
				}
				wantError(t, err, ErrDamaged, "may have been taken")
			}
			wantNothingTaken(t, nil, b.Verify(context.Background(), publicNumber(maker)))
		})
	}
}

// TestReaderWhoKnowsTheKeysCannotExchangeIt is a team-mate who has the file's own key:
// under the same first lines, and signed as it should be, is something else.
func TestReaderWhoKnowsTheKeysCannotExchangeIt(t *testing.T) {
	reader := newIdentity(t)
	locked := func(h Header, frames ...*daylightv1.BundleFrame) []byte {
		cryptotest.SetGlobalRandom(t, 1)
		return write(t, h, []string{reader.Recipient()}, frames...)
	}
	other := sampleHeader(toTeam)
	other.MadeMS++
	frames := sampleFrames(toTeam, 2)
	file := locked(sampleHeader(toTeam), frames...)
	for name, second := range map[string][]byte{
		"fewer frames":   locked(sampleHeader(toTeam), frames[:1]...),
		"another header": locked(other, frames...),
	} {
		t.Run(name, func(t *testing.T) {
			if front := frontOf(t, file); !bytes.Equal(file[:front], second[:front]) {
				t.Fatal("the first lines are others")
			}
			disk := &swapped{bytes.NewReader(file)}
			b, err := Open(disk, reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
				t.Fatal(err)
			}
			disk.Reader = bytes.NewReader(second)
			var last error
			for f, err := range b.Frames(context.Background()) {
				if last = err; f != nil && name == "another header" {
					t.Error("a frame came out")
				}
			}
			wantError(t, last, ErrDamaged, "became another one")
		})
	}
}

func TestWriterRefuses(t *testing.T) {
	reader := newIdentity(t)
	good := []string{reader.Recipient()}
	for name, tt := range map[string]struct {
		to []string
		do func(*Header)
	}{
		"nobody":                     {nil, nil},
		"too many":                   {make([]string, maxRecipients+1), nil},
		"an empty recipient":         {[]string{good[0], ""}, nil},
		"a secret for a recipient":   {[]string{reader.Secret()}, nil},
		"no id":                      {good, func(h *Header) { h.ID = ID{} }},
		"no purpose":                 {good, func(h *Header) { h.Purpose = 0 }},
		"a purpose nobody knows":     {good, func(h *Header) { h.Purpose = 4 }},
		"no certificate":             {good, func(h *Header) { h.Certificate = nil }},
		"a device's key":             {good, func(h *Header) { h.DeviceKey = publicNumber(1) }},
		"an answer":                  {good, func(h *Header) { h.Answers = ID{1} }},
		"a long epoch":               {good, func(h *Header) { h.Epoch = make([]byte, maxHeader) }},
		"an answer with certificate": {good, func(h *Header) { c := h.Certificate; *h = sampleHeader(toDevice); h.Certificate = c }},
		"an answer for no device":    {good, func(h *Header) { *h = sampleHeader(toDevice); h.DeviceKey = nil }},
		"an answer to nothing":       {good, func(h *Header) { *h = sampleHeader(toDevice); h.Answers = ID{} }},
	} {
		t.Run(name, func(t *testing.T) {
			h := sampleHeader(toTeam)
			if tt.do != nil {
				tt.do(&h)
			}
			var file bytes.Buffer
			w, err := Create(&file, h, tt.to, sign)
			if err == nil || w != nil || file.Len() != 0 {
				t.Errorf("got %v after %d bytes", err, file.Len())
			}
			if tt.do == nil {
				wantError(t, err, ErrRecipient, "nothing was written")
			}
			if strings.Contains(err.Error(), "AGE-SECRET-KEY-1") {
				t.Error("it repeats a secret")
			}
		})
	}
}

// refusedFrames are what Put turns away.
func refusedFrames() map[string]*daylightv1.BundleFrame {
	two := proto.Clone(sampleFrame(toTeam, 1, 20)).(*daylightv1.BundleFrame)
	two.Answer = &daylightv1.BundleAnswer{}
	return map[string]*daylightv1.BundleFrame{
		"an empty one":       {},
		"nothing":            nil,
		"of another purpose": sampleFrame(toOffice, 1, 20),
		"two in one":         two,
		"an end":             {End: &daylightv1.BundleEnd{Frames: 1, Signature: make([]byte, 64)}},
		"too many bytes":     sampleFrame(toTeam, 1, MaxFrame),
		"too many pieces":    {Batch: &daylightv1.Batch{Entries: entries(maxPieces + 1)}},
	}
}

func entries(n int) []*daylightv1.Entry {
	all := make([]*daylightv1.Entry, n)
	for i := range all {
		all[i] = &daylightv1.Entry{}
	}
	return all
}

func TestPutRefuses(t *testing.T) {
	reader := newIdentity(t)
	for name, f := range refusedFrames() {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			w, err := Create(&file, sampleHeader(toTeam), []string{reader.Recipient()}, sign)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Put(f); err == nil {
				t.Error("it was written")
			}
			if w.Put(sampleFrame(toTeam, 1, 20)) == nil || w.Close() == nil {
				t.Error("the writer goes on")
			}
			got, err := takeBytes(file.Bytes(), reader)
			wantNothingTaken(t, got, err)
			wantError(t, err, ErrDamaged, "was cut off")
		})
	}
}

// TestWhatAReaderMayTakeCanBeWritten holds the bounds to the largest batch there is.
func TestWhatAReaderMayTakeCanBeWritten(t *testing.T) {
	reader := newIdentity(t)
	for name, b := range map[string]*daylightv1.Batch{
		"the most bytes":   sampleBatch(1, journal.MaxBatch),
		"the most entries": {Entries: entries(journal.MaxEntries)},
	} {
		t.Run(name, func(t *testing.T) {
			f := &daylightv1.BundleFrame{Batch: b}
			got, err := takeBytes(write(t, sampleHeader(toTeam), []string{reader.Recipient()}, f), reader)
			if err != nil {
				t.Fatal(err)
			}
			wantFrames(t, got, []*daylightv1.BundleFrame{f})
		})
	}
}

func TestWithoutCloseItIsCutOff(t *testing.T) {
	reader := newIdentity(t)
	for _, size := range []int{20, 300_000} {
		var file bytes.Buffer
		w, err := Create(&file, sampleHeader(toTeam), []string{reader.Recipient()}, sign)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			if err := w.Put(sampleFrame(toTeam, n+1, size)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := takeBytes(file.Bytes(), reader)
		wantNothingTaken(t, got, err)
		e := wantError(t, err, ErrDamaged, "was cut off")
		if e.Offset != int64(file.Len()) {
			t.Errorf("got offset %d of %d", e.Offset, file.Len())
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if w.Close() == nil || w.Put(sampleFrame(toTeam, 1, 20)) == nil {
			t.Error("a closed writer goes on")
		}
	}
}

func TestNoSignatureNoBundle(t *testing.T) {
	reader := newIdentity(t)
	var file bytes.Buffer
	w, err := Create(&file, sampleHeader(toTeam), []string{reader.Recipient()}, func([]byte) []byte { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if w.Close() == nil {
		t.Error("it was closed")
	}
	_, err = takeBytes(file.Bytes(), reader)
	wantError(t, err, ErrDamaged, "was cut off")
}

// full is a disk with so much room.
type full struct {
	room int
	took bytes.Buffer
}

func (f *full) Write(p []byte) (int, error) {
	n, _ := f.took.Write(p[:min(len(p), f.room)])
	if f.room -= n; n < len(p) {
		return n, errors.New("no space left")
	}
	return n, nil
}

func TestFullDiskIsSaid(t *testing.T) {
	reader := newIdentity(t)
	whole := len(write(t, sampleHeader(toTeam), []string{reader.Recipient()}, sampleFrame(toTeam, 1, 200_000)))
	for _, room := range []int{0, 10, 300, 70_000, 140_000, whole - 1} {
		disk := &full{room: room}
		w, err := Create(disk, sampleHeader(toTeam), []string{reader.Recipient()}, sign)
		if err == nil {
			err = errors.Join(w.Put(sampleFrame(toTeam, 1, 200_000)), w.Close())
		}
		if err == nil {
			t.Errorf("%d bytes of room for %d: nothing was said", room, whole)
		}
		if got, err := takeBytes(disk.took.Bytes(), reader); err == nil || len(got) > 0 {
			t.Errorf("%d bytes of room: it was taken", room)
		}
	}
}
