-- +goose Up

-- The record that a view was merged into, blinded; NULL for none. Views of before are
-- empty here until they have been read, see FillMerges.
ALTER TABLE views ADD COLUMN target BLOB DEFAULT X'';

CREATE INDEX views_target ON views (target) WHERE target IS NOT NULL;

-- +goose Down

DROP INDEX views_target;
ALTER TABLE views DROP COLUMN target;
