-- Tries that failed, and how long the next one waits.

-- attempt_find: one
-- in  id text, now time
-- out failures int, waits time
SELECT failures, waits FROM guard_attempt WHERE id = :id AND ends > :now;

-- attempt_set: exec
-- in  id text, failures int, waits time, ends time
INSERT INTO guard_attempt (id, failures, waits, ends) VALUES (:id, :failures, :waits, :ends)
ON CONFLICT (id) DO UPDATE
SET failures = excluded.failures, waits = excluded.waits, ends = excluded.ends;

-- attempt_forget: exec
-- in  id text
DELETE FROM guard_attempt WHERE id = :id;

-- attempt_prune: exec
-- in  now time
DELETE FROM guard_attempt WHERE ends < :now;
