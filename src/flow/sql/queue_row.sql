-- Queues, as they are set.

-- queue_row_last: one
-- The greatest number that a queue has.
-- out number int
SELECT CAST(coalesce(max(number), 0) AS bigint) AS number FROM flow_queue;

-- queue_row_add: exec
-- in  number int, name text, fifo bool, by_body bool, visibility int, delay int, retention int
-- in  wait int, body_max int, dead int?, receives_max int, labels text, now time
INSERT INTO flow_queue (number, name, fifo, by_body, visibility, delay, retention, wait, body_max,
                        dead, receives_max, labels, made, changed)
VALUES (:number, :name, :fifo, :by_body, :visibility, :delay, :retention, :wait, :body_max, :dead,
        :receives_max, :labels, :now, :now);

-- queue_row_set: exec
-- in  number int, by_body bool, visibility int, delay int, retention int
-- in  wait int, body_max int, dead int?, receives_max int, labels text, now time
UPDATE flow_queue
SET by_body = :by_body, visibility = :visibility, delay = :delay, retention = :retention,
    wait = :wait, body_max = :body_max, dead = :dead, receives_max = :receives_max,
    labels = :labels, changed = :now
WHERE number = :number;

-- queue_row_find: many
-- The one of that name.
-- in  name text
-- out number int, name text, fifo bool, by_body bool, visibility int, delay int, retention int
-- out wait int, body_max int, receives_max int, labels text, made time, changed time
-- out dead int?, dead_name text?
SELECT q.number, q.name, q.fifo, q.by_body, q.visibility, q.delay, q.retention, q.wait, q.body_max,
       q.receives_max, q.labels, q.made, q.changed, d.number AS dead, d.name AS dead_name
FROM flow_queue AS q LEFT JOIN flow_queue AS d ON d.number = q.dead
WHERE q.name = :name ORDER BY q.name LIMIT 1;

-- queue_row_list: many
-- By name, from behind one on.
-- in  after text, prefix text, until text, dead int?, limit int
-- out number int, name text, fifo bool, by_body bool, visibility int, delay int, retention int
-- out wait int, body_max int, receives_max int, labels text, made time, changed time
-- out dead int?, dead_name text?
SELECT q.number, q.name, q.fifo, q.by_body, q.visibility, q.delay, q.retention, q.wait, q.body_max,
       q.receives_max, q.labels, q.made, q.changed, d.number AS dead, d.name AS dead_name
FROM flow_queue AS q LEFT JOIN flow_queue AS d ON d.number = q.dead
WHERE q.name > :after AND q.name >= :prefix AND q.name < :until [[ AND q.dead = :dead ]]
ORDER BY q.name LIMIT :limit;

-- queue_row_drop: exec
-- in  number int
DELETE FROM flow_queue WHERE number = :number;

-- queue_row_orphan: exec
-- What had its dead letters there has none any more.
-- in  number int
UPDATE flow_queue SET dead = NULL WHERE dead = :number;
