package localdb

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps what was parsed once. A statement cannot be prepared for later
// while a transaction holds the only connection, so a text runs unprepared the
// first time and is prepared when that transaction has ended.
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

// statement is the text bound to the transaction, nil when it is not ready yet.
func (b *Book) statement(text string) *sql.Stmt {
	if st := b.used[text]; st != nil {
		return st
	}
	st := b.known.find(text)
	if st != nil {
		st = b.tx.StmtContext(b.ctx, st)
		b.used[text] = st
	}
	return st
}

func (b *Book) exec(text string, args ...any) (sql.Result, error) {
	if st := b.statement(text); st != nil {
		return st.ExecContext(b.ctx, args...)
	}
	return b.tx.ExecContext(b.ctx, text, args...)
}

func (b *Book) query(text string, args ...any) (*sql.Rows, error) {
	if st := b.statement(text); st != nil {
		return st.QueryContext(b.ctx, args...)
	}
	return b.tx.QueryContext(b.ctx, text, args...)
}

func (b *Book) row(text string, args ...any) *sql.Row {
	if st := b.statement(text); st != nil {
		return st.QueryRowContext(b.ctx, args...)
	}
	return b.tx.QueryRowContext(b.ctx, text, args...)
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
