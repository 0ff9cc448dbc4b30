-- +goose Up

-- What a device told of its own chain when it had more than the office has: how much it
-- had not sent. Nothing is written where everything has come.
ALTER TABLE devices ADD COLUMN own_writer BLOB NOT NULL DEFAULT x'';
ALTER TABLE devices ADD COLUMN own_seq INTEGER NOT NULL DEFAULT 0;

CREATE INDEX writers_by_key ON writers (key);

-- The access log only grows, and is asked after in each of these ways.
CREATE INDEX accesses_by_kind ON accesses (kind, number);
CREATE INDEX accesses_by_device ON accesses (device, number) WHERE device <> x'';
CREATE INDEX accesses_by_subject ON accesses (subject, number) WHERE subject <> '';
CREATE INDEX accesses_by_time ON accesses (at, number);

-- +goose Down

DROP INDEX accesses_by_time;
DROP INDEX accesses_by_subject;
DROP INDEX accesses_by_device;
DROP INDEX accesses_by_kind;
DROP INDEX writers_by_key;
ALTER TABLE devices DROP COLUMN own_seq;
ALTER TABLE devices DROP COLUMN own_writer;
