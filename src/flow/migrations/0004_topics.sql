-- Topics, who hears of them, and what is on its way to them.
CREATE TABLE flow_topic (
    name @text NOT NULL PRIMARY KEY,
    title @text NOT NULL,
    made @time NOT NULL
) @strict;
CREATE TABLE flow_subscription (
    id @id NOT NULL PRIMARY KEY,
    topic @text NOT NULL,
    channel @text NOT NULL,
    target @text NOT NULL,
    owner @text NOT NULL,
    filter @text NOT NULL,
    language @text NOT NULL,
    disabled @bool NOT NULL,
    turns @int NOT NULL,
    turned @time NOT NULL,
    failures @int NOT NULL,
    failing @time NOT NULL,
    shut @time NOT NULL,
    made @time NOT NULL
) @strict;
CREATE UNIQUE INDEX flow_subscription_topic_channel_target_owner
    ON flow_subscription (topic, channel, target, owner);
CREATE INDEX flow_subscription_owner_id ON flow_subscription (owner, id);
CREATE INDEX flow_subscription_channel_id ON flow_subscription (channel, id);
CREATE TABLE flow_template (
    topic @text NOT NULL,
    language @text NOT NULL,
    subject @text NOT NULL,
    words @text NOT NULL,
    changed @time NOT NULL,
    PRIMARY KEY (topic, language)
) @strict_by_key;
CREATE TABLE flow_preference (
    owner @text NOT NULL,
    topic @text NOT NULL,
    channel @text NOT NULL,
    wants @bool NOT NULL,
    PRIMARY KEY (owner, topic, channel)
) @strict;
CREATE TABLE flow_notice (
    id @id NOT NULL PRIMARY KEY,
    topic @text NOT NULL,
    subject @text NOT NULL,
    words @text NOT NULL,
    html @text NOT NULL,
    body @text NOT NULL,
    owner @text NOT NULL,
    made @time NOT NULL
) @strict;
CREATE TABLE flow_delivery (
    id @id NOT NULL PRIMARY KEY,
    notice @id NOT NULL,
    subscription @id NOT NULL,
    topic @text NOT NULL,
    channel @text NOT NULL,
    target @text NOT NULL,
    state @text NOT NULL,
    tries @int NOT NULL,
    status @int NOT NULL,
    took @int NOT NULL,
    answer @text NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE INDEX flow_delivery_subscription_id ON flow_delivery (subscription, id);
CREATE INDEX flow_delivery_state_topic_subscription_id
    ON flow_delivery (state, topic, subscription, id);
