-- What was sent within the last minutes.

-- queue_dedup_find: many
-- in  queue int, word text, now time
-- out id text, number int
SELECT id, number FROM flow_dedup WHERE queue = :queue AND word = :word AND ends > :now
ORDER BY queue, word LIMIT 1;

-- queue_dedup_set: exec
-- in  queue int, word text, id text, number int, ends time
INSERT INTO flow_dedup (queue, word, id, number, ends) VALUES (:queue, :word, :id, :number, :ends)
ON CONFLICT (queue, word)
DO UPDATE SET id = excluded.id, number = excluded.number, ends = excluded.ends;

-- queue_dedup_old: exec
-- in  now time
DELETE FROM flow_dedup WHERE ends <= :now;
