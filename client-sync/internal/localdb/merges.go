package localdb

import (
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// targetOf gives the record that a state says it was merged into, as it is stored; nil
// (NULL) for none.
func (b *Book) targetOf(s *fold.State) []byte {
	id, ok := record.ReferenceIn(s, record.FieldMergedInto)
	if !ok {
		return nil
	}
	return b.record(id)
}

// Merged gives the records that name one that they were merged into, whether that is here
// or not.
func (b *Book) Merged() ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE target IS NOT NULL AND target <> X''`)
}

// FillMerges reads the views of a folder of before merges were kept, and keeps them. It
// does that once: nothing is left to do then.
func (b *Book) FillMerges() error {
	old, err := b.ids(`SELECT id FROM views WHERE target = X''`)
	if err != nil {
		return err
	}
	for _, id := range old {
		v, err := b.View(id)
		if err != nil {
			return err
		}
		s, err := fold.DecodeOwn(v.State)
		if err != nil {
			return err
		}
		if err := b.PutView(*v, s); err != nil {
			return err
		}
	}
	return nil
}
