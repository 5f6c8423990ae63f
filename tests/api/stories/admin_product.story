# The console of products: a shop is set up from nothing, and changed by two people at once.

Grace is signed in as catalog
Grace sends
| GET /admin/categories HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No categories yet"
and does not read "href=\"/admin/orders\""
and keeps TOKEN from "name=\"form_token\" value=\"*\""
Grace sends
| GET /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No products yet"
Grace sends
| POST /admin/categories HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Bread&slug=&parent=&words=&picture=
Grace is answered 303
| Location: /admin/categories?done=true
Grace sends
| GET /admin/categories?done=true HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Saved."
and reads "/c/bread"
and keeps CATEGORY from "href=\"/admin/categories/*\""
Grace sends
| POST /admin/categories HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=More+bread&slug=bread&parent=&words=
Grace is answered 400
and reads "Something else has this already."
and reads "value=\"More bread\""
Grace sends
| POST /admin/categories/$CATEGORY HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Breads&slug=bread&parent=$CATEGORY&words=
Grace is answered 400
and reads "id=\"parent-wrong\""
Grace sends
| POST /admin/categories/$CATEGORY HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Breads&slug=bread&parent=&words=
Grace is answered 303
| Location: /admin/categories?done=true

# A product is a draft until it can be bought.
Grace sends
| GET /admin/products/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">Breads<"
Grace sends
| POST /admin/products/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=&slug=Rye+Loaf&category=$CATEGORY&kind=goods
Grace is answered 400
and reads "id=\"name-wrong\""
and reads "value=\"Rye Loaf\""
Grace sends
| POST /admin/products/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Rye+loaf&slug=Rye+Loaf&category=$CATEGORY&kind=goods
Grace is answered 400
and reads "id=\"slug-wrong\""
Grace sends
| POST /admin/products/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&name=Rye+loaf&slug=&words=Dark.&category=$CATEGORY&kind=goods&picture=drawn%3Aloaf%3A7&option1=Size
Grace is answered 303
Grace sends
| GET /admin/products?q=rye HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Rye loaf"
and reads "Draft"
and reads "/pictures/loaf-7.svg"
and keeps PRODUCT from "<a href=\"/admin/products/prd_*\""
Grace sends
| GET /admin/products/prd_$PRODUCT?done=made HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Now give it a variant"
and reads "value=\"rye-loaf\""
and reads "value=\"Size\""
and keeps SEEN from "name=\"seen\" value=\"*\""
Grace sends
| POST /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&name=Rye+loaf&slug=rye-loaf&category=$CATEGORY&state=listed&kind=goods&option1=Size
Grace is answered 400
and reads "Add a variant first"

# A variant: its barcode is checked, its amounts are read, and its SKU is its own.
Grace sends
| GET /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads ">Size<"
and reads "Price in EUR"
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&sku=RYE-1&barcode=4006381333932&first=1+kg&price=5.40&before=&weight=1000&shipped=true&beyond=never
Grace is answered 400
and reads "These digits do not check"
and reads "value=\"4006381333932\""
and reads "value=\"1 kg\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&sku=RYE-1&barcode=4006381333931&first=1+kg&price=much&before=&weight=1000&shipped=true&beyond=never
Grace is answered 400
and reads "id=\"price-wrong\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&sku=RYE-1&barcode=4006381333931&first=1+kg&price=5.40&before=6&weight=1000&shipped=true&beyond=never
Grace is answered 303
| Location: /admin/products/prd_$PRODUCT?done=variant
Grace sends
| GET /admin/products/prd_$PRODUCT?done=variant HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "RYE-1"
and reads "1 kg"
and reads "€5.40"
and reads "€6.00"
and keeps NEWER from "name=\"seen\" value=\"*\""
and keeps VARIANT from "<tr id=\"var_*\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/new HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$NEWER&sku=RYE-1&first=2+kg&price=9&weight=2000&shipped=true&beyond=never
Grace is answered 400
and reads "Something else has this already."

