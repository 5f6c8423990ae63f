/* What the doctor says of the database: on both engines, in health and in sickness. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "harness/folder.h"
#include "program.h"

/* The verdict on the database whose words hold `words`, or "absent". */
static const char *verdict_on(struct test *t, const struct json *report, const char *words)
{
    const char *verdict = "absent";
    for (struct json *finding = json_get(report, "findings")->first; finding;
         finding = finding->next) {
        struct str subject, said, text, mend;
        REQUIRE(json_str(json_get(finding, "subject"), &subject) == ERR_OK);
        REQUIRE(json_str(json_get(finding, "words"), &said) == ERR_OK);
        REQUIRE(json_str(json_get(finding, "verdict"), &text) == ERR_OK);
        REQUIRE(json_str(json_get(finding, "mend"), &mend) == ERR_OK);
        CHECK((mend.len == 0) == str_equal(text, STR("ok")));
        if (says(said, words) && (says(subject, "database") || says(subject, "disk")))
            REQUIRE(str_cstr(t->arena, text, &verdict) == ERR_OK);
    }
    return verdict;
}

static struct json *examine(struct test *t, const struct place *place, const char *program)
{
    struct json *report = NULL;
    struct process_result result = place_run(t, place, program, "doctor", "--json");
    REQUIRE(json_read(t->ctx, result.out, &report) == ERR_OK);
    CHECK(!says(result.out, "secret") && !says(result.err, "secret"));
    return report;
}

/* One word of what the doctor of the program says of its database. */
static void check_verdict(struct test *t, const struct place *place, const char *program,
                          const char *words, const char *verdict)
{
    CHECK_TEXT(verdict_on(t, examine(t, place, program), words), verdict);
}

TEST(doctor_tells_engine_and_migrations)
{
    struct place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        bool is_file = engine == engine_sqlite;
        place_open(t, engine, &place);
        if (is_file)
            check_verdict(t, &place, sample_stoa, "there is none yet", "ok");
        else
            check_verdict(t, &place, sample_stoa, "2 migrations of this release have not run",
                          "warning");
        REQUIRE(place_run(t, &place, sample_stoa, "migrate", NULL).status == 0);
        struct json *report = examine(t, &place, sample_stoa);
        CHECK_TEXT(verdict_on(t, report, is_file ? "SQLite 3." : "PostgreSQL 1"), "ok");
        CHECK_TEXT(verdict_on(t, report, "its tables are as this release wants them"), "ok");
        check_verdict(t, &place, stoa, "(0001_begin) ran here and is not known", "broken");
        place_close(&place);
    }
}

/* A file elsewhere than in the data folder, so that there is none but the database's. */
TEST(doctor_and_plan_make_and_change_nothing)
{
    struct place place;
    char url[PLACE_VARIABLE_MAX];
    struct process_result before, after;
    place_open(t, engine_sqlite, &place);
    REQUIRE(place_run(t, &place, sample_stoa, "migrate", NULL).status == 0);
    const char *folder = test_folder(t, "db/alone %#?");
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", folder);
    const char *copy = url + sizeof "sqlite:" - 1;
    REQUIRE(place_run(t, &place, sample_stoa, "backup", copy).status == 0);
    place_set_url(&place, url);
    const char *const list[] = {"/bin/sh", "-c", "cd \"$0\" && ls -la && md5sum *", folder, NULL};
    REQUIRE(process_run(t, list, NULL, &before) == ERR_OK);
    CHECK_INT(before.status, 0);
    struct json *report = examine(t, &place, sample_stoa);
    CHECK_TEXT(verdict_on(t, report, "its tables are as this release wants them"), "ok");
    CHECK(strcmp(verdict_on(t, report, "MiB are free where the database lies"), "absent") != 0);
    CHECK_INT(place_run(t, &place, sample_stoa, "migrate", "--plan").status, 0);
    REQUIRE(process_run(t, list, NULL, &after) == ERR_OK);
    CHECK(str_equal(before.out, after.out));
    place_close(&place);
}

static void sql(struct test *t, const struct place *place, const char *text)
{
    REQUIRE(postgres_sql(t->ctx, &place->fixture.postgres, text, NULL) == ERR_OK);
}

TEST(doctor_warns_of_settings_that_lose_data)
{
    static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};
    struct place place;
    char text[PLACE_VARIABLE_MAX];
    place_open(t, engine_postgres, &place);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        snprintf(text, sizeof text, "%s is off", settings[i]);
        check_verdict(t, &place, sample_stoa, text, "absent");
        snprintf(text, sizeof text, "ALTER SYSTEM SET %s = off", settings[i]);
        sql(t, &place, text);
        sql(t, &place, "SELECT pg_reload_conf()");
        snprintf(text, sizeof text, "%s is off", settings[i]);
        check_verdict(t, &place, sample_stoa, text, "warning");
    }
    place_close(&place);
}

TEST(doctor_says_that_a_server_is_down_or_stands_still)
{
    struct place place;
    char url[PLACE_VARIABLE_MAX];
    place_open(t, engine_postgres, &place);
    snprintf(url, sizeof url, "postgres://stoa:secret@127.0.0.1:%d/stoa",
             place.fixture.postgres.port);
    place_set_url(&place, url);
    postgres_pause(&place.fixture.postgres);
    check_verdict(t, &place, sample_stoa, "did not answer within", "broken");
    postgres_go_on(&place.fixture.postgres);
    check_verdict(t, &place, sample_stoa, "PostgreSQL 1", "ok");
    postgres_stop(&place.fixture.postgres);
    check_verdict(t, &place, sample_stoa, "Connection refused", "broken");
    CHECK_INT(place_run(t, &place, sample_stoa, "doctor", NULL).status, 1);
    place_close(&place);
}

/* Authentication is done, the version is 13.4, and a command may come. */
static const char old_server[] = "R\0\0\0\10\0\0\0\0"
                                 "S\0\0\0\30server_version\00013.4\0"
                                 "Z\0\0\0\5I";

static void *greet(void *arg)
{
    char bytes[512];
    int peer = accept(*(int *)arg, NULL, NULL);
    if (read(peer, bytes, sizeof bytes) > 0)
        io_write_all(peer, str_make(old_server, sizeof old_server - 1));
    while (read(peer, bytes, sizeof bytes) > 0) {
    }
    close(peer);
    return NULL;
}

TEST(doctor_says_that_a_server_is_too_old)
{
    struct place place;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    char url[PLACE_VARIABLE_MAX];
    pthread_t thread;
    place_open(t, engine_sqlite, &place);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&at, size) == 0 && listen(fd, 1) == 0);
    REQUIRE(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
    REQUIRE(pthread_create(&thread, NULL, greet, &fd) == 0);
    snprintf(url, sizeof url, "postgres://stoa:secret@127.0.0.1:%d/stoa?sslmode=disable",
             ntohs(at.sin_port));
    place_set_url(&place, url);
    check_verdict(t, &place, sample_stoa, "the server is older than version 14", "broken");
    pthread_join(thread, NULL);
    close(fd);
    place_close(&place);
}

TEST(doctor_sees_a_file_that_is_no_database)
{
    struct place place;
    place_open(t, engine_sqlite, &place);
    FILE *file = fopen(place.fixture.url + sizeof "sqlite:" - 1, "we");
    REQUIRE(file && fputs("This is a poem.\n", file) >= 0 && fclose(file) == 0);
    check_verdict(t, &place, sample_stoa, "file is not a database", "broken");
    place_close(&place);
}
