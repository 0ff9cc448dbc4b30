-- +goose Up

-- The visit that a record hangs on; NULL for what stands by itself, and as long as the
-- record does not say.
ALTER TABLE records ADD COLUMN visit BLOB;

UPDATE records
SET visit = (SELECT f.visit FROM findings f WHERE f.record = records.number AND length(f.visit) = 16)
WHERE kind = 3;

CREATE INDEX records_by_visit ON records (visit) WHERE visit IS NOT NULL;

-- Whose a visit or a place is, see scopes.go. until: the position that took it away,
-- 0 while they have it.
CREATE TABLE scopes (
    target BLOB NOT NULL,
    holder BLOB NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (target, holder)
) STRICT, WITHOUT ROWID;

CREATE INDEX scopes_by_holder ON scopes (holder, until, target);

-- +goose Down

DROP TABLE scopes;
DROP INDEX records_by_visit;
ALTER TABLE records DROP COLUMN visit;
