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

CREATE TABLE awaited (
    number    INTEGER PRIMARY KEY,
    link      BLOB NOT NULL UNIQUE,
    writer    BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    previous  BLOB NOT NULL,
    -- SHA-256 of the payload.
    hash      BLOB NOT NULL,
    -- As in seals: of the last entry of a batch, else NULL.
    signed    BLOB,
    serial    BLOB,
    signature BLOB,
    CHECK ((signed IS NULL) = (signature IS NULL) AND (serial IS NULL) = (signature IS NULL))
) STRICT;

CREATE INDEX awaited_by_writer ON awaited (writer, seq);

CREATE TABLE bodies (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    code     TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE TABLE certificates (
    number INTEGER PRIMARY KEY,
    serial BLOB NOT NULL UNIQUE,
    key    BLOB NOT NULL,
    body   BLOB NOT NULL
) STRICT;

CREATE INDEX certificates_by_key ON certificates (key);

CREATE TABLE counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

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
, revision INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE INDEX devices_by_person ON devices (person);

CREATE TABLE facilities (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    code      TEXT NOT NULL,
    region    TEXT NOT NULL,
    state     INTEGER NOT NULL
) STRICT;

CREATE INDEX facilities_by_code ON facilities (code);

CREATE TABLE facility_types (
    record INTEGER NOT NULL REFERENCES records (number),
    type   TEXT NOT NULL,
    PRIMARY KEY (record, type)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE handovers (
    version INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL, -- when it was taken, milliseconds since 1970 UTC
    root    BLOB NOT NULL,    -- the key that signed it, 32 bytes
    signed  BLOB NOT NULL
) STRICT;

CREATE TABLE invitations (
    number  INTEGER PRIMARY KEY,
    secret  BLOB NOT NULL UNIQUE,
    person  BLOB NOT NULL REFERENCES people (id),
    until   INTEGER NOT NULL,
    made_by BLOB NOT NULL,
    device  BLOB
) STRICT;

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

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE office (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    -- The seed of the Ed25519 key that issues certificates (RFC 8032).
    seed     BLOB NOT NULL,
    message  BLOB NOT NULL
, bundle_identity TEXT NOT NULL DEFAULT '') STRICT;

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

CREATE TABLE readers (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    signed  BLOB NOT NULL
) STRICT;

CREATE TABLE records (
    number      INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    kind        INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    last_writer BLOB NOT NULL,
    last_seq    INTEGER NOT NULL,
    others      INTEGER NOT NULL,
    state       BLOB NOT NULL
, visit BLOB) STRICT;

CREATE INDEX records_by_position ON records (position, id);

CREATE INDEX records_by_visit ON records (visit) WHERE visit IS NOT NULL;

CREATE TABLE scopes (
    target BLOB NOT NULL,
    holder BLOB NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (target, holder)
) STRICT, WITHOUT ROWID;

CREATE INDEX scopes_by_holder ON scopes (holder, until, target);

CREATE TABLE seals (
    position  INTEGER PRIMARY KEY REFERENCES log (position),
    -- The writer's id when it sealed: that of the log, or the one before a branch.
    signed    BLOB NOT NULL,
    serial    BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE terms (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    list      TEXT NOT NULL,
    code      TEXT NOT NULL
) STRICT;

CREATE INDEX terms_by_code ON terms (list, code);

CREATE TABLE tokens (
    number    INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    -- SHA-256; NULL once it was revoked.
    token     BLOB UNIQUE,
    last_used INTEGER NOT NULL,
    message   BLOB NOT NULL
) STRICT;

CREATE TABLE touches (
    record   INTEGER NOT NULL REFERENCES records (number),
    position INTEGER NOT NULL REFERENCES log (position),
    PRIMARY KEY (record, position)
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

