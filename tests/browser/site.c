/* Starts the service and a browser, and goes from page to page. */
#include "browser/site.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/ask.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/somebody.h"

enum { URL_MAX = 512, FORM_MAX = 16 << 10 };

const struct site_page site_pages[] = {
    {.name = "home", .path = "/", .shows = "main"},
    {.name = "about", .path = "/about", .shows = "main"},
    {.name = "contact", .path = "/contact", .shows = "#words"},
    {.name = "contact_wrong",
     .path = "/contact",
     .follow = "form.form button",
     .shows = ".summary"},
    {.name = "messages_empty", .path = "/admin/messages", .shows = ".empty"},
    {.name = "schedules_declared", .path = "/admin/schedules", .shows = ".items li"},
    {.name = "bus_declared", .path = "/admin/bus", .shows = ".items li"},
    {.name = "messages", .path = "/admin/messages", .shows = ".items li", .is_full = true},
    {.name = "messages_found",
     .path = "/admin/messages?q=lamp",
     .shows = ".items li",
     .is_full = true},
    {.name = "messages_not_found", .path = "/admin/messages?q=nowhere", .shows = ".empty"},
    {.name = "message", .shows = ".said", .is_full = true},
    {.name = "answer",
     .path = "/admin/messages",
     .follow = ".items a",
     .shows = "#words",
     .is_full = true},
    {.name = "health", .path = "/admin/health", .shows = "svg"},
    {.name = "queues", .path = "/admin/queues", .shows = "main table", .is_full = true},
    {.name = "queue", .path = "/admin/queues/orders", .shows = "#counts", .is_full = true},
    {.name = "queue_dead",
     .path = "/admin/queues/orders-dead",
     .shows = ".items li",
     .is_full = true},
    {.name = "queue_purge",
     .path = "/admin/queues/orders",
     .follow = "a[href$=purge]",
     .shows = ".button.danger",
     .is_full = true},
    {.name = "bus", .path = "/admin/bus", .shows = "#rules li", .is_full = true},
    {.name = "bus_rule",
     .path = "/admin/bus/rules/tell-the-warehouse",
     .shows = "#counts",
     .is_full = true},
    {.name = "bus_new_wrong",
     .path = "/admin/bus/new",
     .follow = "form.form button",
     .shows = ".summary"},
    {.name = "bus_edit",
     .path = "/admin/bus/rules/tell-the-warehouse/edit",
     .shows = "#to2",
     .is_full = true},
    {.name = "bus_drop",
     .path = "/admin/bus/rules/tell-the-warehouse/drop",
     .shows = ".button.danger",
     .is_full = true},
    {.name = "bus_events", .path = "/admin/bus/events", .shows = "#events tr", .is_full = true},
    {.name = "bus_event",
     .path = "/admin/bus/events?type=order.placed",
     .follow = "#events a",
     .shows = "#wanted",
     .is_full = true},
    {.name = "bus_tried",
     .path = "/admin/bus/try?rule=tell-the-warehouse",
     .follow = "form.form button",
     .shows = "#result table",
     .is_full = true},
    {.name = "bus_try_wrong",
     .path = "/admin/bus/try",
     .follow = "form.form button",
     .shows = ".summary"},
    {.name = "bus_replays", .path = "/admin/bus/replays", .shows = "#replays li", .is_full = true},
    {.name = "schedules", .path = "/admin/schedules", .shows = ".items li", .is_full = true},
    {.name = "schedules_wrong",
     .path = "/admin/schedules",
     .follow = "form.form button",
     .shows = ".summary",
     .is_full = true},
    {.name = "topics_empty", .path = "/admin/topics", .shows = "main form"},
    {.name = "webhooks_empty", .path = "/admin/webhooks", .shows = "main"},
    {.name = "topics", .path = "/admin/topics", .shows = "main table", .is_full = true},
    {.name = "topics_wrong",
     .path = "/admin/topics",
     .follow = "form.form button",
     .shows = ".summary",
     .is_full = true},
    {.name = "topic", .path = "/admin/topics/orders", .shows = "#counts", .is_full = true},
    {.name = "topic_wrong",
     .path = "/admin/topics/orders",
     .follow = "form.form button",
     .shows = ".summary",
     .is_full = true},
    {.name = "topic_words",
     .path = "/admin/topics/orders/words/en",
     .shows = "#filled",
     .is_full = true},
    {.name = "webhooks", .path = "/admin/webhooks", .shows = "main table", .is_full = true},
    {.name = "webhook",
     .path = "/admin/webhooks",
     .follow = "main table a",
     .shows = "main tbody .badge",
     .is_full = true},
    {.name = "webhook_secret",
     .path = "/admin/webhooks",
     .follow = "main table a",
     .then = "form[action$=secret] button",
     .shows = "#secret",
     .is_full = true},
    {.name = "delivery",
     .path = "/admin/webhooks",
     .follow = "main table a",
     .then = "main tbody a",
     .shows = "#facts",
     .is_full = true},
    {.name = "unsubscribe", .shows = ".hero", .of_subscription = true, .is_full = true},
    {.name = "audit", .path = "/admin/audit", .shows = "main table"},
    {.name = "outbox", .path = "/admin/outbox", .shows = ".items"},
    {.name = "outbox_letter", .path = "/admin/outbox", .follow = ".items a", .shows = "#letter"},
    {.name = "people", .path = "/admin/people", .shows = "#people li"},
    {.name = "people_not_found", .path = "/admin/people?q=nowhere", .shows = ".empty"},
    {.name = "person",
     .path = "/admin/people?role=owner",
     .follow = "#people a",
     .shows = "#sessions"},
    {.name = "invite", .path = "/admin/people/new", .shows = "#role"},
    {.name = "invite_wrong",
     .path = "/admin/people/new",
     .follow = "form.form button",
     .shows = ".summary"},
    {.name = "roles", .path = "/admin/roles", .shows = ".items"},
    {.name = "settings", .path = "/admin/settings", .shows = ".items"},
    {.name = "keys", .path = "/admin/keys", .shows = "main form"},
    {.name = "style", .path = "/style", .shows = "main"},
    {.name = "sign_in", .path = "/sign-in", .shows = "#password"},
    {.name = "sign_up", .path = "/sign-up", .shows = "#email"},
    {.name = "sign_up_wrong",
     .path = "/sign-up",
     .follow = "form.form button",
     .shows = ".summary"},
    {.name = "forgot", .path = "/forgot", .shows = "#email"},
    {.name = "account", .path = "/account", .shows = "#sessions"},
    {.name = "factors", .path = "/account/second", .shows = "#password"},
    {.name = "missing", .path = "/nothing-is-here", .shows = "main"},
    {0},
};

