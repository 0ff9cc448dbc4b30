-- +goose Up

-- What the app remembers for itself, see Client.Remember. No row: nothing.
CREATE TABLE app (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- +goose Down

DROP TABLE app;
