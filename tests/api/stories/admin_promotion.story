# The console of promotions: made, changed, switched off; what a form does not show of one stays.

Grace is signed in as catalog
Grace sends
| GET /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "New promotion"
and reads "A percentage of the goods"
and reads "How much: percent, or EUR"
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| GET /admin/promotions HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No promotions yet"
and does not read "href=\"/admin/taxes\""
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=percent&value=101
Grace is answered 400
and reads "id=\"value-wrong\""
and reads "Enter a percentage up to 100"
and reads "value=\"Autumn\""
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=order&value=much&code=AUTUMN
Grace is answered 400
and reads "id=\"value-wrong\""
and reads "value=\"AUTUMN\""
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=buy_get&value=100&buy=2
Grace is answered 400
and reads "id=\"get-wrong\""
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=percent&value=10&begins=2026-12-01T00:00&ends=2026-11-01T00:00
Grace is answered 400
and reads "It would end before it begins."
and reads "value=\"2026-12-01T00:00\""
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=percent&value=12.5&code=AUTUMN&minimum=50&begins=2026-11-01T08:00&ends=2036-12-01T00:00&uses=100&uses_each=1&active=true
Grace is answered 303
| Location: /admin/promotions?done=true
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Winter&effect=order&value=5&code=AUTUMN
Grace is answered 400
and reads "Something else has this already."
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Three+for+two&effect=buy_get&value=100&buy=2&get=1&active=true
Grace is answered 303
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Shipping&effect=shipping&value=100&active=true
Grace is answered 303
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Five+off&effect=order&value=5
Grace is answered 303
Grace sends
| GET /admin/promotions?done=true HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Saved."
and reads "12.5% off"
and reads "Buy 2, get 1 free"
and reads "Free shipping"
and reads "€5.00 off the order"
and reads "AUTUMN"
and reads "0 / 100"
and reads ">Turn off<"
and reads ">Turn on<"
and reads ">Off<"
and keeps LAST from "<tr id=\"*\""
Grace sends
| GET /admin/promotions/$LAST HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "value=\"Five off\""
and reads "value=\"5.00\""
Grace sends
| POST /admin/promotions/$LAST HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Six+off&effect=order&value=6&active=true
Grace is answered 303
| Location: /admin/promotions?done=true
Grace sends
| GET /admin/promotions HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Six off"
and reads "€6.00 off the order"
and does not read ">Off<"
Grace sends
| POST /admin/promotions/$LAST/switch HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=off
Grace is answered 303
| Location: /admin/promotions?done=true
Grace sends
| GET /admin/promotions HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">Off<"
Grace sends
| GET /admin/promotions?before=$LAST HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Autumn"
and does not read "Six off"

# Taxes and shipping are for those who lead the shop.
Grace sends
| GET /admin/taxes HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 403
Grace sends
| GET /admin/shipping HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 403

Joan is signed in as readonly
Joan sends
| GET /admin/taxes HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "No taxes yet"
Joan sends
| GET /admin/shipping HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "No shipping methods yet"
Joan sends
| GET /admin/promotions HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "Autumn"
and does not read ">Turn off<"
Joan sends
| GET /account HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and keeps JOANS from "name=\"form_token\" value=\"*\""
Joan sends
| POST /admin/promotions/$LAST/switch HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JOANS&act=on
Joan is answered 403