/* Whoever sits at the browser may read what visitors wrote. */
static void sign_in(struct site *site)
{
    struct test *t = site->t;
    char script[URL_MAX];
    REQUIRE(somebody_sign_in(t, &site->service, "grace", "owner", site->cookie) == ERR_OK);
    site_go(site, "/about");
    snprintf(script, sizeof script, "document.cookie = '%s; path=/'", site->cookie);
    browser_script(&site->browser, script);
}

/* Passkeys want a name, and the address of the loopback is none. */
static void start(struct site *site, const char *folder, const char *command)
{
    struct test *t = site->t;
    struct process_result result;
    char *url = arena_alloc(t->arena, URL_MAX);
    REQUIRE(url && service_prepare(t, folder, NULL, &site->service) == ERR_OK);
    snprintf(url, URL_MAX, "SITE_URL=http://localhost:%d", site->service.port);
    site->service.environment[0] = url;
    if (command)
        REQUIRE(!service_command(t, &site->service, (const char *[]){command, NULL}, &result) &&
                result.status == 0);
    service_restart(t, &site->service);
}

static void open_after(struct test *t, const char *folder, int width, const char *command,
                       struct site *site)
{
    *site = (struct site){.t = t};
    const char *path = test_folder(t, folder);
    start(site, path, command);
    if (site->service.pid <= 0)
        test_note(t, "%s", t->ctx->err.operator);
    REQUIRE(site->service.pid > 0);
    browser_open(t, path, width, &site->browser);
    sign_in(site);
}

void site_open(struct test *t, const char *folder, int width, struct site *site)
{
    open_after(t, folder, width, NULL, site);
}

void site_open_shop(struct test *t, const char *folder, int width, struct site *site)
{
    open_after(t, folder, width, "demo", site);
}

void site_close(struct site *site)
{
    struct test *t = site->t;
    test_note(t, "%s", "");
    CHECK_STR(browser_console(&site->browser), "");
    browser_close(&site->browser);
    CHECK_INT(service_stop(&site->service), 0);
}

void site_go(struct site *site, const char *path)
{
    char url[URL_MAX];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", site->service.port, path);
    browser_go(&site->browser, url);
}

/* Another visitor */

static void add_field(struct buf *form, const char *name, struct str value)
{
    buf_addf(form, "%s%s=", form->len ? "&" : "", name);
    for (size_t i = 0; i < value.len; i++)
        buf_addf(form, "%%%02X", (unsigned char)value.ptr[i]);
}

/* What stands between the two, or nothing. */
static struct str between(struct str text, struct str before, struct str after)
{
    size_t at = str_find(text, before);
    if (at == STR_NONE)
        return STR("");
    text = str_slice(text, at + before.len, text.len);
    return str_slice(text, 0, str_find(text, after));
}

