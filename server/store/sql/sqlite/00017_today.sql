-- +goose Up

-- What a day at the office begins with, see today.go: what cannot wait, and what waits for
-- a decision. The store fills the new columns and tables when it is opened, see refill.go.

-- 0: the team came in, 1: it did not, as far as the visit says, 2: it was turned away.
ALTER TABLE visits ADD COLUMN gate INTEGER NOT NULL DEFAULT 0;
-- A set: 1 critical, 2 ill-treatment is alleged.
ALTER TABLE findings ADD COLUMN pressing INTEGER NOT NULL DEFAULT 0;
-- By pseudonym, empty where nobody is named.
ALTER TABLE interviews ADD COLUMN person BLOB NOT NULL DEFAULT x'';
ALTER TABLE reprisal_cases ADD COLUMN person BLOB NOT NULL DEFAULT x'';

CREATE INDEX visits_by_state ON visits (state, record);
CREATE INDEX visits_by_start ON visits (started);
CREATE INDEX visits_by_code ON visits (code);
CREATE INDEX recommendations_by_code ON recommendations (code);
CREATE INDEX findings_pressing ON findings (visit, standing, pressing) WHERE pressing <> 0;
CREATE INDEX interviews_pressing ON interviews (visit, standing) WHERE allegation = 1 OR risk = 5;
CREATE INDEX reprisal_cases_pressing ON reprisal_cases (record) WHERE open = 1 AND (urgent = 1 OR risk = 5);

-- The findings that a recommendation rests on, and the interviews that a finding does.
CREATE TABLE recommendation_findings (
    record  INTEGER NOT NULL REFERENCES records (number),
    finding BLOB NOT NULL,
    PRIMARY KEY (record, finding)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_findings_by_finding ON recommendation_findings (finding);

CREATE TABLE finding_interviews (
    record    INTEGER NOT NULL REFERENCES records (number),
    interview BLOB NOT NULL,
    PRIMARY KEY (record, interview)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_interviews_by_interview ON finding_interviews (interview);

-- +goose Down

DROP TABLE finding_interviews;
DROP TABLE recommendation_findings;
DROP INDEX reprisal_cases_pressing;
DROP INDEX interviews_pressing;
DROP INDEX findings_pressing;
DROP INDEX recommendations_by_code;
DROP INDEX visits_by_code;
DROP INDEX visits_by_start;
DROP INDEX visits_by_state;
ALTER TABLE reprisal_cases DROP COLUMN person;
ALTER TABLE interviews DROP COLUMN person;
ALTER TABLE findings DROP COLUMN pressing;
ALTER TABLE visits DROP COLUMN gate;