# Who saw it before somebody else changed it is told so, with what they typed; sent again it counts.
Grace sends
| POST /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&name=Old+rye&slug=rye-loaf&category=$CATEGORY&state=draft&kind=goods&option1=Size
Grace is answered 409
and reads "Somebody else changed this meanwhile."
and reads "value=\"Old rye\""
and keeps LATEST from "name=\"seen\" value=\"*\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$SEEN&sku=RYE-1&first=1+kg&price=5&weight=1000&shipped=true&beyond=never
Grace is answered 409
and reads "Somebody else changed this meanwhile."
Grace sends
| POST /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$LATEST&name=Old+rye&slug=old-rye&category=$CATEGORY&state=listed&kind=goods&option1=Size&picture=drawn%3Aloaf%3A7
Grace is answered 303
| Location: /admin/products/prd_$PRODUCT?done=saved
Grace sends
| GET /admin/products/prd_$PRODUCT?done=saved HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "Saved."
and reads "value=\"old-rye\""
and reads "Listed"
and keeps NEWEST from "name=\"seen\" value=\"*\""
Grace sends
| GET /admin/products/prd_$PRODUCT/variants/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "value=\"RYE-1\""
and reads "value=\"5.40\""
and reads "value=\"6.00\""
and reads "value=\"4006381333931\""
Grace sends
| POST /admin/products/prd_$PRODUCT/variants/var_$VARIANT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&seen=$NEWEST&sku=RYE-1&barcode=4006381333931&first=1+kg&price=4.80&before=&weight=1000&shipped=true&beyond=never
Grace is answered 303
| Location: /admin/products/prd_$PRODUCT?done=variant
Grace sends
| GET /admin/products/prd_$PRODUCT/variants/var_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 404

# Many at once, by their checkboxes.
Grace sends
| POST /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=hide&pick0=prd_$PRODUCT&pick7=nothing&category=&state=&sort=name
Grace is answered 303
| Location: /admin/products?category=&state=&sort=name&changed=1
Grace sends
| GET /admin/products?category=$CATEGORY&state=hidden&sort=price&changed=1 HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "1 product was changed."
and reads "Old rye"
and reads "€4.80"
Grace sends
| GET /admin/products?state=draft&sort=name HTTP/1.1
| Host: localhost
| Cookie: $GRACE
Grace is answered 200
and reads "No products like that"
and does not read "Old rye"
Grace sends
| POST /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$TOKEN&act=list&pick0=prd_$PRODUCT&sort=newest&category=&state=
Grace is answered 303

# The old address leads to the new one, in the shop.
Ada sends
| GET /p/rye-loaf HTTP/1.1
| Host: localhost
Ada is answered 301
| Location: /p/old-rye

# Who may look may not change.

Joan is signed in as readonly
Joan sends
| GET /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $JOAN
Joan is answered 200
and reads "Old rye"
and does not read ">Save<"
and keeps JOANS from "name=\"form_token\" value=\"*\""
Joan sends
| POST /admin/products HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JOANS&act=hide&pick0=prd_$PRODUCT&sort=name
Joan is answered 403
Joan sends
| POST /admin/products/prd_$PRODUCT HTTP/1.1
| Host: localhost
| Cookie: $JOAN
| Content-Type: application/x-www-form-urlencoded
|
| form_token=$JOANS&seen=$LATEST&name=Rye&category=$CATEGORY&state=listed&kind=goods
Joan is answered 403
Grace sends
| POST /admin/products HTTP/1.1
| Host: localhost
| Cookie: $GRACE
| Content-Type: application/x-www-form-urlencoded
|
| act=hide&sort=name
Grace is answered 403

# What was done is in the trail.

Lin is signed in as owner
Lin sends
| GET /admin/audit?action=product.change HTTP/1.1
| Host: localhost
| Cookie: $LIN
Lin is answered 200
and reads "product.change"
