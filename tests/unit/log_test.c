/* Tests of the log: one whole line an event, whatever is in it and wherever it goes. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/span.h"
#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NOON         "{\"time\":\"2026-01-15T12:00:00.000000Z\","

TEST(log_writes_one_json_line)
{
    struct id id = {0, 1};
    log_info(t->ctx, "order placed", field_id("order", "ord", id), field_int("lines", -3),
             field_bool("paid", true), field_bool("sent", false), field_text("who", "Zoë"),
             field_str("note", STR("a \"b\"\n\tc\\")), field_text("none", NULL));
    CHECK_STR(test_log(t),
              NOON "\"level\":\"info\",\"event\":\"order placed\","
                   "\"order\":\"ord_00000000000000000000000001\",\"lines\":-3,\"paid\":true,"
                   "\"sent\":false,\"who\":\"Zoë\",\"note\":\"a \\\"b\\\"\\n\\tc\\\\\","
                   "\"none\":\"\"}\n");
}

TEST(log_needs_no_field)
{
    log_error(t->ctx, "out of luck");
    CHECK_STR(test_log(t), NOON "\"level\":\"error\",\"event\":\"out of luck\"}\n");
}

TEST(log_leaves_out_what_is_below_its_level)
{
    t->log.level = LOG_WARN;
    log_debug(t->ctx, "a");
    log_info(t->ctx, "b");
    CHECK_STR(test_log(t), "");
    log_warn(t->ctx, "c");
    CHECK_STR(test_log(t), NOON "\"level\":\"warn\",\"event\":\"c\"}\n");
}

TEST(log_is_silent_without_a_log)
{
    t->ctx->log = NULL;
    log_error(t->ctx, "nobody hears");
    log_failure(t->ctx, "nobody hears");
    CHECK_STR(test_log(t), "");
}

TEST(log_tells_the_trace)
{
    struct span span;
    span_begin_root(t->ctx, &span, "work", NULL,
                    STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    log_info(t->ctx, "a");
    span_end(t->ctx, &span);
    CHECK_STR(test_log(t), NOON "\"level\":\"info\",\"trace\":\"0af7651916cd43dd8448eb211c80319c\","
                                "\"event\":\"a\"}\n");
}

TEST(log_repairs_text_that_is_not_utf8)
{
    log_info(t->ctx, "read", field_str("line", STR("a\xff\xc3z\0\xe2\x82")));
    CHECK_STR(test_log(t), NOON "\"level\":\"info\",\"event\":\"read\","
                                "\"line\":\"a��z\\u0000��\"}\n");
}

/* A text of every length around the line's own, plain, escaped and broken: a line that fits is
 * whole, one that does not says so, and both are JSON. */
TEST(log_cuts_a_line_that_is_too_long_at_a_field)
{
    static const char kinds[] = "x\n\xff";
    char text[LOG_LINE_MAX + 100];
    for (size_t kind = 0; kind < sizeof kinds - 1; kind++) {
        memset(text, kinds[kind], sizeof text);
        bool was_cut = false, was_whole = false;
        for (size_t len = 1; len<sizeof text; len += len> 3800 ? 1 : 61) {
            REQUIRE(ftruncate(t->log.fd, 0) == 0 && lseek(t->log.fd, 0, SEEK_SET) == 0);
            arena_clear(t->arena);
            log_info(t->ctx, "long", field_int("before", 1), field_str("text", str_make(text, len)),
                     field_int("after", 2));
            struct str line = test_log(t);
            struct json *json = NULL;
            test_note(t, "%zu of %02x", len, (unsigned char)kinds[kind]);
            CHECK(line.len <= LOG_LINE_MAX);
            REQUIRE(str_ends(line, STR("}\n")));
            REQUIRE(json_read(t->ctx, line, &json) == ERR_OK);
            bool cut = json_get(json, "cut");
            CHECK(json_get(json, "before"));
            CHECK(cut == !json_get(json, "after"));
            CHECK(!was_cut || cut);
            was_cut |= cut;
            was_whole |= !cut;
        }
        CHECK(was_cut && was_whole);
    }
}

TEST(log_cuts_an_event_that_is_too_long)
{
    char event[LOG_LINE_MAX + 1];
    memset(event, 'e', sizeof event - 1);
    event[sizeof event - 1] = '\0';
    log_info(t->ctx, event, field_int("n", 1));
    CHECK_STR(test_log(t), NOON "\"level\":\"info\",\"cut\":true}\n");
}

TEST(log_failure_tells_the_record_and_its_weight)
{
    err_input(&t->ctx->err, "quantity", "must be at least 1");
    log_failure(t->ctx, "order refused");
    err_fail(&t->ctx->err, ERR_BUSY, "Try later.", "queue full");
    log_failure(t->ctx, "order refused");
    err_fail(&t->ctx->err, ERR_INTERNAL, "Our mistake.", "lost a row");
    log_failure(t->ctx, "order refused");
    struct str rest = test_log(t), line;
    REQUIRE(str_cut(&rest, '\n', &line));
    CHECK(str_starts(line, STR(NOON "\"level\":\"info\",\"event\":\"order refused\","
                                    "\"error\":\"input\",\"field\":\"quantity\","
                                    "\"user\":\"must be at least 1\",\"where\":\"")));
    REQUIRE(str_cut(&rest, '\n', &line));
    CHECK(str_starts(line, STR(NOON "\"level\":\"warn\",\"event\":\"order refused\","
                                    "\"error\":\"busy\",\"user\":\"Try later.\","
                                    "\"operator\":\"queue full\",\"where\":\"")));
    REQUIRE(str_cut(&rest, '\n', &line));
    CHECK(str_starts(line, STR(NOON "\"level\":\"error\",")));
}

