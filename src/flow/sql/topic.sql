-- Topics, and who hears of them.

-- topic_add: exec
-- in  name text, title text, now time
INSERT INTO flow_topic (name, title, made) VALUES (:name, :title, :now)
ON CONFLICT (name) DO UPDATE SET title = excluded.title;

-- topic_find: one
-- in  name text
-- out title text
SELECT title FROM flow_topic WHERE name = :name;

-- topic_listener_add: exec changed
-- One that is there already keeps its id.
-- in  id id, topic text, channel text, target text, owner text, filter text, now time
INSERT INTO flow_subscription (id, topic, channel, target, owner, filter, made)
VALUES (:id, :topic, :channel, :target, :owner, :filter, :now)
ON CONFLICT (topic, channel, target, owner) DO UPDATE SET filter = excluded.filter;

-- topic_listener_find: one
-- in  topic text, channel text, target text, owner text
-- out id id
SELECT id FROM flow_subscription
WHERE topic = :topic AND channel = :channel AND target = :target AND owner = :owner;

-- topic_listener_read: one
-- One, and what its topic is called.
-- in  id id
-- out title text, target text
SELECT t.title, s.target FROM flow_subscription AS s JOIN flow_topic AS t ON t.name = s.topic
WHERE s.id = :id;

-- topic_listener_drop: exec changed
-- in  id id
DELETE FROM flow_subscription WHERE id = :id;

-- topic_listener_next: many
-- Those of a topic from behind one on, without those who want none of it.
-- in  topic text, owner text?, channel text, target text, of text, limit int
-- out id id, channel text, target text, owner text, filter text
SELECT s.id, s.channel, s.target, s.owner, s.filter
FROM flow_subscription AS s
WHERE s.topic = :topic [[ AND s.owner = :owner ]]
    AND (s.channel, s.target, s.owner) > (:channel, :target, :of)
    AND NOT EXISTS (SELECT 1 FROM flow_preference AS p
                    WHERE p.owner = s.owner AND p.topic = s.topic AND p.channel = s.channel
                        AND NOT p.wants)
ORDER BY s.channel, s.target, s.owner LIMIT :limit;

-- topic_preference_set: exec
-- in  owner text, topic text, channel text, wants bool
INSERT INTO flow_preference (owner, topic, channel, wants)
VALUES (:owner, :topic, :channel, :wants)
ON CONFLICT (owner, topic, channel) DO UPDATE SET wants = excluded.wants;

-- topic_notice_add: exec
-- in  id id, topic text, subject text, words text, html text, body text, owner text, now time
INSERT INTO flow_notice (id, topic, subject, words, html, body, owner, made)
VALUES (:id, :topic, :subject, :words, :html, :body, :owner, :now);

-- topic_notice_find: one
-- in  id id
-- out topic text, subject text, words text, html text, body text, owner text, made time
SELECT topic, subject, words, html, body, owner, made FROM flow_notice WHERE id = :id;

-- topic_delivery_add: exec
-- in  id id, notice id, subscription id, topic text, channel text, target text, now time
INSERT INTO flow_delivery (id, notice, subscription, topic, channel, target, state, tries, status,
                           answer, made, changed)
VALUES (:id, :notice, :subscription, :topic, :channel, :target, 'waiting', 0, 0, '', :now, :now);

-- topic_delivery_find: one
-- in  id id
-- out notice id, subscription id, topic text, channel text, target text, state text, tries int
SELECT notice, subscription, topic, channel, target, state, tries FROM flow_delivery
WHERE id = :id;

-- topic_delivery_tried: exec
-- in  id id, state text, status int, answer text, now time
UPDATE flow_delivery
SET state = :state, tries = tries + 1, status = :status, answer = :answer, changed = :now
WHERE id = :id;

-- topic_delivery_again: exec
-- in  id id, now time
UPDATE flow_delivery SET state = 'waiting', tries = 0, changed = :now WHERE id = :id;

-- topic_delivery_list: many
-- The newest first.
-- in  subscription id?, before id?, limit int
-- out id id, topic text, channel text, target text, state text, tries int, status int
-- out answer text, made time, changed time
SELECT id, topic, channel, target, state, tries, status, answer, made, changed
FROM flow_delivery
WHERE TRUE [[ AND subscription = :subscription ]] [[ AND id < :before ]]
ORDER BY id DESC LIMIT :limit;
