-- +goose Up

-- What stands in several versions is listed across the whole office, kind by kind. It is
-- rare, and must be found without passing by all else; findings have theirs already.

CREATE INDEX facilities_in_conflict ON facilities (record) WHERE conflicts > 0;
CREATE INDEX visits_in_conflict ON visits (record) WHERE conflicts > 0;
CREATE INDEX interviews_in_conflict ON interviews (record) WHERE conflicts > 0;
CREATE INDEX register_checks_in_conflict ON register_checks (record) WHERE conflicts > 0;
CREATE INDEX measurements_in_conflict ON measurements (record) WHERE conflicts > 0;
CREATE INDEX obstruction_incidents_in_conflict ON obstruction_incidents (record) WHERE conflicts > 0;
CREATE INDEX reprisal_cases_in_conflict ON reprisal_cases (record) WHERE conflicts > 0;
CREATE INDEX visit_plans_in_conflict ON visit_plans (record) WHERE conflicts > 0;
CREATE INDEX undertakings_in_conflict ON undertakings (record) WHERE conflicts > 0;
CREATE INDEX notes_in_conflict ON notes (record) WHERE conflicts > 0;
CREATE INDEX recommendations_in_conflict ON recommendations (record) WHERE conflicts > 0;
CREATE INDEX authority_replies_in_conflict ON authority_replies (record) WHERE conflicts > 0;
CREATE INDEX review_comments_in_conflict ON review_comments (record) WHERE conflicts > 0;
CREATE INDEX checklist_responses_in_conflict ON checklist_responses (record) WHERE conflicts > 0;

-- +goose Down

DROP INDEX checklist_responses_in_conflict;
DROP INDEX review_comments_in_conflict;
DROP INDEX authority_replies_in_conflict;
DROP INDEX recommendations_in_conflict;
DROP INDEX notes_in_conflict;
DROP INDEX undertakings_in_conflict;
DROP INDEX visit_plans_in_conflict;
DROP INDEX reprisal_cases_in_conflict;
DROP INDEX obstruction_incidents_in_conflict;
DROP INDEX measurements_in_conflict;
DROP INDEX register_checks_in_conflict;
DROP INDEX interviews_in_conflict;
DROP INDEX visits_in_conflict;
DROP INDEX facilities_in_conflict;
