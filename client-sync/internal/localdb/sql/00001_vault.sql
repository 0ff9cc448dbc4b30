-- +goose Up

-- What says anything is sealed, see internal/vault: the columns of the type BLOB are
-- sealed content, or blinded ids to find rows by. In the clear are the order of rows,
-- the seq of an entry within its chain, and marks of how far things are.

-- The writer, its newest entry and its clock: one small row, written with every save.
CREATE TABLE head (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- What changes with a sync only.
CREATE TABLE self (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- The open change's record as it was before that change.
CREATE TABLE image (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- The key of the seals with its certificate, and what opens bundles.
CREATE TABLE keys (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- How the office knows this device. No row: it was not enrolled.
CREATE TABLE enrolment (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- Who there is at the office, to read. No row: nothing was told.
CREATE TABLE directory (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- How the last sync went.
CREATE TABLE note (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- The seal of the newest own entry, as the folder was locked.
CREATE TABLE tail (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;

-- Own changes, and among them those of others that the office has not answered for. The
-- record is the first that it edits, more says that touches has others; it is empty for
-- a change of which the payload was left out, which is not here. sealed has time and
-- payload, and is last, so that the columns before it can be read without it.
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

-- Partial indexes hold what is under way, not what is long done.
CREATE INDEX entries_unaccepted ON entries (record, number) WHERE decision <> 1;
CREATE INDEX entries_unanswered ON entries (number) WHERE decision = 0;
CREATE INDEX entries_turned_down ON entries (number) WHERE decision > 1;
CREATE INDEX entries_peers ON entries (previous) WHERE peer = 1;

CREATE TABLE touches (
	number INTEGER NOT NULL REFERENCES entries (number),
	record BLOB    NOT NULL,
	PRIMARY KEY (number, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX touches_record ON touches (record);

-- What entries of others are passed on with; sealed has the hash of the payload and the
-- seal, if it has one.
CREATE TABLE peers (
	number INTEGER PRIMARY KEY REFERENCES entries (number),
	based  INTEGER NOT NULL,
	hidden INTEGER NOT NULL,
	signed BLOB    NOT NULL,
	serial BLOB    NOT NULL,
	sealed BLOB    NOT NULL
) STRICT;

CREATE INDEX peers_signed ON peers (signed);

-- How far the office is known to have answered for a writer.
CREATE TABLE known (
	writer BLOB NOT NULL PRIMARY KEY,
	seq    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Of others, as they came with what they wrote.
CREATE TABLE certificates (
	serial BLOB NOT NULL PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT;

-- The certificate of each device that has handed a bundle over, by its key: a bundle can
-- be made for it.
CREATE TABLE mates (
	key    BLOB NOT NULL PRIMARY KEY,
	sealed BLOB NOT NULL
) STRICT;

-- Records as shown. The parent is the visit of a finding, the facility of a visit. The
-- kind is blinded as well.
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
) STRICT;

CREATE INDEX views_parent ON views (parent) WHERE parent IS NOT NULL;
CREATE INDEX views_removed ON views (number) WHERE removed = 1;
CREATE INDEX views_incomplete ON views (number) WHERE complete = 0;
CREATE INDEX views_conflict ON views (number) WHERE conflict = 1;

-- Those that came from team-mates alone, see exchange.Lent.
CREATE INDEX views_lent ON views (number) WHERE round = 9223372036854775807;

-- The keys that this device has made for compartments of visits, which are their parents,
-- by the id of their record; sealed has the private half until the visit is handed in.
CREATE TABLE sealers (
	key    BLOB NOT NULL PRIMARY KEY,
	parent BLOB NOT NULL,
	sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sealers_parent ON sealers (parent);

-- Who may read which compartment, as the office's root key signed it. No row: nothing
-- was told.
CREATE TABLE readers (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	sealed BLOB    NOT NULL
) STRICT;
