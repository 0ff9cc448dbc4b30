package sqlitedb

import (
	"context"
	"database/sql"
	"sync"
)

// Tx is one transaction. It is for one goroutine, and ends with the function that
// it was given to. A text that was run before on the same side of the file is not
// parsed again: that is a fifth of the cost of a small push.
type Tx struct {
	ctx  context.Context
	tx   *sql.Tx
	from *statements
	here map[string]*sql.Stmt // bound to tx
}

func (t *Tx) statement(text string) (*sql.Stmt, error) {
	if st := t.here[text]; st != nil {
		return st, nil
	}
	st := t.from.find(text)
	if st != nil {
		st = t.tx.StmtContext(t.ctx, st)
	} else {
		var err error
		if st, err = t.tx.PrepareContext(t.ctx, text); err != nil {
			return nil, err
		}
	}
	t.here[text] = st
	return st, nil
}

// Exec is that of sql.Tx.
func (t *Tx) Exec(text string, args ...any) (sql.Result, error) {
	st, err := t.statement(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(t.ctx, args...)
}

// Query is that of sql.Tx.
func (t *Tx) Query(text string, args ...any) (*sql.Rows, error) {
	st, err := t.statement(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(t.ctx, args...)
}

// Row is that of sql.Row, for a statement that may have failed before.
type Row struct {
	row *sql.Row
	err error
}

// Scan is that of sql.Row.
func (r Row) Scan(to ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(to...)
}

// QueryRow is that of sql.Tx.
func (t *Tx) QueryRow(text string, args ...any) Row {
	st, err := t.statement(text)
	if err != nil {
		return Row{err: err}
	}
	return Row{row: st.QueryRowContext(t.ctx, args...)}
}

// Each calls do for every row until it returns false or an error.
func (t *Tx) Each(text string, args []any, do func(scan func(...any) error) (more bool, err error)) error {
	rows, err := t.Query(text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if more, err := do(rows.Scan); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// mostStatements bounds what is kept for texts that are put together from filters.
const mostStatements = 500

// statements keeps what was parsed once for one handle. While a transaction holds
// the only connection nothing can be prepared beside it, so the first transaction
// that uses a text prepares it for itself, and learn, when that has ended, for the
// ones to come.
type statements struct {
	on *sql.DB

	mu    sync.Mutex // never held while waiting for a connection: its holder may want it
	ready map[string]*sql.Stmt
	asked map[string]bool
}

func newStatements(on *sql.DB) *statements {
	return &statements{on: on, ready: map[string]*sql.Stmt{}, asked: map[string]bool{}}
}

func (s *statements) bind(ctx context.Context, tx *sql.Tx) *Tx {
	return &Tx{ctx: ctx, tx: tx, from: s, here: map[string]*sql.Stmt{}}
}

// find gives the statement, nil when it is not ready yet.
func (s *statements) find(text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.ready[text]
	if st == nil && len(s.ready) < mostStatements {
		s.asked[text] = true
	}
	return st
}

// learn makes ready what was asked for. What cannot be prepared now is asked for
// again; the transaction that asks says why it failed.
func (s *statements) learn(ctx context.Context) {
	s.mu.Lock()
	asked := s.asked
	if len(asked) == 0 {
		s.mu.Unlock()
		return // an empty map stays shared, and others may be filling it
	}
	s.asked = map[string]bool{}
	s.mu.Unlock()
	for text := range asked {
		if st, err := s.on.PrepareContext(ctx, text); err == nil {
			s.add(text, st)
		}
	}
}

// add keeps st, unless somebody else has prepared the same meanwhile.
func (s *statements) add(text string, st *sql.Stmt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready[text] != nil {
		_ = st.Close()
		return
	}
	s.ready[text] = st
}
