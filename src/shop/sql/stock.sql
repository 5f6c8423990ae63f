-- Stock by variant and location, and its ledger.

-- stock_row_look: many
-- Where a variant lies, in the order in which it is taken.
-- in  variant id, limit int
-- out location id, free int
SELECT s.location, s.free
FROM shop_stock AS s JOIN shop_location AS l ON l.id = s.location
WHERE s.variant = :variant
ORDER BY l.position, l.id LIMIT :limit;

-- stock_row_beyond: one
-- in  variant id
-- out beyond text
SELECT beyond FROM shop_variant WHERE id = :variant;

-- stock_row_parts: many
-- in  bundle id, limit int
-- out part id, quantity int
SELECT part, quantity FROM shop_part WHERE bundle = :bundle AND quantity > 0
ORDER BY part LIMIT :limit;

-- stock_row_first: many
-- The location from which what is not there yet is taken.
-- in  limit int
-- out location id
-- scan: locations are few
SELECT id AS location FROM shop_location ORDER BY position, id LIMIT :limit;

-- stock_row_make: exec
-- in  variant id, location id, now time
INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed)
VALUES (:variant, :location, 0, 0, 0, 0, :now)
ON CONFLICT (variant, location) DO NOTHING;

-- stock_row_change: exec changed
-- Nothing is changed where less than `least` would be free, or less than none of anything else.
-- in  variant id, location id, free int, held int, sold int, damaged int, least int, now time
UPDATE shop_stock
SET free = free + :free, held = held + :held, sold = sold + :sold, damaged = damaged + :damaged,
    changed = :now
WHERE variant = :variant AND location = :location AND free + :free >= :least
    AND held + :held >= 0 AND sold + :sold >= 0 AND damaged + :damaged >= 0;

-- stock_row_note: exec
-- in  variant id, location id, id id, kind text, free int, held int, sold int, damaged int
-- in  cause text, made time
INSERT INTO shop_movement (variant, location, id, kind, free, held, sold, damaged, cause, made)
VALUES (:variant, :location, :id, :kind, :free, :held, :sold, :damaged, :cause, :made);

-- stock_row_of: many
-- What the ledger says of a cause.
-- in  cause text, limit int
-- out variant id, location id, held int, sold int
SELECT variant, location, CAST(SUM(held) AS bigint) AS held, CAST(SUM(sold) AS bigint) AS sold
FROM shop_movement WHERE cause = :cause
GROUP BY variant, location
ORDER BY variant, location LIMIT :limit;

-- stock_row_find: many
-- in  variant id, location id
-- out free int, held int
SELECT free, held FROM shop_stock WHERE variant = :variant AND location = :location
ORDER BY variant, location LIMIT 1;

-- stock_row_page: many
-- Behind a place, in order.
-- in  variant id, location id, limit int
-- out variant id, location id, free int, held int, sold int, damaged int
SELECT variant, location, free, held, sold, damaged FROM shop_stock
WHERE (variant, location) > (:variant, :location)
ORDER BY variant, location LIMIT :limit;

-- stock_row_sums: many
-- The ledger's sums behind a place, and up to another, in order.
-- in  variant id, location id, last_variant id?, last_location id?, limit int
-- out variant id, location id, free int, held int, sold int, damaged int
SELECT variant, location, CAST(SUM(free) AS bigint) AS free, CAST(SUM(held) AS bigint) AS held,
    CAST(SUM(sold) AS bigint) AS sold, CAST(SUM(damaged) AS bigint) AS damaged
FROM shop_movement
WHERE (variant, location) > (:variant, :location)
    [[ AND (variant, location) <= (:last_variant, :last_location) ]]
GROUP BY variant, location
ORDER BY variant, location LIMIT :limit;
