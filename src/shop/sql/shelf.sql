-- What is read into memory to be found: shelf.h.

-- shelf_newest: many
-- When the last change was.
-- out changed time
SELECT changed FROM shop_product ORDER BY changed DESC, id DESC LIMIT 1;

-- shelf_news: many
-- What changed behind a moment, the oldest first. Attributes have their name and value parted by
-- U+001F, and end in U+001E.
-- in  after time, id id, limit int
-- out id id, category id, name text, brand text, words text, state text, price money, made time
-- out changed time, attributes text, names text
SELECT p.id, p.category, p.name, p.brand, substr(p.words, 1, 600) AS words, p.state, p.price,
       p.made, p.changed,
       coalesce((SELECT group_concat(a.name || char(31) || a.value || char(30), '')
                 FROM shop_attribute AS a WHERE a.product = p.id), '') AS attributes,
       coalesce((SELECT group_concat(t.name, ' ') FROM shop_translation AS t
                 WHERE t.thing = p.id), '') AS names
FROM shop_product AS p WHERE (p.changed, p.id) > (:after, :id)
ORDER BY p.changed, p.id LIMIT :limit;
