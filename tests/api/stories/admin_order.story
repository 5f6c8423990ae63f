# The console of orders and stock: a place is made, stock comes in, something is bought, and sent.

Grace is signed in as manager
Grace sends
| GET /admin/dashboard HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No orders yet"
Grace sends
| GET /admin/locations HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No locations yet"
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| GET /admin/orders HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No orders yet"
Grace sends
| GET /admin/stock HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No stock yet"
Grace sends
| POST /admin/locations HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Store&street=&postcode=&city=&country=Germany
Grace is answered 400
and reads "id=\"country-wrong\""
and reads "value=\"Store\""
Grace sends
| POST /admin/locations HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Store&street=&postcode=&city=Berlin&country=DE
Grace is answered 303
| Location: /admin/locations?done=true
Grace sends
| GET /admin/locations HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Store"
and reads "Berlin"
and keeps PLACE from "<tr id=\"loc_*\""
Grace sends
| POST /admin/categories HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Books&slug=&parent=&words=&picture=
Grace is answered 303
Grace sends
| GET /admin/categories HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps CATEGORY from "href=\"/admin/categories/*\""
Grace sends
| POST /admin/products/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=A+book+of+bread&slug=&words=&category=$CATEGORY&kind=digital
Grace is answered 303
Grace sends
| GET /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps PRODUCT from "<a href=\"/admin/products/prd_*\""
Grace sends
| GET /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps SEEN from "name=\"seen\" value=\"*\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&sku=BOOK&price=12&weight=0&beyond=never
Grace is answered 303
Grace sends
| GET /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and keeps VARIANT from "<tr id=\"var_*\""
Grace sends
| POST /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=list&pick0=prd_$PRODUCT&sort=newest&category=&state=
Grace is answered 303

# Stock is received, damaged and counted; what cannot be is told at its field.
Grace sends
| GET /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Nothing moved yet"
and reads ">Store<"
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=receive&location=loc_$PLACE&quantity=20&why=
Grace is answered 400
and reads "id=\"why-wrong\""
and reads "value=\"20\""
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=receive&location=loc_$VARIANT&quantity=20&why=Delivery+4711
Grace is answered 400
and reads "id=\"location-wrong\""
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=receive&location=loc_$PLACE&quantity=20&why=Delivery+4711
Grace is answered 303
| Location: /admin/stock/var_$VARIANT?done=receive
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=damage&location=loc_$PLACE&quantity=21&why=Fire
Grace is answered 400
and reads "There are not so many there."
and reads "value=\"Fire\""
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=damage&location=loc_$PLACE&quantity=1&why=Fire
Grace is answered 303
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=count&location=loc_$PLACE&quantity=-1&why=Stocktake
Grace is answered 400
and reads "Enter 0 or more."
Grace sends
| POST /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=count&location=loc_$PLACE&quantity=4&why=Stocktake
Grace is answered 303
Grace sends
| GET /admin/stock/var_$VARIANT?done=count HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "The stock is changed."
and reads "Delivery 4711"
and reads "Stocktake"
and reads "<strong>19</strong>"
and reads "<strong>4</strong>"
Grace sends
| GET /admin/stock?soon=true HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "A book of bread"
Grace sends
| GET /admin/stock?q=nothing HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No products like that"
and does not read "A book of bread"

# Something is taken off, once the shop has read its rules again.
Grace sends
| POST /admin/promotions/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Autumn&effect=percent&value=10&active=true
Grace is answered 303
Grace waits 1200 ms

# A visitor buys two.
Ada sends
| POST /cart HTTP/1.1
| Host: localhost
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_$VARIANT&quantity=2
Ada is answered 303
and keeps of the head CART from "Set-Cookie: *;"
Ada sends
| GET /checkout HTTP/1.1
| Host: localhost
| Cookie: $CART
Ada is answered 200
and keeps FORM from "name=\"form\" value=\"*\""
Ada sends
| POST /checkout HTTP/1.1
| Host: localhost
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=2160&act=order&email=ada%40example.com&name=Ada+Lovelace&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=test&terms=true
Ada is answered 303
and keeps of the head ORDER from "Location: /orders/*\r\n"

# The order is in the list, found by what is known of it, and its page tells all.

