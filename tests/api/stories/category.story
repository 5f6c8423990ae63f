# A visitor looks around on the shelves: categories, filters, sorting and pages.

Ada sends
| GET / HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "The shelves are still empty"
Ada sends
| GET /c HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "The shelves are still empty"

the database has
| INSERT INTO shop_category (id, parent, slug, name, words, position, picture) VALUES
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', NULL, 'bakery', 'Bakery', 'Fresh every morning.', 1, 'drawn:loaf:1'),
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'bread', 'Bread', 'Whole loaves.', 1, ''),
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', NULL, 'garden', 'Garden', '', 2, '');
| INSERT INTO shop_translation (thing, language, name, words) VALUES
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'de', 'Brot', 'Ganze Laibe.'),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'de', 'Roggenlaib', 'Dunkel und saftig.');
| INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture, price, made, changed) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'rye', 'Rye loaf', 'Dark and moist.', 'Stone Mill', 'goods', '', 'listed', 'drawn:loaf:2', 450, 3, 3),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'wheat', 'Wheat <loaf>', 'Light.', '', 'goods', '', 'listed', '', 320, 2, 2),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cake', 'Plum cake', 'In summer.', '', 'goods', '', 'listed', '', 990, 1, 1),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ4', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'draft', 'Not yet', '', '', 'goods', '', 'draft', '', 1, 4, 4);
| INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, third, price, before, weight, shipped, beyond, due)
| SELECT replace(id, 'prd_', 'var_'), id, 1, slug, '', '', '', '', price, NULL, 500, shipped, 'never', NULL
| FROM shop_product JOIN (SELECT TRUE AS shipped) AS all_of_them ON TRUE;
| INSERT INTO shop_location (id, name, position, country, postcode, city, street) VALUES
| ('loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Store', 1, 'DE', '', '', '');
| INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed) VALUES
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 4, 0, 0, 0, 1),
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 40, 0, 0, 0, 1);
| INSERT INTO shop_attribute (product, name, value) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Grain', 'Rye & oat'),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'Grain', 'Wheat'),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'Grain', 'Wheat');
| INSERT INTO shop_moved (path, place) VALUES ('/c/brot', '/c/bread');

# What all share is kept for a second; the first page after that has it all.
Ada waits 1200 ms
Ada sends
| GET / HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "href=\"/c/bakery\""
and does not read "href=\"/c/bread\""
and reads "/pictures/loaf-2.svg"
and reads "href=\"/p/cake\""
and does not read "Not yet"
Ada sends
| GET /c HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "href=\"/c/bread\""

# A category shows what is below it too.
Ada sends
| GET /c/bakery HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Fresh every morning."
and reads "href=\"/c/bread\""
and reads "3 products"
and reads "Wheat &lt;loaf&gt;"
and reads "€9.90"
and reads "Sold out"
and reads "value=\"Grain=Rye &amp; oat\""
Ada sends
| GET /c/bread HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "2 products"
and reads "rel=\"canonical\" href=\"http"
and reads "BreadcrumbList"
and does not read "Plum cake"

# What is chosen narrows it, and can be taken back.
Ada sends
| GET /c/bakery?is=Grain%3DRye+%26+oat&sort=cheap HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "1 product<"
and reads "Rye loaf"
and reads " checked"
and reads "href=\"/c/bakery?sort=cheap\""
and does not read "Plum cake"
Ada sends
| GET /c/bakery?is=Grain%3DWheat&is=Grain%3DRye+%26+oat&from=&to=5 HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "2 products"
Ada sends
| GET /c/bakery?from=1%2C000 HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "No product has all of that"
Ada sends
| GET /c/bakery?is=nothing&is=%3D&is=Grain%3D&from=abc HTTP/1.1
| Host: stoa.example
Ada is answered 200
Ada sends
| GET /c/bakery?sort=worst HTTP/1.1
| Host: stoa.example
Ada is answered 400
Ada sends
| GET /c/garden HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Nothing here yet"

# Things are called as the reader calls them.
Eve sends
| GET /c/bread HTTP/1.1
| Host: stoa.example
| Accept-Language: de
Eve is answered 200
and reads "<h1 dir=\"auto\">Brot</h1>"
and reads "Roggenlaib"
and reads "4,50"

# What has moved is found, and what never was is not.
Ada sends
| GET /c/brot HTTP/1.1
| Host: stoa.example
Ada is answered 301
| Location: /c/bread
Ada sends
| GET /c/cheese HTTP/1.1
| Host: stoa.example
Ada is answered 404

# Many products are turned page by page.
the database has
| INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture, price, made, changed)
| WITH RECURSIVE many (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM many WHERE n < 59)
| SELECT 'prd_01KAH0XVK4A9N3FYJ0T8Q5RW' || n, 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'pot-' || n, 'Pot ' || n, '', '', 'goods', '', 'listed', '', 100 + n, n, 10 FROM many;
Ada sends
| GET /c/garden?sort=cheap HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "50 products"
and reads "Page 1 of 3"
and reads "Pot 10<"
and does not read "Pot 34<"
and reads "href=\"/c/garden?sort=cheap&amp;page=2\""
Ada sends
| GET /c/garden?sort=cheap&page=3 HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Pot 59<"
and does not read "Pot 57<"
and reads "href=\"/c/garden?sort=cheap&amp;page=2\""
and does not read "page=4"
Ada sends
| GET /c/garden?page=4 HTTP/1.1
| Host: stoa.example
Ada is answered 404
Ada sends
| GET /c/garden?page=101 HTTP/1.1
| Host: stoa.example
Ada is answered 400
