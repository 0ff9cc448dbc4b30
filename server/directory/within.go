package directory

import (
	"database/sql"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Line adds a line to the access log within a transaction of another room on the same
// file, so that what was done and its line are one commit; see Log.
func Line(t *sqlitedb.Tx, nowMS int64, by By, kind daylightv1.AccessKind, subject record.ID, note string) error {
	return (&tx{Tx: t, now: nowMS, by: by}).log(kind, subject, note)
}

// PersonIn reads a person within a transaction of another room on the same file; nil for
// one that there is not.
func PersonIn(t *sqlitedb.Tx, id record.ID) (*daylightv1.Person, error) {
	var b []byte
	err := t.QueryRow(`
		SELECT message
		FROM people
		WHERE id = $1`, id[:]).Scan(&b)
	if err == sql.ErrNoRows {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	p := &daylightv1.Person{}
	return p, proto.Unmarshal(b, p)
}
