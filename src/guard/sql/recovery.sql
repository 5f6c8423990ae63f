-- Recovery codes that are left.

-- recovery_insert: exec
-- in  id text, person id
INSERT INTO guard_recovery (id, person) VALUES (:id, :person);

-- recovery_use: exec changed
-- in  id text, person id
DELETE FROM guard_recovery WHERE id = :id AND person = :person;

-- recovery_count: one
-- in  person id
-- out count int
SELECT COUNT(*) AS count FROM guard_recovery WHERE person = :person;

-- recovery_end_all: exec
-- in  person id
DELETE FROM guard_recovery WHERE person = :person;
