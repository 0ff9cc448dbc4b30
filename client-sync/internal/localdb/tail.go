package localdb

import (
	"encoding/json"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Tail vouches for the newest own entry, and so for all before it in its chain, as it
// was when the folder was locked.
type Tail struct {
	Writer fold.WriterID
	Seq    fold.Seq
	// Seal is by the key of the certificate, which is encoded.
	Seal, Certificate []byte
}

// Tail gives what PutTail stored; the zero Tail when nothing was.
func (b *Book) Tail() (t Tail, err error) {
	content, err := b.single("tail")
	if err != nil || content == nil {
		return t, err
	}
	return t, json.Unmarshal(content, &t)
}

// PutTail stores it in the place of any that was there.
func (b *Book) PutTail(t Tail) error {
	content, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return b.putSingle("tail", content)
}
