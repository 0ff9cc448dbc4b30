-- +goose Up

-- How people sign in at the office's pages, see server/signin. Ids are 16 bytes, times
-- milliseconds since 1970 UTC, 0 for never. Of secrets that need not be read back the
-- SHA-256 is kept; those that have to be are sealed under a key that is not in this file.

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

CREATE TABLE recovery_codes (
    number  INTEGER PRIMARY KEY,
    person  BLOB NOT NULL REFERENCES people (id),
    hash    BLOB NOT NULL UNIQUE,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX recovery_codes_by_person ON recovery_codes (person);

-- Codes with which somebody signs in for the first time, or anew after a reset.
CREATE TABLE first_codes (
    number  INTEGER PRIMARY KEY,
    person  BLOB NOT NULL REFERENCES people (id),
    hash    BLOB NOT NULL UNIQUE,
    until   INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX first_codes_by_person ON first_codes (person);

-- Who asked that somebody's ways to sign in be dropped, and who decided it. first is the
-- hash of the half of the code that the one who asks was shown.
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

-- How often signing in failed lately, by the hash of the account, the address or the
-- browser: no name and no address stands here.
CREATE TABLE sign_in_tries (
    key     BLOB PRIMARY KEY,
    failed  INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sign_in_tries_by_time ON sign_in_tries (last_at);

-- Browsers and addresses from which somebody has signed in, by their hashes.
CREATE TABLE sign_in_known (
    person  BLOB NOT NULL REFERENCES people (id),
    key     BLOB NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (person, key)
) STRICT;

-- +goose Down

DROP TABLE sign_in_known;
DROP TABLE sign_in_tries;
DROP TABLE sessions;
DROP TABLE sign_in_resets;
DROP TABLE first_codes;
DROP TABLE recovery_codes;
DROP TABLE passkeys;
DROP TABLE sign_ins;
