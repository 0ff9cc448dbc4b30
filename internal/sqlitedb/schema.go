package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/pressly/goose/v3"
)

// examine refuses a file that Open must not touch. It reads through a
// connection that cannot write, so a refused file stays as it was.
func examine(ctx context.Context, path string, o Options) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !o.ReadOnly:
		return nil
	case err != nil:
		return fmt.Errorf("find the database file: %w", err)
	case info.Size() == 0 && !exists(path+"-wal"): // made, but never written
		return nil
	}
	h := connect(readOnlySource(path, queryOnly), 1)
	defer h.Close()
	if err := checkOwner(ctx, h, o); err != nil {
		return Classify(fmt.Errorf("look into the database file: %w", err))
	}
	if o.ReadOnly { // a rescue takes what it gets
		return nil
	}
	if err := checkVersion(ctx, h, o); err != nil {
		return Classify(err)
	}
	if o.QuickCheck {
		return quickCheck(ctx, h)
	}
	return nil
}

// checkOwner lets through our own file, and one that nobody has written to yet.
func checkOwner(ctx context.Context, h *sql.DB, o Options) error {
	var id int32 // signed in SQLite
	if err := h.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	var tables int
	if err := h.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if uint32(id) == o.Application || id == 0 && tables == 0 {
		return nil
	}
	return fmt.Errorf("%w: it is marked %#x, ours is %#x; it was not changed", ErrForeign, uint32(id), o.Application)
}

func checkVersion(ctx context.Context, h *sql.DB, o Options) error {
	if o.Migrations == nil {
		return nil
	}
	known, err := newestStep(h, o.Migrations)
	if err != nil {
		return err
	}
	version, err := versionOf(ctx, h)
	if err != nil {
		return err
	}
	if version > known {
		return fmt.Errorf("%w: its schema is number %d, this program knows up to %d; it was not changed; install the newer version again",
			ErrNewer, version, known)
	}
	return nil
}

// versionOf reads the number of the last migration; 0 before the first.
func versionOf(ctx context.Context, h *sql.DB) (int64, error) {
	var tables int
	err := h.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	var version int64
	err = h.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

func quickCheck(ctx context.Context, h *sql.DB) error {
	var verdict string // the first line is enough to know
	if err := h.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return Classify(fmt.Errorf("check the database file: %w", err))
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	return nil
}

// migrate marks a new file as ours and applies the migrations that it lacks. A
// migration that fails, or is cut off by a crash, leaves the version before it.
func migrate(ctx context.Context, h *sql.DB, o Options) error {
	mark := fmt.Sprintf(`PRAGMA application_id = %d`, int32(o.Application))
	if _, err := h.ExecContext(ctx, mark); err != nil {
		return Classify(fmt.Errorf("mark the database file: %w", err))
	}
	if o.Migrations == nil {
		return nil
	}
	p, err := provider(h, o.Migrations)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return Classify(fmt.Errorf("bring the schema up to date: %w", err))
	}
	return nil
}

func newestStep(h *sql.DB, steps fs.FS) (int64, error) {
	p, err := provider(h, steps)
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil // sorted, never empty
}

func provider(h *sql.DB, steps fs.FS) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.DialectSQLite3, h, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the schema's migrations: %w", err)
	}
	return p, nil
}

// Schema gives the SQL of every table, index, trigger and view in d, tables in
// alphabetical order with what belongs to each behind it. SQLite's and goose's
// own tables are left out. It is the text of a golden test, see schematest.
func Schema(ctx context.Context, d *DB) (string, error) {
	rows, err := d.reader.QueryContext(ctx, `
		SELECT s.sql
		FROM sqlite_schema s
		LEFT JOIN pragma_table_list t ON t.name = s.name AND t.schema = 'main'
		WHERE s.sql IS NOT NULL
		  AND s.tbl_name NOT LIKE 'sqlite\_%' ESCAPE '\'
		  AND s.tbl_name <> 'goose_db_version'
		  AND coalesce(t.type, '') <> 'shadow'
		ORDER BY s.tbl_name, s.type <> 'table', s.type, s.name`)
	if err != nil {
		return "", Classify(fmt.Errorf("read the schema: %w", err))
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return "", Classify(fmt.Errorf("read the schema: %w", err))
		}
		out.WriteString(text + ";\n\n")
	}
	return out.String(), Classify(rows.Err())
}
