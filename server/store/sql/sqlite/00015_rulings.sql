-- +goose Up

-- What people at the office decided about entries that are held; the last one about an entry
-- stands. It is derived from the log: each is an entry there itself.
CREATE TABLE rulings (
    -- The entry's.
    held     INTEGER NOT NULL REFERENCES log (position),
    -- The ruling's.
    position INTEGER NOT NULL UNIQUE REFERENCES log (position),
    -- A number of RulingKind.
    kind     INTEGER NOT NULL,
    PRIMARY KEY (held, position)
) STRICT, WITHOUT ROWID;

-- Entries that were not accepted: few among many.
CREATE INDEX log_turned ON log (position) WHERE decision <> 1;

-- +goose Down

DROP INDEX log_turned;
DROP TABLE rulings;
