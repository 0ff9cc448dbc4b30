package localdb

import "encoding/binary"

// Directory gives what PutDirectory stored, with its revision; nothing and 0 when
// nothing was.
func (b *Book) Directory() (revision uint64, content []byte, err error) {
	content, err = b.single("directory")
	if err != nil || content == nil {
		return 0, nil, err
	}
	head, err := cut(&content, 8)
	if err != nil {
		return 0, nil, err
	}
	return binary.BigEndian.Uint64(head), content, nil
}

// PutDirectory stores it in the place of any that was there. Revision 0 leaves none.
func (b *Book) PutDirectory(revision uint64, content []byte) error {
	if revision == 0 {
		_, err := b.Exec(`DELETE FROM directory`)
		return err
	}
	return b.putSingle("directory", append(binary.BigEndian.AppendUint64(nil, revision), content...))
}
