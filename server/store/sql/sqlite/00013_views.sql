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

-- What of a visit stands in two versions, which is little.
CREATE INDEX interviews_in_two ON interviews (visit) WHERE conflicts > 0;
CREATE INDEX register_checks_in_two ON register_checks (visit) WHERE conflicts > 0;
CREATE INDEX measurements_in_two ON measurements (visit) WHERE conflicts > 0;
CREATE INDEX obstruction_incidents_in_two ON obstruction_incidents (visit) WHERE conflicts > 0;
CREATE INDEX reprisal_cases_in_two ON reprisal_cases (visit) WHERE conflicts > 0;
CREATE INDEX undertakings_in_two ON undertakings (visit) WHERE conflicts > 0;
CREATE INDEX notes_in_two ON notes (visit) WHERE conflicts > 0;
CREATE INDEX recommendations_in_two ON recommendations (visit) WHERE conflicts > 0;
CREATE INDEX authority_replies_in_two ON authority_replies (visit) WHERE conflicts > 0;
CREATE INDEX review_comments_in_two ON review_comments (visit) WHERE conflicts > 0;
CREATE INDEX checklist_responses_in_two ON checklist_responses (visit) WHERE conflicts > 0;
CREATE INDEX findings_in_two ON findings (visit) WHERE conflicts > 0;

-- +goose Down

DROP INDEX findings_in_two;
DROP INDEX checklist_responses_in_two;
DROP INDEX review_comments_in_two;
DROP INDEX authority_replies_in_two;
DROP INDEX recommendations_in_two;
DROP INDEX notes_in_two;
DROP INDEX undertakings_in_two;
DROP INDEX reprisal_cases_in_two;
DROP INDEX obstruction_incidents_in_two;
DROP INDEX measurements_in_two;
DROP INDEX register_checks_in_two;
DROP INDEX interviews_in_two;
DROP INDEX facilities_by_region;
DROP TABLE views;
