-- The passkeys of people.

-- passkey_of: many
-- Somebody's, the oldest first.
-- in  person id
-- out id text, name text, synced bool, made time, used time?
SELECT id, name, synced, made, used FROM guard_passkey
WHERE person = :person ORDER BY made, id LIMIT 20;

-- passkey_find: one
-- in  id text, person id
-- out public_key blob, uses int
SELECT public_key, uses FROM guard_passkey WHERE id = :id AND person = :person;

-- passkey_insert: exec
-- in  id text, person id, name text, public_key blob, uses int, synced bool, now time
INSERT INTO guard_passkey (id, person, name, public_key, uses, synced, made)
VALUES (:id, :person, :name, :public_key, :uses, :synced, :now);

-- passkey_use: exec changed
-- Only from the counter that was looked at.
-- in  id text, before int, uses int, synced bool, now time
UPDATE guard_passkey SET uses = :uses, synced = :synced, used = :now
WHERE id = :id AND uses = :before;

-- passkey_end: exec changed
-- in  id text, person id
DELETE FROM guard_passkey WHERE id = :id AND person = :person;

-- passkey_end_all: exec
-- in  person id
DELETE FROM guard_passkey WHERE person = :person;
