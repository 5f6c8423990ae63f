-- Where people are signed in.

-- session_add: exec
-- in  id text, person id, address text, agent text, strong time?, now time, expires time
INSERT INTO guard_session (id, person, address, agent, strong, seen, made, expires)
VALUES (:id, :person, :address, :agent, :strong, :now, :now, :expires);

-- session_find: one
-- A session and whose it is.
-- in  id text
-- out person id, name text, must_change bool, disabled time?, seen time, expires time, strong time?
SELECT s.person, p.name, p.must_change, p.disabled, s.seen, s.expires, s.strong
FROM guard_session AS s JOIN guard_person AS p ON p.id = s.person
WHERE s.id = :id;

-- session_see: exec
-- in  id text, now time
UPDATE guard_session SET seen = :now WHERE id = :id AND seen < :now;

-- session_of: many
-- Where somebody is signed in, the newest first.
-- in  person id, limit int
-- out id text, address text, agent text, seen time, made time, expires time, strong time?
SELECT id, address, agent, seen, made, expires, strong FROM guard_session
WHERE person = :person ORDER BY made DESC, id LIMIT :limit;

-- session_end: exec
-- in  id text
DELETE FROM guard_session WHERE id = :id;

-- session_end_of: exec
-- One of somebody's own: an id that is another's ends nothing.
-- in  id text, person id
DELETE FROM guard_session WHERE id = :id AND person = :person;

-- session_end_all: exec
-- All of somebody's but one, which may be none.
-- in  person id, but text
DELETE FROM guard_session WHERE person = :person AND id <> :but;

-- session_prune: exec
-- Those of somebody that are over.
-- in  person id, now time
DELETE FROM guard_session WHERE person = :person AND expires < :now;

-- session_strengthen: exec
-- A second factor was shown in it.
-- in  id text, now time
UPDATE guard_session SET strong = :now WHERE id = :id;
