package store

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/sqlitedb/schematest"
)

func TestSchemaIsTheOneThatWasReviewed(t *testing.T) {
	schematest.Golden(t, migrations(), "testdata/schema.sql")
}
