-- Messages in queues that are not fifo, by when they may be received.

-- queue_entry_add: exec
-- Of the message that was added last.
-- in  queue int, visible time
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
VALUES (:queue, :visible, last_insert_rowid(), 0, 0, 0);

-- queue_entry_place: exec
-- in  queue int, visible time, number int
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
VALUES (:queue, :visible, :number, 0, 0, 0);

-- queue_entry_take: many
-- Those that may be received, and what was sent.
-- in  queue int, floor time, now time, limit int
-- out visible time, number int, receives int, first time, id text, body text, attributes text
-- out dedup_id text, group_id text, sender text, trace text, sent time
SELECT e.visible, e.number, e.receives, e.first, m.id, m.body, m.attributes, m.dedup_id, m.group_id,
       m.sender, m.trace, m.sent
FROM flow_entry AS e JOIN flow_message AS m ON m.number = e.number
WHERE e.queue = :queue AND e.visible >= :floor AND e.visible <= :now
ORDER BY e.visible, e.number LIMIT :limit;

-- queue_entry_hold: exec
-- Whose it is, and until when.
-- in  queue int, visible time, number int, until time, nonce int, now time
UPDATE flow_entry
SET visible = :until, nonce = :nonce, receives = receives + 1,
    first = CASE WHEN first = 0 THEN :now ELSE first END
WHERE queue = :queue AND visible = :visible AND number = :number;

-- queue_entry_hide: exec changed
-- in  queue int, visible time, number int, nonce int, until time, next_nonce int
-- in  untold int
UPDATE flow_entry SET visible = :until, nonce = :next_nonce, receives = receives - :untold
WHERE queue = :queue AND visible = :visible AND number = :number AND nonce = :nonce;

-- queue_entry_drop: exec changed
-- in  queue int, visible time, number int, nonce int
DELETE FROM flow_entry
WHERE queue = :queue AND visible = :visible AND number = :number AND nonce = :nonce;

-- queue_entry_remove: exec
-- Whoever has it.
-- in  queue int, visible time, number int
DELETE FROM flow_entry WHERE queue = :queue AND visible = :visible AND number = :number;

-- queue_entry_next: many
-- When the first one becomes visible, or became.
-- in  queue int, floor time
-- out visible time, number int
SELECT visible, number FROM flow_entry WHERE queue = :queue AND visible >= :floor
ORDER BY visible, number LIMIT 1;

-- queue_entry_some: many
-- The first ones from a time until another.
-- in  queue int, since time, until time, limit int
-- out visible time, number int
SELECT visible, number FROM flow_entry
WHERE queue = :queue AND visible >= :since AND visible < :until
ORDER BY visible, number LIMIT :limit;

-- queue_entry_of: many
-- One among the dead letters, of which there are few.
-- in  queue int, number int
-- out visible time, number int
SELECT visible, number FROM flow_entry WHERE queue = :queue AND number = :number
ORDER BY visible, number LIMIT 1;

-- queue_entry_count: one
-- in  queue int, now time, limit int
-- out visible int, in_flight int, delayed int
SELECT (SELECT count(number) FROM (SELECT number FROM flow_entry WHERE queue = :queue
            AND visible <= :now ORDER BY visible LIMIT :limit) AS v) AS visible,
       (SELECT count(number) FROM (SELECT number FROM flow_entry WHERE queue = :queue
            AND visible > :now AND receives > 0 ORDER BY visible LIMIT :limit) AS f) AS in_flight,
       (SELECT count(number) FROM (SELECT number FROM flow_entry WHERE queue = :queue
            AND visible > :now AND receives = 0 ORDER BY visible LIMIT :limit) AS d) AS delayed;

-- queue_entry_drop_all: exec
-- in  queue int
DELETE FROM flow_entry WHERE queue = :queue;
