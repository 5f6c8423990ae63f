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
-- in  id id, topic text, channel text, target text, owner text, filter text, language text
-- in  now time
INSERT INTO flow_subscription (id, topic, channel, target, owner, filter, language, disabled,
                               turns, turned, failures, failing, shut, made)
VALUES (:id, :topic, :channel, :target, :owner, :filter, :language, FALSE, 0, 0, 0, 0, 0, :now)
ON CONFLICT (topic, channel, target, owner)
DO UPDATE SET filter = excluded.filter, language = excluded.language;

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
WHERE s.topic = :topic AND NOT s.disabled [[ AND s.owner = :owner ]]
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
                           took, answer, made, changed)
VALUES (:id, :notice, :subscription, :topic, :channel, :target, 'waiting', 0, 0, 0, '', :now,
        :now);

-- topic_delivery_load: one
-- All that is needed to carry one. The subscription may be gone.
-- in  id id
-- out topic text, title text, subscription id, channel text, target text, state text, tries int
-- out subject text, words text, html text, body text, made time
-- out language text?, disabled bool?, turns int?, turned time?, failures int?, shut time?
SELECT d.topic, t.title, d.subscription, d.channel, d.target, d.state, d.tries,
       n.subject, n.words, n.html, n.body, n.made,
       s.language, s.disabled, s.turns, s.turned, s.failures, s.shut
FROM flow_delivery AS d
JOIN flow_notice AS n ON n.id = d.notice
JOIN flow_topic AS t ON t.name = d.topic
LEFT JOIN flow_subscription AS s ON s.id = d.subscription
WHERE d.id = :id;

-- topic_delivery_find: one
-- in  id id
-- out notice id, subscription id, topic text, channel text, target text, state text, tries int
-- out status int, took int, answer text, made time, changed time
SELECT notice, subscription, topic, channel, target, state, tries, status, took, answer, made,
       changed
FROM flow_delivery WHERE id = :id;

-- topic_delivery_tried: exec
-- in  id id, state text, tried bool, status int, took int, answer text, now time
UPDATE flow_delivery
SET state = :state, tries = CASE WHEN :tried THEN tries + 1 ELSE tries END, status = :status,
    took = :took, answer = :answer, changed = :now
WHERE id = :id;

-- topic_delivery_failed: many
-- in  topic text, subscription id, limit int
-- out id id
SELECT id FROM flow_delivery
WHERE state = 'failed' AND topic = :topic AND subscription = :subscription
ORDER BY id DESC LIMIT :limit;

-- topic_delivery_count: one
-- Of a topic or one of its subscriptions, up to a limit.
-- in  state text, topic text, subscription id?, limit int
-- out count int
SELECT COUNT(*) AS count FROM (
    SELECT d.id FROM flow_delivery AS d
    WHERE d.state = :state AND d.topic = :topic [[ AND d.subscription = :subscription ]]
    ORDER BY d.subscription, d.id LIMIT :limit) AS found;

-- topic_page: many
-- in  after text, limit int
-- out name text, title text
SELECT name, title FROM flow_topic WHERE name > :after ORDER BY name LIMIT :limit;

-- topic_listener_count: one
-- in  topic text, limit int
-- out count int
SELECT COUNT(*) AS count FROM (
    SELECT s.id FROM flow_subscription AS s WHERE s.topic = :topic
    ORDER BY s.channel, s.target, s.owner LIMIT :limit) AS found;

-- topic_listener_page: many
-- Those of a topic by channel and target, behind one.
-- in  topic text, channel text, target text, of text, limit int
-- out id id, channel text, target text, owner text, filter text, language text, disabled bool
-- out failing time, shut time
SELECT id, channel, target, owner, filter, language, disabled, failing, shut
FROM flow_subscription
WHERE topic = :topic AND (channel, target, owner) > (:channel, :target, :of)
ORDER BY channel, target, owner LIMIT :limit;

-- topic_listener_webhooks: many
-- The newest first.
-- in  before id?, limit int
-- out id id, topic text, channel text, target text, owner text, filter text, language text
-- out disabled bool, failing time, shut time
SELECT id, topic, channel, target, owner, filter, language, disabled, failing, shut
FROM flow_subscription
WHERE channel = 'webhook' [[ AND id < :before ]] ORDER BY id DESC LIMIT :limit;

