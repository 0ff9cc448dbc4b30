CREATE TABLE certificates (
	serial  BLOB NOT NULL PRIMARY KEY,
	content BLOB NOT NULL
) STRICT;

CREATE TABLE directory (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	revision INTEGER NOT NULL,
	content  BLOB    NOT NULL
) STRICT;

CREATE TABLE enrolment (
	id      INTEGER PRIMARY KEY CHECK (id = 1),
	content BLOB NOT NULL
) STRICT;

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
, peer INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX entries_peers ON entries (previous) WHERE peer = 1;

CREATE INDEX entries_turned_down ON entries (number) WHERE decision > 1;

CREATE INDEX entries_unaccepted ON entries (record, number) WHERE decision <> 1;

CREATE INDEX entries_unanswered ON entries (number) WHERE decision = 0;

CREATE TABLE head (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	writer      BLOB    NOT NULL,
	seq         INTEGER NOT NULL,
	link        BLOB    NOT NULL,
	clock       INTEGER NOT NULL,
	open_number INTEGER NOT NULL, -- 0: no change is open
	open_record BLOB    NOT NULL
) STRICT;

CREATE TABLE image (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	state BLOB NOT NULL
) STRICT;

CREATE TABLE keys (
	id          INTEGER PRIMARY KEY CHECK (id = 1),
	seed        BLOB NOT NULL,
	certificate BLOB NOT NULL
) STRICT;

CREATE TABLE known (
	writer BLOB    NOT NULL PRIMARY KEY,
	seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mates (
	key     BLOB NOT NULL PRIMARY KEY,
	content BLOB NOT NULL
) STRICT;

CREATE TABLE note (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	last_sync INTEGER NOT NULL,
	last_try  INTEGER NOT NULL,
	problem   TEXT    NOT NULL
, unswept INTEGER NOT NULL DEFAULT 0) STRICT;

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

CREATE TABLE self (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	epoch     BLOB    NOT NULL,
	cursor    BLOB    NOT NULL,
	backed_up INTEGER NOT NULL,
	vouched   INTEGER NOT NULL,
	round     INTEGER NOT NULL,
	former    BLOB    NOT NULL,
	renames   BLOB    NOT NULL
, head INTEGER NOT NULL DEFAULT 0, restored INTEGER NOT NULL DEFAULT 0, branches BLOB NOT NULL DEFAULT x'') STRICT;

CREATE TABLE touches (
	number INTEGER NOT NULL REFERENCES entries (number),
	record BLOB    NOT NULL,
	PRIMARY KEY (number, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX touches_record ON touches (record);

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

CREATE INDEX views_conflict ON views (number) WHERE conflict = 1;

CREATE INDEX views_incomplete ON views (number) WHERE complete = 0;

CREATE INDEX views_lent ON views (number) WHERE round = 9223372036854775807;

CREATE INDEX views_parent ON views (parent) WHERE parent IS NOT NULL;

CREATE INDEX views_removed ON views (number) WHERE removed = 1;

