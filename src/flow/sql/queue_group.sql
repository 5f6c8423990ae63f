-- Groups of fifo queues that have messages.

-- queue_group_add: exec
-- One that has some already is as it was.
-- in  queue int, name text, visible time
INSERT INTO flow_group (queue, name, visible) VALUES (:queue, :name, :visible)
ON CONFLICT (queue, name) DO NOTHING;

-- queue_group_take: many
-- Those whose next batch may be received.
-- in  queue int, now time, limit int
-- out name text
SELECT name FROM flow_group WHERE queue = :queue AND visible <= :now
ORDER BY visible, name LIMIT :limit;

-- queue_group_set: exec
-- in  queue int, name text, visible time
UPDATE flow_group SET visible = :visible WHERE queue = :queue AND name = :name;

-- queue_group_drop: exec
-- in  queue int, name text
DELETE FROM flow_group WHERE queue = :queue AND name = :name;

-- queue_group_next: many
-- When the first one may be received from, or might have been.
-- in  queue int
-- out visible time, name text
SELECT visible, name FROM flow_group WHERE queue = :queue ORDER BY visible, name LIMIT 1;

-- queue_group_drop_all: exec
-- in  queue int
DELETE FROM flow_group WHERE queue = :queue;