-- topic_notice_last: many
-- in  topic text, limit int
-- out body text
-- scan: among the newest there is mostly one of the topic; who asks edits a template
SELECT body FROM flow_notice WHERE topic = :topic ORDER BY id DESC LIMIT :limit;

-- topic_delivery_oldest: many
-- in  limit int
-- out made time
SELECT made FROM flow_delivery WHERE state = 'waiting' ORDER BY made LIMIT :limit;

-- topic_delivery_forget: exec changed
-- in  before id, limit int
DELETE FROM flow_delivery WHERE id IN (
    SELECT d.id FROM flow_delivery AS d WHERE d.id < :before ORDER BY d.id LIMIT :limit);

-- topic_notice_forget: exec changed
-- in  before id, limit int
DELETE FROM flow_notice WHERE id IN (
    SELECT n.id FROM flow_notice AS n WHERE n.id < :before ORDER BY n.id LIMIT :limit);

-- topic_listener_failing: one
-- in  now time
-- out failing int, shut int
SELECT CAST(COALESCE(SUM(CASE WHEN failing > 0 THEN 1 ELSE 0 END), 0) AS bigint) AS failing,
       CAST(COALESCE(SUM(CASE WHEN shut > :now THEN 1 ELSE 0 END), 0) AS bigint) AS shut
FROM flow_subscription WHERE channel = 'webhook';

-- topic_listener_look: one
-- in  id id
-- out topic text, channel text, target text, owner text, filter text, language text, disabled bool
-- out turns int, turned time, failures int, failing time, shut time, made time
SELECT topic, channel, target, owner, filter, language, disabled, turns, turned, failures, failing,
       shut, made
FROM flow_subscription WHERE id = :id;

-- topic_listener_refilter: exec changed
-- in  id id, filter text
UPDATE flow_subscription SET filter = :filter WHERE id = :id;

-- topic_listener_disable: exec changed
-- in  id id, off bool
UPDATE flow_subscription SET disabled = :off, failures = 0, failing = 0, shut = 0 WHERE id = :id;

-- topic_listener_turn: exec
-- in  id id, turns int, now time
UPDATE flow_subscription SET turns = :turns, turned = :now WHERE id = :id;

-- topic_listener_well: exec
-- in  id id
UPDATE flow_subscription SET failures = 0, failing = 0, shut = 0 WHERE id = :id;

-- topic_listener_failed: exec
-- After so many in a row it is left alone for a while.
-- in  id id, now time, many int, until time
UPDATE flow_subscription
SET failures = failures + 1, failing = CASE WHEN failing = 0 THEN :now ELSE failing END,
    shut = CASE WHEN failures + 1 >= :many THEN :until ELSE 0 END
WHERE id = :id;

-- topic_delivery_again: exec
-- in  id id, now time
UPDATE flow_delivery SET state = 'waiting', tries = 0, changed = :now WHERE id = :id;

-- topic_delivery_list: many
-- The newest first.
-- in  subscription id?, before id?, limit int
-- out id id, topic text, channel text, target text, state text, tries int, status int
-- out took int, answer text, made time, changed time
SELECT id, topic, channel, target, state, tries, status, took, answer, made, changed
FROM flow_delivery
WHERE TRUE [[ AND subscription = :subscription ]] [[ AND id < :before ]]
ORDER BY id DESC LIMIT :limit;

-- topic_template_put: exec
-- in  topic text, language text, subject text, words text, now time
INSERT INTO flow_template (topic, language, subject, words, changed)
VALUES (:topic, :language, :subject, :words, :now)
ON CONFLICT (topic, language)
DO UPDATE SET subject = excluded.subject, words = excluded.words, changed = excluded.changed;

-- topic_template_remove: exec changed
-- in  topic text, language text
DELETE FROM flow_template WHERE topic = :topic AND language = :language;

-- topic_template_list: many
-- in  topic text, limit int
-- out language text, subject text, words text, changed time
SELECT language, subject, words, changed FROM flow_template WHERE topic = :topic
ORDER BY language LIMIT :limit;
