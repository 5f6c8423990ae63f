-- What waits for a second factor.

-- challenge_set: exec
-- in  id text, person id, purpose text, secret blob, next text, expires time
INSERT INTO guard_challenge (id, person, purpose, secret, next, failures, expires)
VALUES (:id, :person, :purpose, :secret, :next, 0, :expires)
ON CONFLICT (id) DO UPDATE
SET person = excluded.person, purpose = excluded.purpose, secret = excluded.secret,
    next = excluded.next, failures = 0, expires = excluded.expires;

-- challenge_find: one
-- in  id text, purpose text, now time
-- out person id, secret blob, next text, failures int
SELECT person, secret, next, failures FROM guard_challenge
WHERE id = :id AND purpose = :purpose AND expires > :now;

-- challenge_fail: exec
-- in  id text
UPDATE guard_challenge SET failures = failures + 1 WHERE id = :id;

-- challenge_end: exec changed
-- in  id text
DELETE FROM guard_challenge WHERE id = :id;

-- challenge_end_all: exec
-- in  person id
DELETE FROM guard_challenge WHERE person = :person;

-- challenge_prune: exec
-- in  now time
DELETE FROM guard_challenge WHERE expires < :now;
