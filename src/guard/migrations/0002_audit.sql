-- The audit trail.
CREATE TABLE guard_audit (
    number @int NOT NULL PRIMARY KEY,
    made @time NOT NULL,
    who @text NOT NULL,
    action @text NOT NULL,
    subject @text NOT NULL,
    address @text NOT NULL,
    detail @text NOT NULL,
    hash @blob NOT NULL
) @strict;
CREATE INDEX guard_audit_made_number ON guard_audit (made, number);
CREATE INDEX guard_audit_who_made_number ON guard_audit (who, made, number);
CREATE INDEX guard_audit_action_made_number ON guard_audit (action, made, number);
CREATE TABLE guard_audit_head (
    id @int NOT NULL PRIMARY KEY,
    number @int NOT NULL,
    hash @blob NOT NULL,
    seal @blob NOT NULL
) @strict;
