CREATE TABLE accesses (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    person  BLOB NOT NULL,
    device  BLOB NOT NULL,
    token   BLOB NOT NULL,
    call    TEXT NOT NULL,
    subject TEXT NOT NULL,
    note    TEXT NOT NULL
) STRICT;

CREATE INDEX accesses_by_device ON accesses (device, number) WHERE device <> x'';

CREATE INDEX accesses_by_kind ON accesses (kind, number);

CREATE INDEX accesses_by_person ON accesses (person, number);

CREATE INDEX accesses_by_subject ON accesses (subject, number) WHERE subject <> '';

CREATE INDEX accesses_by_time ON accesses (at, number);

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

CREATE INDEX authority_replies_in_conflict ON authority_replies (record) WHERE conflicts > 0;

CREATE TABLE awaited (
    number    INTEGER PRIMARY KEY,
    link      BLOB NOT NULL UNIQUE,
    writer    BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    previous  BLOB NOT NULL,
    -- SHA-256 of the payload.
    hash      BLOB NOT NULL,
    -- As in seals: of the last entry of a batch, else NULL.
    signed    BLOB,
    serial    BLOB,
    signature BLOB,
    CHECK ((signed IS NULL) = (signature IS NULL) AND (serial IS NULL) = (signature IS NULL))
) STRICT;

CREATE INDEX awaited_by_writer ON awaited (writer, seq);

