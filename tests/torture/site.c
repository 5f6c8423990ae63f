/* Starts the program with the torture layer before it, and asks what it can be asked. */
#include "site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/process.h"

enum { REQUEST_MAX = 4 << 10, EACH_UP_TO = 10 };

#define FORM_TYPE       "Content-Type: application/x-www-form-urlencoded\r\n"
#define AS_OWNER        "Cookie: $OWNER\r\n"
#define NO_TOKEN        "0000000000000000000000000000000000000000000000000000000000000000"
#define SQS_ACTION      "X-Form-Token: $TOKEN\r\nX-Amz-Target: AmazonSQS."
#define JSON_TYPE       "Content-Type: application/json\r\n"
#define NO_SUBSCRIPTION "sub_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_DELIVERY     "dlv_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_CATEGORY     "cat_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_LOCATION     "loc_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_PROMOTION    "prm_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_METHOD       "shp_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_ORDER        "ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_PRODUCT      "prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_VARIANT      "var_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NO_PAYMENT      "pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
#define NOBODY          "per_01KAH0XVK4A9N3FYJ0T8Q5RWZC"

const struct site_ask site_asks[] = {
    {"get /healthz", "GET /healthz", "", "", 204, "", false},
    {"get /openapi.json", "GET /openapi.json", "", "", 200, "\"openapi\":\"3.1", false},
    {"get /metrics", "GET /metrics", "", "", 200, "version=0.0.4", false},
    {"get /admin/health", "GET /admin/health", "", "", 200, "</svg>", false},
    {"get /admin/health/events", "GET /admin/health/events", "", "", 200, "retry: ", true},
    {"get /readyz", "GET /readyz", "", "", 204, "", false},
    {"get /", "GET /", "", "", 200, "Good things, kept simple", false},
    {"get /pictures/{name}", "GET /pictures/loaf-7.svg", "", "", 200, "</svg>", false},
    {"get /cart", "GET /cart", "", "", 200, "Your cart is empty", false},
    {"post /cart", "POST /cart", FORM_TYPE, "variant=" NO_VARIANT "&quantity=2", 404,
     "There is nothing here", false},
    {"post /cart/lines", "POST /cart/lines", FORM_TYPE, "variant=" NO_VARIANT "&quantity=x", 400,
     "Your cart is empty", false},
    {"post /cart/codes", "POST /cart/codes", FORM_TYPE, "code=WELCOME", 404,
     "There is nothing here", false},
    {"post /cart/country", "POST /cart/country", FORM_TYPE, "country=DE", 404,
     "There is nothing here", false},
    {"get /checkout", "GET /checkout", "", "", 303, "Location: /cart", false},
    {"post /checkout", "POST /checkout", FORM_TYPE,
     "form=crt_01KAH0XVK4A9N3FYJ0T8Q5RWZC&name=Ada&email=ada%40stoa.example&street=Gasse+1&"
     "postcode=20095&city=Hamburg&country=DE&payment=test&terms=true",
     303, "Location: /cart", false},
    {"get /orders/{id}", "GET /orders/" NO_ORDER, "", "", 404, "There is nothing here", false},
    {"post /orders/{id}/pay", "POST /orders/" NO_ORDER "/pay", FORM_TYPE, "payment=test", 404,
     "There is nothing here", false},
    {"get /account/orders", "GET /account/orders", AS_OWNER, "", 200, "No orders yet", false},
    {"get /payments/{id}", "GET /payments/" NO_PAYMENT, "", "", 404, "There is nothing here",
     false},
    {"get /payments/{id}/return", "GET /payments/" NO_PAYMENT "/return", "", "", 404,
     "There is nothing here", false},
    {"get /payments/test/{id}", "GET /payments/test/" NO_PAYMENT, "", "", 404,
     "There is nothing here", false},
    {"post /payments/test/{id}", "POST /payments/test/" NO_PAYMENT, FORM_TYPE, "choice=approve",
     404, "There is nothing here", false},
    {"post /payments/hooks/{provider}", "POST /payments/hooks/test",
     JSON_TYPE "Test-Signature: t=1,v1=a\r\n", "{}", 403, "not for you to say", false},
    {"get /c", "GET /c", "", "", 200, "The shelves are still empty", false},
    {"get /c/{slug}", "GET /c/bread?is=Grain%3DRye&from=1", "", "", 404, "There is nothing here",
     false},
    {"get /collections/{slug}", "GET /collections/sunday", "", "", 404, "There is nothing here",
     false},
    {"get /search", "GET /search?q=loaf", "", "", 200, "Nothing was found", false},
    {"get /sitemap.xml", "GET /sitemap.xml", "", "", 200, "/sitemaps/0", false},
    {"get /sitemaps/{page}", "GET /sitemaps/0", "", "", 200, "</urlset>", false},
    {"get /p/{slug}", "GET /p/rye", "", "", 404, "There is nothing here", false},
    {"get /about", "GET /about", "", "", 200, "DATABASE_URL", false},
    {"get /contact", "GET /contact", "", "", 200, "Write to us", false},
    {"post /contact", "POST /contact", FORM_TYPE,
     "form=$FORM&name=Ada&email=ada%40stoa.example&words=$WORDS", 303, "Location: /contact/msg_",
     false},
    {"get /contact/{id}", "GET $LETTER", "", "", 200, "The first one", false},
    {"get /admin/messages", "GET /admin/messages?q=first", AS_OWNER, "", 200, "The first one",
     false},
    {"get /admin/messages/events", "GET /admin/messages/events", AS_OWNER, "", 200,
     "retry: ", true},
    {"get /admin", "GET /admin", "", "", 303, "Location: /sign-in", false},
    {"get /admin/messages/{id}", "GET /admin/messages/$MESSAGE", AS_OWNER, "", 200, "The first one",
     false},
    {"post /admin/messages/{id}", "POST /admin/messages/$MESSAGE", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&form=ans_01KAH0XVK4A9N3FYJ0T8Q5RWZC&words=It+comes+soon", 303,
     "#ans_01KAH0XVK4A9N3FYJ0T8Q5RWZC", false},
    {"post /admin/messages/{id}/answers/{answer}",
     "POST /admin/messages/$MESSAGE/answers/ans_01KAH0XVK4A9N3FYJ0T8Q5RWZD", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"get /unsubscribe/{id}", "GET /unsubscribe/sub_01KAH0XVK4A9N3FYJ0T8Q5RWZC", "", "", 404,
     "There is nothing here", false},
    {"post /unsubscribe/{id}", "POST /unsubscribe/sub_01KAH0XVK4A9N3FYJ0T8Q5RWZC", FORM_TYPE, "",
     404, "There is nothing here", false},
    {"get /sign-up", "GET /sign-up", "", "", 200, "Open an account", false},
    {"post /sign-up", "POST /sign-up", FORM_TYPE, "name=Ada&email=ada%40stoa.example", 200,
     "Look into your mail", false},
    {"get /sign-in", "GET /sign-in?next=%2Fabout", "", "", 200, "Sign in", false},
    {"post /sign-in", "POST /sign-in", FORM_TYPE, "email=ada%40stoa.example&password=wrong", 400,
     "does not fit", false},
    {"post /sign-out", "POST /sign-out", "", "", 303, "Location: /sign-in", false},
    {"get /forgot", "GET /forgot", "", "", 200, "Forgot your password?", false},
    {"post /forgot", "POST /forgot", FORM_TYPE, "email=owner%40stoa.example", 200,
     "Look into your mail", false},
    {"get /verify/{token}", "GET /verify/" NO_TOKEN, "", "", 404, "There is nothing here", false},
    {"post /verify/{token}", "POST /verify/" NO_TOKEN, FORM_TYPE, "password=one+of+my+own", 404,
     "There is nothing here", false},
    {"get /reset/{token}", "GET /reset/" NO_TOKEN, "", "", 404, "There is nothing here", false},
    {"post /reset/{token}", "POST /reset/" NO_TOKEN, FORM_TYPE, "password=one+of+my+own", 404,
     "There is nothing here", false},
    {"get /account", "GET /account", AS_OWNER, "", 200, "owner@stoa.example", false},
    {"post /account", "POST /account", AS_OWNER FORM_TYPE, "form_token=$TOKEN&name=Grace", 303,
     "Location: /account", false},
    {"post /account/password", "POST /account/password", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&current=wrong&password=another+of+my+own", 400, "is not right", false},
    {"post /account/email", "POST /account/email", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&own=wrong&email=ada%40stoa.example", 400, "own-wrong", false},
    {"get /account/email/{token}", "GET /account/email/" NO_TOKEN, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /account/email/{token}", "POST /account/email/" NO_TOKEN, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"post /account/sessions", "POST /account/sessions", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&session=" NO_TOKEN, 303, "Location: /account", false},
    {NULL, "GET /admin", AS_OWNER, "", 303, "Location: /admin/", false},
    {"get /admin/audit", "GET /admin/audit?action=session.begin", AS_OWNER, "", 200,
     "session.begin", false},
    {"get /admin/outbox", "GET /admin/outbox", AS_OWNER, "", 200, "owner@stoa.example", false},
    {"get /admin/outbox/{id}", "GET /admin/outbox/mail_01KAH0XVK4A9N3FYJ0T8Q5RWZE", AS_OWNER, "",
     404, "There is nothing here", false},
    {"get /admin/keys", "GET /admin/keys", AS_OWNER, "", 200, "messages.read", false},
    {"post /admin/keys", "POST /admin/keys", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Till&scopes=nothing&days=1", 400, "cannot give this one", false},
    {"post /admin/keys/revoke", "POST /admin/keys/revoke", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&id=key_01KAH0XVK4A9N3FYJ0T8Q5RWZC", 404, "There is nothing here", false},
    {"get /admin/people", "GET /admin/people?q=owner&role=owner", AS_OWNER, "", 200,
     "owner@stoa.example", false},
    {"get /admin/people/new", "GET /admin/people/new", AS_OWNER, "", 200, "Send the invitation",
     false},
    {"post /admin/people/new", "POST /admin/people/new", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Lin&email=lin%40stoa.example&role=support", 303,
     "Location: /admin/people/per_", false},
    {"get /admin/people/{id}", "GET /admin/people/" NOBODY, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/people/{id}/roles", "POST /admin/people/" NOBODY "/roles", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&role=support&gives=true", 404, "There is nothing here", false},
    {"post /admin/people/{id}/sessions", "POST /admin/people/" NOBODY "/sessions",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN", 404, "There is nothing here", false},
    {"post /admin/people/{id}/keys", "POST /admin/people/" NOBODY "/keys", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&key=key_01KAH0XVK4A9N3FYJ0T8Q5RWZC", 404, "There is nothing here", false},
    {"post /admin/people/{id}/disabled", "POST /admin/people/" NOBODY "/disabled",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&disabled=true", 404, "There is nothing here", false},
    {"post /admin/people/{id}/reset", "POST /admin/people/" NOBODY "/reset", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"get /admin/roles", "GET /admin/roles", AS_OWNER, "", 200, "people.write", false},
    {"get /admin/settings", "GET /admin/settings", AS_OWNER, "", 200, "DATABASE_URL", false},
    {"get /sign-in/second", "GET /sign-in/second", "", "", 303, "Location: /sign-in", false},
    {"post /sign-in/second", "POST /sign-in/second", FORM_TYPE, "code=123456", 303,
     "Location: /sign-in", false},
    {"post /sign-in/passkey", "POST /sign-in/passkey", FORM_TYPE,
     "id=AA&client=AA&data=AA&signature=AA", 303, "Location: /sign-in", false},
    {"get /account/second", "GET /account/second", AS_OWNER, "", 200, "Second factor", false},
    {"post /account/second", "POST /account/second", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&password=wrong&kind=app", 400, "password-wrong", false},
    {"get /account/app", "GET /account/app", AS_OWNER, "", 303, "Location: /account/second", false},
    {"post /account/app", "POST /account/app", AS_OWNER FORM_TYPE, "form_token=$TOKEN&code=123456",
     303, "Location: /account/second", false},
    {"get /account/passkey", "GET /account/passkey", AS_OWNER, "", 303, "Location: /account/second",
     false},
    {"post /account/passkey", "POST /account/passkey", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=a&id=AA&client=AA&data=AA", 303, "Location: /account/second", false},
    {"post /account/second/remove", "POST /account/second/remove", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&factor=app", 409, "</html>", false},
    {"post /account/recovery", "POST /account/recovery", AS_OWNER FORM_TYPE, "form_token=$TOKEN",
     409, "</html>", false},
    {"post /sqs", "POST /sqs", AS_OWNER SQS_ACTION "ListQueues\r\n", "{}", 200, "QueueUrls", false},
    {"post /sqs/", "POST /sqs/", AS_OWNER SQS_ACTION "CreateQueue\r\n",
     "{\"QueueName\":\"orders\"}", 200, "/orders", false},
    {"post /sqs/{account}/{queue}", "POST /sqs/0/nothing", AS_OWNER SQS_ACTION "SendMessage\r\n",
     "{\"QueueUrl\":\"/nothing\",\"MessageBody\":\"a\"}", 400, "QueueDoesNotExist", false},
    {NULL, "POST /sqs", "Authorization: AWS4-HMAC-SHA256 a\r\n", "{}", 403, "IncompleteSignature",
     false},
    {"get /admin/queues", "GET /admin/queues", AS_OWNER, "", 200, "/admin/queues/orders", false},
    {"get /admin/queues/{name}", "GET /admin/queues/orders", AS_OWNER, "", 200, "4 days", false},
    {"post /admin/queues/{name}/redrive", "POST /admin/queues/orders/redrive", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 303, "Location: /admin/queues/orders?done=redriven", false},
    {"get /admin/queues/{name}/purge", "GET /admin/queues/orders/purge", AS_OWNER, "", 200,
     "0 messages in orders", false},
    {"post /admin/queues/{name}/purge", "POST /admin/queues/orders/purge", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 303, "Location: /admin/queues/orders?done=purged", false},
    {"get /admin/bus", "GET /admin/bus", AS_OWNER, "", 200, "New rule", false},
    {"get /admin/bus/new", "GET /admin/bus/new", AS_OWNER, "", 200, "order.placed", false},
    {"post /admin/bus/new", "POST /admin/bus/new", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=tell&enabled=true&to1=nowhere&pattern={\"type\":[\"a\"]}", 400,
     "There is no queue of this name", false},
    {"get /admin/bus/rules/{name}", "GET /admin/bus/rules/nothing", AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/bus/rules/{name}", "POST /admin/bus/rules/nothing", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&act=disable", 404, "There is nothing here", false},
    {"get /admin/bus/rules/{name}/edit", "GET /admin/bus/rules/nothing/edit", AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/bus/rules/{name}/edit", "POST /admin/bus/rules/nothing/edit", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&pattern={\"type\":\"a\"}", 400, "type: values stand in a list", false},
    {"get /admin/bus/rules/{name}/drop", "GET /admin/bus/rules/nothing/drop", AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/bus/rules/{name}/drop", "POST /admin/bus/rules/nothing/drop", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"get /admin/bus/events", "GET /admin/bus/events", AS_OWNER, "", 200, "Send an event", false},
    {"post /admin/bus/events", "POST /admin/bus/events", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&source=hand&type=a&detail={\"n\":1}", 303,
     "Location: /admin/bus/events?emitted=true", false},
    {NULL, "POST /admin/bus/events", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&source=hand&type=a&detail=[]", 400, "detail-wrong", false},
    {"get /admin/bus/events/live", "GET /admin/bus/events/live", AS_OWNER, "", 200,
     "retry: ", true},
    {"get /admin/bus/events/{id}", "GET /admin/bus/events/evt_01KAH0XVK4A9N3FYJ0T8Q5RWZC", AS_OWNER,
     "", 404, "There is nothing here", false},
    {"get /admin/bus/try", "GET /admin/bus/try", AS_OWNER, "", 200, "id=\"pattern\"", false},
    {"post /admin/bus/try", "POST /admin/bus/try", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&pattern={\"a\":[1]}&event={\"a\":1}", 200, "matches this event", false},
    {"get /admin/bus/replays", "GET /admin/bus/replays", AS_OWNER, "", 200, "New replay", false},
    {"post /admin/bus/replays", "POST /admin/bus/replays", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&from=2026-01-02&until=2026-01-01", 400, "until-wrong", false},
    {"get /admin/schedules", "GET /admin/schedules", AS_OWNER, "", 200, "shop-expire", false},
    {"post /admin/schedules", "POST /admin/schedules", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=count&expression=never&address=orders", 400, "expression-wrong",
     false},
    {"post /admin/schedules/{name}", "POST /admin/schedules/nothing", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&act=pause", 404, "There is nothing here", false},
    {"post /admin/topics", "POST /admin/topics", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=news&title=What+is+new", 303, "Location: /admin/topics/news", false},
    {"get /admin/topics", "GET /admin/topics", AS_OWNER, "", 200, "/admin/topics/news", false},
    {"post /admin/topics/{name}", "POST /admin/topics/news", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&channel=webhook&target=https%3A%2F%2Fstoa.example%2Fhook&language=&filter=",
     200, "whsec_", false},
    {"get /admin/topics/{name}", "GET /admin/topics/news", AS_OWNER, "", 200,
     "https://stoa.example/hook", false},
    {"post /admin/topics/{name}/words/{language}", "POST /admin/topics/news/words/de",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&act=keep&subject=Neu&words=Es+gibt+{{what}}", 200,
     "id=\"filled\"", false},
    {"get /admin/topics/{name}/words/{language}", "GET /admin/topics/news/words/de", AS_OWNER, "",
     200, "Es gibt", false},
    {"get /admin/webhooks", "GET /admin/webhooks", AS_OWNER, "", 200, "https://stoa.example/hook",
     false},
    {"get /admin/subscriptions/{id}", "GET /admin/subscriptions/" NO_SUBSCRIPTION, AS_OWNER, "",
     404, "There is nothing here", false},
    {"post /admin/subscriptions/{id}", "POST /admin/subscriptions/" NO_SUBSCRIPTION,
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&act=off", 404, "There is nothing here", false},
    {"post /admin/subscriptions/{id}/filter",
     "POST /admin/subscriptions/" NO_SUBSCRIPTION "/filter", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&filter=", 404, "There is nothing here", false},
    {"post /admin/subscriptions/{id}/secret",
     "POST /admin/subscriptions/" NO_SUBSCRIPTION "/secret", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"get /admin/deliveries/{id}", "GET /admin/deliveries/" NO_DELIVERY, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/deliveries/{id}", "POST /admin/deliveries/" NO_DELIVERY, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"get /admin/dashboard", "GET /admin/dashboard", AS_OWNER, "", 200, "Late orders", false},
    {"get /admin/orders", "GET /admin/orders?q=nobody&state=paid", AS_OWNER, "", 200,
     "No orders like that", false},
    {"get /admin/orders/{id}", "GET /admin/orders/" NO_ORDER, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/orders/{id}/ship", "POST /admin/orders/" NO_ORDER "/ship", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&tracking=1", 404, "There is nothing here", false},
    {"post /admin/orders/{id}/cancel", "POST /admin/orders/" NO_ORDER "/cancel", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&why=Nobody", 404, "There is nothing here", false},
    {"post /admin/orders/{id}/accept", "POST /admin/orders/" NO_ORDER "/accept", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN", 404, "There is nothing here", false},
    {"post /admin/orders/{id}/receive", "POST /admin/orders/" NO_ORDER "/receive",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN", 404, "There is nothing here", false},
    {"post /admin/orders/{id}/notes", "POST /admin/orders/" NO_ORDER "/notes", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&words=Nobody", 404, "There is nothing here", false},
    {"get /admin/categories", "GET /admin/categories", AS_OWNER, "", 200, "New category", false},
    {"post /admin/categories", "POST /admin/categories", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=&slug=bread", 400, "name-wrong", false},
    {"get /admin/categories/{id}", "GET /admin/categories/" NO_CATEGORY, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/categories/{id}", "POST /admin/categories/" NO_CATEGORY, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Bread", 404, "There is nothing here", false},
    {"get /admin/products", "GET /admin/products?q=nothing&sort=price", AS_OWNER, "", 200,
     "No products like that", false},
    {"post /admin/products", "POST /admin/products", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&act=hide&pick0=" NO_PRODUCT, 303, "changed=0", false},
    {"get /admin/products/new", "GET /admin/products/new", AS_OWNER, "", 200, "New product", false},
    {"post /admin/products/new", "POST /admin/products/new", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Rye&category=" NO_CATEGORY "&kind=goods", 400, "category-wrong",
     false},
    {"get /admin/products/{id}", "GET /admin/products/" NO_PRODUCT, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/products/{id}", "POST /admin/products/" NO_PRODUCT, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&seen=1&name=Rye&category=" NO_CATEGORY "&state=draft&kind=goods", 404,
     "There is nothing here", false},
    {"get /admin/products/{id}/variants/new", "GET /admin/products/" NO_PRODUCT "/variants/new",
     AS_OWNER, "", 404, "There is nothing here", false},
    {"post /admin/products/{id}/variants/new", "POST /admin/products/" NO_PRODUCT "/variants/new",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&seen=1&sku=A&price=1&beyond=never", 404,
     "There is nothing here", false},
    {"get /admin/products/{id}/variants/{variant}",
     "GET /admin/products/" NO_PRODUCT "/variants/" NO_VARIANT, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/products/{id}/variants/{variant}",
     "POST /admin/products/" NO_PRODUCT "/variants/" NO_VARIANT, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&seen=1&sku=A&price=1&beyond=never", 404, "There is nothing here", false},
    {"get /admin/stock", "GET /admin/stock?soon=true", AS_OWNER, "", 200,
     "There is enough of everything", false},
    {"get /admin/stock/{variant}", "GET /admin/stock/" NO_VARIANT, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/stock/{variant}", "POST /admin/stock/" NO_VARIANT, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&act=receive&location=" NO_LOCATION "&quantity=1&why=Delivery", 404,
     "There is nothing here", false},
    {"get /admin/locations", "GET /admin/locations", AS_OWNER, "", 200, "New location", false},
    {"post /admin/locations", "POST /admin/locations", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Store&country=Germany", 400, "country-wrong", false},
    {"get /admin/promotions", "GET /admin/promotions", AS_OWNER, "", 200, "No promotions yet",
     false},
    {"get /admin/promotions/new", "GET /admin/promotions/new", AS_OWNER, "", 200, "New promotion",
     false},
    {"post /admin/promotions/new", "POST /admin/promotions/new", AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Autumn&effect=percent&value=much", 400, "value-wrong", false},
    {"get /admin/promotions/{id}", "GET /admin/promotions/" NO_PROMOTION, AS_OWNER, "", 404,
     "There is nothing here", false},
    {"post /admin/promotions/{id}", "POST /admin/promotions/" NO_PROMOTION, AS_OWNER FORM_TYPE,
     "form_token=$TOKEN&name=Autumn&effect=percent&value=10", 404, "There is nothing here", false},
    {"post /admin/promotions/{id}/switch", "POST /admin/promotions/" NO_PROMOTION "/switch",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&act=off", 404, "There is nothing here", false},
    {"get /admin/taxes", "GET /admin/taxes", AS_OWNER, "", 200, "No taxes yet", false},
    {"get /admin/shipping", "GET /admin/shipping", AS_OWNER, "", 200, "No shipping methods yet",
     false},
    {"post /admin/shipping/{id}/switch", "POST /admin/shipping/" NO_METHOD "/switch",
     AS_OWNER FORM_TYPE, "form_token=$TOKEN&act=off", 404, "There is nothing here", false},
    {"get /style", "GET /style", "", "", 200, "</main>", false},
    {"get /language", "GET /language?code=de&back=%2Fabout", "", "", 303, "Location: /about",
     false},
    {"put /objects/{name}", "PUT $PUT", "Content-Type: text/plain\r\n", "A note that is kept", 204,
     "no-store", false},
    {"get /objects/{name}", "GET $GET", "", "", 200, "A note that is kept", false},
    {NULL, "GET $GET", "Range: bytes=2-5\r\n", "", 206, "note", false},
    {NULL, "GET /objects/notes/1.txt", "", "", 403, "does not work any more", false},
    {NULL, "POST /contact", JSON_TYPE,
     "{\"form\":\"$FORM\",\"name\":\"Ada\",\"email\":\"ada@stoa.example\",\"words\":\"$WORDS\"}",
     303, "Location: /contact/msg_", false},
    {NULL, "POST /contact", FORM_TYPE, "form=$FORM&name=Ada&email=ada&words=", 400,
     "There is a problem with 2 fields", false},
    {NULL, "POST /contact", JSON_TYPE "Accept: application/json\r\n", "{\"form\":", 400,
     "application/problem+json", false},
    {NULL, "GET /style", "Accept-Encoding: gzip\r\n", "", 200, "Vary: Accept-Encoding", false},
    {"get /robots.txt", "GET /robots.txt", "", "", 200, "User-agent", false},
    {NULL, "GET /robots.txt", "Range: bytes=0-3\r\n", "", 206, "Content-Length: 4", false},
    {NULL, "POST /robots.txt", "", "", 405, "Allow: GET, HEAD, OPTIONS", false},
    {NULL, "OPTIONS /robots.txt", "", "", 204, "Allow: GET, HEAD, OPTIONS", false},
    {NULL, "GET /nothing", "", "", 404, "There is nothing here", false},
    {NULL, "GET /contact/", "", "", 308, "Location: /contact", false},
    {NULL, "DELETE /contact", "", "", 405, "Allow: GET, HEAD, POST", false},
    {NULL, "OPTIONS /contact", "", "", 204, "Allow: GET, HEAD, POST", false},
    {0}};

const char *const site_kinds[] = {[TORTURE_MEMORY] = "memory", [TORTURE_SYSTEM] = "system"};

/* The steps grow with n, so that the first ones of everything are tried. */
int64_t site_next(int64_t n)
{
    bool each = getenv("TORTURE_ALL") || n < EACH_UP_TO;
    return each ? n + 1 : n + 1 + n / EACH_UP_TO;
}

bool site_needs_link(const struct site_ask *ask)
{
    return strstr(ask->start, "$PUT") || strstr(ask->start, "$GET");
}

const struct site_ask *site_find(struct str route)
{
    for (const struct site_ask *ask = site_asks; ask->start; ask++)
        if (ask->route && str_equal(str_from(ask->route), route))
            return ask;
    return NULL;
}

void site_prepare(struct test *t, const char *folder, struct site *site)
{
    const char *path = test_folder(t, folder), *options = getenv("ASAN_OPTIONS");
    *site = (struct site){.t = t, .client.fd = -1, .form = {.high = UINT64_C(1) << 60}};
    snprintf(site->preload, sizeof site->preload, "LD_PRELOAD=%s",
             test_built(t, "tests/libtorture.so"));
    snprintf(site->shared, sizeof site->shared, "TORTURE_BOARD=%s/board", path);
    snprintf(site->asan, sizeof site->asan, "ASAN_OPTIONS=%s:verify_asan_link_order=0",
             options ? options : "");
    site->board = torture_board_open(t, strchr(site->shared, '=') + 1);
    REQUIRE(service_prepare(t, path,
                            (const char *[]){site->preload, site->shared, site->asan, NULL},
                            &site->service) == ERR_OK);
    site->service.alone = true; /* what fails is to be seen, not made good */
}

enum site_answer site_write_letter(struct site *site)
{
    static const struct site_ask first = {
        NULL,      "POST /contact",
        FORM_TYPE, "form=$FORM&name=Ada&email=ada%40stoa.example&words=The+first+one",
        303,       "Location: ",
        false};
    struct site_form form = site_form(site);
    enum site_answer answer = site_ask(site, &first, &form);
    snprintf(site->letter, sizeof site->letter, STR_FMT,
             STR_ARG(client_header(&site->client, "Location")));
    return answer;
}

bool site_sign_in(struct site *site)
{
    static const struct site_ask account = {NULL, "GET /account", AS_OWNER, "", 200, "", false};
    const struct str before = STR("name=\"form_token\" value=\"");
    if (somebody_sign_in(site->t, &site->service, "owner", "owner", site->owner) ||
        site_ask(site, &account, NULL) != SITE_RIGHT)
        return false;
    struct str token = site->client.body;
    size_t at = str_find(token, before);
    token = str_slice(token, at == STR_NONE ? token.len : at + before.len, token.len);
    token = str_slice(token, 0, str_find_char(token, '"'));
    snprintf(site->token, sizeof site->token, STR_FMT, STR_ARG(token));
    return token.len > 0;
}

static void make_link(struct site *site, const char *use, char link[SITE_TEXT_MAX])
{
    struct test *t = site->t;
    struct process_result result;
    const char *const words[] = {"link", use, "notes/1.txt", NULL};
    REQUIRE(service_command(t, &site->service, words, &result) == ERR_OK);
    snprintf(link, SITE_TEXT_MAX, STR_FMT, STR_ARG(str_trim(result.out)));
    REQUIRE(link[0] == '/');
}

void site_open(struct test *t, const char *folder, struct site *site)
{
    site_prepare(t, folder, site);
    REQUIRE(service_restart(t, &site->service) == ERR_OK);
    REQUIRE(site_write_letter(site) == SITE_RIGHT);
    REQUIRE(site_sign_in(site));
    make_link(site, "put", site->put);
    make_link(site, "get", site->get);
    REQUIRE(site_ask(site, site_find(STR("put /objects/{name}")), NULL) == SITE_RIGHT);
}

void site_check_data(struct test *t, const struct service *service)
{
    struct process_result result;
    REQUIRE(service_command(t, service, (const char *[]){"doctor", NULL}, &result) == ERR_OK);
    test_note(t, STR_FMT, STR_ARG(result.out));
    CHECK_INT(result.status, 0);
    test_note(t, "%s", "");
}

struct site_form site_form(struct site *site)
{
    struct site_form form = {0};
    site->form.low++;
    id_format(site->form, "form", form.id);
    id_format(site->form, "words", form.words);
    return form;
}

static void add_with_words(struct buf *out, struct str text, const struct site *site,
                           const struct site_form *form)
{
    const struct {
        struct str name;
        const char *value;
    } words[] = {{STR("OWNER"), site->owner},
                 {STR("TOKEN"), site->token},
                 {STR("FORM"), form ? form->id : ""},
                 {STR("WORDS"), form ? form->words : ""},
                 {STR("MESSAGE"), site->letter + strlen("/contact/")},
                 {STR("LETTER"), site->letter},
                 {STR("PUT"), site->put},
                 {STR("GET"), site->get}};
    struct str piece;
    str_cut(&text, '$', &piece);
    buf_add(out, piece);
    while (str_cut(&text, '$', &piece))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_starts(piece, words[i].name)) {
                buf_add(out, str_from(words[i].value));
                buf_add(out, str_slice(piece, words[i].name.len, piece.len));
            }
}

/* The whole request; empty where there was no room for it. */
static struct str request_of(const struct site *site, const struct site_ask *ask,
                             const struct site_form *form, struct arena *arena)
{
    struct buf body, out;
    buf_init(&body, arena, REQUEST_MAX);
    buf_init(&out, arena, REQUEST_MAX);
    add_with_words(&body, str_from(ask->body), site, form);
    add_with_words(&out, str_from(ask->start), site, form);
    buf_add(&out, STR(" HTTP/1.1\r\nHost: localhost\r\n"));
    add_with_words(&out, str_from(ask->headers), site, form);
    if (body.len)
        buf_addf(&out, "Content-Length: %zu\r\n", body.len);
    buf_add(&out, STR("\r\n"));
    buf_add(&out, buf_str(&body));
    return buf_err(&out) ? STR("") : buf_str(&out);
}

static bool is_right(const struct client *client, const struct site_ask *ask)
{
    struct str said = str_make(client->bytes, client->used);
    struct str type = client_header(client, "Content-Type");
    bool plain = !client_header(client, "Content-Encoding").len;
    bool page = str_starts(type, STR("text/html")) && plain;
    return client->status == ask->status && str_find(said, str_from(ask->says)) != STR_NONE &&
           (!page || str_ends(client->body, STR("</html>\n")));
}

static enum site_answer judge(struct site *site, const struct site_ask *ask, bool heard)
{
    struct client *client = &site->client;
    if (!heard)
        return client->closed ? SITE_CLOSED : SITE_WRONG;
    if (is_right(client, ask))
        return SITE_RIGHT;
    return client->status >= 500 ? SITE_FAILED : SITE_WRONG;
}

/* The head, then a first word: both, or the end. */
static bool hear_listening(struct client *client, const char *says)
{
    if (!client_hear_head(client) || client->status != 200)
        return client->status != 0;
    bool told = client_waits_for(client, str_from(says));
    client->used = client->len;
    return told;
}

enum site_answer site_ask(struct site *site, const struct site_ask *ask,
                          const struct site_form *form)
{
    struct test *t = site->t;
    struct client *client = &site->client;
    struct arena_mark mark = arena_mark(t->arena);
    struct str request = request_of(site, ask, form, t->arena);
    REQUIRE(request.len > 0);
    client_close(client);
    if (!client_try(client, site->service.port))
        return SITE_WRONG;
    client_send(client, request); /* what is closed early is seen by its end */
    bool heard = ask->listens ? hear_listening(client, ask->says) : client_hear(client);
    arena_rewind(t->arena, mark);
    return judge(site, ask, heard);
}

enum site_answer site_ask_health(struct site *site)
{
    return site_ask(site, &site_asks[0], NULL);
}

int64_t site_count(struct site *site, const struct site_form *form)
{
    static const struct site_ask search = {
        NULL, "GET /admin/messages?q=$WORDS", AS_OWNER, "", 200, "", false};
    int64_t count = 0;
    if (site_ask(site, &search, form) != SITE_RIGHT)
        return -1;
    const struct str item = STR("<li id=\"msg_");
    struct str rest = site->client.body;
    for (size_t at; (at = str_find(rest, item)) != STR_NONE; count++)
        rest = str_slice(rest, at + item.len, rest.len);
    return count;
}
