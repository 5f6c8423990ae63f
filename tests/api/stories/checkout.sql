-- What the checkout's story is about: a loaf in two sizes, how it is sent and taxed, and codes.
INSERT INTO shop_category (id, parent, slug, name, words, position, picture)
VALUES ('cat_01KAH0XVK4A9N3FYJ0T8Q5RWZC', NULL, 'bread', 'Bread', '', 1, 'drawn:loaf:1');
INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture,
                          price, made, changed)
VALUES ('prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'cat_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'rye-loaf',
        'Rye <loaf>', '', '', 'goods', 'food', 'listed', 'drawn:loaf:7', 450, 1, 1);
INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, third, price, before,
                          weight, shipped, beyond, due)
VALUES ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 1, 'RYE-1', '', '1 kg',
        '', '', 450, NULL, 1000, TRUE, 'never', NULL),
       ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZD', 'prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 2, 'RYE-2', '', '2 kg',
        '', '', 850, NULL, 2000, TRUE, 'never', NULL);
INSERT INTO shop_location (id, name, position, country, postcode, city, street)
VALUES ('loc_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'Store', 1, 'DE', '20095', 'Hamburg', 'Gasse 1');
INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed)
VALUES ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 20, 0, 0, 0, 1),
       ('var_01KAH0XVK4A9N3FYJ0T8Q5RWZD', 'loc_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 3, 0, 0, 0, 1);
INSERT INTO shop_tax_rate (id, name, country, state, postcode, tax_class, step, rate, compound)
VALUES ('tax_01KAH0XVK4A9N3FYJ0T8Q5RWZD', 'VAT 7 %', 'DE', '', '', 'food', 0, 70000, FALSE);
INSERT INTO shop_method (id, name, position, countries, bands, free_from, pickup, days_min,
                         days_max, active)
VALUES ('shp_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'Parcel', 1, 'DE AT', '[{"price":490}]', 5000, NULL, 2, 4,
        TRUE),
       ('shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD', 'Express', 2, 'DE', '[{"price":990}]', 0, NULL, 1, 1,
        TRUE),
       ('shp_01KAH0XVK4A9N3FYJ0T8Q5RWZE', 'Broken', 3, '', '{}', 0, NULL, 1, 1, TRUE);
INSERT INTO shop_promotion (id, name, code, active, terms, used, used_max, made)
VALUES ('prm_01KAH0XVK4A9N3FYJ0T8Q5RWZC', 'A tenth off', 'WELCOME', TRUE,
        '{"effect":"percent","value":100000}', 0, 0, 1),
       ('prm_01KAH0XVK4A9N3FYJ0T8Q5RWZD', 'Five off sixty', '', TRUE,
        '{"effect":"order","value":500,"currency":"EUR","minimum_minor":6000}', 0, 0, 1);
