-- What is asked of items, and how their stock moves: free, held, sold.

-- item_add: exec
-- A new item, all of its stock free.
-- in  id id, code text, name text, price money, free int, weight real?, picture blob?
-- in  facts json, listed bool, made time
INSERT INTO sample_item (id, code, name, price, free, held, sold, weight, picture, facts, listed,
                         made)
VALUES (:id, :code, :name, :price, :free, 0, 0, :weight, :picture, :facts, :listed, :made);

-- item_find: one
-- All that is known of one item.
-- in  id id
-- out id id, code text, name text, price money, free int, held int, sold int, weight real?
-- out picture blob?, facts json, listed bool, made time, note text?
SELECT id, code, name, price, free, held, sold, weight, picture, facts, listed, made, note
FROM sample_item WHERE id = :id;

-- item_find_code: one
-- The item that carries this label.
-- in  code text
-- out id id, name text, price money, free int
SELECT id, name, price, free FROM sample_item WHERE code = :code;

-- item_page: many
-- The newest first. The last row's made and id give the next page.
-- in  before_made time?, before_id id?, limit int
-- out id id, name text, price money, made time
SELECT id, name, price, made
FROM sample_item
WHERE TRUE [[ AND (made, id) < (:before_made, :before_id) ]]
ORDER BY made DESC, id DESC
LIMIT :limit;

-- item_search: many
-- As the staff look for items: each filter only if it is given.
-- in  name text?, price_most money?, listed bool?, after_made time?, after_id id?, limit int
-- out id id, code text, name text, price money, listed bool, weight real?, made time, note text?
-- scan: the staff filter by anything, and the items are few
SELECT id, code, name, price, listed, weight, made, note
FROM sample_item
WHERE TRUE
    [[ AND name = :name ]]
    [[ AND price <= :price_most ]]
    [[ AND listed = :listed ]]
    [[ AND (made, id) > (:after_made, :after_id) ]]
ORDER BY made, id
LIMIT :limit;

-- item_hold: exec changed
-- Promises some of what is free; no row changed where there is not enough.
-- in  id id, quantity int
UPDATE sample_item SET free = free - :quantity, held = held + :quantity
WHERE id = :id AND free >= :quantity;

-- item_sell: exec changed
-- What was promised is paid.
-- in  id id, quantity int
UPDATE sample_item SET held = held - :quantity, sold = sold + :quantity
WHERE id = :id AND held >= :quantity;

-- item_let_go: exec changed
-- What was promised is free again.
-- in  id id, quantity int
UPDATE sample_item SET held = held - :quantity, free = free + :quantity
WHERE id = :id AND held >= :quantity;

-- item_note: exec
-- in  id id, note text?
UPDATE sample_item SET note = :note WHERE id = :id;

-- item_deliver: exec
-- New stock of an item by its label; an item that is new has no stock promised.
-- in  id id, code text, name text, price money, free int, facts json, listed bool, made time
INSERT INTO sample_item (id, code, name, price, free, held, sold, facts, listed, made)
VALUES (:id, :code, :name, :price, :free, 0, 0, :facts, :listed, :made)
ON CONFLICT (code) DO UPDATE SET free = sample_item.free + excluded.free, price = excluded.price;

-- item_tags: one
-- How many tags its maker gave it.
-- in  id id
-- out tags int?
SELECT json_array_length(facts, '$.tags') AS tags FROM sample_item WHERE id = :id;

-- item_stock: one
-- The whole stock: what was delivered is free, held or sold.
-- out items int, free int, held int, sold int, heaviest real?
-- scan: a sum over everything is what it is for
SELECT COUNT(*) AS items,
    CAST(COALESCE(SUM(free), 0) AS bigint) AS free,
    CAST(COALESCE(SUM(held), 0) AS bigint) AS held,
    CAST(COALESCE(SUM(sold), 0) AS bigint) AS sold,
    MAX(weight) AS heaviest
FROM sample_item;

-- item_remove: exec changed
-- in  id id
DELETE FROM sample_item WHERE id = :id;
