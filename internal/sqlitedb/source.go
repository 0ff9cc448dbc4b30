package sqlitedb

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"
)

// Every connection: temporary tables stay off the disk, where they would leave
// plain text; a few seconds' patience for another process, such as a backup.
var common = []string{
	"busy_timeout(5000)",
	"foreign_keys(1)",
	"temp_store(MEMORY)",
	"mmap_size(0)", // an error of the disk shall be an error, not a crash
}

// journalLimit is what the log shrinks to after a burst, in bytes. Shrinking
// more often would cost a system call per checkpoint.
const journalLimit = 16 << 20

func writeSource(path string, o Options) string {
	pragmas := append([]string{
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"journal_size_limit(" + strconv.Itoa(journalLimit) + ")",
	}, common...)
	pragmas = append(pragmas, fmt.Sprintf("secure_delete(%t)", o.SecureDelete))
	if o.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", o.MaxPages))
	}
	return source(path, "rw", pragmas) + "&_txlock=immediate"
}

// queryOnly keeps a connection from writing by mistake.
const queryOnly = "query_only(1)"

func readSource(path string, o Options) string {
	pragmas := append([]string{queryOnly}, common...)
	if o.ReadCache > 0 {
		pragmas = append(pragmas, fmt.Sprintf("cache_size(-%d)", o.ReadCache))
	}
	return source(path, "rw", pragmas)
}

func copySource(path string, o Options) string {
	if o.ReadOnly {
		return readOnlySource(path)
	}
	return source(path, "rw", common)
}

// readOnlySource reads a file without altering it. Without a log or journal
// beside it, "immutable" keeps SQLite from making side files. With a log, the
// log holds part of the truth and must be read. With a journal, the program
// that wrote the file was cut off in mid-write, and only a writer may finish
// that; every program that opens the file would do the same.
func readOnlySource(path string, more ...string) string {
	pragmas := append(more, common...)
	switch {
	case exists(path + "-journal"):
		return source(path, "rw", pragmas)
	case exists(path + "-wal"):
		return source(path, "ro", pragmas)
	}
	return source(path, "ro", pragmas) + "&immutable=1"
}

// source names a file and pragmas in the way that the driver reads them. The
// path is absolute; as a URI it may hold any character. A misspelt column in
// double quotes is an error (_dqs), and an error's text is that of its own
// operation (_error_rc).
func source(path, mode string, pragmas []string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") { // C:/...
		p = "/" + p
	}
	q := url.Values{"mode": {mode}, "_pragma": pragmas, "_dqs": {"0"}, "_error_rc": {"1"}}
	return (&url.URL{Scheme: "file", Path: p, RawQuery: q.Encode()}).String()
}

// connect gives a handle that keeps its connections, and with them prepared
// statements and page caches, for as long as it is open.
func connect(source string, connections int) *sql.DB {
	c, err := sqlite.NewConnector(source)
	if err != nil {
		panic(err) // source builds what this parses
	}
	h := sql.OpenDB(c)
	h.SetMaxOpenConns(connections)
	h.SetMaxIdleConns(connections)
	return h
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
