-- +goose Up

-- Entries of which the office has the hash of the payload only. Once that has come the
-- entry is in the log, and no longer here.
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

-- +goose Down

DROP TABLE awaited;
