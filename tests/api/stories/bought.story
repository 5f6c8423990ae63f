# Grace buys while she is signed in: what lay in her visitor's cart comes along, and her order is hers.

the database has checkout.sql
Grace waits 1200 ms
Grace sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=2
Grace is answered 303
and keeps of the head FIRST from "Set-Cookie: *;"
Grace is signed in as customer
Grace sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE; $FIRST
Grace is answered 200
and reads "Rye &lt;loaf&gt;"
and keeps TOKEN from "name=\"form_token\" value=\"*\""

# On another device it is there too, and what is put in there as a visitor is added.
Phone sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Phone is answered 200
| Set-Cookie: $FIRST
and reads "Rye &lt;loaf&gt;"
Phone sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=1
Phone is answered 303
and keeps of the head OTHER from "Set-Cookie: *;"
Phone sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE; $OTHER
Phone is answered 200
| Set-Cookie: $FIRST
and reads "value=\"3\""

# Somebody else who is signed in has a cart of their own, whatever cookie they found.
Eve is signed in as customer
Eve sends
| GET /cart HTTP/1.1
| Host: stoa.example
| Cookie: $EVE; $FIRST
Eve is answered 200
and reads "Your cart is empty"

# Her form needs the token of her session.
Grace sends
| POST /cart HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE; $FIRST
| Content-Type: application/x-www-form-urlencoded
|
| variant=var_01KAH0XVK4A9N3FYJ0T8Q5RWZC&quantity=1
Grace is answered 403
Grace sends
| GET /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE; $FIRST
Grace is answered 200
and reads "value=\"grace@stoa.example\""
and keeps FORM from "name=\"form\" value=\"*\""
and keeps SEEN from "name=\"seen\" value=\"*\""
Grace sends
| POST /checkout HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE; $FIRST
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&form=$FORM&seen=$SEEN&name=Grace&email=grace%40stoa.example&street=Gasse+2&postcode=20095&city=Hamburg&country=DE&payment=bank&terms=true&method=shp_01KAH0XVK4A9N3FYJ0T8Q5RWZC
Grace is answered 303
| Location: /orders/ord_
and keeps of the head ORDER from "Location: *\r\n"

# Whoever has its address sees it; nobody finds it by guessing.
Ada sends
| GET $ORDER HTTP/1.1
| Host: stoa.example
Ada is answered 200
and reads "Waits to be paid"
and reads "Rye &lt;loaf&gt;, 1 kg"
and reads "Gasse 2"
and reads "Bank transfer"
and reads "€18.40"
Ada sends
| GET /orders/ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC HTTP/1.1
| Host: stoa.example
Ada is answered 404
Ada sends
| POST /orders/ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC/pay HTTP/1.1
| Host: stoa.example
| Content-Type: application/x-www-form-urlencoded
|
| payment=test
Ada is answered 404
Grace sends
| GET /account/orders HTTP/1.1
| Host: stoa.example
| Cookie: $GRACE
Grace is answered 200
and reads "$ORDER"
Eve sends
| GET /account/orders HTTP/1.1
| Host: stoa.example
| Cookie: $EVE
Eve is answered 200
and reads "No orders yet"
Ada sends
| GET /account/orders HTTP/1.1
| Host: stoa.example
Ada is answered 303
| Location: /sign-in
