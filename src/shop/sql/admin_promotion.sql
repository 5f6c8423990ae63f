-- What the console asks of promotions, taxes and shipping methods.

-- admin_promotion_list: many
-- The newest first, ids being made in the order of time.
-- in  before id?, limit int
-- out id id, name text, code text, active bool, terms json, used int, used_max int
SELECT id, name, code, active, terms, used, used_max FROM shop_promotion
WHERE TRUE [[ AND id < :before ]] ORDER BY id DESC LIMIT :limit;

-- admin_promotion_find: one
-- in  id id
-- out id id, name text, code text, active bool, terms json, used int, used_max int
SELECT id, name, code, active, terms, used, used_max FROM shop_promotion WHERE id = :id;

-- admin_promotion_of_code: many
-- in  code text, limit int
-- out id id
SELECT id FROM shop_promotion WHERE code = :code ORDER BY id LIMIT :limit;

-- admin_promotion_add: exec
-- in  id id, name text, code text, active bool, terms json, used_max int, now time
INSERT INTO shop_promotion (id, name, code, active, terms, used, used_max, made)
VALUES (:id, :name, :code, :active, :terms, 0, :used_max, :now);

-- admin_promotion_change: exec changed
-- in  id id, name text, code text, active bool, terms json, used_max int
UPDATE shop_promotion
SET name = :name, code = :code, active = :active, terms = :terms, used_max = :used_max
WHERE id = :id;

-- admin_promotion_switch: exec changed
-- in  id id, active bool
UPDATE shop_promotion SET active = :active WHERE id = :id;

-- admin_promotion_taxes: many
-- in  limit int
-- out id id, name text, country text, state text, postcode text, tax_class text, step int, rate int
-- out compound bool
-- scan: the rates are few
SELECT id, name, country, state, postcode, tax_class, step, rate, compound FROM shop_tax_rate
ORDER BY country, state, postcode, tax_class, step, id LIMIT :limit;

-- admin_promotion_methods: many
-- in  limit int
-- out id id, name text, countries text, bands json, free_from money, pickup id?, days_min int
-- out days_max int, active bool
-- scan: the methods are few
SELECT id, name, countries, bands, free_from, pickup, days_min, days_max, active FROM shop_method
ORDER BY position, id LIMIT :limit;

-- admin_promotion_switch_method: exec changed
-- in  id id, active bool
UPDATE shop_method SET active = :active WHERE id = :id;
