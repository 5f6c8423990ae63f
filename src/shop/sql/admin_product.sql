-- What the console asks of products and their variants.

-- admin_product_list: many
-- By price, by name, or the newest first. Searching looks into names, brands and addresses.
-- in  sort text, words text?, category id?, state text?, after_number int?, after_name text?
-- in  after_id id?, limit int
-- out id id, name text, brand text, state text, picture text, price money, changed time
-- out category text, number int, word text
-- scan: all products are looked at and the first are kept: 10,000 take some 30 ms
SELECT id, name, brand, state, picture, price, changed, category, number, word
FROM (SELECT p.id, p.name, p.brand, p.state, p.picture, p.price, p.changed, c.name AS category,
             CASE :sort WHEN 'price' THEN p.price WHEN 'newest' THEN -p.made ELSE 0 END AS number,
             CASE :sort WHEN 'name' THEN lower(p.name) ELSE '' END AS word
      FROM shop_product p JOIN shop_category c ON c.id = p.category
      WHERE TRUE
          [[ AND replace(lower(p.name || ' ' || p.brand || ' ' || p.slug), lower(:words), '')
                 <> lower(p.name || ' ' || p.brand || ' ' || p.slug) ]]
          [[ AND (c.id = :category OR c.parent = :category
                  OR c.parent IN (SELECT id FROM shop_category WHERE parent = :category)) ]]
          [[ AND p.state = :state ]]) AS sorted
WHERE TRUE [[ AND (number, word, id) > (:after_number, :after_name, :after_id) ]]
ORDER BY number, word, id LIMIT :limit;

-- admin_product_place: one
-- Where it stands in the list that is sorted so.
-- in  sort text, id id
-- out number int, word text
SELECT CASE :sort WHEN 'price' THEN price WHEN 'newest' THEN -made ELSE 0 END AS number,
       CASE :sort WHEN 'name' THEN lower(name) ELSE '' END AS word
FROM shop_product WHERE id = :id;

-- admin_product_counts: one
-- in  product id
-- out variants int, free int
SELECT (SELECT COUNT(*) FROM shop_variant WHERE product = :product) AS variants,
       (SELECT CAST(COALESCE(SUM(s.free), 0) AS bigint) FROM shop_variant v
        JOIN shop_stock s ON s.variant = v.id WHERE v.product = :product) AS free;

-- admin_product_categories: many
-- in  limit int
-- out id id, label text
-- scan: all of them stand in one choice
SELECT c.id, COALESCE(p.name || ' / ', '') || c.name AS label
FROM shop_category c LEFT JOIN shop_category p ON p.id = c.parent
ORDER BY label LIMIT :limit;

-- admin_product_find: one
-- in  id id
-- out id id, category id, slug text, name text, words text, brand text, kind text, tax_class text
-- out state text, picture text, price money, changed time
SELECT id, category, slug, name, words, brand, kind, tax_class, state, picture, price, changed
FROM shop_product WHERE id = :id;

-- admin_product_of_slug: one
-- in  slug text
-- out id id
SELECT id FROM shop_product WHERE slug = :slug;

-- admin_product_add: exec
-- in  id id, category id, slug text, name text, words text, brand text, kind text, tax_class text
-- in  picture text, now time
INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture,
                          price, made, changed)
VALUES (:id, :category, :slug, :name, :words, :brand, :kind, :tax_class, 'draft', :picture, 0,
        :now, :now);

-- admin_product_change: exec changed
-- Nothing is changed where somebody else did it since `seen`.
-- in  id id, category id, slug text, name text, words text, brand text, kind text, tax_class text
-- in  state text, picture text, seen time, now time
UPDATE shop_product
SET category = :category, slug = :slug, name = :name, words = :words, brand = :brand, kind = :kind,
    tax_class = :tax_class, state = :state, picture = :picture, changed = :now
WHERE id = :id AND changed = :seen;

-- admin_product_touch: exec changed
-- After a change of its variants: its price is that of the cheapest.
-- in  id id, seen time, now time
UPDATE shop_product
SET changed = :now,
    price = COALESCE((SELECT MIN(price) FROM shop_variant WHERE product = :id), 0)
WHERE id = :id AND changed = :seen;

-- admin_product_set_state: exec changed
-- What has no variant is not listed.
-- in  id id, state text, now time
UPDATE shop_product SET state = :state, changed = :now
WHERE id = :id AND state <> :state
    AND (:state <> 'listed' OR EXISTS (SELECT id FROM shop_variant WHERE product = :id));

-- admin_product_moved: exec
-- in  path text, place text
INSERT INTO shop_moved (path, place) VALUES (:path, :place)
ON CONFLICT (path) DO UPDATE SET place = :place;

-- admin_product_follows: exec
-- What led to the old address leads to the new one.
-- in  path text, place text
-- scan: few products ever change their address
UPDATE shop_moved SET place = :place WHERE place = :path;

-- admin_product_stays: exec
-- An address that leads somewhere again leads nowhere else.
-- in  path text
DELETE FROM shop_moved WHERE path = :path;

-- admin_product_options: many
-- in  product id, limit int
-- out position int, name text
SELECT position, name FROM shop_option WHERE product = :product ORDER BY position LIMIT :limit;

-- admin_product_set_option: exec
-- in  product id, position int, name text
INSERT INTO shop_option (product, position, name) VALUES (:product, :position, :name)
ON CONFLICT (product, position) DO UPDATE SET name = :name;

-- admin_product_drop_option: exec
-- in  product id, position int
DELETE FROM shop_option WHERE product = :product AND position = :position;

-- admin_product_variants: many
-- in  product id, limit int
-- out id id, sku text, barcode text, first text, second text, third text, price money
-- out before money?, weight int, beyond text, free int
SELECT id, sku, barcode, first, second, third, price, before, weight, beyond,
       (SELECT CAST(COALESCE(SUM(free), 0) AS bigint) FROM shop_stock
        WHERE variant = shop_variant.id) AS free
FROM shop_variant WHERE product = :product ORDER BY position, id LIMIT :limit;

-- admin_product_variant: one
-- in  id id
-- out id id, product id, sku text, barcode text, first text, second text, third text, price money
-- out before money?, weight int, shipped bool, beyond text
SELECT id, product, sku, barcode, first, second, third, price, before, weight, shipped, beyond
FROM shop_variant WHERE id = :id;

-- admin_product_variant_of_sku: one
-- in  sku text
-- out id id
SELECT id FROM shop_variant WHERE sku = :sku;

-- admin_product_add_variant: exec
-- in  id id, product id, sku text, barcode text, first text, second text, third text, price money
-- in  before money?, weight int, shipped bool, beyond text
INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, third, price, before,
                          weight, shipped, beyond, due)
VALUES (:id, :product,
        (SELECT COALESCE(MAX(position), 0) + 1 FROM shop_variant WHERE product = :product), :sku,
        :barcode, :first, :second, :third, :price, :before, :weight, :shipped, :beyond, NULL);

-- admin_product_change_variant: exec
-- in  id id, sku text, barcode text, first text, second text, third text, price money
-- in  before money?, weight int, shipped bool, beyond text
UPDATE shop_variant
SET sku = :sku, barcode = :barcode, first = :first, second = :second, third = :third,
    price = :price, before = :before, weight = :weight, shipped = :shipped, beyond = :beyond
WHERE id = :id;
