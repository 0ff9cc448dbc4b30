-- +goose Up

-- The lists of readers that have changed the office's root key. A device that knows the
-- office by the key that signed one takes no later list, so it is sent that one first.
CREATE TABLE handovers (
    version INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL, -- when it was taken, milliseconds since 1970 UTC
    root    BLOB NOT NULL,    -- the key that signed it, 32 bytes
    signed  BLOB NOT NULL
) STRICT;

-- +goose Down

DROP TABLE handovers;
