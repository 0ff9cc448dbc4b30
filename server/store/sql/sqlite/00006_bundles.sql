-- +goose Up

-- What opens bundles for the office: an identity of age, as text. Empty until there is one.
ALTER TABLE office ADD COLUMN bundle_identity TEXT NOT NULL DEFAULT '';

-- Counts the changes of what colleagues are told of the device. Those that there are
-- begin at 1, so that devices ask anew and hear of them.
ALTER TABLE devices ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- +goose Down

ALTER TABLE devices DROP COLUMN revision;
ALTER TABLE office DROP COLUMN bundle_identity;
