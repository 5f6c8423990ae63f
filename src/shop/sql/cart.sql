-- Carts, and what lies in them.

-- cart_row_add: exec
-- in  id id, now time
INSERT INTO shop_cart (id, codes, country, postcode, method, made, changed)
VALUES (:id, '', '', '', '', :now, :now);

-- cart_row: one
-- A cart, and what its customer is to be reckoned with.
-- in  id id
-- out customer id?, codes text, country text, postcode text, method text
-- out email text?, audience text?, exempt bool?, vat text?
SELECT c.customer, c.codes, c.country, c.postcode, c.method, u.email, u.audience, u.exempt, u.vat
FROM shop_cart AS c LEFT JOIN shop_customer AS u ON u.id = c.customer WHERE c.id = :id;

-- cart_row_touch: exec changed
-- in  id id, now time
UPDATE shop_cart SET changed = :now WHERE id = :id;

-- cart_row_own: exec
-- in  id id, customer id, now time
UPDATE shop_cart SET customer = :customer, changed = :now WHERE id = :id;

-- cart_row_codes: exec
-- in  id id, codes text, now time
UPDATE shop_cart SET codes = :codes, changed = :now WHERE id = :id;

-- cart_row_place: exec
-- in  id id, country text, postcode text, method text, now time
UPDATE shop_cart SET country = :country, postcode = :postcode, method = :method, changed = :now
WHERE id = :id;

-- cart_row_drop: exec
-- in  id id
DELETE FROM shop_cart WHERE id = :id;

-- cart_of_customer: many
-- in  customer id
-- out id id
SELECT id FROM shop_cart WHERE customer = :customer ORDER BY id DESC LIMIT 1;

-- cart_customer: one
-- in  id id
-- out email text
SELECT email FROM shop_customer WHERE id = :id;

-- cart_customer_add: exec
-- in  id id, email text, name text, language text, now time
INSERT INTO shop_customer (id, email, name, language, audience, exempt, vat, made)
VALUES (:id, :email, :name, :language, '', FALSE, '', :now)
ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name;

-- cart_line_quantity: many
-- in  cart id, variant id
-- out quantity int
SELECT quantity FROM shop_cart_line
WHERE cart = :cart AND variant = :variant ORDER BY variant LIMIT 1;

-- cart_line_count: one
-- in  cart id
-- out lines int
SELECT COUNT(*) AS lines FROM shop_cart_line WHERE cart = :cart;

-- cart_line_set: exec
-- in  cart id, variant id, quantity int, now time
INSERT INTO shop_cart_line (cart, variant, quantity, made)
VALUES (:cart, :variant, :quantity, :now)
ON CONFLICT (cart, variant) DO UPDATE SET quantity = excluded.quantity;

-- cart_line_drop: exec
-- in  cart id, variant id
DELETE FROM shop_cart_line WHERE cart = :cart AND variant = :variant;

-- cart_line_drop_all: exec
-- in  cart id
DELETE FROM shop_cart_line WHERE cart = :cart;

-- cart_line_list: many
-- As they were put in; in the reader's language.
-- in  cart id, language text, limit int
-- out variant id, quantity int, product id, category id, slug text, name text, sku text
-- out first text, second text, third text, picture text, kind text, tax_class text, state text
-- out weight int, shipped bool, price money
SELECT l.variant, l.quantity, v.product, p.category, p.slug, COALESCE(t.name, p.name) AS name,
       v.sku, v.first, v.second, v.third, p.picture, p.kind, p.tax_class, p.state, v.weight,
       v.shipped, v.price
FROM shop_cart_line AS l
JOIN shop_variant AS v ON v.id = l.variant
JOIN shop_product AS p ON p.id = v.product
LEFT JOIN shop_translation AS t ON t.thing = p.id AND t.language = :language
WHERE l.cart = :cart ORDER BY l.made, l.variant LIMIT :limit;

-- cart_line_price: many
-- What it costs now in this currency where that is said apart: for this audience before for all.
-- in  variant id, currency text, audience text, now time
-- out price money
SELECT price FROM shop_price
WHERE variant = :variant AND currency = :currency AND audience IN ('', :audience)
      AND begins <= :now AND ends > :now
ORDER BY audience DESC, begins DESC LIMIT 1;

-- cart_line_marks: many
-- The categories above a product, and its collections.
-- in  product id, category id, limit int
-- out mark id
-- scan: the few categories above one
WITH RECURSIVE above (id, parent) AS (
    SELECT id, parent FROM shop_category WHERE id = :category
    UNION
    SELECT c.id, c.parent FROM shop_category AS c JOIN above AS a ON c.id = a.parent
)
SELECT id AS mark FROM above
UNION
SELECT collection AS mark FROM shop_collected WHERE product = :product
ORDER BY mark LIMIT :limit;

-- cart_line_sold: one
-- Whether a variant may be put into a cart.
-- in  variant id
-- out state text
SELECT p.state FROM shop_variant AS v JOIN shop_product AS p ON p.id = v.product
WHERE v.id = :variant;
