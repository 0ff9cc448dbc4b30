package archive

import (
	"bytes"
	"testing"

	"github.com/daylight-npm/daylight/server/store"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Whatever a file holds, its parts are read or refused, and what ends well is what was
// written.
func FuzzFrames(f *testing.F) {
	var b bytes.Buffer
	w := newWriter(&b)
	for _, err := range []error{
		w.begin(&daylightv1.ArchiveHeader{MadeAt: 1}),
		w.frame(&daylightv1.ArchiveFrame{Person: &daylightv1.Person{Name: "Monitor A"}}),
		w.end(store.Digest{Records: 1}),
	} {
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Add(b.Bytes())
	f.Add([]byte(magic))
	f.Add([]byte(magic + "\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, h, err := newReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		var frames []*daylightv1.ArchiveFrame
		for {
			frame, err := r.next(func(f *daylightv1.ArchiveFrame) bool { return f.GetEnd() == nil })
			if err != nil {
				return
			}
			if frame == nil {
				break
			}
			frames = append(frames, frame)
		}
		if _, err := r.end(); err != nil {
			return
		}
		var again bytes.Buffer
		w := newWriter(&again)
		if err := w.begin(h); err != nil {
			t.Fatal(err)
		}
		for _, frame := range frames {
			if err := w.frame(frame); err != nil {
				t.Fatal(err)
			}
		}
		if w.frames != uint64(len(frames)) {
			t.Errorf("%d parts, %d written", len(frames), w.frames)
		}
	})
}
