-- What is asked of categories.

-- category_add: exec
-- in  id id, parent id?, slug text, name text, words text, position int, picture text
INSERT INTO shop_category (id, parent, slug, name, words, position, picture)
VALUES (:id, :parent, :slug, :name, :words, :position, :picture);

-- category_of_slug: one
-- in  slug text
-- out id id, name text, words text, picture text, parent id?
SELECT id, name, words, picture, parent FROM shop_category WHERE slug = :slug;
