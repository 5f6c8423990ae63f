-- People, and what they may.

-- person_add: exec
-- Somebody new. Without a password they cannot sign in until they chose one.
-- in  id id, email text, name text, password text?, language text, must_change bool, verified time?
-- in  made time
INSERT INTO guard_person (id, email, name, password, language, must_change, verified, made)
VALUES (:id, :email, :name, :password, :language, :must_change, :verified, :made);

-- person_by_email: one
-- Whoever has this address, written in small letters.
-- in  email text
-- out id id, name text, password text?, must_change bool, verified time?, disabled time?
SELECT id, name, password, must_change, verified, disabled FROM guard_person WHERE email = :email;

-- person_find: one
-- in  id id
-- out id id, email text, name text, password text?, language text, must_change bool
-- out verified time?, disabled time?, made time
SELECT id, email, name, password, language, must_change, verified, disabled, made
FROM guard_person WHERE id = :id;

-- person_set_name: exec
-- in  id id, name text, language text
UPDATE guard_person SET name = :name, language = :language WHERE id = :id;

-- person_set_password: exec
-- in  id id, password text, must_change bool
UPDATE guard_person SET password = :password, must_change = :must_change WHERE id = :id;

-- person_set_email: exec
-- in  id id, email text
UPDATE guard_person SET email = :email WHERE id = :id;

-- person_verify: exec
-- Mail to them arrives; when they showed it first is kept.
-- in  id id, now time
UPDATE guard_person SET verified = COALESCE(verified, :now) WHERE id = :id;

-- person_set_disabled: exec
-- in  id id, disabled time?
UPDATE guard_person SET disabled = :disabled WHERE id = :id;

-- person_owners: many
-- An owner who may sign in.
-- out id id
-- scan: it stops at the first, who most often is the first of all
SELECT p.id FROM guard_grant AS g JOIN guard_person AS p ON p.id = g.person
WHERE g.role = 'owner' AND p.disabled IS NULL ORDER BY p.id LIMIT 1;

-- person_grant: exec
-- in  person id, role text
INSERT INTO guard_grant (person, role) VALUES (:person, :role)
ON CONFLICT (person, role) DO NOTHING;

-- person_revoke: exec
-- in  person id, role text
DELETE FROM guard_grant WHERE person = :person AND role = :role;

-- person_roles: many
-- in  person id
-- out role text
SELECT role FROM guard_grant WHERE person = :person ORDER BY role LIMIT 32;

-- person_roles_held: many
-- How many people hold each role.
-- out role text, count int
-- scan: it counts them all
SELECT role, COUNT(*) AS count FROM guard_grant GROUP BY role ORDER BY role LIMIT 32;

-- person_count: one
-- out count int
-- scan: it counts them all
SELECT COUNT(*) AS count FROM guard_person;

-- person_other_owner: many
-- An owner besides this one who may sign in.
-- in  but id
-- out id id
-- scan: it stops at the first, who most often is among the first of all
SELECT p.id FROM guard_grant AS g JOIN guard_person AS p ON p.id = g.person
WHERE g.role = 'owner' AND p.disabled IS NULL AND p.password IS NOT NULL AND p.id <> :but
ORDER BY p.id LIMIT 1;

-- person_list: many
-- Who came last stands first, ids being made in the order of time. Searching looks into names and
-- addresses, whatever the case of their Latin letters.
-- in  query text?, role text?, before id?, limit int
-- out id id, email text, name text, has_password bool, disabled time?
-- scan: a search reads the people from the last on until the page is full
SELECT id, email, name, password IS NOT NULL AS has_password, disabled FROM guard_person
WHERE TRUE
    [[ AND replace(lower(name || ' ' || email), lower(:query), '') <> lower(name || ' ' || email) ]]
    [[ AND id IN (SELECT person FROM guard_grant WHERE role = :role) ]]
    [[ AND id < :before ]]
ORDER BY id DESC LIMIT :limit;
