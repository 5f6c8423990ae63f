-- Who wants which events.

-- event_rule_set: exec
-- in  name text, about text, pattern text, enabled bool, now time
INSERT INTO flow_event_rule (name, about, pattern, enabled, made, changed)
VALUES (:name, :about, :pattern, :enabled, :now, :now)
ON CONFLICT (name) DO UPDATE
SET about = :about, pattern = :pattern, enabled = :enabled, changed = :now;

-- event_rule_enable: exec changed
-- in  name text, enabled bool, now time
UPDATE flow_event_rule SET enabled = :enabled, changed = :now WHERE name = :name;

-- event_rule_drop: exec changed
-- in  name text
DELETE FROM flow_event_rule WHERE name = :name;

-- event_rule_page: many
-- By name, from behind one on.
-- in  after text, limit int
-- out name text, about text, pattern text, enabled bool, made time, changed time
SELECT name, about, pattern, enabled, made, changed FROM flow_event_rule
WHERE name > :after ORDER BY name LIMIT :limit;

-- event_rule_find: one
-- in  name text
-- out name text, about text, pattern text, enabled bool, made time, changed time
SELECT name, about, pattern, enabled, made, changed FROM flow_event_rule WHERE name = :name;

-- event_rule_version: one
-- It rises with each change of a rule.
-- out version int
SELECT version FROM flow_event_state WHERE number = 1;

-- event_rule_touch: exec
UPDATE flow_event_state SET version = version + 1 WHERE number = 1;
