-- Orders, and what a cart must still be to become one.

-- order_row_cart: many
-- A cart and its lines; nothing where it is gone or empty.
-- in  cart id, limit int
-- out codes text, country text, postcode text, method text, variant id, quantity int
SELECT c.codes, c.country, c.postcode, c.method, l.variant, l.quantity
FROM shop_cart AS c JOIN shop_cart_line AS l ON l.cart = c.id
WHERE c.id = :cart
ORDER BY l.variant LIMIT :limit;

-- order_row_of_cart: one
-- in  cart text
-- out id id, code text
SELECT id, code FROM shop_order WHERE cart = :cart;

-- order_row_clear_cart: exec
-- in  cart id
DELETE FROM shop_cart_line WHERE cart = :cart;

-- order_row_drop_cart: exec
-- in  cart id
DELETE FROM shop_cart WHERE id = :cart;

-- order_row_add: exec changed
-- No row where another order has that code.
-- in  id id, code text, cart text, customer id?, email text, state text, language text
-- in  currency text, name text, street text, more text, postcode text, city text, region text
-- in  country text, method text, payment text, goods money, off money, shipping money, tax money
-- in  gross money, terms json, score int, held time, placed time
INSERT INTO shop_order (id, code, cart, customer, email, state, language, currency, name, street,
                        more, postcode, city, region, country, method, payment, goods, off,
                        shipping, tax, gross, captured, refunded, terms, tracking, score, held,
                        placed, changed)
VALUES (:id, :code, :cart, :customer, :email, :state, :language, :currency, :name, :street, :more,
        :postcode, :city, :region, :country, :method, :payment, :goods, :off, :shipping, :tax,
        :gross, 0, 0, :terms, '', :score, :held, :placed, :placed)
ON CONFLICT (code) DO NOTHING;

-- order_row_add_line: exec
-- in  order_id id, position int, variant id, sku text, name text, picture text, quantity int
-- in  price money, off money, tax money, gross money
INSERT INTO shop_order_line (order_id, position, variant, sku, name, picture, quantity, price, off,
                             tax, gross)
VALUES (:order_id, :position, :variant, :sku, :name, :picture, :quantity, :price, :off, :tax,
        :gross);

-- order_row_note: exec
-- in  order_id id, id id, kind text, words text, who text, made time
INSERT INTO shop_order_note (order_id, id, kind, words, who, made)
VALUES (:order_id, :id, :kind, :words, :who, :made);

-- order_row_use: exec changed
-- No row where it was used as often as may be.
-- in  id id
UPDATE shop_promotion SET used = used + 1 WHERE id = :id AND (used_max = 0 OR used < used_max);

-- order_row_add_use: exec
-- in  promotion id, order_id id, email text
INSERT INTO shop_promotion_use (promotion, order_id, email)
VALUES (:promotion, :order_id, :email);

-- order_row_give_back_use: exec
-- What an order used may be used again.
-- in  order_id id
UPDATE shop_promotion SET used = used - 1
WHERE id IN (SELECT u.promotion FROM shop_promotion_use AS u WHERE u.order_id = :order_id);

-- order_row_drop_uses: exec
-- in  order_id id
DELETE FROM shop_promotion_use WHERE order_id = :order_id;

-- order_row_find: one
-- in  id id
-- out id id, code text, customer id?, email text, state text, language text, currency text
-- out name text, payment text, goods money, off money, shipping money, tax money, gross money
-- out captured money, refunded money, held time
SELECT id, code, customer, email, state, language, currency, name, payment, goods, off, shipping,
       tax, gross, captured, refunded, held
FROM shop_order WHERE id = :id;

-- order_row_lines: many
-- in  id id, limit int
-- out variant id, name text, quantity int, price money
SELECT variant, name, quantity, price FROM shop_order_line WHERE order_id = :id
ORDER BY order_id, position LIMIT :limit;

-- order_row_others: one
-- What other payments of an order captured.
-- in  id id, payment id
-- out captured money
SELECT CAST(COALESCE(SUM(captured), 0) AS bigint) AS captured
FROM shop_payment WHERE order_id = :id AND id <> :payment;

-- order_row_paid_by: many
-- The note that this payment is what an order was paid with, if it was.
-- in  id id, payment text
-- out note id
SELECT id AS note FROM shop_order_note
WHERE order_id = :id AND kind = 'paid' AND words = :payment
ORDER BY order_id, id LIMIT 1;

-- order_row_turn: exec changed
-- in  id id, was text, state text, captured money, tracking text?, held time, now time
UPDATE shop_order
SET state = :state, captured = :captured, tracking = COALESCE(:tracking, tracking), held = :held,
    changed = :now
WHERE id = :id AND state = :was;

-- order_row_late: many
-- Those that were to be paid until now.
-- in  now time, limit int
-- out id id
SELECT id FROM shop_order WHERE state = 'placed' AND held < :now
ORDER BY state, held LIMIT :limit;
