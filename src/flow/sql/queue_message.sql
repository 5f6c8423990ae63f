-- What was sent: written once, and deleted.

-- queue_message_add: exec
-- Its number is greater than those there are; the statement behind this one knows it.
-- in  id text, body text, attributes text, group_id text, dedup_id text, sender text, trace text
-- in  sent time
INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
VALUES (max(coalesce((SELECT max(number) FROM flow_message), 0) + 1, :sent),
        :id, :body, :attributes, :group_id, :dedup_id, :sender, :trace, :sent);

-- queue_message_add_ten: exec
-- Up to ten that are but bodies; their numbers follow each other.
-- in  count int, sender text, trace text, sent time
-- in  a_id text, a_body text, b_id text, b_body text, c_id text, c_body text
-- in  d_id text, d_body text, e_id text, e_body text, f_id text, f_body text
-- in  g_id text, g_body text, h_id text, h_body text, i_id text, i_body text
-- in  j_id text, j_body text
INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
SELECT max(coalesce((SELECT max(number) FROM flow_message), 0) + 1, :sent + :count) + v.place, v.id,
       v.body, '', '', '', :sender, :trace, :sent
FROM (
    SELECT 0 AS place, :a_id AS id, :a_body AS body
    UNION ALL SELECT 1, :b_id, :b_body
    UNION ALL SELECT 2, :c_id, :c_body
    UNION ALL SELECT 3, :d_id, :d_body
    UNION ALL SELECT 4, :e_id, :e_body
    UNION ALL SELECT 5, :f_id, :f_body
    UNION ALL SELECT 6, :g_id, :g_body
    UNION ALL SELECT 7, :h_id, :h_body
    UNION ALL SELECT 8, :i_id, :i_body
    UNION ALL SELECT 9, :j_id, :j_body
) AS v
WHERE v.place < :count;

-- queue_message_number: one
-- Of the one that was added last, in this transaction.
-- out number int
SELECT last_insert_rowid() AS number;

-- queue_message_of: many
-- The group of one, where it is there.
-- in  number int
-- out number int, group_id text
SELECT number, group_id FROM flow_message WHERE number = :number ORDER BY number LIMIT 1;

-- queue_message_drop: exec
-- in  number int
DELETE FROM flow_message WHERE number = :number;

-- queue_message_drop_ten: exec
-- in  a int, b int, c int, d int, e int, f int, g int, h int, i int, j int
DELETE FROM flow_message WHERE number IN (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j);

-- queue_message_drop_entries: exec
-- All of a queue.
-- in  queue int
DELETE FROM flow_message
WHERE number IN (SELECT e.number FROM flow_entry AS e WHERE e.queue = :queue);

-- queue_message_drop_lines: exec
-- All of a fifo queue.
-- in  queue int
DELETE FROM flow_message
WHERE number IN (SELECT l.number FROM flow_line AS l WHERE l.queue = :queue);
