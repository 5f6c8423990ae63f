-- Messages in queues that are not fifo, by when they may be received.

-- queue_entry_add: exec
-- Of the message that was added last.
-- in  queue int, visible time
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
VALUES (:queue, :visible, last_insert_rowid(), 0, 0, 0);

-- queue_entry_add_ten: exec
-- Of the messages that were added last, up to ten at once.
-- in  queue int, visible time, count int
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
SELECT :queue, :visible, last_insert_rowid() + 1 - :count + v.place, 0, 0, 0
FROM (SELECT 0 AS place UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
      UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
      UNION ALL SELECT 9) AS v
WHERE v.place < :count;

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

-- queue_entry_hold_ten: exec
-- in  queue int, until time, nonce int, now time
-- in  av time, an int, bv time, bn int, cv time, cn int, dv time, dn int
-- in  ev time, en int, fv time, fn int, gv time, gn int, hv time, hn int
-- in  kv time, kn int, jv time, jn int
UPDATE flow_entry
SET visible = :until, nonce = :nonce, receives = receives + 1,
    first = CASE WHEN first = 0 THEN :now ELSE first END
WHERE queue = :queue AND ((visible = :av AND number = :an)
    OR (visible = :bv AND number = :bn)
    OR (visible = :cv AND number = :cn)
    OR (visible = :dv AND number = :dn)
    OR (visible = :ev AND number = :en)
    OR (visible = :fv AND number = :fn)
    OR (visible = :gv AND number = :gn)
    OR (visible = :hv AND number = :hn)
    OR (visible = :kv AND number = :kn)
    OR (visible = :jv AND number = :jn));

-- queue_entry_hide: exec changed
-- in  queue int, visible time, number int, nonce int, until time, next_nonce int
UPDATE flow_entry SET visible = :until, nonce = :next_nonce
WHERE queue = :queue AND visible = :visible AND number = :number AND nonce = :nonce;

-- queue_entry_drop: exec changed
-- in  queue int, visible time, number int, nonce int
DELETE FROM flow_entry
WHERE queue = :queue AND visible = :visible AND number = :number AND nonce = :nonce;

-- queue_entry_remove: exec
-- Whoever has it.
-- in  queue int, visible time, number int
DELETE FROM flow_entry WHERE queue = :queue AND visible = :visible AND number = :number;

-- queue_entry_have: one
-- How many of ten are there as their receipts say.
-- in  queue int
-- in  av time, an int, ax int, bv time, bn int, bx int, cv time, cn int, cx int
-- in  dv time, dn int, dx int, ev time, en int, ex int, fv time, fn int, fx int
-- in  gv time, gn int, gx int, hv time, hn int, hx int, kv time, kn int, kx int
-- in  jv time, jn int, jx int
-- out found int
SELECT count(number) AS found FROM flow_entry
WHERE queue = :queue AND ((visible = :av AND number = :an AND nonce = :ax)
    OR (visible = :bv AND number = :bn AND nonce = :bx)
    OR (visible = :cv AND number = :cn AND nonce = :cx)
    OR (visible = :dv AND number = :dn AND nonce = :dx)
    OR (visible = :ev AND number = :en AND nonce = :ex)
    OR (visible = :fv AND number = :fn AND nonce = :fx)
    OR (visible = :gv AND number = :gn AND nonce = :gx)
    OR (visible = :hv AND number = :hn AND nonce = :hx)
    OR (visible = :kv AND number = :kn AND nonce = :kx)
    OR (visible = :jv AND number = :jn AND nonce = :jx));

-- queue_entry_drop_ten: exec
-- in  queue int
-- in  av time, an int, ax int, bv time, bn int, bx int, cv time, cn int, cx int
-- in  dv time, dn int, dx int, ev time, en int, ex int, fv time, fn int, fx int
-- in  gv time, gn int, gx int, hv time, hn int, hx int, kv time, kn int, kx int
-- in  jv time, jn int, jx int
DELETE FROM flow_entry
WHERE queue = :queue AND ((visible = :av AND number = :an AND nonce = :ax)
    OR (visible = :bv AND number = :bn AND nonce = :bx)
    OR (visible = :cv AND number = :cn AND nonce = :cx)
    OR (visible = :dv AND number = :dn AND nonce = :dx)
    OR (visible = :ev AND number = :en AND nonce = :ex)
    OR (visible = :fv AND number = :fn AND nonce = :fx)
    OR (visible = :gv AND number = :gn AND nonce = :gx)
    OR (visible = :hv AND number = :hn AND nonce = :hx)
    OR (visible = :kv AND number = :kn AND nonce = :kx)
    OR (visible = :jv AND number = :jn AND nonce = :jx));

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
