-- What the company answers.

-- answer_add: exec changed
-- An answer; the one that came by the same form before stays as it is.
-- in  id id, message id, words text, made time
INSERT INTO front_answer (id, message, words, made) VALUES (:id, :message, :words, :made)
ON CONFLICT (id) DO NOTHING;

-- answer_sent: exec
-- The mail was given on.
-- in  id id, sent time
UPDATE front_answer SET sent = :sent WHERE id = :id;

-- answer_find: one
-- An answer to be sent, or sent again.
-- in  id id, message id
-- out words text, sent time?
SELECT words, sent FROM front_answer WHERE id = :id AND message = :message;

-- answer_list: many
-- What was answered to a message, in the order of time.
-- in  message id, limit int
-- out id id, words text, made time, sent time?
SELECT id, words, made, sent FROM front_answer WHERE message = :message ORDER BY id LIMIT :limit;
