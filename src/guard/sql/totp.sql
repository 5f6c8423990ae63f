-- The authenticator apps of people.

-- totp_find: one
-- in  person id
-- out secret blob, last_step int, made time
SELECT secret, last_step, made FROM guard_totp WHERE person = :person;

-- totp_insert: exec
-- in  person id, secret blob, last_step int, now time
INSERT INTO guard_totp (person, secret, last_step, made)
VALUES (:person, :secret, :last_step, :now);

-- totp_use: exec changed
-- Only forward: a code that was taken meanwhile is not taken again.
-- in  person id, step int
UPDATE guard_totp SET last_step = :step WHERE person = :person AND last_step < :step;

-- totp_end: exec changed
-- in  person id
DELETE FROM guard_totp WHERE person = :person;
