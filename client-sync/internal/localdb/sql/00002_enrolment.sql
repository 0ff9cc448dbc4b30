-- +goose Up

-- How the office knows this device; sealed. No row: it was not enrolled.
CREATE TABLE enrolment (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	content BLOB NOT NULL
) STRICT;

-- +goose Down

DROP TABLE enrolment;
