-- What is asked of products.

-- product_card: one
-- What a list shows of a product: its prices as they are now, and whether it can be had at all.
-- in  id id, language text, currency text, now time
-- out slug text, name text, brand text, picture text, price money, most money, before money?
-- out has bool
SELECT p.slug, coalesce(t.name, p.name) AS name, p.brand, p.picture,
       coalesce((SELECT min(coalesce((SELECT x.price FROM shop_price AS x
                                      WHERE x.variant = v.id AND x.currency = :currency
                                        AND x.audience = '' AND x.begins <= :now
                                        AND x.ends > :now
                                      ORDER BY x.begins DESC LIMIT 1), v.price))
                 FROM shop_variant AS v WHERE v.product = p.id), p.price) AS price,
       coalesce((SELECT max(coalesce((SELECT x.price FROM shop_price AS x
                                      WHERE x.variant = v.id AND x.currency = :currency
                                        AND x.audience = '' AND x.begins <= :now
                                        AND x.ends > :now
                                      ORDER BY x.begins DESC LIMIT 1), v.price))
                 FROM shop_variant AS v WHERE v.product = p.id), p.price) AS most,
       (SELECT max(v.before) FROM shop_variant AS v
        WHERE v.product = p.id AND v.price = p.price) AS before,
       (p.kind = 'bundle'
           AND NOT EXISTS (SELECT 1 FROM shop_variant AS v
                           JOIN shop_part AS b ON b.bundle = v.id
                           JOIN shop_variant AS w ON w.id = b.part
                           WHERE v.product = p.id AND w.beyond = 'never'
                             AND coalesce((SELECT sum(s.free) FROM shop_stock AS s
                                           WHERE s.variant = b.part), 0) < b.quantity))
           OR EXISTS (SELECT 1 FROM shop_variant AS v
                      WHERE v.product = p.id AND v.beyond <> 'never')
           OR EXISTS (SELECT 1 FROM shop_variant AS v JOIN shop_stock AS s ON s.variant = v.id
                      WHERE v.product = p.id AND s.free > 0) AS has
FROM shop_product AS p
LEFT JOIN shop_translation AS t ON t.thing = p.id AND t.language = :language
WHERE p.id = :id;

-- product_place: one
-- For sitemaps.
-- in  id id
-- out slug text, changed time
SELECT slug, changed FROM shop_product WHERE id = :id;

-- product_of_slug: one
-- For its page: what is hidden has one, a draft has not.
-- in  slug text, language text
-- out id id, category id, name text, words text, brand text, kind text, state text, picture text
SELECT p.id, p.category, coalesce(t.name, p.name) AS name, coalesce(t.words, p.words) AS words,
       p.brand, p.kind, p.state, p.picture
FROM shop_product AS p
LEFT JOIN shop_translation AS t ON t.thing = p.id AND t.language = :language
WHERE p.slug = :slug AND p.state <> 'draft';

-- product_variants: many
-- In their order, with the price as it is now, and what can be sold at once.
-- in  product id, currency text, now time, limit int
-- out id id, sku text, barcode text, first text, second text, third text, price money
-- out before money?, beyond text, due time?, shipped bool, free int, counted bool
SELECT v.id, v.sku, v.barcode, v.first, v.second, v.third,
       coalesce((SELECT x.price FROM shop_price AS x
                 WHERE x.variant = v.id AND x.currency = :currency AND x.audience = ''
                   AND x.begins <= :now AND x.ends > :now
                 ORDER BY x.begins DESC LIMIT 1), v.price) AS price,
       v.before, v.beyond, v.due, v.shipped,
       CAST(coalesce((SELECT sum(s.free) FROM shop_stock AS s WHERE s.variant = v.id), 0)
            AS bigint) AS free,
       EXISTS (SELECT 1 FROM shop_stock AS s WHERE s.variant = v.id) AS counted
FROM shop_variant AS v WHERE v.product = :product
ORDER BY v.position, v.id LIMIT :limit;

-- product_options: many
-- What its variants differ in.
-- in  product id, limit int
-- out position int, name text
SELECT position, name FROM shop_option WHERE product = :product ORDER BY position LIMIT :limit;

-- product_attributes: many
-- in  product id, limit int
-- out name text, value text
SELECT name, value FROM shop_attribute WHERE product = :product ORDER BY name, value LIMIT :limit;

-- product_images: many
-- in  product id, limit int
-- out picture text, words text
SELECT picture, words FROM shop_image WHERE product = :product ORDER BY position, id LIMIT :limit;
