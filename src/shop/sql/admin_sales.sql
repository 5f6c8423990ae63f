-- What the dashboard of the console asks.

-- admin_sales_days: many
-- What was ordered on each day that had orders, those that were cancelled left out, and what went
-- back taken off; amounts of the one currency. Reads the orders of that time by an index: 20,000
-- take some 90 ms.
-- in  begins time, ends time, currency text, limit int
-- out day int, count int, gross money
SELECT (placed - :begins) / 86400000000 AS day, COUNT(*) AS count,
       CAST(SUM(CASE WHEN currency = :currency THEN gross - refunded ELSE 0 END) AS bigint) AS gross
FROM shop_order WHERE placed >= :begins AND placed < :ends AND state <> 'cancelled'
GROUP BY (placed - :begins) / 86400000000 ORDER BY day LIMIT :limit;

-- admin_sales_best: many
-- What brought in most. Reads the orders of that time by an index, and their lines; grouped by what
-- no index has, which SQLite would else read whole. 10,000 orders of 3 lines take some 200 ms.
-- in  begins time, currency text, limit int
-- out variant text, name text, picture text, pieces int, gross money
SELECT l.variant || '' AS variant, MAX(l.name) AS name, MAX(l.picture) AS picture,
       CAST(SUM(l.quantity) AS bigint) AS pieces, CAST(SUM(l.gross) AS bigint) AS gross
FROM shop_order o JOIN shop_order_line l ON l.order_id = o.id
WHERE o.placed >= :begins AND o.state <> 'cancelled' AND o.currency = :currency
GROUP BY l.variant || '' ORDER BY gross DESC, variant LIMIT :limit;

-- admin_sales_late: many
-- Paid before then, and not shipped: those that wait longest first.
-- in  ends time, limit int
-- out id id, code text, name text, placed time
SELECT id, code, name, placed FROM shop_order WHERE state = 'paid' AND placed < :ends
ORDER BY placed, id LIMIT :limit;

-- admin_sales_late_count: one
-- in  ends time
-- out count int
SELECT COUNT(*) AS count FROM shop_order WHERE state = 'paid' AND placed < :ends;

-- admin_sales_soon: many
-- Of what is for sale, what there is least of.
-- in  few int, limit int
-- out variant id, name text, sku text, free int
-- scan: the stock of all variants is summed up: 10,000 take some 10 ms
SELECT v.id AS variant, p.name, v.sku, s.free
FROM (SELECT variant, CAST(SUM(free) AS bigint) AS free FROM shop_stock GROUP BY variant) AS s
JOIN shop_variant v ON v.id = s.variant JOIN shop_product p ON p.id = v.product
WHERE s.free <= :few AND p.state = 'listed' ORDER BY s.free, v.sku LIMIT :limit;
