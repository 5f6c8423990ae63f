-- Events that go to who wants them as soon as the bus comes by.

-- event_pending_add: exec changed
-- in  replay text, event text, rule text
INSERT INTO flow_event_pending (replay, event, rule) VALUES (:replay, :event, :rule)
ON CONFLICT (replay, event) DO NOTHING;

-- event_pending_page: many
-- New ones first, in the order of time; of what is no longer in the archive nothing is known.
-- in  after text, limit int
-- out replay text, event text, rule text
-- out source text?, type text?, detail text?, trace text?, made time?
SELECT p.replay, p.event, p.rule, e.source, e.type, e.detail, e.trace, e.made
FROM flow_event_pending AS p LEFT JOIN flow_event AS e ON e.id = p.event
WHERE (p.replay, p.event) > ('', :after) ORDER BY p.replay, p.event LIMIT :limit;

-- event_pending_take: exec changed
-- Of two that take it, one has it.
-- in  replay text, event text
DELETE FROM flow_event_pending WHERE replay = :replay AND event = :event;

-- event_pending_oldest: many
-- Of what is new.
-- in  limit int
-- out event text
SELECT event FROM flow_event_pending WHERE replay = '' ORDER BY event LIMIT :limit;
