-- Messages in queues that are not fifo: what another process receives is passed over.

-- queue_entry_add: exec
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
VALUES (:queue, :visible, currval('flow_number'), 0, 0, 0);

-- queue_entry_take: many
WITH e AS (
    SELECT visible, number, receives, first FROM flow_entry
    WHERE queue = :queue AND visible >= :floor AND visible <= :now
    ORDER BY visible, number LIMIT :limit FOR UPDATE SKIP LOCKED)
SELECT e.visible, e.number, e.receives, e.first, m.id, m.body, m.attributes, m.dedup_id, m.group_id,
       m.sender, m.trace, m.sent
FROM e JOIN flow_message AS m ON m.number = e.number
ORDER BY e.visible, e.number LIMIT :limit;

-- queue_entry_add_ten: exec
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
SELECT :queue, :visible, currval('flow_number') + v.place, 0, 0, 0
FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS v (place)
WHERE v.place < :count;