void site_write(struct site *site, const char *name, const char *words)
{
    struct test *t = site->t;
    struct answer answer;
    struct buf form;
    buf_init(&form, t->arena, FORM_MAX);
    REQUIRE(ask(t->ctx, site->service.port, "GET /contact", NULL, STR(""), &answer) == ERR_OK);
    add_field(&form, "form", between(answer.body, STR("name=\"form\" value=\""), STR("\"")));
    add_field(&form, "name", str_from(name));
    add_field(&form, "email", STR("visitor@example.com"));
    add_field(&form, "words", str_from(words));
    REQUIRE(ask(t->ctx, site->service.port, "POST /contact", "application/x-www-form-urlencoded",
                buf_str(&form), &answer) == ERR_OK);
    test_note(t, "writing: " STR_FMT, STR_ARG(answer.head));
    struct str path = between(answer.head, STR("ocation: "), STR("\r\n"));
    REQUIRE(answer.status == 303 && path.len > 0 && path.len < sizeof site->message);
    snprintf(site->message, sizeof site->message, STR_FMT, STR_ARG(path));
    test_note(t, "%s", "");
}

static struct answer submit(struct site *site, const char *path, struct str token,
                            const char *fields)
{
    struct test *t = site->t;
    struct answer answer;
    struct buf form;
    buf_init(&form, t->arena, FORM_MAX);
    buf_addf(&form, "form_token=" STR_FMT "&%s", STR_ARG(token), fields);
    REQUIRE(ask_as(t->ctx, site->service.port, site->cookie, path,
                   "application/x-www-form-urlencoded", buf_str(&form), &answer) == ERR_OK);
    test_note(t, "%s: " STR_FMT, path, STR_ARG(answer.head));
    REQUIRE(answer.status == 200 || answer.status == 303);
    return answer;
}

