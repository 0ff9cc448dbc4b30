package store

import (
	"embed"
	"io/fs"
)

//go:embed sql/sqlite/*.sql
var files embed.FS

// migrations are the numbered steps of the schema.
func migrations() fs.FS {
	steps, err := fs.Sub(files, "sql/sqlite")
	if err != nil {
		panic(err) // the pattern above put the folder there
	}
	return steps
}

// application marks a file as an office's store (PRAGMA application_id): "DLo1".
const application = 0x444c6f31