Joan is signed in as orders
Joan sends
| GET /admin/orders?state=paid HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "Ada Lovelace"
and reads "€21.60"
and reads "Paid"
and does not read "/admin/dashboard"
and keeps CODE from "<a href=\"/admin/orders/$ORDER\">*<"
Joan sends
| GET /admin/orders?q=ADA%40example HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "$CODE"
Joan sends
| GET /admin/orders?q=$CODE HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "$CODE"
Joan sends
| GET /admin/orders?state=shipped HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "No orders like that"
and does not read "$CODE"
Joan sends
| GET /admin/orders?before=$ORDER HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and does not read "$CODE"
Joan sends
| GET /admin/orders/$ORDER HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "A book of bread"
and reads "ada@example.com"
and reads "Gasse 1"
and reads "€21.60"
and reads "How it came about"
and reads ">Autumn<"
and reads "-€2.40"
and reads "Mark as shipped"
and reads "Cancel the order"
Joan sends
| GET /admin/orders/ord_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 404
Joan sends
| GET /admin/dashboard HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 403

# Support may note, and no more; a reader looks alone.

Lin is signed in as support
Lin sends
| GET /admin/orders/$ORDER HTTP/1.1
| Host: localhost
| Cookie: $LIN
Lin is answered 200
and reads "Add the note"
and does not read "Mark as shipped"
and keeps LINS from "name=\"form_token\" value=\"*\""
Lin sends
| POST /admin/orders/$ORDER/ship HTTP/1.1
| Host: localhost
| Cookie: $LIN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$LINS&tracking=JD01
Lin is answered 403
Lin sends
| POST /admin/orders/$ORDER/cancel HTTP/1.1
| Host: localhost
| Cookie: $LIN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$LINS&why=They+changed+their+mind
Lin is answered 403
Lin sends
| POST /admin/orders/$ORDER/notes HTTP/1.1
| Host: localhost
| Cookie: $LIN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$LINS&words=
Lin is answered 400
and reads "id=\"words-wrong\""
Lin sends
| POST /admin/orders/$ORDER/notes HTTP/1.1
| Host: localhost
| Cookie: $LIN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$LINS&words=Ring+twice.
Lin is answered 303
| Location: /admin/orders/$ORDER?done=noted

# What is shipped is not cancelled any more.
Joan sends
| GET /admin/orders/$ORDER?done=noted HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "Ring twice."
and reads "The note is in the timeline."
and keeps JTOKEN from "name=\"form_token\" value=\"*\""
Joan sends
| POST /admin/orders/$ORDER/cancel HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JTOKEN&why=
Joan is answered 400
and reads "id=\"why-wrong\""
Joan sends
| POST /admin/orders/$ORDER/ship HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JTOKEN&tracking=JD0146
Joan is answered 303
| Location: /admin/orders/$ORDER?done=shipped
Joan sends
| GET /admin/orders/$ORDER?done=shipped HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "The order is on its way."
and reads "JD0146"
and does not read "Mark as shipped"
and does not read "Cancel the order"
Joan sends
| POST /admin/orders/$ORDER/cancel HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JTOKEN&why=Too+late
Joan is answered 409

# Another one is cancelled, with a reason: its stock is free again.
Ada sends
| POST /cart HTTP/1.1
| Host: localhost
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_$VARIANT&quantity=2
Ada is answered 303
and keeps of the head CARTB from "Set-Cookie: *;"
Ada sends
| GET /checkout HTTP/1.1
| Host: localhost
| Cookie: $CARTB
Ada is answered 200
and keeps FORMB from "name=\"form\" value=\"*\""
Ada sends
| POST /checkout HTTP/1.1
| Host: localhost
| Cookie: $CARTB
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORMB&seen=2160&act=order&email=ada%40example.com&name=Ada+Lovelace&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=bank&terms=true
Ada is answered 303
and keeps of the head SECOND from "Location: /orders/*\r\n"
Joan sends
| GET /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "<strong>0</strong>"
and reads "Held"
Joan sends
| GET /admin/orders/$SECOND HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "action=\"/admin/orders/$SECOND/receive\""
and does not read "action=\"/admin/orders/$SECOND/accept\""
Joan sends
| POST /admin/orders/$SECOND/accept HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JTOKEN
Joan is answered 303
| Location: /admin/orders/$SECOND
Joan sends
| POST /admin/orders/$SECOND/cancel HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JTOKEN&why=They+changed+their+mind
Joan is answered 303
| Location: /admin/orders/$SECOND?done=cancelled
Joan sends
| GET /admin/orders/$SECOND HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "They changed their mind"
and reads "Cancelled"
and does not read "Still to be paid"
Joan sends
| GET /admin/stock/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "Released"
and reads "/admin/orders/$SECOND"

# The dashboard counts what was not cancelled.
Grace sends
| GET /admin/dashboard HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "€21.60"
and reads "Best sellers"
and reads "A book of bread"
and reads "</svg>"
Grace sends
| GET /admin/audit?action=order.ship HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "$ORDER"
