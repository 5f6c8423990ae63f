-- What is read into memory to be found, as PostgreSQL puts texts together.

-- shelf_news: many
SELECT p.id, p.category, p.name, p.brand, substr(p.words, 1, 600) AS words, p.state, p.price,
       p.made, p.changed,
       coalesce((SELECT string_agg(a.name || chr(31) || a.value || chr(30), '')
                 FROM shop_attribute AS a WHERE a.product = p.id), '') AS attributes,
       coalesce((SELECT string_agg(t.name, ' ') FROM shop_translation AS t
                 WHERE t.thing = p.id), '') AS names
FROM shop_product AS p WHERE (p.changed, p.id) > (:after, :id)
ORDER BY p.changed, p.id LIMIT :limit;
