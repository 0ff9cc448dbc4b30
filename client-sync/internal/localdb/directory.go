package localdb

import (
	"database/sql"
	"errors"
)

// Directory gives what PutDirectory stored, with its revision; nothing and 0 when
// nothing was.
func (b *Book) Directory() (revision uint64, content []byte, err error) {
	err = b.QueryRow(`SELECT revision, content FROM directory`).Scan(&revision, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err == nil {
		content, err = b.shield.open("directory", nil, content)
	}
	return revision, content, err
}

// PutDirectory stores it in the place of any that was there. Revision 0 leaves none.
func (b *Book) PutDirectory(revision uint64, content []byte) error {
	if revision == 0 {
		_, err := b.Exec(`DELETE FROM directory`)
		return err
	}
	_, err := b.Exec(`
		INSERT INTO directory (id, revision, content) VALUES (1, ?1, ?2)
		ON CONFLICT (id) DO UPDATE SET revision = ?1, content = ?2`, int64(revision), b.shield.seal("directory", nil, content))
	return err
}
