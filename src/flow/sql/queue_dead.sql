-- Why messages are among the dead letters.

-- queue_dead_set: exec
-- in  number int, queue int, source int, receives int, reason text, trace text, failed time
INSERT INTO flow_dead (number, queue, source, receives, reason, trace, failed)
VALUES (:number, :queue, :source, :receives, :reason, :trace, :failed)
ON CONFLICT (number)
DO UPDATE SET queue = excluded.queue, source = excluded.source, receives = excluded.receives,
    reason = excluded.reason, trace = excluded.trace, failed = excluded.failed;

-- queue_dead_list_rows: many
-- in  queue int, after int, limit int
-- out number int, id text, body text, sent time, reason text, trace text, receives int, failed time
-- out source text?
SELECT d.number, m.id, m.body, m.sent, d.reason, d.trace, d.receives, d.failed, q.name AS source
FROM flow_dead AS d JOIN flow_message AS m ON m.number = d.number
LEFT JOIN flow_queue AS q ON q.number = d.source
WHERE d.queue = :queue AND d.number > :after ORDER BY d.number LIMIT :limit;

-- queue_dead_source: many
-- Where one was, if that queue is still there.
-- in  number int
-- out number int, fifo bool
SELECT q.number, q.fifo FROM flow_dead AS d JOIN flow_queue AS q ON q.number = d.source
WHERE d.number = :number ORDER BY d.number LIMIT 1;

-- queue_dead_name: many
-- The same, by its name.
-- in  number int
-- out name text
SELECT q.name FROM flow_dead AS d JOIN flow_queue AS q ON q.number = d.source
WHERE d.number = :number ORDER BY d.number LIMIT 1;

-- queue_dead_drop: exec
-- in  number int
DELETE FROM flow_dead WHERE number = :number;

-- queue_dead_old: exec
-- Those whose message is gone.
-- in  queue int
DELETE FROM flow_dead
WHERE queue = :queue
  AND NOT EXISTS (SELECT 1 FROM flow_message AS m WHERE m.number = flow_dead.number);

-- queue_dead_drop_all: exec
-- in  queue int
DELETE FROM flow_dead WHERE queue = :queue;
