CREATE TABLE app (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE certificates (
	serial BLOB NOT NULL PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT;

CREATE TABLE directory (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE enrolment (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE entries (
	number    INTEGER PRIMARY KEY,
	decision  INTEGER NOT NULL DEFAULT 0,
	reason    INTEGER NOT NULL DEFAULT 0,
	suspect   INTEGER NOT NULL DEFAULT 0,
	dismissed INTEGER NOT NULL DEFAULT 0,
	peer      INTEGER NOT NULL DEFAULT 0,
	here      INTEGER NOT NULL DEFAULT 1,
	more      INTEGER NOT NULL,
	seq       INTEGER NOT NULL,
	writer    BLOB    NOT NULL,
	record    BLOB    NOT NULL,
	position  BLOB    NOT NULL,
	previous  BLOB    NOT NULL,
	link      BLOB    NOT NULL UNIQUE,
	sealed    BLOB    NOT NULL
) STRICT;

CREATE INDEX entries_peers ON entries (previous) WHERE peer = 1;

CREATE INDEX entries_turned_down ON entries (number) WHERE decision > 1;

CREATE INDEX entries_unaccepted ON entries (record, number) WHERE decision <> 1;

CREATE INDEX entries_unanswered ON entries (number) WHERE decision = 0;

CREATE TABLE head (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE image (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE keys (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE known (
	writer BLOB NOT NULL PRIMARY KEY,
	seq    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mates (
	key    BLOB NOT NULL PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT;

CREATE TABLE note (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE peers (
	number INTEGER PRIMARY KEY REFERENCES entries (number),
	based  INTEGER NOT NULL,
	hidden INTEGER NOT NULL,
	signed BLOB    NOT NULL,
	serial BLOB    NOT NULL,
	sealed BLOB    NOT NULL
) STRICT;

CREATE INDEX peers_signed ON peers (signed);

CREATE TABLE readers (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE sealers (
	key    BLOB NOT NULL PRIMARY KEY,
	parent BLOB NOT NULL,
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sealers_parent ON sealers (parent);

CREATE TABLE self (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE tail (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

CREATE TABLE touches (
	number INTEGER NOT NULL REFERENCES entries (number),
	record BLOB    NOT NULL,
	PRIMARY KEY (number, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX touches_record ON touches (record);

CREATE TABLE views (
	number   INTEGER PRIMARY KEY,
	removed  INTEGER NOT NULL,
	complete INTEGER NOT NULL,
	conflict INTEGER NOT NULL,
	round    INTEGER NOT NULL, -- of self, when the office sent it last
	kind     INTEGER NOT NULL,
	id       BLOB    NOT NULL UNIQUE,
	parent   BLOB,
	sealed   BLOB    NOT NULL
, target BLOB DEFAULT X'') STRICT;

CREATE INDEX views_conflict ON views (number) WHERE conflict = 1;

CREATE INDEX views_incomplete ON views (number) WHERE complete = 0;

CREATE INDEX views_lent ON views (number) WHERE round = 9223372036854775807;

CREATE INDEX views_parent ON views (parent) WHERE parent IS NOT NULL;

CREATE INDEX views_removed ON views (number) WHERE removed = 1;

CREATE INDEX views_target ON views (target) WHERE target IS NOT NULL;

