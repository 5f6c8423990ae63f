-- Orders as those see them who placed them.

-- bought_find: one
-- in  id id
-- out code text, customer id?, email text, state text, currency text, name text, street text
-- out more text, postcode text, city text, region text, country text, method text, payment text
-- out goods money, off money, shipping money, tax money, gross money, captured money
-- out refunded money, tracking text, held time, placed time
SELECT code, customer, email, state, currency, name, street, more, postcode, city, region, country,
       method, payment, goods, off, shipping, tax, gross, captured, refunded, tracking, held, placed
FROM shop_order WHERE id = :id;

-- bought_lines: many
-- in  id id, limit int
-- out name text, picture text, quantity int, price money, off money, gross money
SELECT name, picture, quantity, price, off, gross
FROM shop_order_line WHERE order_id = :id ORDER BY position LIMIT :limit;

-- bought_notes: many
-- What happened; what people wrote of it to each other is theirs.
-- in  id id, limit int
-- out kind text, made time
SELECT kind, made FROM shop_order_note
WHERE order_id = :id AND kind <> 'words' ORDER BY id LIMIT :limit;

-- bought_payment: many
-- The last one.
-- in  id id
-- out id id, provider text, state text
SELECT id, provider, state FROM shop_payment
WHERE order_id = :id ORDER BY made DESC, id DESC LIMIT 1;

-- bought_of_cart: one
-- in  cart text
-- out id id
SELECT id FROM shop_order WHERE cart = :cart;

-- bought_address: many
-- Where the last one went.
-- in  customer id
-- out name text, street text, more text, postcode text, city text, region text
SELECT name, street, more, postcode, city, region
FROM shop_order WHERE customer = :customer ORDER BY placed DESC LIMIT 1;

-- bought_page: many
-- The newest first, ids being made in the order of time.
-- in  customer id, before id?, limit int
-- out id id, code text, state text, currency text, gross money, placed time
SELECT id, code, state, currency, gross, placed FROM shop_order
WHERE customer = :customer [[ AND id < :before ]] ORDER BY placed DESC, id DESC LIMIT :limit;
