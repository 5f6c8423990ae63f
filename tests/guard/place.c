/* Opens a guard for a test, and asks it. */
#include "place.h"

#include <stdio.h>
#include <time.h>

#include "guard/audit.h"
#include "guard/guard_schema.h"
#include "guard/guard_sql.h"
#include "guard/rate.h"
#include "harness/folder.h"
#include "ports/db/migrate.h"

static const struct schema *const schemas[] = {&guard_schema, NULL};

static const struct ui_site site = {.name = "Stoa"};

static const struct guard_permission permissions[] = {
    {"account", ROLES_ALL},
    {"papers.read", ROLE_BIT(ROLE_OWNER) | ROLE_BIT(ROLE_SUPPORT)},
    {NULL, 0},
};

static enum err take(struct ctx *ctx, void *arg, const struct guard_letter *letter)
{
    struct place *place = arg;
    (void)ctx;
    pthread_mutex_lock(&place->lock);
    place->letters++;
    snprintf(place->to, sizeof place->to, STR_FMT, STR_ARG(letter->to));
    snprintf(place->text, sizeof place->text, STR_FMT, STR_ARG(letter->text));
    pthread_mutex_unlock(&place->lock);
    return ERR_OK;
}

bool place_has_letters(struct place *place, int count)
{
    int seen = -1;
    for (int i = 0; i < PLACE_PAUSES && seen < count; i++) {
        pthread_mutex_lock(&place->lock);
        seen = place->letters;
        pthread_mutex_unlock(&place->lock);
        if (seen < count)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return seen == count;
}

void place_open(struct test *t, struct place *place)
{
    static const struct rate_limits no_limits;
    static const struct audit_key audit = {.bytes = "the key of the tests"};
    char url[PLACE_TEXT_MAX];
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    struct guard_options options = {.permissions = permissions,
                                    .audit = &audit,
                                    .site_url = STR("http://stoa.example"),
                                    .send = take};
    *place = (struct place){.t = t};
    options.send_arg = place;
    pthread_mutex_init(&place->lock, NULL);
    snprintf(url, sizeof url, "sqlite:%s/guard.db", test_folder(t, "guard"));
    REQUIRE(db_open(t->ctx, &(struct db_options){.url = str_from(url), .schemas = schemas},
                    &place->db) == ERR_OK);
    REQUIRE(plan && migrate_run(place->db, t->ctx, plan) == ERR_OK);
    REQUIRE(rate_open(t->ctx, &no_limits, NULL, &place->rate) == ERR_OK);
    options.rate = place->rate;
    options.db = place->ports.db = place->db;
    REQUIRE(guard_open(t->ctx, &options, &place->ports.guard) == ERR_OK);
    place_ask(place, "GET", "", "");
}

void place_close(struct place *place)
{
    guard_close(place->ports.guard);
    rate_close(place->rate);
    db_close(place->db);
    pthread_mutex_destroy(&place->lock);
}

struct adding {
    struct str person, role;
};

static enum err add(struct tx *tx, void *arg)
{
    const struct adding *adding = arg;
    struct str hash = STR("no hash");
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(person_add(tx, adding->person, adding->person, STR("Grace"), &hash, STR("en"), false,
                   &now_us, now_us));
    return adding->role.len ? person_grant(tx, adding->person, adding->role) : ERR_OK;
}

void place_add(struct place *place, const char *person, const char *role)
{
    struct test *t = place->t;
    struct adding adding = {str_from(person), str_from(role)};
    REQUIRE(db_write(place->db, t->ctx, add, &adding) == ERR_OK);
}

void place_ask(struct place *place, const char *method, const char *headers, const char *body)
{
    struct test *t = place->t;
    struct buf text;
    size_t searched = 0;
    buf_init(&text, t->arena, PLACE_TEXT_MAX);
    buf_addf(&text, "%s /page HTTP/1.1\r\nHost: a.example\r\n", method);
    buf_addf(&text, "Content-Type: application/x-www-form-urlencoded\r\n%s\r\n", headers);
    static const struct route page = {.name = "page", .permission = "anyone"};
    place->request = (struct request){.ctx = t->ctx,
                                      .route = &page,
                                      .head = &place->http,
                                      .body = str_from(body),
                                      .ports = &place->ports,
                                      .site = &site,
                                      .secure = place->request.secure};
    REQUIRE(http_read_head(&place->http, buf_str(&text), &searched) == HTTP_WHOLE);
    t->ctx->language = &languages[LANGUAGE_EN];
    err_clear(&t->ctx->err);
    response_init(&place->request);
}

static enum err begin(struct tx *tx, void *arg)
{
    struct place *place = arg;
    return session_begin(tx, &place->session, place->session.person, STR(""));
}

void place_sign_in(struct place *place, const char *person)
{
    struct test *t = place->t;
    REQUIRE(session_prepare(&place->request, &place->session) == ERR_OK);
    place->session.person = str_from(person);
    REQUIRE(db_write(place->db, t->ctx, begin, place) == ERR_OK);
}

const struct guard_who *place_who(struct place *place)
{
    struct test *t = place->t;
    char headers[PLACE_TEXT_MAX];
    snprintf(headers, sizeof headers, "Cookie: %ssession=%s\r\n",
             place->request.secure ? "__Host-" : "", place->session.token);
    place_ask(place, "GET", headers, "");
    CHECK_ERR(guard_identify(&place->request), ERR_OK);
    return guard_who(&place->request);
}
