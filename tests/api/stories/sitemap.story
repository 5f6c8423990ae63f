# A search engine asks what there is.

the database has
| INSERT INTO shop_category (id, parent, slug, name, words, position, picture) VALUES
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', NULL, 'bread & more', 'Bread', '', 1, '');
| INSERT INTO shop_collection (id, slug, name, words, position, picture) VALUES
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'sunday', 'Sunday', '', 1, '');
| INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture, price, made, changed) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'rye', 'Rye loaf', '', '', 'goods', '', 'listed', '', 450, 3, 1700000000000000),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'secret', 'Secret', '', '', 'goods', '', 'hidden', '', 320, 2, 2);

Engine sends
| GET /robots.txt HTTP/1.1
| Host: stoa.example
Engine is answered 200
| Content-Type: text/plain; charset=utf-8
and reads "Disallow: /admin"
and reads "/sitemap.xml"
Engine sends
| GET /sitemap.xml HTTP/1.1
| Host: stoa.example
Engine is answered 200
| Content-Type: application/xml; charset=utf-8
and reads "<sitemapindex xmlns"
and reads "/sitemaps/0</loc>"
and reads "/sitemaps/1</loc>"
and does not read "/sitemaps/2</loc>"
Engine sends
| GET /sitemaps/0 HTTP/1.1
| Host: stoa.example
Engine is answered 200
and reads "/c/bread%20%26%20more</loc>"
and reads "/collections/sunday</loc>"
Engine sends
| GET /sitemaps/1 HTTP/1.1
| Host: stoa.example
Engine is answered 200
and reads "/p/rye</loc><lastmod>2023-11-14T22:13:20"
and does not read "secret"
Engine sends
| GET /sitemaps/50001 HTTP/1.1
| Host: stoa.example
Engine is answered 404
