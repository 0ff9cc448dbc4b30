-- +goose Up

-- Filters that a person has named, see server/directory. page is the list that they narrow,
-- query what stands behind its address; both hold codes, ids and days, and what was searched
-- for.
CREATE TABLE views (
    number INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    person BLOB NOT NULL REFERENCES people (id),
    page   TEXT NOT NULL,
    name   TEXT NOT NULL,
    query  TEXT NOT NULL,
    UNIQUE (person, page, name)
) STRICT;

-- For the choice of a region, which asks for each once.
CREATE INDEX facilities_by_region ON facilities (region);

-- +goose Down

DROP INDEX facilities_by_region;
DROP TABLE views;
