-- What is asked of sales, and of the books that they are written into.

-- sale_add: exec
-- in  id id, item id, quantity int, total money, state text, made time, of id?
INSERT INTO sample_sale (id, item, quantity, total, state, made, of)
VALUES (:id, :item, :quantity, :total, :state, :made, :of);

-- sale_find: one
-- One sale, with the name of what was sold.
-- in  id id
-- out id id, item id, name text, quantity int, total money, state text, made time, paid time?
-- out of id?
SELECT s.id, s.item, i.name, s.quantity, s.total, s.state, s.made, s.paid, s.of
FROM sample_sale AS s JOIN sample_item AS i ON i.id = s.item
WHERE s.id = :id;

-- sale_pay: exec changed
-- A sale is paid once: no row changed the second time.
-- in  id id, paid time
UPDATE sample_sale SET state = 'paid', paid = :paid WHERE id = :id AND state = 'held';

-- sale_of_item: many
-- An item's sales, the newest first, in pages.
-- in  item id, before_made time?, before_id id?, limit int
-- out id id, quantity int, total money, made time, paid time?
SELECT id, quantity, total, made, paid
FROM sample_sale
WHERE item = :item [[ AND (made, id) < (:before_made, :before_id) ]]
ORDER BY made DESC, id DESC
LIMIT :limit;

-- sale_with_entries: many
-- A sale's lines in the books. A sale without any is one row of nulls.
-- in  id id
-- out state text, line int?, amount money?, words text?
SELECT s.state, e.line, e.amount, e.words
FROM sample_sale AS s LEFT JOIN sample_entry AS e ON e.sale = s.id
WHERE s.id = :id
ORDER BY e.line NULLS FIRST
LIMIT 100;

-- sale_book: exec
-- in  sale id, line int, amount money, words text?
INSERT INTO sample_entry (sale, line, amount, words) VALUES (:sale, :line, :amount, :words);

-- sale_balance: one
-- Money in less money out, by all sales.
-- out amount money
-- scan: the books are added up whole
SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS amount FROM sample_entry;
