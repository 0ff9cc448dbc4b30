-- +goose Up

-- Entries that others wrote and that the office has not answered for stand among the
-- own ones; what they are passed on with stands here. hash is the payload's, which may
-- be left out: then the entry's record and payload are empty.
ALTER TABLE entries ADD COLUMN peer INTEGER NOT NULL DEFAULT 0;

CREATE TABLE peers (
	number INTEGER PRIMARY KEY REFERENCES entries (number),
	signed BLOB    NOT NULL,
	serial BLOB    NOT NULL,
	seal   BLOB,
	hash   BLOB    NOT NULL,
	based  INTEGER NOT NULL,
	hidden INTEGER NOT NULL
) STRICT;

CREATE INDEX peers_signed ON peers (signed);
CREATE INDEX entries_peers ON entries (previous) WHERE peer = 1;

-- How far the office is known to have answered for a writer.
CREATE TABLE known (
	writer BLOB    NOT NULL PRIMARY KEY,
	seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of others, as they came with what they wrote; sealed.
CREATE TABLE certificates (
	serial  BLOB NOT NULL PRIMARY KEY,
	content BLOB NOT NULL
) STRICT;

-- The certificate of each device that has handed a bundle over, by its key: a bundle can
-- be made for it. Sealed.
CREATE TABLE mates (
	key     BLOB NOT NULL PRIMARY KEY,
	content BLOB NOT NULL
) STRICT;

-- Those that came from team-mates alone, see exchange.Lent.
CREATE INDEX views_lent ON views (number) WHERE round = 9223372036854775807;

ALTER TABLE self ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
ALTER TABLE self ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE self ADD COLUMN branches BLOB NOT NULL DEFAULT x'';

-- +goose Down

ALTER TABLE self DROP COLUMN branches;
ALTER TABLE self DROP COLUMN restored;
ALTER TABLE self DROP COLUMN head;
DROP INDEX views_lent;
DROP TABLE mates;
DROP TABLE certificates;
DROP TABLE known;
DROP INDEX entries_peers;
DROP TABLE peers;
ALTER TABLE entries DROP COLUMN peer;
