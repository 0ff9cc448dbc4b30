package bundle

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// held is what the heap holds, garbage left out.
func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemoryDoesNotGrowWithTheFile looks at the heap again and again while a large
// bundle is written, verified and read.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	const size, look = 256 << 10, 50
	frames := 800 // 200 MiB
	if testing.Short() {
		frames = 100
	}
	reader := newIdentity(t)
	file, err := os.Create(filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	before, most := held(), uint64(0)
	sample := func(n int) {
		if n%look == 0 {
			most = max(most, held())
		}
	}
	w, err := Create(file, sampleHeader(toOffice), []string{reader.Recipient()}, sign)
	if err != nil {
		t.Fatal(err)
	}
	for n := range frames {
		if err := w.Put(sampleFrame(toOffice, n, size)); err != nil {
			t.Fatal(err)
		}
		sample(n)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := Open(&looking{file, sample, 0}, reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Verify(context.Background(), publicNumber(maker)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range b.Frames(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != frames {
		t.Errorf("got %d frames, want %d", n, frames)
	}
	t.Logf("%d MiB: the heap grew by at most %d KiB", frames*size>>20, (most-before)>>10)
	if most > before+12<<20 {
		t.Errorf("the heap grew by %d bytes", most-before)
	}
}

// looking is a file that says when it is read.
type looking struct {
	*os.File
	look func(n int)
	n    int
}

func (l *looking) Read(p []byte) (int, error) {
	l.n++
	l.look(l.n / 4) // four chunks are about one frame
	return l.File.Read(p)
}
