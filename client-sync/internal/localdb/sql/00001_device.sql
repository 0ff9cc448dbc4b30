-- +goose Up

-- The writer and its newest entry: one small row, written with every save.
CREATE TABLE head (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	writer      BLOB    NOT NULL,
	seq         INTEGER NOT NULL,
	link        BLOB    NOT NULL,
	clock       INTEGER NOT NULL,
	open_number INTEGER NOT NULL, -- 0: no change is open
	open_record BLOB    NOT NULL
) STRICT;

-- What changes with a sync only.
CREATE TABLE self (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	epoch     BLOB    NOT NULL,
	cursor    BLOB    NOT NULL,
	backed_up INTEGER NOT NULL,
	vouched   INTEGER NOT NULL,
	round     INTEGER NOT NULL,
	former    BLOB    NOT NULL,
	renames   BLOB    NOT NULL
) STRICT;

-- The open change's record as it was before that change; sealed.
CREATE TABLE image (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	state BLOB NOT NULL
) STRICT;

-- seed and certificate are sealed.
CREATE TABLE keys (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	seed        BLOB NOT NULL,
	certificate BLOB NOT NULL
) STRICT;

-- Own changes. The record is the first that it edits, more says that touches has
-- others. The payload is sealed, and last, so that the columns before it can be
-- read without it.
CREATE TABLE entries (
	number    INTEGER PRIMARY KEY,
	decision  INTEGER NOT NULL DEFAULT 0,
	reason    INTEGER NOT NULL DEFAULT 0,
	position  INTEGER NOT NULL DEFAULT 0,
	suspect   INTEGER NOT NULL DEFAULT 0,
	dismissed INTEGER NOT NULL DEFAULT 0,
	writer    BLOB    NOT NULL,
	seq       INTEGER NOT NULL,
	time      INTEGER NOT NULL,
	record    BLOB    NOT NULL,
	more      INTEGER NOT NULL,
	previous  BLOB    NOT NULL,
	link      BLOB    NOT NULL UNIQUE,
	payload   BLOB    NOT NULL
) STRICT;

-- Partial indexes hold what is under way, not what is long done.
CREATE INDEX entries_unaccepted ON entries (record, number) WHERE decision <> 1;
CREATE INDEX entries_unanswered ON entries (number) WHERE decision = 0;
CREATE INDEX entries_turned_down ON entries (number) WHERE decision > 1;

CREATE TABLE touches (
	number INTEGER NOT NULL REFERENCES entries (number),
	record BLOB    NOT NULL,
	PRIMARY KEY (number, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX touches_record ON touches (record);

-- Records as shown. The parent is the visit of a finding, the facility of a visit.
-- The state is sealed.
CREATE TABLE views (
	number   INTEGER PRIMARY KEY,
	id       BLOB    NOT NULL UNIQUE,
	kind     INTEGER NOT NULL,
	parent   BLOB,
	removed  INTEGER NOT NULL,
	complete INTEGER NOT NULL,
	conflict INTEGER NOT NULL,
	round    INTEGER NOT NULL, -- of self, when the office sent it last
	state    BLOB    NOT NULL
) STRICT;

CREATE INDEX views_parent ON views (parent) WHERE parent IS NOT NULL;
CREATE INDEX views_removed ON views (number) WHERE removed = 1;
CREATE INDEX views_incomplete ON views (number) WHERE complete = 0;
CREATE INDEX views_conflict ON views (number) WHERE conflict = 1;

-- How the last sync went; times in milliseconds since 1970 UTC, 0 for never.
CREATE TABLE note (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	last_sync INTEGER NOT NULL,
	last_try  INTEGER NOT NULL,
	problem   TEXT    NOT NULL
) STRICT;
