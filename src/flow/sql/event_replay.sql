-- Parts of the archive that go out again.

-- event_replay_add: exec
-- in  id text, rule text, first text, last text, made time
INSERT INTO flow_event_replay (id, rule, first, at, last, events, made)
VALUES (:id, :rule, :first, :first, :last, 0, :made);

-- event_replay_open: many
-- Those that have not ended, the oldest first.
-- in  limit int
-- out id text, rule text, at text, last text, events int
-- scan: replays are few
SELECT id, rule, at, last, events FROM flow_event_replay
WHERE ended IS NULL ORDER BY id LIMIT :limit;

-- event_replay_move: exec changed
-- Only from where it was: of two that move it, one does.
-- in  id text, from text, at text, events int, ended time?
UPDATE flow_event_replay SET at = :at, events = events + :events, ended = :ended
WHERE id = :id AND at = :from AND ended IS NULL;

-- event_replay_page: many
-- The newest first.
-- in  before text, limit int
-- out id text, rule text, first text, at text, last text, events int, made time, ended time?
SELECT id, rule, first, at, last, events, made, ended FROM flow_event_replay
WHERE id < :before ORDER BY id DESC LIMIT :limit;
