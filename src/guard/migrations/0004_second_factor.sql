-- Authenticator apps, passkeys and recovery codes, and what waits for one of them.
CREATE TABLE guard_totp (
    person @id NOT NULL PRIMARY KEY REFERENCES guard_person (id),
    secret @blob NOT NULL,
    last_step @int NOT NULL,
    made @time NOT NULL
) @strict;

CREATE TABLE guard_passkey (
    id @text NOT NULL PRIMARY KEY,
    person @id NOT NULL REFERENCES guard_person (id),
    name @text NOT NULL,
    public_key @blob NOT NULL,
    uses @int NOT NULL,
    synced @bool NOT NULL,
    made @time NOT NULL,
    used @time
) @strict;
CREATE INDEX guard_passkey_person_made ON guard_passkey (person, made);

CREATE TABLE guard_recovery (
    id @text NOT NULL PRIMARY KEY,
    person @id NOT NULL REFERENCES guard_person (id)
) @strict;
CREATE INDEX guard_recovery_person ON guard_recovery (person);

CREATE TABLE guard_challenge (
    id @text NOT NULL PRIMARY KEY,
    person @id NOT NULL REFERENCES guard_person (id),
    purpose @text NOT NULL,
    secret @blob NOT NULL,
    next @text NOT NULL,
    failures @int NOT NULL,
    expires @time NOT NULL
) @strict;
CREATE INDEX guard_challenge_person ON guard_challenge (person);
CREATE INDEX guard_challenge_expires ON guard_challenge (expires);
