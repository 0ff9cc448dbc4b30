-- +goose Up

-- Lists, filters and figures of every kind that is not sealed. A projection holds nothing
-- that does not follow from its record's state, so a table that gains a column is made
-- anew, and the store fills all of them again when it is opened: see refill.go.
-- Days are YYYY-MM-DD, empty where there is none; ids are 16 bytes, empty where none is
-- named. id is the record's own, which others name.

DROP TABLE facility_types;
DROP TABLE facilities;
DROP TABLE visits;
DROP TABLE findings;

CREATE TABLE facilities (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    id        BLOB NOT NULL,
    code      TEXT NOT NULL,
    region    TEXT NOT NULL,
    state     INTEGER NOT NULL,
    main_type TEXT NOT NULL,
    body      TEXT NOT NULL -- that answers for the place
) STRICT;

CREATE UNIQUE INDEX facilities_by_id ON facilities (id);
CREATE INDEX facilities_by_code ON facilities (code);

-- The main type and the further ones.
CREATE TABLE facility_types (
    record INTEGER NOT NULL REFERENCES records (number),
    type   TEXT NOT NULL,
    PRIMARY KEY (record, type)
) STRICT, WITHOUT ROWID;

CREATE INDEX facility_types_by_type ON facility_types (type);

CREATE TABLE visits (
    record       INTEGER PRIMARY KEY REFERENCES records (number),
    standing     INTEGER NOT NULL,
    conflicts    INTEGER NOT NULL,
    id           BLOB NOT NULL,
    facility     BLOB NOT NULL,
    state        INTEGER NOT NULL,
    type         INTEGER NOT NULL,
    code         TEXT NOT NULL,
    announcement INTEGER NOT NULL,
    joint        INTEGER NOT NULL,
    -- The day of the first entry, of the arrival, or the planned one.
    started      TEXT NOT NULL,
    -- The team was there, or at the gate.
    made         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX visits_by_id ON visits (id);
CREATE INDEX visits_by_facility ON visits (facility);

CREATE TABLE findings (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    area      TEXT NOT NULL,
    topic     TEXT NOT NULL,
    -- The decided one, the proposed one where none is decided.
    severity  INTEGER NOT NULL,
    decided   INTEGER NOT NULL,
    evidence  INTEGER NOT NULL,
    repeated  INTEGER NOT NULL,
    -- With a space before and behind each.
    standards TEXT NOT NULL
) STRICT;

-- With all that figures count, so that they read nothing else.
CREATE INDEX findings_by_visit ON findings (visit, standing, kind, area, topic, severity, evidence, repeated);
CREATE INDEX findings_by_topic ON findings (topic);
CREATE INDEX findings_in_conflict ON findings (record) WHERE conflicts > 0;

-- Capacities, and counts of persons, of a facility or as a visit found them.
CREATE TABLE capacities (
    record  INTEGER NOT NULL REFERENCES records (number),
    element BLOB NOT NULL,
    kind    INTEGER NOT NULL,
    source  INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    as_of   TEXT NOT NULL,
    PRIMARY KEY (record, element)
) STRICT, WITHOUT ROWID;

CREATE TABLE populations (
    record   INTEGER NOT NULL REFERENCES records (number),
    element  BLOB NOT NULL,
    category TEXT NOT NULL,
    sex      INTEGER NOT NULL,
    source   INTEGER NOT NULL,
    persons  INTEGER NOT NULL,
    as_of    TEXT NOT NULL,
    PRIMARY KEY (record, element)
) STRICT, WITHOUT ROWID;

CREATE TABLE interviews (
    record     INTEGER PRIMARY KEY REFERENCES records (number),
    standing   INTEGER NOT NULL,
    conflicts  INTEGER NOT NULL,
    visit      BLOB NOT NULL,
    type       TEXT NOT NULL, -- of the person
    mode       TEXT NOT NULL,
    privacy    TEXT NOT NULL,
    sex        INTEGER NOT NULL,
    age_group  INTEGER NOT NULL,
    persons    INTEGER NOT NULL,
    minutes    INTEGER NOT NULL,
    risk       INTEGER NOT NULL,
    allegation INTEGER NOT NULL
) STRICT;

CREATE INDEX interviews_by_visit ON interviews (visit);

CREATE TABLE register_checks (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    type      TEXT NOT NULL,
    access    INTEGER NOT NULL
) STRICT;

CREATE INDEX register_checks_by_visit ON register_checks (visit);

CREATE TABLE measurements (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    type      INTEGER NOT NULL,
    value     REAL NOT NULL, -- 0 where there is none
    topic     TEXT NOT NULL
) STRICT;

CREATE INDEX measurements_by_visit ON measurements (visit);

CREATE TABLE obstruction_incidents (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    type      TEXT NOT NULL,
    hindered  INTEGER NOT NULL -- the right
) STRICT;

CREATE INDEX obstruction_incidents_by_visit ON obstruction_incidents (visit);

CREATE TABLE reprisal_cases (
    record        INTEGER PRIMARY KEY REFERENCES records (number),
    standing      INTEGER NOT NULL,
    conflicts     INTEGER NOT NULL,
    visit         BLOB NOT NULL,
    risk          INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    urgent        INTEGER NOT NULL,
    open          INTEGER NOT NULL,
    action_due_on TEXT NOT NULL
) STRICT;

CREATE INDEX reprisal_cases_by_visit ON reprisal_cases (visit);

CREATE TABLE undertakings (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    topic     TEXT NOT NULL,
    due_on    TEXT NOT NULL,
    status    INTEGER NOT NULL, -- as it was assessed last
    open      INTEGER NOT NULL
) STRICT;

CREATE INDEX undertakings_by_visit ON undertakings (visit);

CREATE TABLE notes (
    record      INTEGER PRIMARY KEY REFERENCES records (number),
    standing    INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL,
    visit       BLOB NOT NULL,
    topic       TEXT NOT NULL,
    on_paper    INTEGER NOT NULL,
    paper_state INTEGER NOT NULL
) STRICT;

CREATE INDEX notes_by_visit ON notes (visit);

CREATE TABLE recommendations (
    record      INTEGER PRIMARY KEY REFERENCES records (number),
    standing    INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL,
    id          BLOB NOT NULL,
    visit       BLOB NOT NULL,
    code        TEXT NOT NULL,
    state       INTEGER NOT NULL,
    type        INTEGER NOT NULL,
    horizon     INTEGER NOT NULL,
    level       TEXT NOT NULL,
    open        INTEGER NOT NULL,
    predecessor BLOB NOT NULL,
    issued_on   TEXT NOT NULL,
    closed_on   TEXT NOT NULL,
    -- The first of its lines.
    due_on      TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX recommendations_by_id ON recommendations (id);
CREATE INDEX recommendations_by_visit ON recommendations (visit);
CREATE INDEX recommendations_by_issue ON recommendations (issued_on);
CREATE INDEX recommendations_by_predecessor ON recommendations (predecessor) WHERE predecessor <> x'';

-- One addressee each. status and basis are as the line, or all of the recommendation, was
-- assessed last. What the addressee answered is in authority_replies.
CREATE TABLE recommendation_lines (
    record       INTEGER NOT NULL REFERENCES records (number),
    line         BLOB NOT NULL,
    authority    TEXT NOT NULL,
    sent_on      TEXT NOT NULL,
    due_on       TEXT NOT NULL,
    implement_by TEXT NOT NULL,
    status       INTEGER NOT NULL,
    basis        INTEGER NOT NULL,
    PRIMARY KEY (record, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_topics (
    record INTEGER NOT NULL REFERENCES records (number),
    topic  TEXT NOT NULL,
    PRIMARY KEY (record, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_topics_by_topic ON recommendation_topics (topic);

CREATE TABLE recommendation_standards (
    record   INTEGER NOT NULL REFERENCES records (number),
    standard TEXT NOT NULL,
    PRIMARY KEY (record, standard)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_standards_by_standard ON recommendation_standards (standard);

CREATE TABLE recommendation_places (
    record   INTEGER NOT NULL REFERENCES records (number),
    facility BLOB NOT NULL,
    PRIMARY KEY (record, facility)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_places_by_facility ON recommendation_places (facility);

CREATE TABLE authority_replies (
    record          INTEGER PRIMARY KEY REFERENCES records (number),
    standing        INTEGER NOT NULL,
    conflicts       INTEGER NOT NULL,
    id              BLOB NOT NULL,
    visit           BLOB NOT NULL,
    recommendation  BLOB NOT NULL,
    line            BLOB NOT NULL, -- empty: all of them
    response        INTEGER NOT NULL,
    received_on     TEXT NOT NULL,
    extension_until TEXT NOT NULL
) STRICT;

CREATE INDEX authority_replies_by_recommendation ON authority_replies (recommendation, received_on, id, standing, line, response, extension_until);
CREATE INDEX authority_replies_by_visit ON authority_replies (visit);

CREATE TABLE review_comments (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    about     BLOB NOT NULL,
    reply_to  BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    settled   INTEGER NOT NULL
) STRICT;

CREATE INDEX review_comments_by_visit ON review_comments (visit);
CREATE INDEX review_comments_by_about ON review_comments (about);

CREATE TABLE visit_plans (
    record       INTEGER PRIMARY KEY REFERENCES records (number),
    standing     INTEGER NOT NULL,
    conflicts    INTEGER NOT NULL,
    facility     BLOB NOT NULL,
    visit        BLOB NOT NULL, -- that it became
    year         INTEGER NOT NULL,
    type         INTEGER NOT NULL,
    planned_from TEXT NOT NULL
) STRICT;

CREATE INDEX visit_plans_by_facility ON visit_plans (facility);

CREATE TABLE checklists (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    code      TEXT NOT NULL,
    version   TEXT NOT NULL
) STRICT;

CREATE TABLE checklist_responses (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    checklist BLOB NOT NULL,
    code      TEXT NOT NULL,
    version   TEXT NOT NULL,
    finished  INTEGER NOT NULL
) STRICT;

CREATE INDEX checklist_responses_by_visit ON checklist_responses (visit);

CREATE TABLE standards (
    record     INTEGER PRIMARY KEY REFERENCES records (number),
    standing   INTEGER NOT NULL,
    conflicts  INTEGER NOT NULL,
    ref        TEXT NOT NULL,
    instrument TEXT NOT NULL
) STRICT;

-- +goose Down

DROP TABLE standards;
DROP TABLE checklist_responses;
DROP TABLE checklists;
DROP TABLE visit_plans;
DROP TABLE review_comments;
DROP TABLE authority_replies;
DROP TABLE recommendation_places;
DROP TABLE recommendation_standards;
DROP TABLE recommendation_topics;
DROP TABLE recommendation_lines;
DROP TABLE recommendations;
DROP TABLE notes;
DROP TABLE undertakings;
DROP TABLE reprisal_cases;
DROP TABLE obstruction_incidents;
DROP TABLE measurements;
DROP TABLE register_checks;
DROP TABLE interviews;
DROP TABLE populations;
DROP TABLE capacities;
DROP TABLE findings;
DROP TABLE visits;
DROP TABLE facilities;
DROP TABLE facility_types;

CREATE TABLE facilities (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    code      TEXT NOT NULL,
    region    TEXT NOT NULL,
    state     INTEGER NOT NULL
) STRICT;

CREATE INDEX facilities_by_code ON facilities (code);

CREATE TABLE facility_types (
    record INTEGER NOT NULL REFERENCES records (number),
    type   TEXT NOT NULL,
    PRIMARY KEY (record, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE visits (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    facility  BLOB NOT NULL,
    state     INTEGER NOT NULL,
    type      INTEGER NOT NULL
) STRICT;

CREATE INDEX visits_by_facility ON visits (facility);

CREATE TABLE findings (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    area      TEXT NOT NULL,
    topic     TEXT NOT NULL,
    severity  INTEGER NOT NULL
) STRICT;

CREATE INDEX findings_by_visit ON findings (visit);

DELETE FROM meta WHERE name = 'projections';
