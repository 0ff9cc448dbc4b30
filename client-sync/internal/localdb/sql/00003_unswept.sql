-- +goose Up

-- Something was deleted that this device may no longer have, and the file may still
-- hold a copy of it.
ALTER TABLE note ADD COLUMN unswept INTEGER NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE note DROP COLUMN unswept;