TEST(log_counts_what_it_could_not_write_and_keeps_errno)
{
    static const char *const deaf[] = {"/dev/full", "/dev/null"};
    for (size_t i = 0; i < COUNT(deaf); i++) {
        struct log log;
        log_init(&log, open(deaf[i], (i ? O_RDONLY : O_WRONLY) | O_CLOEXEC), LOG_DEBUG,
                 t->ctx->clock);
        REQUIRE(log.fd >= 0);
        t->ctx->log = &log;
        errno = ENOENT;
        log_info(t->ctx, "a");
        log_info(t->ctx, "b");
        CHECK_INT(errno, ENOENT);
        CHECK_INT(atomic_load(&log.dropped), 2);
        close(log.fd);
    }
}

/* Nobody reads: what does not fit is dropped, nobody waits. */
TEST(log_drops_what_a_full_pipe_does_not_take)
{
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    t->log = (struct log){.fd = ends[1], .clock = t->ctx->clock};
    for (int i = 0; i < 2000; i++)
        log_info(t->ctx, "a line of some length that fills the pipe");
    CHECK(atomic_load(&t->log.dropped) > 0);
    CHECK(atomic_load(&t->log.dropped) < 2000);
    close(ends[0]);
    close(ends[1]);
    t->log.fd = -1;
}

/* The same where the pipe itself would let a writer wait, and what is told of it afterwards. */
TEST(log_does_not_wait_for_its_reader)
{
    int ends[2];
    char bytes[LOG_LINE_MAX];
    REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    while (write(ends[1], "x", 1) == 1)
        continue;
    REQUIRE(fcntl(ends[1], F_SETFL, 0) == 0);
    struct log log;
    log_init(&log, ends[1], LOG_INFO, t->ctx->clock);
    t->ctx->log = &log;
    for (int i = 0; i < 3; i++)
        log_info(t->ctx, "unheard");
    log_debug(t->ctx, "not of this level");
    CHECK_INT(atomic_load(&log.dropped), 3);
    while (read(ends[0], bytes, sizeof bytes) > 0)
        continue;
    log_info(t->ctx, "heard");
    log_info(t->ctx, "again");
    ssize_t len = read(ends[0], bytes, sizeof bytes);
    REQUIRE(len > 0);
    CHECK_STR(str_make(bytes, (size_t)len),
              NOON "\"level\":\"info\",\"dropped\":3,\"event\":\"heard\"}\n" NOON
                   "\"level\":\"info\",\"event\":\"again\"}\n");
    CHECK_INT(atomic_load(&log.dropped), 3);
    close(ends[0]);
    close(ends[1]);
}

TEST(log_failure_rarely_tells_one_a_second_and_counts_the_others)
{
    err_fail(&t->ctx->err, ERR_BUSY, "Try later.", "queue full");
    for (int i = 0; i < 5; i++)
        log_failure_rarely(t->ctx, "refused");
    fake_clock_turn(&t->clock, SECOND_US);
    log_failure_rarely(t->ctx, "refused");
    fake_clock_turn(&t->clock, SECOND_US);
    log_failure_rarely(t->ctx, "refused");
    struct str rest = test_log(t), line;
    for (int i = 0; i < 3; i++) {
        REQUIRE(str_cut(&rest, '\n', &line));
        CHECK(str_find(line, STR("\"operator\":\"queue full\"")) != STR_NONE);
        CHECK((str_find(line, STR(",\"others\":4}")) != STR_NONE) == (i == 1));
    }
    CHECK_STR(rest, "");
    t->ctx->log = NULL;
    log_failure_rarely(t->ctx, "nobody hears");
}

static enum err write_one(struct test *t, void *arg)
{
    (void)arg;
    uint64_t before = atomic_load(&t->log.dropped);
    log_info(t->ctx, "a");
    return atomic_load(&t->log.dropped) > before ? ERR_IO : ERR_OK;
}

TEST(log_survives_a_failing_write)
{
    int64_t failures = TORTURE_EVERY(t, TORTURE_SYSTEM, write_one, NULL);
    CHECK_INT(atomic_load(&t->log.dropped), failures);
}

enum { WRITERS = 4, LINES_A_WRITER = 500 };

static void *write_lines(void *arg)
{
    const struct ctx *ctx = arg;
    char text[200];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < LINES_A_WRITER; i++)
        log_info(ctx, "from a thread", field_str("text", str_make(text, i % sizeof text)));
    return NULL;
}

TEST(log_lines_of_many_threads_stay_whole)
{
    REQUIRE(fcntl(t->log.fd, F_SETFL, O_APPEND) == 0);
    pthread_t writers[WRITERS];
    for (size_t i = 0; i < WRITERS; i++)
        REQUIRE(pthread_create(&writers[i], NULL, write_lines, t->ctx) == 0);
    for (size_t i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    struct str rest = test_log(t), line;
    int64_t lines = 0, broken = 0;
    while (str_cut(&rest, '\n', &line) && line.len) {
        struct json *json;
        broken += json_read(t->ctx, line, &json) != ERR_OK;
        lines++;
    }
    CHECK_INT(lines, WRITERS * LINES_A_WRITER);
    CHECK_INT(broken, 0);
    CHECK_INT(atomic_load(&t->log.dropped), 0);
}
