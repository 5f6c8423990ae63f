-- What is sent at set times.
CREATE TABLE flow_schedule (
    name @text NOT NULL PRIMARY KEY,
    expression @text NOT NULL,
    zone @text NOT NULL,
    to_event @bool NOT NULL,
    address @text NOT NULL,
    body @text NOT NULL,
    jitter @int NOT NULL,
    missed @text NOT NULL,
    paused @bool NOT NULL,
    declared @bool NOT NULL,
    anchor @time NOT NULL,
    due @time NOT NULL,
    wake @time NOT NULL,
    last @time NOT NULL,
    trouble @text NOT NULL,
    made @time NOT NULL,
    moved @time NOT NULL
) @strict_by_key;
CREATE INDEX flow_schedule_wake ON flow_schedule (wake);
