package exchange

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Standing is what an answer that comes in a file must have been made for: opaque to the
// office, which gives it back.
func (d *Device) Standing() []byte {
	b := protowire.AppendVarint(nil, d.self.Round)
	b = append(b, d.self.ID[:]...)
	return append(b, d.self.Epoch...)
}

// Fresh reports whether an answer that came in a file may be taken: this device still
// stands where it was when it asked, and has heard nothing later from the office. last
// is the last part of the answer. One that was taken before may be taken again.
func (d *Device) Fresh(standing []byte, last *daylightv1.SyncResponse) bool {
	return bytes.Equal(standing, d.Standing()) &&
		(!bytes.Equal(last.GetEpoch(), d.self.Epoch) || Position(last.GetHead()) >= d.self.Head)
}

// ToProto is what was sent as an answer in a file names it.
func (s Sent) ToProto() *daylightv1.BundleAnswer {
	a := &daylightv1.BundleAnswer{MoreOwn: s.MoreOwn}
	for _, b := range s.Batches {
		h := b.toProto()
		h.First = uint64(b.First)
		a.Pushed = append(a.Pushed, h)
	}
	return a
}

// SentFrom reads what ToProto gave.
func SentFrom(a *daylightv1.BundleAnswer) (Sent, error) {
	s := Sent{MoreOwn: a.GetMoreOwn()}
	for _, h := range a.GetPushed() {
		head, err := askedFrom(h)
		if err != nil {
			return s, err
		}
		s.Batches = append(s.Batches, head)
	}
	return s, nil
}

func askedFrom(h *daylightv1.Head) (a Asked, err error) {
	a.Seq, a.First = fold.Seq(h.GetSeq()), fold.Seq(h.GetFirst())
	if len(h.GetWriter()) != len(a.Writer) || len(h.GetLink()) != len(a.Link) {
		return a, fmt.Errorf("%w: it names a chain in a way that cannot be", ErrAnswer)
	}
	copy(a.Writer[:], h.GetWriter())
	copy(a.Link[:], h.GetLink())
	return a, nil
}
