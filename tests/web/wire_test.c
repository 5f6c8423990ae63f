/* Compares what is made of raw requests: by Stoa's readers, by nginx, and as it is recorded. */
#include "harness/folder.h"
#include "harness/test.h"
#include "web/nginx.h"
#include "web/wire.h"
#include "web/wire_cases.h"

enum { CASES_MIN = 60 };

static int nginx_status(const struct wire_case *row)
{
    return row->nginx ? row->nginx : row->ours;
}

TEST(wire_cases_give_a_reason_for_each_difference)
{
    int count = 0;
    for (const struct wire_case *row = wire_cases; row->name; row++, count++) {
        test_note(t, "%s", row->name);
        CHECK_INT(row->why != NULL, row->nginx != 0);
        CHECK(row->nginx != row->ours);
    }
    CHECK(count >= CASES_MIN);
}

/* OPTIONS of all is asked of a server itself, and nginx has nothing to say to it. */
TEST(wire_cases_that_nginx_refuses_are_refused)
{
    for (const struct wire_case *row = wire_cases; row->name; row++) {
        test_note(t, "%s", row->name);
        if (nginx_status(row) >= 400 && !str_starts(row->bytes, STR("OPTIONS * ")))
            CHECK(row->ours >= 400);
    }
}

TEST(wire_cases_are_read_as_recorded)
{
    for (const struct wire_case *row = wire_cases; row->name; row++) {
        size_t used = 0;
        bool keep_alive = false;
        test_note(t, "%s", row->name);
        CHECK_INT(wire_read(t, row->bytes, &used, &keep_alive), row->ours);
        if (row->ours != 200)
            continue;
        CHECK_INT(used, row->bytes.len);
        CHECK_INT(keep_alive, !row->last);
    }
}

TEST(wire_cases_are_answered_by_nginx_as_recorded)
{
    struct nginx nginx;
    enum err err = nginx_start(t, test_folder(t, "wire/nginx"), &nginx);
    test_note(t, "%s", t->ctx->err.operator);
    REQUIRE(!err);
    for (const struct wire_case *row = wire_cases; row->name; row++) {
        struct wire_answer answer;
        REQUIRE(!wire_ask(t, nginx.port, row->bytes, &answer));
        test_note(t, "%s: " STR_FMT, row->name, STR_ARG(answer.text));
        CHECK(answer.closed);
        CHECK_INT(answer.statuses[0], nginx_status(row));
        if (nginx_status(row) == 200 && row->ours == 200)
            CHECK_INT(answer.count, row->last ? 1 : 2);
    }
    nginx_stop(&nginx);
}
