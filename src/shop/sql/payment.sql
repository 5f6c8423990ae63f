-- What is asked of payments, and of what goes back.

-- payment_order: one
-- What a payment of an order is about.
-- in  id id
-- out state text, email text, code text, currency text, gross money
SELECT state, email, code, currency, gross FROM shop_order WHERE id = :id;

-- payment_add: exec
-- in  id id, order_id id, provider text, reference text, state text, amount money, look time
-- in  now time
INSERT INTO shop_payment (id, order_id, provider, reference, place, state, amount, captured,
                          refunded, look, made, changed)
VALUES (:id, :order_id, :provider, :reference, '', :state, :amount, 0, 0, :look, :now, :now);

-- payment_load: one
-- in  id id
-- out order_id id, provider text, reference text, place text, state text, amount money
-- out captured money, refunded money, made time, email text, code text, currency text
-- out order_state text
SELECT p.order_id, p.provider, p.reference, p.place, p.state, p.amount, p.captured, p.refunded,
    p.made, o.email, o.code, o.currency, o.state AS order_state
FROM shop_payment AS p JOIN shop_order AS o ON o.id = p.order_id WHERE p.id = :id;

-- payment_list: many
-- Those of an order, the first first.
-- in  order_id id, limit int
-- out id id, provider text, state text, captured money, refunded money
SELECT id, provider, state, captured, refunded FROM shop_payment WHERE order_id = :order_id
ORDER BY id LIMIT :limit;

-- payment_put: exec
-- in  id id, reference text, place text, state text, captured money, refunded money, look time
-- in  now time
UPDATE shop_payment SET reference = :reference, place = :place, state = :state,
    captured = :captured, refunded = :refunded, look = :look, changed = :now
WHERE id = :id;

-- payment_put_off: exec
-- Nothing was heard: it is asked again later.
-- in  id id, look time
UPDATE shop_payment SET look = :look WHERE id = :id;

-- payment_due: many
-- in  now time, limit int
-- out id id
SELECT id FROM shop_payment WHERE look <= :now ORDER BY look LIMIT :limit;

-- payment_event_find: one
-- in  provider text, event text
-- out made time
SELECT made FROM shop_payment_event WHERE provider = :provider AND event = :event;

-- payment_event_add: exec
-- in  provider text, event text, now time
INSERT INTO shop_payment_event (provider, event, made) VALUES (:provider, :event, :now);

-- payment_event_old: many
-- in  before time, limit int
-- out provider text, event text
SELECT provider, event FROM shop_payment_event WHERE made < :before ORDER BY made LIMIT :limit;

-- payment_event_drop: exec
-- in  provider text, event text
DELETE FROM shop_payment_event WHERE provider = :provider AND event = :event;

-- payment_refund_add: exec
-- in  id id, payment id, amount money, why text, now time
INSERT INTO shop_refund (id, payment, amount, state, why, made, changed)
VALUES (:id, :payment, :amount, 'asked', :why, :now, :now);

-- payment_refund_load: one
-- in  id id
-- out payment id, amount money, state text, why text
SELECT payment, amount, state, why FROM shop_refund WHERE id = :id;

-- payment_refund_end: exec
-- in  id id, state text, now time
UPDATE shop_refund SET state = :state, changed = :now WHERE id = :id;

-- payment_reserve: exec
-- What is about to go back of a payment; less than nothing frees it.
-- in  id id, amount money
UPDATE shop_payment SET refunded = refunded + :amount WHERE id = :id;

-- payment_order_refunded: exec
-- in  id id, amount money, now time
UPDATE shop_order SET refunded = refunded + :amount, changed = :now WHERE id = :id;

-- payment_test_load: one
-- in  payment id
-- out outcome text, state text, captured money, told bool
SELECT outcome, state, captured, told FROM shop_test_payment WHERE payment = :payment;

-- payment_test_put: exec
-- in  payment id, outcome text, state text, captured money, told bool
INSERT INTO shop_test_payment (payment, outcome, state, captured, told)
VALUES (:payment, :outcome, :state, :captured, :told)
ON CONFLICT (payment) DO UPDATE SET outcome = excluded.outcome, state = excluded.state,
    captured = excluded.captured, told = excluded.told;

-- payment_test_refund_add: exec
-- in  asked text, payment id, amount money
INSERT INTO shop_test_refund (asked, payment, amount) VALUES (:asked, :payment, :amount)
ON CONFLICT (asked) DO NOTHING;

-- payment_test_refunded: one
-- in  payment id
-- out amount money
-- scan: it is of tests, and small
SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS amount FROM shop_test_refund
WHERE payment = :payment;
