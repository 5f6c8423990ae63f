-- Messages in fifo queues, behind those of their group.

-- queue_line_add: exec
-- in  queue int, name text, number int, visible time
INSERT INTO flow_line (queue, name, number, visible, receives, nonce, first)
VALUES (:queue, :name, :number, :visible, 0, 0, 0);

-- queue_line_take: many
-- The first of a group, and what was sent.
-- in  queue int, name text, limit int
-- out visible time, number int, receives int, first time, id text, body text, attributes text
-- out dedup_id text, group_id text, sender text, trace text, sent time
SELECT l.visible, l.number, l.receives, l.first, m.id, m.body, m.attributes, m.dedup_id, m.group_id,
       m.sender, m.trace, m.sent
FROM flow_line AS l JOIN flow_message AS m ON m.number = l.number
WHERE l.queue = :queue AND l.name = :name ORDER BY l.number LIMIT :limit;

-- queue_line_hold: exec
-- in  queue int, name text, number int, until time, nonce int, now time
UPDATE flow_line
SET visible = :until, nonce = :nonce, receives = receives + 1,
    first = CASE WHEN first = 0 THEN :now ELSE first END
WHERE queue = :queue AND name = :name AND number = :number;

-- queue_line_hide: exec changed
-- in  queue int, name text, number int, nonce int, until time, next_nonce int
-- in  untold int
UPDATE flow_line SET visible = :until, nonce = :next_nonce, receives = receives - :untold
WHERE queue = :queue AND name = :name AND number = :number AND nonce = :nonce;

-- queue_line_drop: exec changed
-- in  queue int, name text, number int, nonce int
DELETE FROM flow_line
WHERE queue = :queue AND name = :name AND number = :number AND nonce = :nonce;

-- queue_line_remove: exec
-- Whoever has it.
-- in  queue int, name text, number int
DELETE FROM flow_line WHERE queue = :queue AND name = :name AND number = :number;

-- queue_line_ends: many
-- Until when the first of a group are hidden; those that were not received have no nonce.
-- in  queue int, name text, limit int
-- out visible time, nonce int
SELECT visible, nonce FROM flow_line WHERE queue = :queue AND name = :name
ORDER BY number LIMIT :limit;

-- queue_line_some: many
-- in  queue int, limit int
-- out name text, number int
SELECT name, number FROM flow_line WHERE queue = :queue ORDER BY name, number LIMIT :limit;

-- queue_line_old: many
-- What stands in groups that nobody received from since then.
-- in  queue int, until time, limit int
-- out name text, number int
SELECT l.name, l.number
FROM flow_group AS g JOIN flow_line AS l ON l.queue = g.queue AND l.name = g.name
WHERE g.queue = :queue AND g.visible < :until AND l.visible < :until
ORDER BY g.visible, l.name, l.number LIMIT :limit;

-- queue_line_count: one
-- in  queue int, now time, limit int
-- out visible int, in_flight int, delayed int
SELECT (SELECT count(number) FROM (SELECT number FROM flow_line WHERE queue = :queue
            AND visible <= :now ORDER BY name LIMIT :limit) AS v) AS visible,
       (SELECT count(number) FROM (SELECT number FROM flow_line WHERE queue = :queue
            AND visible > :now AND receives > 0 ORDER BY name LIMIT :limit) AS f) AS in_flight,
       (SELECT count(number) FROM (SELECT number FROM flow_line WHERE queue = :queue
            AND visible > :now AND receives = 0 ORDER BY name LIMIT :limit) AS d) AS delayed;

-- queue_line_drop_all: exec
-- in  queue int
DELETE FROM flow_line WHERE queue = :queue;
