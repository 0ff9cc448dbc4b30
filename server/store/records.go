package store

import (
	"bytes"
	"database/sql"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// span is where the records end.
type span struct {
	number int64     // the greatest
	id     record.ID // the greatest: most ids grow with time, so that a new one is beyond
}

func (l *ledger) span() (*span, error) {
	if l.ids != nil {
		return l.ids, nil
	}
	end := &span{}
	var id []byte
	if _, err := l.one(`
		SELECT coalesce((SELECT max(number) FROM records), 0), (SELECT max(id) FROM records)`, nil, &end.number, &id); err != nil {
		return nil, err
	}
	copy(end.id[:], id)
	l.ids = end
	return end, nil
}

func (s *span) beyond(id record.ID) bool { return bytes.Compare(id[:], s.id[:]) > 0 }

// Record gives a record; nil when there is none.
func (l *ledger) Record(id record.ID) (*exchange.Record, error) {
	if err := l.flushRecords(); err != nil {
		return nil, err
	}
	if end, err := l.span(); err != nil {
		return nil, err
	} else if end.beyond(id) {
		l.numbers[id] = 0
		return nil, nil
	}
	r := &exchange.Record{ID: id}
	var number int64
	var writer, visit []byte
	ok, err := l.one(`
		SELECT number, kind, position, last_writer, last_seq, others, visit, dossier <> 0, state
		FROM records
		WHERE id = $1`, []any{id[:]}, &number, &r.Kind, &r.Position, &writer, &r.Last.Seq, &r.Others, &visit, &r.Carried, &r.State)
	if err != nil {
		return nil, err
	}
	l.numbers[id] = number
	if !ok {
		return nil, nil
	}
	copy(r.Last.Writer[:], writer)
	copy(r.Visit[:], visit)
	return r, nil
}

// PutRecord adds or replaces one, with its projection and the entries of this
// transaction that touched it.
func (l *ledger) PutRecord(r exchange.Record, state *fold.State) error {
	number, old, err := l.numberOf(r.ID)
	if err != nil {
		return err
	}
	if r.State == nil {
		r.State = []byte{}
	}
	if state != nil {
		r.Visit, _ = record.VisitOf(r.Kind, state)
	}
	if old {
		err = l.updateRecord(number, r, dossierOf(r.Kind, state))
	} else {
		number, err = l.insertRecord(r, dossierOf(r.Kind, state))
	}
	if err != nil {
		return err
	}
	l.numbers[r.ID] = number
	for _, position := range l.touches[r.ID] {
		if err := l.add(&l.touchRows, number, int64(position)); err != nil {
			return err
		}
	}
	delete(l.touches, r.ID)
	l.scope(r, state)
	l.join(number, r.ID, r.Kind, state)
	return l.project(number, r.ID, r.Kind, old, state)
}

// numberOf gives the record's number; false for one that is new.
func (l *ledger) numberOf(id record.ID) (int64, bool, error) {
	n, known := l.numbers[id]
	if known {
		return n, n != 0, nil
	}
	_, err := l.one(`
		SELECT number
		FROM records
		WHERE id = $1`, []any{id[:]}, &n)
	return n, n != 0, err
}

var recordRow = inserting(`
	INSERT INTO records (number, id, kind, position, last_writer, last_seq, others, visit, dossier, state)
	VALUES`, 10, ``)

func (l *ledger) insertRecord(r exchange.Record, dossier int64) (int64, error) {
	end, err := l.span()
	if err != nil {
		return 0, err
	}
	end.number++
	if end.beyond(r.ID) {
		end.id = r.ID
	}
	return end.number, l.add(&l.recordRows, end.number, r.ID[:], int64(r.Kind), int64(r.Position),
		r.Last.Writer[:], int64(r.Last.Seq), int64(r.Others), visitColumn(r.Visit), dossier, r.State)
}

// visitColumn is NULL for none.
func visitColumn(id record.ID) any {
	if id == (record.ID{}) {
		return nil
	}
	return id[:]
}

func (l *ledger) updateRecord(number int64, r exchange.Record, dossier int64) error {
	if err := l.flushRecords(); err != nil {
		return err
	}
	_, err := l.Exec(`
		UPDATE records
		SET kind = $2, position = $3, last_writer = $4, last_seq = $5, others = $6, visit = $7, dossier = $8, state = $9
		WHERE number = $1`,
		number, int64(r.Kind), int64(r.Position), r.Last.Writer[:], int64(r.Last.Seq), int64(r.Others), visitColumn(r.Visit), dossier, r.State)
	return err
}

var touchRow = inserting(`
	INSERT INTO touches (record, position)
	VALUES`, 2, ``)

// flushRecords makes records that were put visible to the queries of this
// transaction.
func (l *ledger) flushRecords() error {
	if l.recordRows.count() == 0 {
		return nil
	}
	return l.flush()
}

// Changed calls do for the records behind the cursor in the order of (position,
// id) until do returns false.
func (l *ledger) Changed(after exchange.Cursor, do func(exchange.Record) bool) error {
	if err := l.flushRecords(); err != nil {
		return err
	}
	var r exchange.Record
	var id, writer, visit, state sql.RawBytes
	return l.Each(`
		SELECT id, kind, position, last_writer, last_seq, others, visit, dossier <> 0, state
		FROM records
		WHERE (position, id) > ($1, $2)
		ORDER BY position, id`, []any{int64(after.Position), after.ID[:]}, func(scan func(...any) error) (bool, error) {
		if err := scan(&id, &r.Kind, &r.Position, &writer, &r.Last.Seq, &r.Others, &visit, &r.Carried, &state); err != nil {
			return false, err
		}
		r.Visit = record.ID{}
		copy(r.Visit[:], visit)
		copy(r.ID[:], id)
		copy(r.Last.Writer[:], writer)
		r.State = state
		return do(r), nil
	})
}

// States calls do for every record that has a state, in the order of the ids.
func (l *ledger) States(do func(record.ID, []byte) error) error {
	if err := l.flushRecords(); err != nil {
		return err
	}
	var id, state sql.RawBytes
	return l.Each(`
		SELECT id, state
		FROM records
		WHERE length(state) > 0
		ORDER BY id`, nil, func(scan func(...any) error) (bool, error) {
		if err := scan(&id, &state); err != nil {
			return false, err
		}
		return true, do(record.ID(id), state)
	})
}
