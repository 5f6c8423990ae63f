-- What the console asks of stock.

-- admin_stock_list: many
-- By SKU, those that have stock anywhere. Little is left of a variant that is for sale when no more
-- than `few` are free.
-- in  words text?, few int?, after text?, limit int
-- out id id, sku text, name text, first text, second text, third text, picture text, state text
-- out free int, held int, sold int, damaged int
-- scan: a search, and what is soon out, read the variants in their order until the page is full
SELECT v.id, v.sku, p.name, v.first, v.second, v.third, p.picture, p.state,
       (SELECT CAST(COALESCE(SUM(free), 0) AS bigint) FROM shop_stock WHERE variant = v.id) AS free,
       (SELECT CAST(COALESCE(SUM(held), 0) AS bigint) FROM shop_stock WHERE variant = v.id) AS held,
       (SELECT CAST(COALESCE(SUM(sold), 0) AS bigint) FROM shop_stock WHERE variant = v.id) AS sold,
       (SELECT CAST(COALESCE(SUM(damaged), 0) AS bigint) FROM shop_stock WHERE variant = v.id)
           AS damaged
FROM shop_variant v JOIN shop_product p ON p.id = v.product
WHERE EXISTS (SELECT free FROM shop_stock WHERE variant = v.id)
    [[ AND replace(lower(p.name || ' ' || v.sku), lower(:words), '')
           <> lower(p.name || ' ' || v.sku) ]]
    [[ AND p.state = 'listed'
       AND (SELECT SUM(free) FROM shop_stock WHERE variant = v.id) <= :few ]]
    [[ AND v.sku > :after ]]
ORDER BY v.sku LIMIT :limit;

-- admin_stock_variant: one
-- in  id id
-- out id id, product id, sku text, name text, first text, second text, third text, picture text
SELECT v.id, v.product, v.sku, p.name, v.first, v.second, v.third, p.picture
FROM shop_variant v JOIN shop_product p ON p.id = v.product WHERE v.id = :id;

-- admin_stock_places: many
-- Every location, and what lies there of it.
-- in  variant id, limit int
-- out id id, name text, free int, held int, sold int, damaged int
-- scan: the locations are few
SELECT l.id, l.name, COALESCE(s.free, 0) AS free, COALESCE(s.held, 0) AS held,
       COALESCE(s.sold, 0) AS sold, COALESCE(s.damaged, 0) AS damaged
FROM shop_location l LEFT JOIN shop_stock s ON s.location = l.id AND s.variant = :variant
ORDER BY l.position, l.id LIMIT :limit;

-- admin_stock_ledger: many
-- The newest first. How many were free after it, all locations together, is a sum: what is free now
-- less what came after.
-- in  variant id, before id?, limit int
-- out id id, location text, kind text, free int, held int, sold int, damaged int, cause text
-- out made time
SELECT m.id, l.name AS location, m.kind, m.free, m.held, m.sold, m.damaged, m.cause, m.made
FROM shop_movement m JOIN shop_location l ON l.id = m.location
WHERE m.variant = :variant [[ AND m.id < :before ]]
ORDER BY m.id DESC LIMIT :limit;

-- admin_stock_since: one
-- How many became free from this movement on.
-- in  variant id, from_id id
-- out free int
SELECT CAST(COALESCE(SUM(free), 0) AS bigint) AS free FROM shop_movement
WHERE variant = :variant AND id >= :from_id;
