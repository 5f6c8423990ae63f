-- What the console asks of categories, and of the locations of stock.

-- admin_category_list: many
-- in  limit int
-- out id id, parent id?, slug text, name text, label text, products int
-- scan: all of them stand on one page
SELECT c.id, c.parent, c.slug, c.name, COALESCE(p.name || ' / ', '') || c.name AS label,
       (SELECT COUNT(*) FROM shop_product WHERE category = c.id) AS products
FROM shop_category c LEFT JOIN shop_category p ON p.id = c.parent
ORDER BY label LIMIT :limit;

-- admin_category_find: one
-- in  id id
-- out id id, parent id?, slug text, name text, words text, picture text
SELECT id, parent, slug, name, words, picture FROM shop_category WHERE id = :id;

-- admin_category_of_slug: one
-- in  slug text
-- out id id
SELECT id FROM shop_category WHERE slug = :slug;

-- admin_category_add: exec
-- Behind its siblings.
-- in  id id, parent id?, slug text, name text, words text, picture text
-- scan: the categories are few, and are counted
INSERT INTO shop_category (id, parent, slug, name, words, position, picture)
VALUES (:id, :parent, :slug, :name, :words,
        (SELECT COUNT(*) + 1 FROM shop_category), :picture);

-- admin_category_change: exec changed
-- in  id id, parent id?, slug text, name text, words text, picture text
UPDATE shop_category
SET parent = :parent, slug = :slug, name = :name, words = :words, picture = :picture
WHERE id = :id;

-- admin_category_locations: many
-- in  limit int
-- out id id, name text, country text, postcode text, city text, street text, free int
-- scan: the locations are few, and what lies there is summed up
SELECT id, name, country, postcode, city, street,
       (SELECT CAST(COALESCE(SUM(free), 0) AS bigint) FROM shop_stock
        WHERE location = shop_location.id) AS free
FROM shop_location ORDER BY position, id LIMIT :limit;

-- admin_category_add_location: exec
-- in  id id, name text, country text, postcode text, city text, street text
-- scan: the locations are few, and are counted
INSERT INTO shop_location (id, name, position, country, postcode, city, street)
VALUES (:id, :name, (SELECT COUNT(*) + 1 FROM shop_location), :country,
        :postcode, :city, :street);
