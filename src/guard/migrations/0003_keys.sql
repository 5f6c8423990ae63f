-- What programs sign in with.
CREATE TABLE guard_key (
    id @id NOT NULL PRIMARY KEY,
    hash @text NOT NULL,
    name @text NOT NULL,
    person @id NOT NULL REFERENCES guard_person (id),
    scopes @text NOT NULL,
    made @time NOT NULL,
    expires @time,
    used @time,
    revoked @time
) @strict;
CREATE UNIQUE INDEX guard_key_hash ON guard_key (hash);
CREATE INDEX guard_key_person_made_id ON guard_key (person, made, id);
