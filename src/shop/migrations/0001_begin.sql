-- What is sold, how much of it there is, who buys it, and what was bought.
CREATE TABLE shop_category (
    id @id NOT NULL PRIMARY KEY,
    parent @id REFERENCES shop_category (id),
    slug @text NOT NULL,
    name @text NOT NULL,
    words @text NOT NULL,
    position @int NOT NULL,
    picture @text NOT NULL
) @strict;
CREATE UNIQUE INDEX shop_category_slug ON shop_category (slug);
CREATE INDEX shop_category_parent ON shop_category (parent);
CREATE TABLE shop_product (
    id @id NOT NULL PRIMARY KEY,
    category @id NOT NULL REFERENCES shop_category (id),
    slug @text NOT NULL,
    name @text NOT NULL,
    words @text NOT NULL,
    brand @text NOT NULL,
    kind @text NOT NULL,
    tax_class @text NOT NULL,
    state @text NOT NULL,
    picture @text NOT NULL,
    price @money NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE UNIQUE INDEX shop_product_slug ON shop_product (slug);
CREATE INDEX shop_product_category_state_price_id ON shop_product (category, state, price, id);
CREATE INDEX shop_product_category_state_made_id ON shop_product (category, state, made, id);
CREATE INDEX shop_product_state_made_id ON shop_product (state, made, id);
CREATE INDEX shop_product_changed_id ON shop_product (changed, id);
CREATE TABLE shop_translation (
    thing @id NOT NULL,
    language @text NOT NULL,
    name @text NOT NULL,
    words @text NOT NULL,
    PRIMARY KEY (thing, language)
) @strict_by_key;
CREATE TABLE shop_option (
    product @id NOT NULL REFERENCES shop_product (id),
    position @int NOT NULL,
    name @text NOT NULL,
    PRIMARY KEY (product, position)
) @strict_by_key;
CREATE TABLE shop_variant (
    id @id NOT NULL PRIMARY KEY,
    product @id NOT NULL REFERENCES shop_product (id),
    position @int NOT NULL,
    sku @text NOT NULL,
    barcode @text NOT NULL,
    first @text NOT NULL,
    second @text NOT NULL,
    third @text NOT NULL,
    price @money NOT NULL,
    before @money,
    weight @int NOT NULL,
    shipped @bool NOT NULL,
    beyond @text NOT NULL,
    due @time
) @strict;
CREATE UNIQUE INDEX shop_variant_sku ON shop_variant (sku);
CREATE INDEX shop_variant_product_position ON shop_variant (product, position);
CREATE TABLE shop_attribute (
    product @id NOT NULL REFERENCES shop_product (id),
    name @text NOT NULL,
    value @text NOT NULL,
    PRIMARY KEY (product, name, value)
) @strict_by_key;
CREATE INDEX shop_attribute_name_value ON shop_attribute (name, value);
CREATE TABLE shop_image (
    id @id NOT NULL PRIMARY KEY,
    product @id NOT NULL REFERENCES shop_product (id),
    position @int NOT NULL,
    picture @text NOT NULL,
    words @text NOT NULL
) @strict;
CREATE INDEX shop_image_product_position ON shop_image (product, position);
CREATE TABLE shop_collection (
    id @id NOT NULL PRIMARY KEY,
    slug @text NOT NULL,
    name @text NOT NULL,
    words @text NOT NULL,
    position @int NOT NULL,
    picture @text NOT NULL
) @strict;
CREATE UNIQUE INDEX shop_collection_slug ON shop_collection (slug);
CREATE TABLE shop_collected (
    collection @id NOT NULL REFERENCES shop_collection (id),
    product @id NOT NULL REFERENCES shop_product (id),
    position @int NOT NULL,
    PRIMARY KEY (collection, product)
) @strict_by_key;
CREATE INDEX shop_collected_product ON shop_collected (product);
CREATE TABLE shop_part (
    bundle @id NOT NULL REFERENCES shop_variant (id),
    part @id NOT NULL REFERENCES shop_variant (id),
    quantity @int NOT NULL,
    PRIMARY KEY (bundle, part)
) @strict_by_key;
CREATE INDEX shop_part_part ON shop_part (part);
CREATE TABLE shop_price (
    variant @id NOT NULL REFERENCES shop_variant (id),
    currency @text NOT NULL,
    audience @text NOT NULL,
    begins @time NOT NULL,
    ends @time NOT NULL,
    price @money NOT NULL,
    PRIMARY KEY (variant, currency, audience, begins)
) @strict_by_key;
CREATE TABLE shop_moved (
    path @text NOT NULL PRIMARY KEY,
    place @text NOT NULL
) @strict_by_key;
CREATE TABLE shop_location (
    id @id NOT NULL PRIMARY KEY,
    name @text NOT NULL,
    position @int NOT NULL,
    country @text NOT NULL,
    postcode @text NOT NULL,
    city @text NOT NULL,
    street @text NOT NULL
) @strict;
CREATE TABLE shop_stock (
    variant @id NOT NULL REFERENCES shop_variant (id),
    location @id NOT NULL REFERENCES shop_location (id),
    free @int NOT NULL,
    held @int NOT NULL,
    sold @int NOT NULL,
    damaged @int NOT NULL,
    changed @time NOT NULL,
    PRIMARY KEY (variant, location)
) @strict_by_key;
CREATE TABLE shop_movement (
    variant @id NOT NULL REFERENCES shop_variant (id),
    location @id NOT NULL REFERENCES shop_location (id),
    id @id NOT NULL,
    kind @text NOT NULL,
    free @int NOT NULL,
    held @int NOT NULL,
    sold @int NOT NULL,
    damaged @int NOT NULL,
    cause @text NOT NULL,
    made @time NOT NULL,
    PRIMARY KEY (variant, location, id)
) @strict_by_key;
CREATE INDEX shop_movement_cause ON shop_movement (cause);
CREATE TABLE shop_customer (
    id @id NOT NULL PRIMARY KEY,
    email @text NOT NULL,
    name @text NOT NULL,
    language @text NOT NULL,
    audience @text NOT NULL,
    exempt @bool NOT NULL,
    vat @text NOT NULL,
    made @time NOT NULL
) @strict;
CREATE INDEX shop_customer_email ON shop_customer (email);
CREATE TABLE shop_address (
    id @id NOT NULL PRIMARY KEY,
    customer @id NOT NULL REFERENCES shop_customer (id),
    name @text NOT NULL,
    street @text NOT NULL,
    more @text NOT NULL,
    postcode @text NOT NULL,
    city @text NOT NULL,
    state @text NOT NULL,
    country @text NOT NULL
) @strict;
CREATE INDEX shop_address_customer ON shop_address (customer);
CREATE TABLE shop_cart (
    id @id NOT NULL PRIMARY KEY,
    customer @id REFERENCES shop_customer (id),
    codes @text NOT NULL,
    country @text NOT NULL,
    postcode @text NOT NULL,
    method @text NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE INDEX shop_cart_customer ON shop_cart (customer);
CREATE INDEX shop_cart_changed ON shop_cart (changed);
CREATE TABLE shop_cart_line (
    cart @id NOT NULL REFERENCES shop_cart (id),
    variant @id NOT NULL REFERENCES shop_variant (id),
    quantity @int NOT NULL,
    made @time NOT NULL,
    PRIMARY KEY (cart, variant)
) @strict_by_key;
CREATE INDEX shop_cart_line_variant ON shop_cart_line (variant);
CREATE TABLE shop_promotion (
    id @id NOT NULL PRIMARY KEY,
    name @text NOT NULL,
    code @text NOT NULL,
    active @bool NOT NULL,
    terms @json NOT NULL,
    used @int NOT NULL,
    used_max @int NOT NULL,
    made @time NOT NULL
) @strict;
CREATE INDEX shop_promotion_code ON shop_promotion (code);
CREATE TABLE shop_promotion_use (
    promotion @id NOT NULL REFERENCES shop_promotion (id),
    order_id @id NOT NULL,
    email @text NOT NULL,
    PRIMARY KEY (promotion, order_id)
) @strict_by_key;
CREATE INDEX shop_promotion_use_promotion_email ON shop_promotion_use (promotion, email);
CREATE INDEX shop_promotion_use_order_id ON shop_promotion_use (order_id);
CREATE TABLE shop_tax_rate (
    id @id NOT NULL PRIMARY KEY,
    name @text NOT NULL,
    country @text NOT NULL,
    state @text NOT NULL,
    postcode @text NOT NULL,
    tax_class @text NOT NULL,
    step @int NOT NULL,
    rate @int NOT NULL,
    compound @bool NOT NULL
) @strict;
CREATE TABLE shop_method (
    id @id NOT NULL PRIMARY KEY,
    name @text NOT NULL,
    position @int NOT NULL,
    countries @text NOT NULL,
    bands @json NOT NULL,
    free_from @money NOT NULL,
    pickup @id REFERENCES shop_location (id),
    days_min @int NOT NULL,
    days_max @int NOT NULL,
    active @bool NOT NULL
) @strict;
CREATE TABLE shop_order (
    id @id NOT NULL PRIMARY KEY,
    code @text NOT NULL,
    cart @text NOT NULL,
    customer @id REFERENCES shop_customer (id),
    email @text NOT NULL,
    state @text NOT NULL,
    language @text NOT NULL,
    currency @text NOT NULL,
    name @text NOT NULL,
    street @text NOT NULL,
    more @text NOT NULL,
    postcode @text NOT NULL,
    city @text NOT NULL,
    region @text NOT NULL,
    country @text NOT NULL,
    method @text NOT NULL,
    payment @text NOT NULL,
    goods @money NOT NULL,
    off @money NOT NULL,
    shipping @money NOT NULL,
    tax @money NOT NULL,
    gross @money NOT NULL,
    captured @money NOT NULL,
    refunded @money NOT NULL,
    terms @json NOT NULL,
    tracking @text NOT NULL,
    score @int NOT NULL,
    held @time NOT NULL,
    placed @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE UNIQUE INDEX shop_order_code ON shop_order (code);
CREATE UNIQUE INDEX shop_order_cart ON shop_order (cart);
CREATE INDEX shop_order_placed_id ON shop_order (placed, id);
CREATE INDEX shop_order_state_placed_id ON shop_order (state, placed, id);
CREATE INDEX shop_order_state_held ON shop_order (state, held);
CREATE INDEX shop_order_customer_placed ON shop_order (customer, placed);
CREATE INDEX shop_order_email_placed ON shop_order (email, placed);
CREATE TABLE shop_order_line (
    order_id @id NOT NULL REFERENCES shop_order (id),
    position @int NOT NULL,
    variant @id NOT NULL REFERENCES shop_variant (id),
    sku @text NOT NULL,
    name @text NOT NULL,
    picture @text NOT NULL,
    quantity @int NOT NULL,
    price @money NOT NULL,
    off @money NOT NULL,
    tax @money NOT NULL,
    gross @money NOT NULL,
    PRIMARY KEY (order_id, position)
) @strict_by_key;
CREATE INDEX shop_order_line_variant ON shop_order_line (variant);
CREATE TABLE shop_order_note (
    order_id @id NOT NULL REFERENCES shop_order (id),
    id @id NOT NULL,
    kind @text NOT NULL,
    words @text NOT NULL,
    who @text NOT NULL,
    made @time NOT NULL,
    PRIMARY KEY (order_id, id)
) @strict_by_key;
CREATE TABLE shop_payment (
    id @id NOT NULL PRIMARY KEY,
    order_id @id NOT NULL REFERENCES shop_order (id),
    provider @text NOT NULL,
    reference @text NOT NULL,
    place @text NOT NULL,
    state @text NOT NULL,
    amount @money NOT NULL,
    captured @money NOT NULL,
    refunded @money NOT NULL,
    look @time NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE UNIQUE INDEX shop_payment_provider_reference ON shop_payment (provider, reference);
CREATE INDEX shop_payment_order_id ON shop_payment (order_id);
CREATE INDEX shop_payment_look ON shop_payment (look);
CREATE TABLE shop_refund (
    id @id NOT NULL PRIMARY KEY,
    payment @id NOT NULL REFERENCES shop_payment (id),
    amount @money NOT NULL,
    state @text NOT NULL,
    why @text NOT NULL,
    made @time NOT NULL,
    changed @time NOT NULL
) @strict;
CREATE INDEX shop_refund_payment ON shop_refund (payment);
CREATE TABLE shop_payment_event (
    provider @text NOT NULL,
    event @text NOT NULL,
    made @time NOT NULL,
    PRIMARY KEY (provider, event)
) @strict_by_key;
CREATE INDEX shop_payment_event_made ON shop_payment_event (made);
CREATE TABLE shop_test_payment (
    payment @id NOT NULL PRIMARY KEY,
    outcome @text NOT NULL,
    state @text NOT NULL,
    captured @money NOT NULL,
    told @bool NOT NULL
) @strict_by_key;
CREATE TABLE shop_test_refund (
    asked @text NOT NULL PRIMARY KEY,
    payment @id NOT NULL,
    amount @money NOT NULL
) @strict_by_key;
