# Ada fills a cart, makes mistakes, mends them, and buys; what she may not have is refused.

the database has checkout.sql
Ada waits 1200 ms

# Without a cart there is nothing to pay.
Ada sends
| GET /cart HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Your cart is empty"
Ada sends
| GET /checkout HTTP/1.1
| Host: stoa.example
Ada is answered 303
| Location: /cart
Ada sends
| POST /cart/lines HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=1
Ada is answered 404

# What does not exist, and how many there cannot be.
Ada sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZZ&quantity=1
Ada is answered 404
Ada sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=-1
Ada is answered 400
Ada sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=99999999999999999999
Ada is answered 400

Ada sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=2&price=1
Ada is answered 303
| Location: /cart
and keeps of the head CART from "Set-Cookie: *;"

# Another site's page puts nothing into it.
Eve sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Origin: https://evil.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=2
Eve is answered 403

# More than there are are marked, and lead nowhere.
Ada sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZD&quantity=4
Ada is answered 303
Ada sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 200
and reads "Rye &lt;loaf&gt;"
and reads "Only 3 are left"
and reads "€43.00"
and does not read "href=\"/checkout\""
Ada sends
| GET /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 303
| Location: /cart
Ada sends
| POST /cart/lines HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZD&quantity=2
Ada is answered 303
Ada sends
| POST /cart/lines HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZD&quantity=1000
Ada is answered 400
and reads "Enter a number from 0 to 999."

# A code that nobody gave, one that holds, and what would hold with more.
Ada sends
| POST /cart/codes HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| code=GIFT
Ada is answered 400
and reads "We do not know this code."
and reads "value=\"GIFT\""
Ada sends
| POST /cart/codes HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| code=welcome
Ada is answered 303
Ada sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 200
and reads "A tenth off"
and reads "-€2.60"
and reads "€28.30"
and reads "Five off sixty</bdi>: €34.00 more"
and reads "including VAT 7 %"

# Another country has other prices.
Ada sends
| POST /cart/country HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| country=XX
Ada is answered 400
Ada sends
| POST /cart/country HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| country=AT
Ada is answered 303
Ada sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 200
and does not read "including VAT"

# The checkout shows what is wrong at its field, and keeps what was typed.
Ada sends
| GET /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 200
and keeps FORM from "name=\"form\" value=\"*\""
and reads "name=\"seen\" value=\"2830\""
and reads "Test payment"
and does not read "Broken"
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=2830&name=Ada+%3CLovelace%3E&email=ada%40&street=&postcode=20095&city=Hamburg&country=DE&payment=test&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZC
Ada is answered 400
and reads "There is a problem with 2 fields"
and reads "id=\"email-wrong\""
and reads "id=\"street-wrong\""
and reads "value=\"Ada &lt;Lovelace&gt;\""
and reads "value=\"$FORM\""

# To look at another way of shipping is no order, and half a form is no mistake then.
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&act=update&name=Ada&country=DE&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD&payment=cash
Ada is answered 200
and reads "name=\"seen\" value=\"3330\""
and reads "value=\"Ada\""
and does not read "-wrong\""

# Without the terms, with a provider that there is not, with a method that does not go there.
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Ada&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=test&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Ada is answered 400
and reads "id=\"terms-wrong\""
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Ada&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=gold&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Ada is answered 400
and reads "id=\"payment-wrong\""
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Ada&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=test&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZE
Ada is answered 400
and reads "id=\"method-wrong\""

# A total of her own making is not what it costs: she is shown what does.
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=1&gross=1&name=Ada&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=test&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Ada is answered 409
and reads "It costs €33.30 now"

# Whoever has only the form has no cart.
Eve sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Eve&email=eve%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=test&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Eve is answered 303
| Location: /cart

Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Ada+Lovelace&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=bank&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Ada is answered 303
| Location: /orders/ord_
and keeps of the head ORDER from "Location: *\r\n"

# Sent twice it is one order, and the cart is gone.
Ada sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $CART
| Content-Type: application/x-www-form-urlencoded
|
| form=$FORM&seen=3330&name=Ada+Lovelace&email=ada%40stoa.example&street=Gasse+1&postcode=20095&city=Hamburg&country=DE&payment=bank&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZD
Ada is answered 303
| Location: $ORDER
Ada sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $CART
Ada is answered 200
and reads "Your cart is empty"
