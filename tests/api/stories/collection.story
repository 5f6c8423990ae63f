# A visitor looks at a collection, and searches.

the database has
| INSERT INTO shop_category (id, parent, slug, name, words, position, picture) VALUES
| ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', NULL, 'bakery', 'Bakery', '', 1, '');
| INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture, price, made, changed) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'rye', 'Rye loaf', 'Dark and moist.', 'Stone Mill', 'goods', '', 'listed', '', 450, 3, 3),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'creme', 'Crème brûlée', 'Burnt sugar.', '', 'goods', '', 'listed', '', 320, 2, 2),
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'cake', 'Plum cake', 'In summer.', '', 'goods', '', 'hidden', '', 990, 1, 1);
| INSERT INTO shop_translation (thing, language, name, words) VALUES
| ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'de', 'Roggenlaib', ''),
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'de', 'Sonntag', 'Für den Sonntag.');
| INSERT INTO shop_collection (id, slug, name, words, position, picture) VALUES
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'sunday', 'Sunday', 'What a Sunday needs.', 1, '');
| INSERT INTO shop_collected (collection, product, position) VALUES
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 2),
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ2', 1),
| ('col_01KAH0XVK4A9N3FYJ0T8Q5RWZ1', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZ3', 3);

Ada sends
| GET / HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "href=\"/collections/sunday\""
Ada sends
| GET /collections/sunday HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "What a Sunday needs."
and reads "2 products"
and reads "value=\"fit\" selected"
Ada sends
| GET /collections/sunday?sort=dear HTTP/1.1
| Host: stoa.example
| Accept-Language: de
Ada is answered 200
and reads "Sonntag</h1>"
and reads "value=\"dear\" selected"
Ada sends
| GET /collections/monday HTTP/1.1
| Host: stoa.example
Ada is answered 404

# The search is asked by a form; without words it is the form alone.
Ada sends
| GET /search HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Mistyped words are found too"
and does not read "Nothing was found"
Ada sends
| GET /search?q=creme HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "1 product<"
and reads "Crème brûlée"
Ada sends
| GET /search?q=Brulle%27e HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Did you mean “brulee”"
and reads "Crème brûlée"
Ada sends
| GET /search?q=roggenlaib HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Rye loaf"
Ada sends
| GET /search?q=rye+sugar HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Nothing has all of these words"
and reads "2 products"
Ada sends
| GET /search?q=plum HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Nothing was found for “plum”"
Ada sends
| GET /search?q=%3Cscript%3E HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "&lt;script&gt;"
and does not read "<script>"
Ada sends
| GET /search?q=rye&page=2 HTTP/1.1
| Host: stoa.example
Ada is answered 404

# A change is found at once.
the database has
| UPDATE shop_product SET name = 'Pumpernickel', changed = 20 WHERE slug = 'rye';
Ada sends
| GET /search?q=pumpernickle HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "/p/rye"
Ada sends
| GET /search?q=loaf HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Nothing was found"
