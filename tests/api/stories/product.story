# A visitor looks at a product and chooses what to take of it.

the database has
| INSERT INTO shop_category (id, parent, slug, name, words, position, picture) VALUES
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', NULL, 'bakery', 'Bakery', '', 1, ''),
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'bread', 'Bread', '', 1, '');
| INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture, price, made, changed) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'rye', 'Rye </script><b>loaf', 'Dark and moist.', 'Stone Mill', 'goods', '', 'listed', 'drawn:loaf:2', 450, 3, 3),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'wheat', 'Wheat loaf', '', '', 'goods', '', 'listed', '', 320, 2, 2),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'secret', 'Secret cake', '', '', 'goods', '', 'hidden', '', 990, 1, 1),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ4', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'draft', 'Not yet', '', '', 'goods', '', 'draft', '', 1, 4, 4);
| INSERT INTO shop_option (product, position, name) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 1, 'Size'), ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 2, 'Cut');
| INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, third, price, before, weight, shipped, beyond, due)
| SELECT id, product, position, sku, barcode, first, second, '', price, struck, 500, shipped, beyond, CAST(NULL AS bigint) FROM (
| SELECT 'var_01KAH0XVK4A9N3FYJ0T8Q5RWZ1' AS id, 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1' AS product, 1 AS position, 'RYE-S-W' AS sku, '' AS barcode, '500 g' AS first, 'Whole' AS second, 450 AS price, CAST(NULL AS bigint) AS struck, TRUE AS shipped, 'never' AS beyond
| UNION ALL SELECT 'var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 2, 'RYE-S-S', '4012345678901', '500 g', 'Sliced', 480, 520, TRUE, 'never'
| UNION ALL SELECT 'var_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 3, 'RYE-L-W', '', '1 kg', 'Whole', 800, CAST(NULL AS bigint), TRUE, 'backorder'
| UNION ALL SELECT 'var_01KAH0XVK4A9N3FYJ0T8Q5RWZ4', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 1, 'WHEAT', '', '', '', 320, CAST(NULL AS bigint), TRUE, 'never') AS v;
| INSERT INTO shop_location (id, name, position, country, postcode, city, street) VALUES
| ('loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Store', 1, 'DE', '', '', '');
| INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed) VALUES
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 0, 0, 0, 0, 1),
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 3, 0, 0, 0, 1),
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', -2, 0, 0, 0, 1);
| INSERT INTO shop_attribute (product, name, value) VALUES ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Grain', 'Rye'),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Baked', 'Dark'), ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'Grain', 'Oat');
| INSERT INTO shop_image (id, product, position, picture, words) VALUES
| ('img_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 1, 'drawn:loaf:9', 'From above');
| INSERT INTO shop_moved (path, place) VALUES ('/p/rye-bread', '/p/rye');

# The first variant is sold out: the next one that can be had is shown.
Ada sends
| GET /p/rye HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Stone Mill"
and reads "href=\"/c/bread\""
and reads "/pictures/loaf-2.svg"
and reads "alt=\"From above\""
and reads "€4.80"
and reads "€5.20</s>"
and reads "Only 3 left"
and reads "max=\"3\""
and reads "name=\"variant\" value=\"var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2\""
and reads "action=\"/cart\""
and reads "href=\"/p/rye?variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZ3\""
and reads "href=\"/p/wheat\""
and reads "<dt translate=\"no\" dir=\"auto\">Grain</dt><dd translate=\"no\" dir=\"auto\">Oat, Rye</dd>"

# Nothing that stands in a name becomes more than a name: not in the page, nor in what machines read.
and reads "<h1 translate=\"no\" dir=\"auto\">Rye &lt;/script&gt;&lt;b&gt;loaf</h1>"
and does not read "</script><b>"
and reads "\"name\":\"Rye \\u003c/script>\\u003cb>loaf\""
and reads "\"price\":\"4.80\",\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/LimitedAvailability\""
and reads "\"gtin\":\"4012345678901\""

Ada sends
| GET /p/rye?variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZ1 HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Sold out"
and does not read "action=\"/cart\""
and reads "https://schema.org/OutOfStock"
Ada sends
| GET /p/rye?variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZ3 HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "€8.00"
and reads "sent as soon as it is here again"
and reads "action=\"/cart\""

# A price may be another for a time, for everybody.
the database has
| INSERT INTO shop_price (variant, currency, audience, begins, ends, price) VALUES
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'EUR', '', 1, 9000000000000000, 399),
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'EUR', '', 8000000000000000, 9000000000000000, 299),
| ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'EUR', 'staff', 2, 9000000000000000, 199);
Ada waits 1200 ms
Ada sends
| GET /p/rye HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "€3.99"
and reads "€5.20</s>"
Ada sends
| GET /c/bread HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "from €3.99"

# What is hidden is found by its address alone, and a draft not at all.
Ada sends
| GET /p/secret HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Secret cake"
Ada sends
| GET /c/bakery HTTP/1.1
| Host: stoa.example
Ada is answered 200
and does not read "Secret cake"
Ada sends
| GET /p/draft HTTP/1.1
| Host: stoa.example
Ada is answered 404
Ada sends
| GET /p/rye-bread HTTP/1.1
| Host: stoa.example
Ada is answered 301
| Location: /p/rye
Ada sends
| GET /p/rye?variant=1 HTTP/1.1
| Host: stoa.example
Ada is answered 400
Ada sends
| GET /p/%2e%2e%2fetc HTTP/1.1
| Host: stoa.example
Ada is answered 404
