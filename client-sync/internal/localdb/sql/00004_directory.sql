-- +goose Up

-- Who there is at the office, to read; sealed. No row: nothing was told.
CREATE TABLE directory (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	revision INTEGER NOT NULL,
	content  BLOB    NOT NULL
) STRICT;

-- +goose Down

DROP TABLE directory;
