-- +goose Up

-- What a record is to a dossier, see dossier.go. 0: none carries it. 1: it may be carried;
-- 2: and it asks for that, as an open recommendation or undertaking. Of a visit that may
-- be carried it is greater the later that began.
ALTER TABLE records ADD COLUMN dossier INTEGER NOT NULL DEFAULT 0;

CREATE INDEX records_open ON records (visit) WHERE dossier = 2 AND visit IS NOT NULL;
