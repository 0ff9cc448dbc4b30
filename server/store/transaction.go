package store

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps prepared what transactions of one handle ask for, because
// parsing is a fifth of the cost of a small push. A text that is new is prepared
// for its transaction only, and kept for the next ones after that has ended: the
// writing handle has a single connection.
type statements struct {
	handle *sql.DB

	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

func newStatements(handle *sql.DB) *statements {
	return &statements{handle: handle, ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

func (s *statements) get(text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	ready := s.ready[text]
	if ready == nil {
		s.wanted[text] = true
	}
	return ready
}

// learn prepares what was asked for. It must not run inside a transaction of the
// handle. A text that cannot be prepared now is asked for again.
func (s *statements) learn(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text := range s.wanted {
		st, err := s.handle.PrepareContext(ctx, text)
		if err != nil {
			return
		}
		s.ready[text] = st
		delete(s.wanted, text)
	}
}

// transaction is one transaction with its statements.
type transaction struct {
	ctx  context.Context
	tx   *sql.Tx
	from *statements
	here map[string]*sql.Stmt
}

func (t *transaction) statement(text string) (*sql.Stmt, error) {
	if st := t.here[text]; st != nil {
		return st, nil
	}
	if ready := t.from.get(text); ready != nil {
		t.here[text] = t.tx.StmtContext(t.ctx, ready)
		return t.here[text], nil
	}
	st, err := t.tx.PrepareContext(t.ctx, text)
	if err != nil {
		return nil, err
	}
	t.here[text] = st
	return st, nil
}

func (t *transaction) exec(text string, args ...any) (sql.Result, error) {
	st, err := t.statement(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(t.ctx, args...)
}

func (t *transaction) query(text string, args ...any) (*sql.Rows, error) {
	st, err := t.statement(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(t.ctx, args...)
}

// one scans the only row of a query into dest; false when there is none.
func (t *transaction) one(text string, args []any, dest ...any) (bool, error) {
	st, err := t.statement(text)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(t.ctx, args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// each calls do for every row of a query until do returns false or an error.
func (t *transaction) each(text string, args []any, do func(scan func(...any) error) (bool, error)) error {
	rows, err := t.query(text, args...)
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
