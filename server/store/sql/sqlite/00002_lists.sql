-- +goose Up

-- One narrow table per kind for lists, filters and order, written in the same
-- transaction as the record. standing: 0 listed, 1 removed, 2 joined to another,
-- 3 incomplete. conflicts: paths with more than one value.

CREATE TABLE facilities (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    code      TEXT NOT NULL,
    region    TEXT NOT NULL,
    state     INTEGER NOT NULL
) STRICT;

CREATE INDEX facilities_by_code ON facilities (code);

-- The main type and the further ones.
CREATE TABLE facility_types (
    record INTEGER NOT NULL REFERENCES records (number),
    type   TEXT NOT NULL,
    PRIMARY KEY (record, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE visits (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    facility  BLOB NOT NULL,
    state     INTEGER NOT NULL,
    type      INTEGER NOT NULL
) STRICT;

CREATE INDEX visits_by_facility ON visits (facility);

CREATE TABLE findings (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    area      TEXT NOT NULL,
    topic     TEXT NOT NULL,
    severity  INTEGER NOT NULL
) STRICT;

CREATE INDEX findings_by_visit ON findings (visit);

CREATE TABLE terms (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    list      TEXT NOT NULL,
    code      TEXT NOT NULL
) STRICT;

CREATE INDEX terms_by_code ON terms (list, code);

-- The words of the records; rowid is the record's number. It keeps the index
-- alone, the words themselves are in the state.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- +goose Down

DROP TABLE search;
DROP TABLE terms;
DROP TABLE findings;
DROP TABLE visits;
DROP TABLE facility_types;
DROP TABLE facilities;
