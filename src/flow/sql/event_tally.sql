-- What became of rules' events.

-- event_tally_add: exec
-- Nothing where the rule is gone.
-- in  rule text, number int, taken int, failed int, last time, fell time, reason text
INSERT INTO flow_event_tally (rule, number, taken, failed, last, fell, reason)
SELECT r.name, :number, :taken, :failed, :last, :fell, :reason
FROM flow_event_rule AS r WHERE r.name = :rule
ON CONFLICT (rule, number) DO UPDATE
SET taken = flow_event_tally.taken + excluded.taken,
    failed = flow_event_tally.failed + excluded.failed,
    last = CASE WHEN excluded.last > flow_event_tally.last
                THEN excluded.last ELSE flow_event_tally.last END,
    reason = CASE WHEN excluded.fell > flow_event_tally.fell
                  THEN excluded.reason ELSE flow_event_tally.reason END,
    fell = CASE WHEN excluded.fell > flow_event_tally.fell
                THEN excluded.fell ELSE flow_event_tally.fell END;

-- event_tally_of: many
-- The rule's own first.
-- in  rule text, limit int
-- out number int, taken int, failed int, last time, fell time, reason text
SELECT number, taken, failed, last, fell, reason FROM flow_event_tally
WHERE rule = :rule ORDER BY number LIMIT :limit;

-- event_tally_drop: exec
-- Of a rule, from that number on.
-- in  rule text, from int
DELETE FROM flow_event_tally WHERE rule = :rule AND number >= :from;

-- event_tally_failing: one
-- Targets of rules that are on, whose last event failed.
-- out failing int
-- scan: rules are few
SELECT count(t.number) AS failing FROM flow_event_tally AS t
JOIN flow_event_rule AS r ON r.name = t.rule
WHERE t.fell > t.last AND r.enabled;
