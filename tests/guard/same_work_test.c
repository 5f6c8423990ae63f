/* Tests that what is done for an address is the same, whoever has it: statements and hashes. */
#include <sqlite3.h>
#include <string.h>

#include "guard/asking.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "place.h"

enum { WORK_TEXT_MAX = 32 << 10, TRIES_MAX = 12 };

/* What one question cost: the text of each statement in its order, and the passwords hashed. */
struct work {
    pthread_mutex_t lock;
    struct buf statements;
    int64_t hashes;
};

static struct work work = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int trace(unsigned kind, void *arg, void *statement, void *text)
{
    (void)kind, (void)arg, (void)statement;
    pthread_mutex_lock(&work.lock);
    if (strstr(text, "guard_"))
        buf_addf(&work.statements, "%s\n", (const char *)text);
    pthread_mutex_unlock(&work.lock);
    return 0;
}

static int watch(sqlite3 *db, char **message, const struct sqlite3_api_routines *routines)
{
    (void)message, (void)routines;
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, trace, NULL);
}

static void open_watched(struct test *t, struct place *place)
{
    buf_init(&work.statements, t->arena, WORK_TEXT_MAX);
    sqlite3_auto_extension((void (*)(void))watch);
    place_open(t, place);
    sqlite3_reset_auto_extension();
}

static void begin_work(struct place *place)
{
    pthread_mutex_lock(&work.lock);
    buf_clear(&work.statements);
    work.hashes = guard_of(&place->request)->passwords.made;
    pthread_mutex_unlock(&work.lock);
}

static struct work end_work(struct place *place)
{
    struct test *t = place->t;
    struct work done = {.hashes = guard_of(&place->request)->passwords.made - work.hashes};
    buf_init(&done.statements, t->arena, WORK_TEXT_MAX);
    pthread_mutex_lock(&work.lock);
    buf_add(&done.statements, buf_str(&work.statements));
    pthread_mutex_unlock(&work.lock);
    REQUIRE(done.statements.len > 0 && !buf_err(&done.statements));
    return done;
}

static struct work try_sign_in(struct place *place, const char *email)
{
    struct test *t = place->t;
    struct sign_in_input input = {.email = str_from(email), .password = STR("a guess")};
    place_ask(place, "POST", "", "");
    begin_work(place);
    CHECK_ERR(sign_in(&place->request, &input), ERR_INPUT);
    return end_work(place);
}

static struct work try_asking(struct place *place, bool signs_up, const char *email)
{
    struct test *t = place->t;
    struct asking asking = {.signs_up = signs_up, .name = STR("Ada")};
    place_ask(place, "POST", "", "");
    begin_work(place);
    CHECK_ERR(asking_answer(&place->request, &asking, str_from(email)), ERR_OK);
    return end_work(place);
}

static enum err change_people(struct tx *tx, void *arg)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    struct str hash = *(const struct str *)arg;
    TRY(person_set_password(tx, STR("known@y.z"), hash, false));
    TRY(person_add(tx, STR("unverified@y.z"), STR("unverified@y.z"), STR("U"), NULL, STR("en"),
                   false, NULL, now_us));
    TRY(person_set_password(tx, STR("disabled@y.z"), hash, false));
    return person_set_disabled(tx, STR("disabled@y.z"), &now_us);
}

/* One who may, one who was turned out, one who has no password yet; and nobody. */
static void add_people(struct place *place)
{
    struct test *t = place->t;
    struct str hash;
    struct password_gate *gate = &guard_of(&place->request)->passwords;
    REQUIRE(password_hash(t->ctx, gate, STR("the right one"), &hash) == ERR_OK);
    place_add(place, "known@y.z", NULL);
    place_add(place, "disabled@y.z", NULL);
    REQUIRE(db_write(place->db, t->ctx, change_people, &hash) == ERR_OK);
}

static const char *const others[] = {"disabled@y.z", "unverified@y.z", "nobody@y.z"};
enum { OTHERS = sizeof others / sizeof *others };

static void check_same(struct test *t, const struct work *known, const struct work *other)
{
    CHECK_INT(known->hashes, other->hashes);
    CHECK(str_equal(buf_str(&known->statements), buf_str(&other->statements)));
}

/* Until the account has to wait, and then. */
TEST(sign_in_does_the_same_work_for_whoever_has_the_address)
{
    struct place place;
    open_watched(t, &place);
    add_people(&place);
    for (int i = 0; i < TRIES_MAX; i++) {
        struct work known = try_sign_in(&place, "known@y.z");
        CHECK_INT(known.hashes, 1);
        for (size_t k = 0; k < OTHERS; k++) {
            struct work other = try_sign_in(&place, others[k]);
            check_same(t, &known, &other);
        }
        fake_clock_turn(&t->clock, i < attempt_account.free ? 0 : SECOND_US);
    }
    place_close(&place);
}

TEST(asking_does_the_same_work_for_whoever_has_the_address)
{
    struct place place;
    open_watched(t, &place);
    add_people(&place);
    for (int signs_up = 0; signs_up <= 1; signs_up++)
        for (int i = 0; i <= attempt_mail.free; i++) {
            struct work known = try_asking(&place, signs_up, "known@y.z");
            CHECK_INT(known.hashes, 0);
            for (size_t k = 0; k < OTHERS; k++) {
                struct work other = try_asking(&place, signs_up, others[k]);
                check_same(t, &known, &other);
            }
        }
    place_close(&place);
}

/* Wanting another's address, for one that is somebody's and one that is not. */
static struct work want(struct place *place, const char *email)
{
    struct test *t = place->t;
    struct account_email_input input = {.own = STR("the right one"), .email = str_from(email)};
    REQUIRE(place_who(place) != NULL);
    begin_work(place);
    CHECK_ERR(account_email(&place->request, &input), ERR_OK);
    return end_work(place);
}

TEST(email_does_the_same_work_for_whoever_has_the_address)
{
    struct place place;
    open_watched(t, &place);
    add_people(&place);
    place_sign_in(&place, "known@y.z");
    struct work known = want(&place, "unverified@y.z");
    for (size_t i = 0; i < OTHERS; i += 2) {
        struct work other = want(&place, others[i]);
        check_same(t, &known, &other);
    }
    place_close(&place);
}

/* What stands for nobody opens nothing, and its mail goes nowhere. */
TEST(asking_for_nobody_sends_nothing)
{
    struct place place;
    open_watched(t, &place);
    add_people(&place);
    try_asking(&place, false, "nobody@y.z");
    try_asking(&place, false, "disabled@y.z");
    try_asking(&place, false, "known@y.z");
    REQUIRE(place_has_letters(&place, 1));
    CHECK_TEXT(place.to, "known@y.z");
    place_close(&place);
}