/* A schedule, rules of the bus, events, and a replay. */
static void fill_forms(struct site *site, struct str token)
{
    static const struct {
        const char *line, *form;
    } rows[] = {
        {"POST /admin/schedules",
         "name=stock-count&expression=30+2+*+*+*&zone=Europe%2FBerlin&address=orders"},
        {"POST /admin/bus/new",
         "name=tell-the-warehouse&about=Orders+that+are+worth+a+second+look&enabled=true"
         "&kind1=queue&to1=letters-to-customers-of-the-shop-in-Beirut&input1=%24.detail"
         "&kind2=webhook"
         "&to2=https%3A%2F%2Ferp.example%2Fhook&pattern="
         "{\"source\":[\"shop\"],\"type\":[{\"prefix\":\"order.\"}],\"detail\":{\"total\":"
         "[{\"numeric\":[\">\",100]}],\"country\":[\"LB\",\"DE\"]}}"},
        {"POST /admin/bus/new",
         "name=everything.to.letters&enabled=&kind1=queue&to1=letters-to-customers-of-the-shop-in-"
         "Beirut&pattern={\"source\":[{\"exists\":true}]}"},
        {"POST /admin/bus/events", "source=shop&type=order.placed&detail={\"total\":12}"},
        {"POST /admin/bus/events",
         "source=shop&type=order.placed&detail={\"number\":1042,\"total\":120,\"country\":\"LB\","
         "\"customer\":{\"name\":\"ليلى حداد\",\"city\":\"Beirut\"},\"lines\":[{\"item\":\"lamp\","
         "\"quantity\":2},{\"item\":\"shade\",\"quantity\":1}]}"},
        {"POST /admin/bus/events", "source=staff&type=shift.published&detail={\"week\":47}"},
        {"POST /admin/bus/replays",
         "from=2026-01-01T00%3A00&until=2036-01-01T00%3A00&rule=tell-the-warehouse"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        submit(site, rows[i].line, token, rows[i].form);
}

/* A topic that is heard in each way, and a webhook that may not be called from here. */
static void fill_topics(struct site *site, struct str token)
{
    char test[URL_MAX];
    submit(site, "POST /admin/topics", token, "name=orders&title=What+becomes+of+your+orders");
    submit(site, "POST /admin/topics", token,
           "name=stock_that_is_running_low&title=%D8%A7%D9%84%D9%85%D8%AE%D8%B2%D9%88%D9%86");
    struct str before = STR("action=\"/admin/subscriptions/");
    struct answer answer = submit(site, "POST /admin/topics/orders", token,
                                  "channel=email&target=ada%40example.com&language=de&filter=");
    snprintf(site->subscription, sizeof site->subscription, "/unsubscribe/" STR_FMT,
             STR_ARG(between(answer.body, before, STR("\""))));
    submit(site, "POST /admin/topics/orders", token,
           "channel=sms&target=%2B4915112345678&language=&filter=%7B%22total%22%3A%5B%7B%22numeric"
           "%22%3A%5B%22%3E%22%2C100%5D%7D%5D%7D");
    submit(site, "POST /admin/topics/orders", token,
           "channel=queue&target=orders&language=&filter=");
    answer = submit(
        site, "POST /admin/topics/orders", token,
        "channel=webhook&target=http%3A%2F%2F127.0.0.1%3A9%2Fa-hook-with-a-name-that-is-"
        "long%2Fand-a-path&language=&filter=");
    snprintf(test, sizeof test, "POST /admin/subscriptions/" STR_FMT,
             STR_ARG(between(answer.body, before, STR("\""))));
    submit(site, test, token, "act=test");
    submit(site, "POST /admin/topics/orders/words/en", token,
           "act=keep&subject=Order+%7B%7Border%7D%7D+is+on+its+way&words=Dear+customer%2C%0A%0A"
           "your+order+%7B%7Border%7D%7D+left+the+shop.%0A%0AYours%2C+Stoa");
}

/* Queues, one dead letter (what was received too often), and all that is filled by forms. */
static void fill_queues(struct site *site)
{
    static const struct {
        const char *action, *body;
    } calls[] = {
        {"CreateQueue", "{\"QueueName\":\"orders-dead\"}"},
        {"CreateQueue", "{\"QueueName\":\"letters-to-customers-of-the-shop-in-Beirut\"}"},
        {"CreateQueue",
         "{\"QueueName\":\"orders\",\"Attributes\":{\"VisibilityTimeout\":\"0\","
         "\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"arn:aws:sqs:us-east-1:"
         "000000000000:orders-dead\\\",\\\"maxReceiveCount\\\":1}\"}}"},
        {"SendMessage", "{\"QueueUrl\":\"/000000000000/orders\",\"MessageBody\":\"a lamp\"}"},
        {"ReceiveMessage", "{\"QueueUrl\":\"/000000000000/orders\"}"},
        {"ReceiveMessage", "{\"QueueUrl\":\"/000000000000/orders\"}"},
        {"SendMessage", "{\"QueueUrl\":\"/000000000000/orders\",\"MessageBody\":\"a shade\"}"},
    };
    struct test *t = site->t;
    struct answer answer;
    char headers[URL_MAX];
    REQUIRE(ask_as(t->ctx, site->service.port, site->cookie, "GET /account", NULL, STR(""),
                   &answer) == ERR_OK);
    struct str token = between(answer.body, STR("name=\"form_token\" value=\""), STR("\""));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        snprintf(headers, sizeof headers,
                 "%s\r\nX-Form-Token: " STR_FMT "\r\nX-Amz-Target: AmazonSQS.%s", site->cookie,
                 STR_ARG(token), calls[i].action);
        REQUIRE(ask_as(t->ctx, site->service.port, headers, "POST /sqs",
                       "application/x-amz-json-1.0", str_from(calls[i].body), &answer) == ERR_OK);
        REQUIRE(answer.status == 200);
    }
    fill_forms(site, token);
    fill_topics(site, token);
}

void site_fill(struct site *site)
{
    static const char *const names[] = {"Ada Lovelace", "Grace Hopper", "ليلى حداد", "Jürgen Groß"};
    static const char *const words[] = {
        "Do you still have the lamp with the green shade? Mine broke, and the room misses it.",
        "The parcel came a day early, and the bow on it made somebody here very happy. Thank you!",
        "هل يمكن إرسال المصباح إلى بيروت؟",
        "Eine-sehr-lange-Zeichenkette-ohne-jede-Lücke-die-trotzdem-in-ihre-Zeile-passen-muss",
    };
    char text[URL_MAX];
    for (size_t i = 0; i < SITE_MESSAGES && !site->is_full; i++) {
        snprintf(text, sizeof text, "%s (%zu)", words[i % 4], SITE_MESSAGES - i);
        site_write(site, names[i % 4], text);
    }
    if (!site->is_full)
        fill_queues(site);
    site->is_full = true;
}

void site_visit(struct site *site, const struct site_page *page)
{
    struct test *t = site->t;
    if (page->is_full)
        site_fill(site);
    test_note(t, "%s", page->name);
    const char *made = page->of_subscription ? site->subscription : site->message;
    site_go(site, page->path ? page->path : made);
    if (page->script)
        browser_script(&site->browser, page->script);
    if (page->follow)
        browser_follow(&site->browser, page->follow);
    if (page->then)
        browser_follow(&site->browser, page->then);
    browser_text(&site->browser, page->shows);
}
