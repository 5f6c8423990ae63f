-- What happened, kept for a while.

-- event_row_add: exec
-- in  id text, source text, type text, detail text, trace text, made time
INSERT INTO flow_event (id, source, type, detail, trace, made)
VALUES (:id, :source, :type, :detail, :trace, :made);

-- event_row_page: many
-- The newest first, those before an id.
-- in  before text, source text?, type text?, limit int
-- out id text, source text, type text, detail text, trace text, made time
SELECT id, source, type, detail, trace, made FROM flow_event
WHERE id < :before [[ AND source = :source ]] [[ AND type = :type ]]
ORDER BY id DESC LIMIT :limit;

-- event_row_brief: many
-- As event_row_page, without what they tell.
-- in  before text, source text?, type text?, limit int
-- out id text, source text, type text, made time
SELECT id, source, type, made FROM flow_event
WHERE id < :before [[ AND source = :source ]] [[ AND type = :type ]]
ORDER BY id DESC LIMIT :limit;

-- event_row_find: one
-- in  id text
-- out source text, type text, detail text, trace text, made time
SELECT source, type, detail, trace, made FROM flow_event WHERE id = :id;

-- event_row_newest: many
-- in  limit int
-- out id text
SELECT id FROM flow_event ORDER BY id DESC LIMIT :limit;

-- event_row_between: many
-- Those behind one id and before another, the oldest first.
-- in  after text, until text, limit int
-- out id text
SELECT id FROM flow_event WHERE id > :after AND id < :until ORDER BY id LIMIT :limit;

-- event_row_forget: exec changed
-- The oldest that are older than an id, but those that still go out.
-- in  until text, limit int
DELETE FROM flow_event WHERE id IN (
    SELECT e.id FROM flow_event AS e
    WHERE e.id < :until AND NOT EXISTS (
        SELECT 1 FROM flow_event_pending AS p WHERE p.replay = '' AND p.event = e.id)
    ORDER BY e.id LIMIT :limit);
