-- What is done to several messages of a queue that is not fifo, each in one statement. Rows are
-- looked up by LATERAL and changed by their ctid: whatever PostgreSQL thinks of the tables' sizes,
-- no plan of these reads more than what it changes.

-- queue_far_add: far exec
-- Up to ten that are but bodies; their numbers follow each other.
-- in  queue int, visible time, count int, sender text, trace text, sent time
-- in  a_id text, a_body text, b_id text, b_body text, c_id text, c_body text
-- in  d_id text, d_body text, e_id text, e_body text, f_id text, f_body text
-- in  g_id text, g_body text, h_id text, h_body text, i_id text, i_body text
-- in  j_id text, j_body text
WITH n AS MATERIALIZED (SELECT nextval('flow_number') AS base),
m AS (
    INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
    SELECT n.base + v.place, v.id, v.body, '', '', '', :sender, :trace, :sent
    FROM n, (VALUES (0, :a_id, :a_body),
                 (1, :b_id, :b_body),
                 (2, :c_id, :c_body),
                 (3, :d_id, :d_body),
                 (4, :e_id, :e_body),
                 (5, :f_id, :f_body),
                 (6, :g_id, :g_body),
                 (7, :h_id, :h_body),
                 (8, :i_id, :i_body),
                 (9, :j_id, :j_body)) AS v (place, id, body)
    WHERE v.place < :count
    RETURNING number)
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
SELECT :queue, :visible, m.number, 0, 0, 0 FROM m;

-- queue_far_take: far many
-- Hides those that may be received, and reads what was sent. Where another process has some, they
-- are passed over. They are told as they were before.
-- in  queue int, floor time, now time, limit int, until time, nonce int
-- out visible time, number int, receives int, first time, id text, body text, attributes text
-- out dedup_id text, group_id text, sender text, trace text, sent time
WITH e AS MATERIALIZED (
    SELECT ctid AS place, visible, number, receives, first FROM flow_entry
    WHERE queue = :queue AND visible >= :floor AND visible <= :now
    ORDER BY visible, number LIMIT :limit FOR UPDATE SKIP LOCKED),
h AS (
    UPDATE flow_entry
    SET visible = :until, nonce = :nonce, receives = receives + 1,
        first = CASE WHEN first = 0 THEN :now ELSE first END
    WHERE ctid = ANY (ARRAY(SELECT e.place FROM e)))
SELECT e.visible, e.number, e.receives, e.first, m.id, m.body, m.attributes, m.dedup_id, m.group_id,
       m.sender, m.trace, m.sent
FROM e CROSS JOIN LATERAL (
    SELECT id, body, attributes, dedup_id, group_id, sender, trace, sent FROM flow_message
    WHERE number = e.number ORDER BY number LIMIT 1) AS m
ORDER BY e.visible, e.number LIMIT :limit;

-- queue_far_drop: far many
-- Those of ten that are there as their receipts say are deleted, and told.
-- in  queue int
-- in  av time, an int, ax int, bv time, bn int, bx int, cv time, cn int, cx int
-- in  dv time, dn int, dx int, ev time, en int, ex int, fv time, fn int, fx int
-- in  gv time, gn int, gx int, hv time, hn int, hx int, kv time, kn int, kx int
-- in  jv time, jn int, jx int
-- out number int, nonce int
WITH gone AS (
    DELETE FROM flow_entry
    WHERE ctid = ANY (ARRAY(
        SELECT e.place
        FROM (VALUES (:av, :an, :ax),
                  (:bv, :bn, :bx),
                  (:cv, :cn, :cx),
                  (:dv, :dn, :dx),
                  (:ev, :en, :ex),
                  (:fv, :fn, :fx),
                  (:gv, :gn, :gx),
                  (:hv, :hn, :hx),
                  (:kv, :kn, :kx),
                  (:jv, :jn, :jx)) AS r (visible, number, nonce)
        CROSS JOIN LATERAL (
            SELECT ctid AS place FROM flow_entry
            WHERE queue = :queue AND visible = r.visible AND number = r.number AND nonce = r.nonce
            ORDER BY number LIMIT 1) AS e))
    RETURNING number, nonce),
m AS (
    DELETE FROM flow_message WHERE number = ANY (ARRAY(SELECT gone.number FROM gone)))
SELECT gone.number, gone.nonce FROM gone ORDER BY gone.number LIMIT 10;
