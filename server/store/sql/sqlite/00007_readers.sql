-- +goose Up

-- Who may read which compartment, as the office's root key signed it: see
-- internal/compartment. One row once a list has been taken, never an older one.
CREATE TABLE readers (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    signed  BLOB NOT NULL
) STRICT;

-- +goose Down

DROP TABLE readers;
