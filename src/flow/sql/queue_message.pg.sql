-- What was sent: numbers come from a sequence, which no process waits for.

-- queue_message_add: exec
INSERT INTO flow_message (number, id, body, attributes, group_id, dedup_id, sender, trace, sent)
VALUES (nextval('flow_number'), :id, :body, :attributes, :group_id, :dedup_id, :sender, :trace,
        :sent);

-- queue_message_number: one
SELECT currval('flow_number') AS number;
