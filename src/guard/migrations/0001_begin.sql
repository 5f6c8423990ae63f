-- People, what they may, where they are signed in, and what was sent to them.
CREATE TABLE guard_person (
    id @id NOT NULL PRIMARY KEY,
    email @text NOT NULL,
    name @text NOT NULL,
    password @text,
    language @text NOT NULL,
    must_change @bool NOT NULL,
    verified @time,
    disabled @time,
    made @time NOT NULL
) @strict;
CREATE UNIQUE INDEX guard_person_email ON guard_person (email);

CREATE TABLE guard_grant (
    person @id NOT NULL REFERENCES guard_person (id),
    role @text NOT NULL,
    PRIMARY KEY (person, role)
) @strict;

CREATE TABLE guard_session (
    id @text NOT NULL PRIMARY KEY,
    person @id NOT NULL REFERENCES guard_person (id),
    address @text NOT NULL,
    agent @text NOT NULL,
    strong @time,
    seen @time NOT NULL,
    made @time NOT NULL,
    expires @time NOT NULL
) @strict;
CREATE INDEX guard_session_person_made ON guard_session (person, made);

CREATE TABLE guard_token (
    id @text NOT NULL PRIMARY KEY,
    person @id REFERENCES guard_person (id),
    purpose @text NOT NULL,
    email @text,
    name @text,
    expires @time NOT NULL
) @strict;
CREATE INDEX guard_token_person ON guard_token (person);
CREATE INDEX guard_token_expires ON guard_token (expires);

CREATE TABLE guard_attempt (
    id @text NOT NULL PRIMARY KEY,
    failures @int NOT NULL,
    waits @time NOT NULL,
    ends @time NOT NULL
) @strict;
CREATE INDEX guard_attempt_ends ON guard_attempt (ends);
