-- The rules of the shop, read whole when they are read again.

-- rule_rates: many
-- in  limit int
-- out id id, name text, country text, state text, postcode text, tax_class text, step int
-- out rate int, compound bool
SELECT id, name, country, state, postcode, tax_class, step, rate, compound
FROM shop_tax_rate ORDER BY id LIMIT :limit;

-- rule_methods: many
-- In the order in which customers see them.
-- in  limit int
-- out id id, name text, countries text, bands json, free_from money, days_min int, days_max int
-- out country text?, postcode text?
-- scan: all of them are kept in memory
SELECT m.id, m.name, m.countries, m.bands, m.free_from, m.days_min, m.days_max, l.country,
       l.postcode
FROM shop_method AS m LEFT JOIN shop_location AS l ON l.id = m.pickup
WHERE m.active ORDER BY m.position, m.id LIMIT :limit;

-- rule_promotions: many
-- in  limit int
-- out id id, name text, code text, terms json, used int, used_max int
-- scan: all of them are kept in memory
SELECT id, name, code, terms, used, used_max
FROM shop_promotion WHERE active ORDER BY id LIMIT :limit;

-- rule_used: one
-- How often a promotion was used: by all, and by this address.
-- in  id id, email text
-- out used int, by_email int
SELECT p.used, CAST((SELECT COUNT(*) FROM shop_promotion_use AS u
                     WHERE u.promotion = p.id AND u.email = :email) AS bigint) AS by_email
FROM shop_promotion AS p WHERE p.id = :id;
