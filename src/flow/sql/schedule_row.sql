-- Schedules, and when they run next.

-- schedule_row_find: many
-- The one of that name.
-- in  name text
-- out name text, expression text, zone text, to_event bool, address text, body text, jitter int
-- out missed text, paused bool, declared bool, anchor time, due time, wake time, last time
-- out trouble text, made time, moved time
SELECT name, expression, zone, to_event, address, body, jitter, missed, paused, declared, anchor,
       due, wake, last, trouble, made, moved
FROM flow_schedule WHERE name = :name ORDER BY name LIMIT 1;

-- schedule_row_list: many
-- By name, from behind one on.
-- in  after text, limit int
-- out name text, expression text, zone text, to_event bool, address text, body text, jitter int
-- out missed text, paused bool, declared bool, anchor time, due time, wake time, last time
-- out trouble text, made time, moved time
SELECT name, expression, zone, to_event, address, body, jitter, missed, paused, declared, anchor,
       due, wake, last, trouble, made, moved
FROM flow_schedule WHERE name > :after ORDER BY name LIMIT :limit;

-- schedule_row_first: many
-- Those that are sent next.
-- in  limit int
-- out name text, wake time
SELECT name, wake FROM flow_schedule ORDER BY wake, name LIMIT :limit;

-- schedule_row_add: exec
-- in  name text, expression text, zone text, to_event bool, address text, body text, jitter int
-- in  missed text, declared bool, anchor time, due time, wake time, now time
INSERT INTO flow_schedule (name, expression, zone, to_event, address, body, jitter, missed, paused,
                           declared, anchor, due, wake, last, trouble, made, moved)
VALUES (:name, :expression, :zone, :to_event, :address, :body, :jitter, :missed, FALSE, :declared,
        :anchor, :due, :wake, 0, '', :now, :now);

-- schedule_row_set: exec
-- in  name text, expression text, zone text, to_event bool, address text, body text, jitter int
-- in  missed text, declared bool, anchor time, due time, wake time, now time
UPDATE flow_schedule
SET expression = :expression, zone = :zone, to_event = :to_event, address = :address, body = :body,
    jitter = :jitter, missed = :missed, declared = :declared, anchor = :anchor, due = :due,
    wake = :wake, trouble = '', moved = :now
WHERE name = :name;

-- schedule_row_pause: exec
-- in  name text, paused bool, due time, wake time, now time
UPDATE flow_schedule SET paused = :paused, due = :due, wake = :wake, moved = :now
WHERE name = :name;

-- schedule_row_move: exec
-- in  name text, due time, wake time, last time, trouble text, now time
UPDATE flow_schedule
SET due = :due, wake = :wake, last = :last, trouble = :trouble, moved = :now
WHERE name = :name;

-- schedule_row_drop: exec
-- in  name text
DELETE FROM flow_schedule WHERE name = :name;
