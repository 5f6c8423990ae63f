-- Events, and who wants them.
CREATE TABLE flow_event (
    id @text NOT NULL PRIMARY KEY,
    source @text NOT NULL,
    type @text NOT NULL,
    detail @text NOT NULL,
    trace @text NOT NULL,
    made @time NOT NULL
) @strict;
CREATE TABLE flow_event_pending (
    replay @text NOT NULL,
    event @text NOT NULL,
    rule @text NOT NULL,
    PRIMARY KEY (replay, event)
) @strict_by_key;
CREATE TABLE flow_event_rule (
    name @text NOT NULL PRIMARY KEY,
    about @text NOT NULL,
    pattern @text NOT NULL,
    enabled @bool NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE TABLE flow_event_target (
    rule @text NOT NULL,
    number @int NOT NULL,
    kind @text NOT NULL,
    name @text NOT NULL,
    input @text NOT NULL,
    PRIMARY KEY (rule, number)
) @strict_by_key;
CREATE TABLE flow_event_state (
    number @int NOT NULL PRIMARY KEY,
    version @int NOT NULL
) @strict;
INSERT INTO flow_event_state (number, version) VALUES (1, 1);
CREATE TABLE flow_event_replay (
    id @text NOT NULL PRIMARY KEY,
    rule @text NOT NULL,
    first @text NOT NULL,
    at @text NOT NULL,
    last @text NOT NULL,
    events @int NOT NULL,
    made @time NOT NULL,
    ended @time
) @strict;
CREATE TABLE flow_event_tally (
    rule @text NOT NULL,
    number @int NOT NULL,
    taken @int NOT NULL,
    failed @int NOT NULL,
    last @time NOT NULL,
    fell @time NOT NULL,
    reason @text NOT NULL,
    PRIMARY KEY (rule, number)
) @strict_by_key;
