-- What is asked of categories.

-- category_tree: many
-- All of them, as they stand among their siblings, with their names in a language.
-- in  language text, limit int
-- out id id, parent id?, slug text, name text, picture text
-- scan: pages show the whole tree, and there are few
SELECT c.id, c.parent, c.slug, coalesce(t.name, c.name) AS name, c.picture
FROM shop_category AS c
LEFT JOIN shop_translation AS t ON t.thing = c.id AND t.language = :language
ORDER BY c.position, c.id LIMIT :limit;

-- category_words: one
-- in  id id, language text
-- out words text
SELECT coalesce(t.words, c.words) AS words
FROM shop_category AS c
LEFT JOIN shop_translation AS t ON t.thing = c.id AND t.language = :language
WHERE c.id = :id;
