-- What is measured.

-- product_add: exec
-- One thing on the shelf.
-- in  id int, place int, name text, price money, words text
INSERT INTO bench_product (id, place, name, price, words)
VALUES (:id, :place, :name, :price, :words);

-- product_any: one
-- Whether the shelf was filled.
-- in  id int
-- out name text
SELECT name FROM bench_product WHERE id = :id;

-- product_shelf: many
-- What stands behind a place.
-- in  after int, limit int
-- out id int, name text, price money, words text
SELECT id, name, price, words FROM bench_product
WHERE place > :after ORDER BY place LIMIT :limit;
