package localdb

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps what was parsed once. A statement cannot be prepared for later
// while a transaction holds the only connection, so the first transaction that uses
// a text prepares it for itself, and it is prepared for all when that has ended.
type statements struct {
	on *sql.DB

	mu    sync.Mutex
	ready map[string]*sql.Stmt
	asked []string
}

func newStatements(on *sql.DB) *statements {
	return &statements{on: on, ready: map[string]*sql.Stmt{}}
}

// find gives the statement, nil when it is not ready yet.
func (s *statements) find(text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.ready[text]
	if st == nil {
		s.asked = append(s.asked, text)
	}
	return st
}

// prepare makes ready what was asked for. A failure shows when the text is run.
func (s *statements) prepare(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range s.asked {
		if s.ready[text] == nil {
			if st, err := s.on.PrepareContext(ctx, text); err == nil {
				s.ready[text] = st
			}
		}
	}
	s.asked = nil
}

// statement is the text bound to the transaction.
func (b *Book) statement(text string) (st *sql.Stmt, err error) {
	if st := b.used[text]; st != nil {
		return st, nil
	}
	if st = b.known.find(text); st != nil {
		st = b.tx.StmtContext(b.ctx, st)
	} else if st, err = b.tx.PrepareContext(b.ctx, text); err != nil {
		return nil, err
	}
	b.used[text] = st
	return st, nil
}

func (b *Book) exec(text string, args ...any) (sql.Result, error) {
	st, err := b.statement(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(b.ctx, args...)
}

func (b *Book) query(text string, args ...any) (*sql.Rows, error) {
	st, err := b.statement(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(b.ctx, args...)
}

// oneRow is a *sql.Row whose statement may have failed.
type oneRow struct {
	row *sql.Row
	err error
}

// Scan is that of sql.Row.
func (r oneRow) Scan(to ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(to...)
}

func (b *Book) row(text string, args ...any) oneRow {
	st, err := b.statement(text)
	if err != nil {
		return oneRow{err: err}
	}
	return oneRow{row: st.QueryRowContext(b.ctx, args...)}
}

// each calls do for every row until it returns false or an error.
func (b *Book) each(do func(*sql.Rows) (bool, error), text string, args ...any) error {
	rows, err := b.query(text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if more, err := do(rows); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}
