-- What was sent: numbers come from a sequence, which no process waits for.

-- queue_message_add: exec
INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
VALUES (nextval('flow_number'), :id, :body, :attributes, :group_id, :dedup_id, :sender, :trace,
        :sent);

-- queue_message_number: one
SELECT currval('flow_number') AS number;

-- queue_message_add_ten: exec
WITH n AS MATERIALIZED (SELECT nextval('flow_number') AS base)
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
WHERE v.place < :count;
