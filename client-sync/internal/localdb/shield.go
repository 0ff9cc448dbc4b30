package localdb

// shield is the one seam through which content passes to the disk and back. It is
// given where the content stands (table and id), so that one row's bytes cannot be
// put in the place of another's once it encrypts. Now it leaves them as they are.
type shield struct{}

// seal gives what is written.
func (shield) seal(table string, id, content []byte) []byte { return content }

// open gives what was sealed, or an error when it is not what was sealed there.
func (shield) open(table string, id, stored []byte) ([]byte, error) { return stored, nil }
