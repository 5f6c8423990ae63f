-- What programs sign in with.

-- key_enter: exec
-- in  id id, hash text, name text, person id, scopes text, made time, expires time?, signs int?
INSERT INTO guard_key (id, hash, name, person, scopes, made, expires, signs)
VALUES (:id, :hash, :name, :person, :scopes, :made, :expires, :signs);

-- key_by_hash: one
-- The key of a token.
-- in  hash text
-- out id id, person id, scopes text, expires time?, used time?, revoked time?
SELECT id, person, scopes, expires, used, revoked FROM guard_key WHERE hash = :hash;

-- key_by_id: one
-- The key of an access key id.
-- in  id id
-- out id id, person id, scopes text, expires time?, used time?, revoked time?, signs int?
SELECT id, person, scopes, expires, used, revoked, signs FROM guard_key WHERE id = :id;

-- key_set_used: exec
-- in  id id, used time
UPDATE guard_key SET used = :used WHERE id = :id;

-- key_set_revoked: exec changed
-- in  id id, person id, revoked time
UPDATE guard_key SET revoked = :revoked WHERE id = :id AND person = :person AND revoked IS NULL;

-- key_of_person: one
-- Whether a key of theirs is in force: an id that is another's finds nothing.
-- in  id id, person id
-- out revoked time?
SELECT revoked FROM guard_key WHERE id = :id AND person = :person;

-- key_list: many
-- Somebody's, the newest first.
-- in  person id, limit int
-- out id id, name text, scopes text, made time, expires time?, used time?, revoked time?
-- out signs int?
SELECT id, name, scopes, made, expires, used, revoked, signs FROM guard_key
WHERE person = :person ORDER BY made DESC, id DESC LIMIT :limit;
