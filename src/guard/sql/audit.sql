-- What was done.

-- audit_head: one
-- Where the trail ends.
-- out number int, hash blob, seal blob
SELECT number, hash, seal FROM guard_audit_head WHERE id = 1;

-- audit_head_move: exec
-- The end is here now.
-- in  number int, hash blob, seal blob
INSERT INTO guard_audit_head (id, number, hash, seal) VALUES (1, :number, :hash, :seal)
ON CONFLICT (id)
DO UPDATE SET number = excluded.number, hash = excluded.hash, seal = excluded.seal;

-- audit_enter: exec
-- An entry, behind the last one.
-- in  number int, made time, who text, action text, subject text, address text, detail text
-- in  hash blob
INSERT INTO guard_audit (number, made, who, action, subject, address, detail, hash)
VALUES (:number, :made, :who, :action, :subject, :address, :detail, :hash);

-- audit_after: many
-- The trail from behind a number on, in its order.
-- in  after int, limit int
-- out number int, made time, who text, action text, subject text, address text, detail text
-- out hash blob
SELECT number, made, who, action, subject, address, detail, hash FROM guard_audit
WHERE number > :after ORDER BY number LIMIT :limit;

-- audit_list: many
-- The newest first.
-- in  who text?, action text?, since time?, until time?, before_made time?, before_number int?
-- in  limit int
-- out number int, made time, who text, action text, subject text, address text, detail text
SELECT number, made, who, action, subject, address, detail FROM guard_audit
WHERE TRUE
    [[ AND who = :who ]]
    [[ AND action = :action ]]
    [[ AND made >= :since AND made < :until ]]
    [[ AND (made, number) < (:before_made, :before_number) ]]
ORDER BY made DESC, number DESC LIMIT :limit;
