-- +goose Up

-- What the store knows of itself: epoch, and the search's cursor.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- position: of the last entry; updated last in each transaction.
-- searched: up to which position the search is complete.
CREATE TABLE counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counters (name, value) VALUES ('position', 0), ('searched', 0);

CREATE TABLE writers (
    number        INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    seq           INTEGER NOT NULL,
    link          BLOB NOT NULL,
    position      INTEGER NOT NULL,
    key           BLOB NOT NULL,
    -- A branch: the writer that it left and the last seq that both share.
    parent        BLOB,
    parent_seq    INTEGER
) STRICT;

CREATE TABLE certificates (
    number INTEGER PRIMARY KEY,
    serial BLOB NOT NULL UNIQUE,
    key    BLOB NOT NULL,
    body   BLOB NOT NULL
) STRICT;

CREATE INDEX certificates_by_key ON certificates (key);

-- People at the office, each with the key that the store signs with for them.
CREATE TABLE office_writers (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    id     BLOB NOT NULL UNIQUE,
    -- Ids before a restore, 16 bytes each.
    former BLOB NOT NULL,
    -- The seed of the Ed25519 key (RFC 8032).
    seed   BLOB NOT NULL,
    serial BLOB NOT NULL,
    -- The last time given or followed.
    clock  INTEGER NOT NULL
) STRICT;

-- Every entry that the office answers for, refused ones too.
CREATE TABLE log (
    position    INTEGER PRIMARY KEY,
    link        BLOB NOT NULL UNIQUE,
    writer      BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    -- The link before; NULL where that is the entry at the position before.
    previous    BLOB,
    decision    INTEGER NOT NULL,
    reason      INTEGER NOT NULL,
    suspect     INTEGER NOT NULL,
    -- A hybrid logical clock; milliseconds since 1970 UTC.
    time        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payload     BLOB NOT NULL
) STRICT;

CREATE TABLE seals (
    position  INTEGER PRIMARY KEY REFERENCES log (position),
    -- The writer's id when it sealed: that of the log, or the one before a branch.
    signed    BLOB NOT NULL,
    serial    BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- number is the order in which records came.
CREATE TABLE records (
    number      INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    kind        INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    last_writer BLOB NOT NULL,
    last_seq    INTEGER NOT NULL,
    others      INTEGER NOT NULL,
    state       BLOB NOT NULL
) STRICT;

CREATE INDEX records_by_position ON records (position, id);

-- Which entries edit a record: its history.
CREATE TABLE touches (
    record   INTEGER NOT NULL REFERENCES records (number),
    position INTEGER NOT NULL REFERENCES log (position),
    PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE touches;
DROP TABLE records;
DROP TABLE seals;
DROP TABLE log;
DROP TABLE office_writers;
DROP TABLE certificates;
DROP TABLE writers;
DROP TABLE counters;
DROP TABLE meta;
