-- What the demo company writes into an empty shop.

-- demo_products: many
-- Whether there is any.
-- in  limit int
-- out id id
SELECT id FROM shop_product ORDER BY id LIMIT :limit;

-- demo_categories: many
-- in  limit int
-- out id id
SELECT id FROM shop_category ORDER BY id LIMIT :limit;

-- demo_add_category: exec
-- in  id id, parent id?, slug text, name text, words text, position int, picture text
INSERT INTO shop_category (id, parent, slug, name, words, position, picture)
VALUES (:id, :parent, :slug, :name, :words, :position, :picture);

-- demo_add_translation: exec
-- in  thing id, language text, name text, words text
INSERT INTO shop_translation (thing, language, name, words)
VALUES (:thing, :language, :name, :words);

-- demo_add_product: exec
-- in  id id, category id, slug text, name text, words text, brand text, kind text
-- in  tax_class text, picture text, price money, made time, last time
INSERT INTO shop_product (id, category, slug, name, words, brand, kind, tax_class, state, picture,
                          price, made, changed)
VALUES (:id, :category, :slug, :name, :words, :brand, :kind, :tax_class, 'listed', :picture,
        :price, :made, :last);

-- demo_add_option: exec
-- in  product id, position int, name text
INSERT INTO shop_option (product, position, name) VALUES (:product, :position, :name);

-- demo_add_variant: exec
-- in  id id, product id, position int, sku text, barcode text, first text, second text
-- in  third text, price money, before money?, weight int, beyond text
INSERT INTO shop_variant (id, product, position, sku, barcode, first, second, third, price, before,
                          weight, shipped, beyond, due)
VALUES (:id, :product, :position, :sku, :barcode, :first, :second, :third, :price, :before,
        :weight, TRUE, :beyond, NULL);

-- demo_add_attribute: exec
-- in  product id, name text, value text
INSERT INTO shop_attribute (product, name, value) VALUES (:product, :name, :value);

-- demo_add_part: exec
-- in  bundle id, part id, quantity int
INSERT INTO shop_part (bundle, part, quantity) VALUES (:bundle, :part, :quantity);

-- demo_add_collection: exec
-- in  id id, slug text, name text, words text, position int, picture text
INSERT INTO shop_collection (id, slug, name, words, position, picture)
VALUES (:id, :slug, :name, :words, :position, :picture);

-- demo_add_collected: exec
-- in  collection id, product id, position int
INSERT INTO shop_collected (collection, product, position)
VALUES (:collection, :product, :position);

-- demo_add_location: exec
-- in  id id, name text, position int, postcode text, city text, street text
INSERT INTO shop_location (id, name, position, country, postcode, city, street)
VALUES (:id, :name, :position, 'DE', :postcode, :city, :street);

-- demo_add_stock: exec
-- in  variant id, location id, free int, held int, sold int, now time
INSERT INTO shop_stock (variant, location, free, held, sold, damaged, changed)
VALUES (:variant, :location, :free, :held, :sold, 0, :now);

-- demo_add_movement: exec
-- in  variant id, location id, id id, kind text, free int, held int, sold int, cause text
-- in  made time
INSERT INTO shop_movement (variant, location, id, kind, free, held, sold, damaged, cause, made)
VALUES (:variant, :location, :id, :kind, :free, :held, :sold, 0, :cause, :made);

-- demo_add_rate: exec
-- in  id id, name text, country text, state text, postcode text, tax_class text, step int
-- in  rate int
INSERT INTO shop_tax_rate (id, name, country, state, postcode, tax_class, step, rate, compound)
VALUES (:id, :name, :country, :state, :postcode, :tax_class, :step, :rate, FALSE);

-- demo_add_method: exec
-- in  id id, name text, position int, countries text, bands json, pickup id?, days_min int
-- in  days_max int
INSERT INTO shop_method (id, name, position, countries, bands, free_from, pickup, days_min,
                         days_max, active)
VALUES (:id, :name, :position, :countries, :bands, 0, :pickup, :days_min, :days_max, TRUE);

-- demo_add_promotion: exec
-- in  id id, name text, code text, terms json, used int, made time
INSERT INTO shop_promotion (id, name, code, active, terms, used, used_max, made)
VALUES (:id, :name, :code, TRUE, :terms, :used, 0, :made);

-- demo_add_use: exec
-- in  promotion id, order_id id, email text
INSERT INTO shop_promotion_use (promotion, order_id, email)
VALUES (:promotion, :order_id, :email);

-- demo_add_customer: exec
-- in  id id, email text, name text, language text, made time
INSERT INTO shop_customer (id, email, name, language, audience, exempt, vat, made)
VALUES (:id, :email, :name, :language, '', FALSE, '', :made);

-- demo_add_address: exec
-- in  id id, customer id, name text, street text, postcode text, city text, country text
INSERT INTO shop_address (id, customer, name, street, more, postcode, city, state, country)
VALUES (:id, :customer, :name, :street, '', :postcode, :city, '', :country);

-- demo_add_order: exec
-- in  id id, code text, cart text, customer id?, email text, state text, language text
-- in  currency text, name text, street text, postcode text, city text, country text, method text
-- in  payment text, goods money, off money, shipping money, tax money, gross money
-- in  captured money, terms json, tracking text, score int, held time, placed time, last time
INSERT INTO shop_order (id, code, cart, customer, email, state, language, currency, name, street,
                        more, postcode, city, region, country, method, payment, goods, off,
                        shipping, tax, gross, captured, refunded, terms, tracking, score, held,
                        placed, changed)
VALUES (:id, :code, :cart, :customer, :email, :state, :language, :currency, :name, :street, '',
        :postcode, :city, '', :country, :method, :payment, :goods, :off, :shipping, :tax, :gross,
        :captured, 0, :terms, :tracking, :score, :held, :placed, :last);

-- demo_add_line: exec
-- in  order_id id, position int, variant id, sku text, name text, picture text, quantity int
-- in  price money, off money, tax money, gross money
INSERT INTO shop_order_line (order_id, position, variant, sku, name, picture, quantity, price, off,
                             tax, gross)
VALUES (:order_id, :position, :variant, :sku, :name, :picture, :quantity, :price, :off, :tax,
        :gross);

-- demo_add_note: exec
-- in  order_id id, id id, kind text, words text, made time
INSERT INTO shop_order_note (order_id, id, kind, words, who, made)
VALUES (:order_id, :id, :kind, :words, '', :made);

-- demo_add_payment: exec
-- in  id id, order_id id, provider text, reference text, state text, amount money
-- in  captured money, look time, made time, last time
INSERT INTO shop_payment (id, order_id, provider, reference, place, state, amount, captured,
                          refunded, look, made, changed)
VALUES (:id, :order_id, :provider, :reference, '', :state, :amount, :captured, 0, :look, :made,
        :last);

-- demo_add_test_payment: exec
-- What the provider "test" must know of a payment, so that it can be given back.
-- in  payment id, state text, captured money
INSERT INTO shop_test_payment (payment, outcome, state, captured, told)
VALUES (:payment, 'success', :state, :captured, TRUE);
