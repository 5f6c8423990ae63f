/* The commands for queues, events, rules and schedules, as people type them. */
#include <stdio.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

/* One line of a terminal: what is typed, what is answered, or for what reason it is refused. */
struct line {
    const char *typed, *out, *err;
};

static void check_line(struct test *t, const char *folder, const struct line *line)
{
    struct process_result result = {0};
    char data[512], script[512];
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    snprintf(script, sizeof script, "\"$0\" %s", line->typed);
    const char *argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    const char *const environment[] = {data, "LOG_LEVEL=error", NULL};
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, "%s: " STR_FMT STR_FMT, line->typed, STR_ARG(result.out), STR_ARG(result.err));
    CHECK_INT(result.status, line->err != NULL);
    CHECK(str_find(result.out, str_from(line->out)) != STR_NONE);
    CHECK(str_find(result.err, str_from(line->err ? line->err : "")) != STR_NONE);
}

static void check_lines(struct test *t, const char *folder, const struct line lines[])
{
    const char *path = test_folder(t, folder);
    for (const struct line *line = lines; line->typed; line++)
        check_line(t, path, line);
}

TEST(flow_commands_send_and_take_messages)
{
    static const struct line lines[] = {
        {"queue list", "There is no queue yet.\n", NULL},
        {"queue make orders", "its dead letters go to orders-dead", NULL},
        {"queue send orders '{\"order\":1}'", "msg_", NULL},
        {"queue send orders two", "msg_", NULL},
        {"queue list", "orders: 2 wait, 0 in flight, 0 later", NULL},
        {"queue take orders", "{\"order\":1}\n", NULL},
        {"queue purge orders", "1 removed.\n", NULL},
        {"queue take orders", "", "Nothing waits in this queue."},
        {"queue dead orders", "No dead letter is in orders-dead.\n", NULL},
        {"queue redrive orders", "0 sent back.\n", NULL},
        {"queue redrive orders 7", "", "There is no such dead letter."},
        {"queue redrive orders x", "", "NUMBER: must be that of a dead letter"},
        {"queue make steps.fifo", "its dead letters go to steps-dead.fifo", NULL},
        {"queue send steps.fifo same", "msg_", NULL},
        {"queue send steps.fifo same", "msg_", NULL},
        {"queue list", "steps.fifo: 2 wait", NULL},
        {"queue send nowhere x", "", "There is no such queue."},
        {"queue send orders ''", "", "body: must not be empty"},
        {"queue send orders", "", "usage: stoa queue list|make|send"},
        {"queue shout orders", "", "usage: stoa queue list|make|send"},
        {0},
    };
    check_lines(t, "flow_commands/queue", lines);
}

TEST(flow_commands_take_events_to_queues)
{
    static const struct line lines[] = {
        {"rule list", "There is no rule yet.\n", NULL},
        {"rule set big '{\"detail\":{\"total\":[{\"numeric\":[\">\",1000]}]}}' orders", "",
         "There is no such queue."},
        {"queue make orders", "is there", NULL},
        {"rule set big '{\"detail\":1}' orders", "", "pattern"},
        {"rule set big '{\"detail\":{\"total\":[{\"numeric\":[\">\",1000]}]}}' orders",
         "What matches goes to orders", NULL},
        {"rule list", "to the queue orders\n", NULL},
        {"emit order.placed '{\"total\":1999}'", "evt_", NULL},
        {"emit order.placed nonsense", "", "detail: "},
        {"emit 'order placed' '{}'", "", "type: "},
        {"rule drop big", "is gone", NULL},
        {"rule drop big", "", "There is no such rule."},
        {"rule set big", "", "usage: stoa rule list|set|drop"},
        {0},
    };
    check_lines(t, "flow_commands/rule", lines);
}

TEST(flow_commands_send_at_set_times)
{
    static const struct line lines[] = {
        {"schedule list", "There is no schedule yet.\n", NULL},
        {"queue make stock", "is there", NULL},
        {"schedule set count '30 2 * * *' stock Europe/Berlin",
         "count: 30 2 * * * Europe/Berlin, to the queue stock, next 20", NULL},
        {"schedule run count", "to the queue stock", NULL},
        {"queue take stock", "{\"schedule\":\"count\",\"due\":\"", NULL},
        {"schedule pause count", "paused\n", NULL},
        {"schedule resume count", "next 20", NULL},
        {"schedule set count '30 2 *' stock", "", "expression: "},
        {"schedule set count '30 2 * * *' stock Europe/Atlantis", "", "zone: "},
        {"schedule set count '30 2 * * *' nowhere", "", "There is no such queue."},
        {"schedule drop count", "is gone", NULL},
        {"schedule drop count", "", "There is no such schedule."},
        {0},
    };
    check_lines(t, "flow_commands/schedule", lines);
}

/* The log of the database may grow by 4 KB more, and the message is of 100 KB. */
TEST(flow_commands_say_nothing_of_what_did_not_happen)
{
    static const char script[] =
        "\"$0\" queue make orders >&2 && trap '' XFSZ && "
        "ulimit -f $(($(wc -c <\"$STOA_DATA/stoa.db-wal\") / 512 + 8)) && "
        "\"$0\" queue send orders \"$(head -c 100000 /dev/zero | tr '\\0' x)\"";
    struct process_result result = {0};
    char data[512];
    snprintf(data, sizeof data, "STOA_DATA=%s", test_folder(t, "flow_commands/full"));
    const char *argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    const char *const environment[] = {data, "LOG_LEVEL=error", NULL};
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, STR_FMT STR_FMT, STR_ARG(result.out), STR_ARG(result.err));
    CHECK_INT(result.status, 1);
    CHECK(str_find(result.err, STR("is there")) != STR_NONE);
    CHECK(str_find(result.err, STR("COMMIT")) != STR_NONE);
    CHECK_STR(result.out, "");
}
