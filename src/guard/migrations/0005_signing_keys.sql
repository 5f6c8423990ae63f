-- Keys that sign as AWS's SDKs do.
ALTER TABLE guard_key ADD COLUMN signs @int;
