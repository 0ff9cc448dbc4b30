-- +goose Up

-- Who there is, see server/directory. message is the whole as a message; the other
-- columns are what is asked for. Ids are 16 bytes, times milliseconds since 1970
-- UTC, 0 for never.

-- One row once the office has been made.
CREATE TABLE office (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    -- The seed of the Ed25519 key that issues certificates (RFC 8032).
    seed     BLOB NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE TABLE bodies (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    code     TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE TABLE people (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    -- The office's own number; empty for none.
    staff    TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE INDEX people_by_name ON people (name, number);
CREATE UNIQUE INDEX people_by_staff ON people (staff) WHERE staff <> '';

CREATE TABLE devices (
    number        INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    person        BLOB NOT NULL REFERENCES people (id),
    state         INTEGER NOT NULL,
    key           BLOB NOT NULL UNIQUE,
    -- SHA-256 of the token, and of the one that replaces it at its first use.
    token         BLOB UNIQUE,
    next_token    BLOB UNIQUE,
    last_seen     INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    message       BLOB NOT NULL
) STRICT;

CREATE INDEX devices_by_person ON devices (person);

-- Codes that are out: secret is the SHA-256, device the one that used it up.
CREATE TABLE invitations (
    number  INTEGER PRIMARY KEY,
    secret  BLOB NOT NULL UNIQUE,
    person  BLOB NOT NULL REFERENCES people (id),
    until   INTEGER NOT NULL,
    made_by BLOB NOT NULL,
    device  BLOB
) STRICT;

CREATE TABLE tokens (
    number    INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    -- SHA-256; NULL once it was revoked.
    token     BLOB UNIQUE,
    last_used INTEGER NOT NULL,
    message   BLOB NOT NULL
) STRICT;

-- Lines are added, never changed. Ids are empty where there is nobody.
CREATE TABLE accesses (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    person  BLOB NOT NULL,
    device  BLOB NOT NULL,
    token   BLOB NOT NULL,
    call    TEXT NOT NULL,
    subject TEXT NOT NULL,
    note    TEXT NOT NULL
) STRICT;

CREATE INDEX accesses_by_person ON accesses (person, number);

-- +goose Down

DROP TABLE accesses;
DROP TABLE tokens;
DROP TABLE invitations;
DROP TABLE devices;
DROP TABLE people;
DROP TABLE bodies;
DROP TABLE office;
