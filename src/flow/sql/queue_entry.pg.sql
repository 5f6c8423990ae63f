-- Messages in queues that are not fifo, by when they may be received.

-- queue_entry_add: exec
INSERT INTO flow_entry (queue, visible, number, receives, nonce, first)
VALUES (:queue, :visible, currval('flow_number'), 0, 0, 0);