CREATE TABLE bodies (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    code     TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE TABLE capacities (
    record  INTEGER NOT NULL REFERENCES records (number),
    element BLOB NOT NULL,
    kind    INTEGER NOT NULL,
    source  INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    as_of   TEXT NOT NULL,
    PRIMARY KEY (record, element)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificates (
    number INTEGER PRIMARY KEY,
    serial BLOB NOT NULL UNIQUE,
    key    BLOB NOT NULL,
    body   BLOB NOT NULL
) STRICT;

CREATE INDEX certificates_by_key ON certificates (key);

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

CREATE INDEX checklist_responses_in_conflict ON checklist_responses (record) WHERE conflicts > 0;

CREATE TABLE checklists (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    code      TEXT NOT NULL,
    version   TEXT NOT NULL
) STRICT;

CREATE TABLE counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
    number        INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    person        BLOB NOT NULL REFERENCES people (id),
    state         INTEGER NOT NULL,
    key           BLOB NOT NULL UNIQUE,
    -- SHA-256 of the token, and of the one that replaces it at its first use.
    token         BLOB UNIQUE,
    next_token    BLOB UNIQUE,
    last_seen     INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    message       BLOB NOT NULL
, revision INTEGER NOT NULL DEFAULT 1, own_writer BLOB NOT NULL DEFAULT x'', own_seq INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX devices_by_person ON devices (person);

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

CREATE INDEX facilities_by_code ON facilities (code);

CREATE UNIQUE INDEX facilities_by_id ON facilities (id);

CREATE INDEX facilities_by_region ON facilities (region);

CREATE INDEX facilities_in_conflict ON facilities (record) WHERE conflicts > 0;

CREATE TABLE facility_types (
    record INTEGER NOT NULL REFERENCES records (number),
    type   TEXT NOT NULL,
    PRIMARY KEY (record, type)
) STRICT, WITHOUT ROWID;

CREATE INDEX facility_types_by_type ON facility_types (type);

CREATE TABLE finding_interviews (
    record    INTEGER NOT NULL REFERENCES records (number),
    interview BLOB NOT NULL,
    PRIMARY KEY (record, interview)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_interviews_by_interview ON finding_interviews (interview);

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
, pressing INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX findings_by_topic ON findings (topic);

CREATE INDEX findings_by_visit ON findings (visit, standing, kind, area, topic, severity, evidence, repeated);

CREATE INDEX findings_in_conflict ON findings (record) WHERE conflicts > 0;

CREATE INDEX findings_pressing ON findings (visit, standing, pressing) WHERE pressing <> 0;

CREATE TABLE first_codes (
    number  INTEGER PRIMARY KEY,
    person  BLOB NOT NULL REFERENCES people (id),
    hash    BLOB NOT NULL UNIQUE,
    until   INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX first_codes_by_person ON first_codes (person);

CREATE TABLE handovers (
    version INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL, -- when it was taken, milliseconds since 1970 UTC
    root    BLOB NOT NULL,    -- the key that signed it, 32 bytes
    signed  BLOB NOT NULL
) STRICT;

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
, person BLOB NOT NULL DEFAULT x'') STRICT;

CREATE INDEX interviews_by_visit ON interviews (visit);

CREATE INDEX interviews_in_conflict ON interviews (record) WHERE conflicts > 0;

CREATE INDEX interviews_pressing ON interviews (visit, standing) WHERE allegation = 1 OR risk = 5;

CREATE TABLE invitations (
    number  INTEGER PRIMARY KEY,
    secret  BLOB NOT NULL UNIQUE,
    person  BLOB NOT NULL REFERENCES people (id),
    until   INTEGER NOT NULL,
    made_by BLOB NOT NULL,
    device  BLOB
) STRICT;

CREATE TABLE log (
    position    INTEGER PRIMARY KEY,
    link        BLOB NOT NULL UNIQUE,
    writer      BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    -- The link before; NULL where that is the entry at the position before.
    previous    BLOB,
    decision    INTEGER NOT NULL,
    reason      INTEGER NOT NULL,
    suspect     INTEGER NOT NULL,
    -- A hybrid logical clock; milliseconds since 1970 UTC.
    time        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payload     BLOB NOT NULL
) STRICT;

CREATE INDEX log_turned ON log (position) WHERE decision <> 1;

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

CREATE INDEX measurements_in_conflict ON measurements (record) WHERE conflicts > 0;

CREATE TABLE merges (
    record   INTEGER PRIMARY KEY REFERENCES records (number),
    kind     INTEGER NOT NULL,
    loser    BLOB NOT NULL UNIQUE,
    target   BLOB NOT NULL,
    winner   BLOB NOT NULL,
    circular INTEGER NOT NULL
) STRICT;

CREATE INDEX merges_by_kind ON merges (kind);

CREATE INDEX merges_by_target ON merges (target);

CREATE INDEX merges_by_winner ON merges (winner);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

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

CREATE INDEX notes_in_conflict ON notes (record) WHERE conflicts > 0;

CREATE TABLE obstruction_incidents (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    type      TEXT NOT NULL,
    hindered  INTEGER NOT NULL -- the right
) STRICT;

CREATE INDEX obstruction_incidents_by_visit ON obstruction_incidents (visit);

CREATE INDEX obstruction_incidents_in_conflict ON obstruction_incidents (record) WHERE conflicts > 0;

CREATE TABLE office (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    -- The seed of the Ed25519 key that issues certificates (RFC 8032).
    seed     BLOB NOT NULL,
    message  BLOB NOT NULL
, bundle_identity TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE office_writers (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    id     BLOB NOT NULL UNIQUE,
    -- Ids before a restore, 16 bytes each.
    former BLOB NOT NULL,
    -- The seed of the Ed25519 key (RFC 8032).
    seed   BLOB NOT NULL,
    serial BLOB NOT NULL,
    -- The last time given or followed.
    clock  INTEGER NOT NULL
) STRICT;

CREATE TABLE passkeys (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    person     BLOB NOT NULL REFERENCES people (id),
    credential BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    -- The public half and its counter, as WebAuthn has them, in JSON.
    data       BLOB NOT NULL
) STRICT;

CREATE INDEX passkeys_by_person ON passkeys (person, number);

CREATE TABLE people (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    -- The office's own number; empty for none.
    staff    TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    message  BLOB NOT NULL
) STRICT;

CREATE INDEX people_by_name ON people (name, number);

CREATE UNIQUE INDEX people_by_staff ON people (staff) WHERE staff <> '';

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

CREATE TABLE readers (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    signed  BLOB NOT NULL
) STRICT;

CREATE TABLE recommendation_findings (
    record  INTEGER NOT NULL REFERENCES records (number),
    finding BLOB NOT NULL,
    PRIMARY KEY (record, finding)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_findings_by_finding ON recommendation_findings (finding);

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

CREATE TABLE recommendation_places (
    record   INTEGER NOT NULL REFERENCES records (number),
    facility BLOB NOT NULL,
    PRIMARY KEY (record, facility)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_places_by_facility ON recommendation_places (facility);

CREATE TABLE recommendation_standards (
    record   INTEGER NOT NULL REFERENCES records (number),
    standard TEXT NOT NULL,
    PRIMARY KEY (record, standard)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_standards_by_standard ON recommendation_standards (standard);

CREATE TABLE recommendation_topics (
    record INTEGER NOT NULL REFERENCES records (number),
    topic  TEXT NOT NULL,
    PRIMARY KEY (record, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX recommendation_topics_by_topic ON recommendation_topics (topic);

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

CREATE INDEX recommendations_by_code ON recommendations (code);

CREATE UNIQUE INDEX recommendations_by_id ON recommendations (id);

CREATE INDEX recommendations_by_issue ON recommendations (issued_on);

CREATE INDEX recommendations_by_predecessor ON recommendations (predecessor) WHERE predecessor <> x'';

CREATE INDEX recommendations_by_visit ON recommendations (visit);

CREATE INDEX recommendations_in_conflict ON recommendations (record) WHERE conflicts > 0;

CREATE TABLE records (
    number      INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    kind        INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    last_writer BLOB NOT NULL,
    last_seq    INTEGER NOT NULL,
    others      INTEGER NOT NULL,
    state       BLOB NOT NULL
, visit BLOB, dossier INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX records_by_position ON records (position, id);

CREATE INDEX records_by_visit ON records (visit) WHERE visit IS NOT NULL;

CREATE INDEX records_open ON records (visit) WHERE dossier = 2 AND visit IS NOT NULL;

CREATE TABLE recovery_codes (
    number  INTEGER PRIMARY KEY,
    person  BLOB NOT NULL REFERENCES people (id),
    hash    BLOB NOT NULL UNIQUE,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX recovery_codes_by_person ON recovery_codes (person);

CREATE TABLE register_checks (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    visit     BLOB NOT NULL,
    type      TEXT NOT NULL,
    access    INTEGER NOT NULL
) STRICT;

CREATE INDEX register_checks_by_visit ON register_checks (visit);

CREATE INDEX register_checks_in_conflict ON register_checks (record) WHERE conflicts > 0;

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
, person BLOB NOT NULL DEFAULT x'') STRICT;

CREATE INDEX reprisal_cases_by_visit ON reprisal_cases (visit);

CREATE INDEX reprisal_cases_in_conflict ON reprisal_cases (record) WHERE conflicts > 0;

CREATE INDEX reprisal_cases_pressing ON reprisal_cases (record) WHERE open = 1 AND (urgent = 1 OR risk = 5);

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

CREATE INDEX review_comments_by_about ON review_comments (about);

CREATE INDEX review_comments_by_visit ON review_comments (visit);

CREATE INDEX review_comments_in_conflict ON review_comments (record) WHERE conflicts > 0;

CREATE TABLE rulings (
    -- The entry's.
    held     INTEGER NOT NULL REFERENCES log (position),
    -- The ruling's.
    position INTEGER NOT NULL UNIQUE REFERENCES log (position),
    -- A number of RulingKind.
    kind     INTEGER NOT NULL,
    PRIMARY KEY (held, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE scopes (
    target BLOB NOT NULL,
    holder BLOB NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (target, holder)
) STRICT, WITHOUT ROWID;

CREATE INDEX scopes_by_holder ON scopes (holder, until, target);

CREATE TABLE seals (
    position  INTEGER PRIMARY KEY REFERENCES log (position),
    -- The writer's id when it sealed: that of the log, or the one before a branch.
    signed    BLOB NOT NULL,
    serial    BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE sessions (
    number    INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    -- SHA-256 of what the browser holds.
    token     BLOB NOT NULL UNIQUE,
    person    BLOB NOT NULL REFERENCES people (id),
    -- 1: came by a first code. 2: and has a way to sign in. 3: signed in.
    stage     INTEGER NOT NULL,
    way       INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    seen_at   INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    proved_at INTEGER NOT NULL,
    -- What the person might do when it began: another ends it.
    rights    BLOB NOT NULL,
    -- The browser's kind, from a fixed list.
    browser   TEXT NOT NULL,
    -- The sealed secret of one-time codes that is on offer.
    offered   BLOB NOT NULL
) STRICT;

CREATE INDEX sessions_by_person ON sessions (person, number);

CREATE TABLE sign_in_known (
    person  BLOB NOT NULL REFERENCES people (id),
    key     BLOB NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (person, key)
) STRICT;

CREATE TABLE sign_in_resets (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    person     BLOB NOT NULL REFERENCES people (id),
    reason     INTEGER NOT NULL,
    first      BLOB NOT NULL,
    asked_by   BLOB NOT NULL REFERENCES people (id),
    asked_at   INTEGER NOT NULL,
    -- 0: open. 1: approved. 2: refused.
    state      INTEGER NOT NULL,
    decided_by BLOB NOT NULL,
    decided_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sign_in_resets_open ON sign_in_resets (person) WHERE state = 0;

CREATE TABLE sign_in_tries (
    key     BLOB PRIMARY KEY,
    failed  INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sign_in_tries_by_time ON sign_in_tries (last_at);

CREATE TABLE sign_ins (
    person     BLOB PRIMARY KEY REFERENCES people (id),
    -- As the person writes it, and as it is looked up.
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL UNIQUE,
    -- By which authenticators know the account; it says nothing of the person.
    handle     BLOB NOT NULL UNIQUE,
    -- Argon2id with its costs and salt; empty: no passphrase.
    passphrase TEXT NOT NULL,
    -- The sealed secret of one-time codes, and the last step of time that was used.
    otp        BLOB NOT NULL,
    otp_step   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE standards (
    record     INTEGER PRIMARY KEY REFERENCES records (number),
    standing   INTEGER NOT NULL,
    conflicts  INTEGER NOT NULL,
    ref        TEXT NOT NULL,
    instrument TEXT NOT NULL
) STRICT;

CREATE TABLE terms (
    record    INTEGER PRIMARY KEY REFERENCES records (number),
    standing  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    list      TEXT NOT NULL,
    code      TEXT NOT NULL
) STRICT;

CREATE INDEX terms_by_code ON terms (list, code);

CREATE TABLE tokens (
    number    INTEGER PRIMARY KEY,
    id        BLOB NOT NULL UNIQUE,
    -- SHA-256; NULL once it was revoked.
    token     BLOB UNIQUE,
    last_used INTEGER NOT NULL,
    message   BLOB NOT NULL
) STRICT;

CREATE TABLE touches (
    record   INTEGER NOT NULL REFERENCES records (number),
    position INTEGER NOT NULL REFERENCES log (position),
    PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX undertakings_in_conflict ON undertakings (record) WHERE conflicts > 0;

CREATE TABLE views (
    number INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    person BLOB NOT NULL REFERENCES people (id),
    page   TEXT NOT NULL,
    name   TEXT NOT NULL,
    query  TEXT NOT NULL,
    UNIQUE (person, page, name)
) STRICT;

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

CREATE INDEX visit_plans_in_conflict ON visit_plans (record) WHERE conflicts > 0;

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
, gate INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX visits_by_code ON visits (code);

CREATE INDEX visits_by_facility ON visits (facility);

CREATE UNIQUE INDEX visits_by_id ON visits (id);

CREATE INDEX visits_by_start ON visits (started);

CREATE INDEX visits_by_state ON visits (state, record);

CREATE INDEX visits_in_conflict ON visits (record) WHERE conflicts > 0;

CREATE TABLE writers (
    number        INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    seq           INTEGER NOT NULL,
    link          BLOB NOT NULL,
    position      INTEGER NOT NULL,
    key           BLOB NOT NULL,
    -- A branch: the writer that it left and the last seq that both share.
    parent        BLOB,
    parent_seq    INTEGER
) STRICT;

CREATE INDEX writers_by_key ON writers (key);

