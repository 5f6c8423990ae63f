-- What the console asks of orders.

-- admin_order_list: many
-- The newest first. Searching looks into codes, addresses and names, whatever the case of their
-- Latin letters.
-- in  state text?, words text?, before_placed time?, before_id id?, limit int
-- out id id, code text, state text, name text, email text, currency text, gross money
-- out placed time, pieces int
-- scan: a search reads the orders from the newest on until the page is full
SELECT id, code, state, name, email, currency, gross, placed,
       (SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM shop_order_line
        WHERE order_id = shop_order.id) AS pieces
FROM shop_order
WHERE TRUE
    [[ AND state = :state ]]
    [[ AND replace(lower(code || ' ' || name || ' ' || email), lower(:words), '')
           <> lower(code || ' ' || name || ' ' || email) ]]
    [[ AND (placed, id) < (:before_placed, :before_id) ]]
ORDER BY placed DESC, id DESC LIMIT :limit;

-- admin_order_open: many
-- How many wait for somebody to do something: as many rows of an index are read as they are.
-- in  limit int
-- out state text, count int
SELECT state, COUNT(*) AS count FROM shop_order WHERE state IN ('placed', 'review', 'paid')
GROUP BY state ORDER BY state LIMIT :limit;

-- admin_order_find: one
-- in  id id
-- out id id, code text, customer id?, email text, state text, language text, currency text
-- out name text, street text, more text, postcode text, city text, region text, country text
-- out method text, payment text, goods money, off money, shipping money, tax money, gross money
-- out captured money, refunded money, terms json, tracking text, score int, held time, placed time
SELECT id, code, customer, email, state, language, currency, name, street, more, postcode, city,
       region, country, method, payment, goods, off, shipping, tax, gross, captured, refunded,
       terms, tracking, score, held, placed
FROM shop_order WHERE id = :id;

-- admin_order_lines: many
-- in  order_id id, limit int
-- out product id, sku text, name text, picture text, quantity int, price money, off money
-- out tax money, gross money
SELECT v.product, l.sku, l.name, l.picture, l.quantity, l.price, l.off, l.tax, l.gross
FROM shop_order_line l JOIN shop_variant v ON v.id = l.variant
WHERE l.order_id = :order_id ORDER BY l.position LIMIT :limit;

-- admin_order_notes: many
-- in  order_id id, limit int
-- out id id, kind text, words text, who text, made time
SELECT id, kind, words, who, made FROM shop_order_note
WHERE order_id = :order_id ORDER BY id DESC LIMIT :limit;

-- admin_order_payments: many
-- in  order_id id, limit int
-- out id id, provider text, reference text, state text, amount money, captured money
-- out refunded money, changed time
SELECT id, provider, reference, state, amount, captured, refunded, changed FROM shop_payment
WHERE order_id = :order_id ORDER BY id LIMIT :limit;

-- admin_order_promotion: one
-- in  id id
-- out name text
SELECT name FROM shop_promotion WHERE id = :id;

-- admin_order_tax: one
-- in  id id
-- out name text
SELECT name FROM shop_tax_rate WHERE id = :id;
