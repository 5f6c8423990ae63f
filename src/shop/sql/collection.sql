-- What is asked of collections.

-- collection_list: many
-- in  language text, limit int
-- out id id, slug text, name text, words text, picture text
-- scan: there are few
SELECT c.id, c.slug, coalesce(t.name, c.name) AS name, coalesce(t.words, c.words) AS words,
       c.picture
FROM shop_collection AS c
LEFT JOIN shop_translation AS t ON t.thing = c.id AND t.language = :language
ORDER BY c.position, c.id LIMIT :limit;

-- collection_of_slug: one
-- in  slug text, language text
-- out id id, name text, words text
SELECT c.id, coalesce(t.name, c.name) AS name, coalesce(t.words, c.words) AS words
FROM shop_collection AS c
LEFT JOIN shop_translation AS t ON t.thing = c.id AND t.language = :language
WHERE c.slug = :slug;

-- collection_products: many
-- in  collection id, limit int
-- out product id
SELECT product FROM shop_collected WHERE collection = :collection
ORDER BY position, product LIMIT :limit;
