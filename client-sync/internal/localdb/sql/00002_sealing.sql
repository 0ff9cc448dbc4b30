-- +goose Up

-- The keys that this device has made for compartments of visits, by the id of their
-- record; sealed has the private half until the visit is handed in.
CREATE TABLE sealers (
	key    BLOB NOT NULL PRIMARY KEY,
	visit  BLOB NOT NULL,
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sealers_visit ON sealers (visit);

-- Who may read which compartment, as the office's root key signed it. No row: nothing
-- was told.
CREATE TABLE readers (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- +goose Down

DROP TABLE readers;
DROP TABLE sealers;
