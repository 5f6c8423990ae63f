-- What is odd about an order, counted: fraud.h.

-- odd_counts: one
-- What this address ordered and was declined before.
-- in  email text, hour time, day time
-- out email_hour int, email_day int, declined_day int, earlier int
SELECT CAST((SELECT COUNT(*) FROM shop_order AS o
             WHERE o.email = :email AND o.placed > :hour) AS bigint) AS email_hour,
       CAST((SELECT COUNT(*) FROM shop_order AS o
             WHERE o.email = :email AND o.placed > :day) AS bigint) AS email_day,
       CAST((SELECT COUNT(*) FROM shop_order AS o JOIN shop_payment AS p ON p.order_id = o.id
             WHERE o.email = :email AND o.placed > :day AND p.state = 'declined')
            AS bigint) AS declined_day,
       CAST((SELECT COUNT(*) FROM (SELECT o.id FROM shop_order AS o
                                   WHERE o.email = :email AND o.captured > 0
                                   ORDER BY o.placed LIMIT 1) AS first) AS bigint) AS earlier;
