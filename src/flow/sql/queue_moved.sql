-- Received messages that were hidden anew: their receipts say an older time.

-- queue_moved_find: many
-- Until when it is hidden.
-- in  number int
-- out visible time
SELECT visible FROM flow_moved WHERE number = :number ORDER BY number LIMIT 1;

-- queue_moved_set: exec
-- in  number int, visible time
INSERT INTO flow_moved (number, visible) VALUES (:number, :visible)
ON CONFLICT (number) DO UPDATE SET visible = excluded.visible;

-- queue_moved_drop: exec
-- in  number int
DELETE FROM flow_moved WHERE number = :number;

-- queue_moved_old: exec
-- Those that are visible again for long.
-- scan: a row a hidden message
-- in  before time
DELETE FROM flow_moved WHERE visible < :before;
