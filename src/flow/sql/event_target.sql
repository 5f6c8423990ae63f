-- Where the events of rules go.

-- event_target_add: exec
-- in  rule text, number int, kind text, name text, input text
INSERT INTO flow_event_target (rule, number, kind, name, input)
VALUES (:rule, :number, :kind, :name, :input);

-- event_target_drop: exec
-- All of a rule.
-- in  rule text
DELETE FROM flow_event_target WHERE rule = :rule;

-- event_target_page: many
-- Those of rules behind one name up to another, in the order of the rules.
-- in  after text, last text, limit int
-- out rule text, kind text, name text, input text
SELECT rule, kind, name, input FROM flow_event_target
WHERE rule > :after AND rule <= :last ORDER BY rule, number LIMIT :limit;

-- event_target_of: many
-- in  rule text, limit int
-- out kind text, name text, input text
SELECT kind, name, input FROM flow_event_target WHERE rule = :rule ORDER BY number LIMIT :limit;
