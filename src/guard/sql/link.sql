-- Links that were sent by mail.

-- link_add: exec
-- in  id text, person id?, purpose text, email text?, name text?, expires time
INSERT INTO guard_token (id, person, purpose, email, name, expires)
VALUES (:id, :person, :purpose, :email, :name, :expires);

-- link_find_new: one
-- Who signs up by it.
-- in  id text, now time
-- out email text?, name text?
SELECT email, name FROM guard_token WHERE id = :id AND purpose = 'verify' AND expires > :now;

-- link_find_person: one
-- Who may choose another password by it.
-- in  id text, now time
-- out person id, email text
SELECT p.id AS person, p.email
FROM guard_token AS t JOIN guard_person AS p ON p.id = t.person
WHERE t.id = :id AND t.purpose = 'reset' AND t.expires > :now AND p.disabled IS NULL;

-- link_find_email: one
-- The address that somebody wants by it.
-- in  id text, person id, now time
-- out email text?
SELECT t.email
FROM guard_token AS t JOIN guard_person AS p ON p.id = t.person
WHERE t.id = :id AND t.person = :person AND t.purpose = 'email' AND t.expires > :now
  AND p.disabled IS NULL;

-- link_end_purpose: exec
-- in  person id, purpose text
DELETE FROM guard_token WHERE person = :person AND purpose = :purpose;

-- link_end: exec changed
-- in  id text
DELETE FROM guard_token WHERE id = :id;

-- link_end_all: exec
-- All of somebody's: one that was used makes the others useless.
-- in  person id
DELETE FROM guard_token WHERE person = :person;

-- link_prune: exec
-- in  now time
DELETE FROM guard_token WHERE expires < :now;
