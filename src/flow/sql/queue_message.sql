-- What was sent: written once, and deleted.

-- queue_message_add: exec
-- Its number is greater than those there are; the statement behind this one knows it.
-- in  id text, body text, attributes text, group_id text, dedup_id text, sender text, trace text
-- in  sent time
INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
VALUES (max(coalesce((SELECT max(number) FROM flow_message), 0) + 1, :sent),
        :id, :body, :attributes, :group_id, :dedup_id, :sender, :trace, :sent);

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
