-- Queues, and what waits in them.
CREATE TABLE flow_queue (
    number @int NOT NULL PRIMARY KEY,
    name @text NOT NULL,
    fifo @bool NOT NULL,
    by_body @bool NOT NULL,
    visibility @int NOT NULL,
    delay @int NOT NULL,
    retention @int NOT NULL,
    wait @int NOT NULL,
    body_max @int NOT NULL,
    dead @int,
    receives_max @int NOT NULL,
    labels @text NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE UNIQUE INDEX flow_queue_name ON flow_queue (name);
CREATE INDEX flow_queue_dead ON flow_queue (dead);
CREATE TABLE flow_message (
    number @int NOT NULL PRIMARY KEY,
    id @text NOT NULL,
    body @text NOT NULL,
    attributes @text NOT NULL,
    group_id @text NOT NULL,
    dedup_id @text NOT NULL,
    sender @text NOT NULL,
    trace @text NOT NULL,
    sent @time NOT NULL
) @strict;
CREATE TABLE flow_entry (
    queue @int NOT NULL,
    visible @time NOT NULL,
    number @int NOT NULL,
    receives @int NOT NULL,
    nonce @int NOT NULL,
    first @time NOT NULL,
    PRIMARY KEY (queue, visible, number)
) @strict_by_key;
CREATE TABLE flow_moved (
    number @int NOT NULL PRIMARY KEY,
    visible @time NOT NULL
) @strict;
CREATE TABLE flow_group (
    queue @int NOT NULL,
    name @text NOT NULL,
    visible @time NOT NULL,
    PRIMARY KEY (queue, name)
) @strict_by_key;
CREATE INDEX flow_group_queue_visible_name ON flow_group (queue, visible, name);
CREATE TABLE flow_line (
    queue @int NOT NULL,
    name @text NOT NULL,
    number @int NOT NULL,
    visible @time NOT NULL,
    receives @int NOT NULL,
    nonce @int NOT NULL,
    first @time NOT NULL,
    PRIMARY KEY (queue, name, number)
) @strict_by_key;
CREATE TABLE flow_dedup (
    queue @int NOT NULL,
    word @text NOT NULL,
    id @text NOT NULL,
    number @int NOT NULL,
    ends @time NOT NULL,
    PRIMARY KEY (queue, word)
) @strict_by_key;
CREATE INDEX flow_dedup_ends ON flow_dedup (ends);
CREATE TABLE flow_dead (
    number @int NOT NULL PRIMARY KEY,
    queue @int NOT NULL,
    source @int NOT NULL,
    receives @int NOT NULL,
    reason @text NOT NULL,
    trace @text NOT NULL,
    failed @time NOT NULL
) @strict;
CREATE INDEX flow_dead_queue_number ON flow_dead (queue, number);
-- Numbers that no two processes wait for, enough for a batch at a time; dead rows go soon.
CREATE SEQUENCE flow_number INCREMENT BY 16 CACHE 1;
ALTER TABLE flow_entry SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0,
                            autovacuum_vacuum_threshold = 5000);
ALTER TABLE flow_message SET (autovacuum_vacuum_scale_factor = 0.0,
                              autovacuum_vacuum_threshold = 5000);
