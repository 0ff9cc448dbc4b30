-- +goose Up

-- Records that say that they were merged into another one, target. winner: the one under
-- which it is shown, itself where it stands for itself. circular: target leads back to it.
CREATE TABLE merges (
    record   INTEGER PRIMARY KEY REFERENCES records (number),
    kind     INTEGER NOT NULL,
    loser    BLOB NOT NULL UNIQUE,
    target   BLOB NOT NULL,
    winner   BLOB NOT NULL,
    circular INTEGER NOT NULL
) STRICT;

CREATE INDEX merges_by_kind ON merges (kind);
CREATE INDEX merges_by_target ON merges (target);
CREATE INDEX merges_by_winner ON merges (winner);

-- +goose Down

DROP TABLE merges;
