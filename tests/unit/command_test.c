/* The command line: what the real program answers, and to what it says no. */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

/* Runs stoa with up to three words and a changed environment. */
static struct process_result stoa(struct test *t, const char *const words[3],
                                  const char *const environment[])
{
    struct process_result result = {0};
    const char *argv[] = {test_built(t, "stoa"), words[0], words[1], words[2], NULL};
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    return result;
}

#define STOA(...) stoa(t, (const char *[3]){__VA_ARGS__}, NULL)

/* A port that nothing listens on, and its listener if one is wanted. */
static int free_port(struct test *t, int *listener)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
    socklen_t size = sizeof address;
    *listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(*listener >= 0);
    REQUIRE(bind(*listener, (struct sockaddr *)&address, size) == 0);
    REQUIRE(listen(*listener, 1) == 0);
    REQUIRE(getsockname(*listener, (struct sockaddr *)&address, &size) == 0);
    return ntohs(address.sin6_port);
}

TEST(command_help_lists_every_command)
{
    struct process_result result = STOA("help");
    CHECK_INT(result.status, 0);
    CHECK_INT(result.err.len, 0);
    CHECK(has(result.out, "doctor [--json]"));
    CHECK(has(result.out, "version "));
    CHECK(has(result.out, "settings "));
    CHECK(str_equal(STOA(NULL).out, result.out));
    CHECK(str_equal(STOA("--help").out, result.out));
    CHECK(str_equal(STOA("-h").out, result.out));
}

TEST(command_help_explains_one)
{
    struct process_result result = STOA("help", "doctor");
    CHECK_INT(result.status, 0);
    CHECK(str_starts(result.out, STR("Usage: stoa doctor [--json]\n\nSay what is wrong")));
    result = STOA("help", "docter");
    CHECK_INT(result.status, 1);
    CHECK(has(result.err, "There is no such command"));
}

TEST(command_refuses_what_it_does_not_know)
{
    static const struct {
        const char *words[3], *said;
    } rows[] = {
        {{"docter"}, "stoa: there is no command \"docter\"; \"stoa help\" lists them\n"},
        {{"doctor", "--xml"}, "stoa: --xml: is no option of it; usage: stoa doctor [--json]\n"},
        {{"doctor", "now"}, "stoa: doctor: usage: stoa doctor [--json]\n"},
        {{"help", "a", "b"}, "stoa: help: usage: stoa help [COMMAND]\n"},
        {{"version", "--json"}, "stoa: --json: is no option of it; usage: stoa version\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process_result result = stoa(t, rows[i].words, NULL);
        test_note(t, "stoa %s", rows[i].words[0]);
        CHECK_INT(result.status, 2);
        CHECK_INT(result.out.len, 0);
        CHECK_STR(result.err, rows[i].said);
    }
}

TEST(command_refuses_more_words_than_any_takes)
{
    struct process_result result;
    const char *argv[400] = {test_built(t, "stoa"), "help"};
    for (size_t i = 2; i < 399; i++)
        argv[i] = "word";
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    CHECK_INT(result.status, 2);
    CHECK_STR(result.err, "stoa: help: usage: stoa help [COMMAND]\n");
}

TEST(command_version_says_which_build)
{
    struct process_result result = STOA("version");
    CHECK_INT(result.status, 0);
    CHECK(str_starts(result.out, STR("stoa 0.")));
    CHECK(str_equal(STOA("--version").out, result.out));
}

TEST(command_settings_show_what_is_in_force)
{
    struct process_result result = stoa(t, (const char *[3]){"settings"},
                                        (const char *[]){"PORT=9000", "LOG_LEVEL", NULL});
    CHECK_INT(result.status, 0);
    CHECK(has(result.out, "PORT=9000\n    a whole number from 1 to 65535; preset: 8080\n"));
    CHECK(has(result.out, "LOG_LEVEL=info\n    one of: debug info warn error; preset: info\n"));
    result = stoa(t, (const char *[3]){"settings"}, (const char *[]){"PORT=none", NULL});
    CHECK_INT(result.status, 1);
    CHECK_STR(result.err, "stoa: PORT: must be a whole number from 1 to 65535, but is \"none\"\n");
}

static struct process_result shell(struct test *t, const char *script)
{
    struct process_result result;
    const char *argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    return result;
}

TEST(command_output_that_cannot_be_written_is_a_failure)
{
    struct process_result result = shell(t, "exec \"$0\" help >/dev/full");
    CHECK_INT(result.status, 1);
    CHECK(has(result.err, "cannot write to standard output: No space left on device"));
}

TEST(command_whose_reader_left_ends_by_itself)
{
    struct process_result result = shell(t, "{ sleep 0.2; \"$0\" help; echo $? >&2; } | true");
    CHECK_STR(result.err, "stoa: cannot write to standard output: Broken pipe\n1\n");
}

/* What stands in for a closed stream must not swallow the answer and call it written. */
TEST(command_survives_closed_streams)
{
    struct process_result result = shell(t, "\"$0\" help <&- >&-");
    CHECK_INT(result.status, 1);
    CHECK_STR(result.err, "stoa: cannot write to standard output: Bad file descriptor\n");
}

TEST(doctor_survives_a_limit_on_the_size_of_files)
{
    struct process_result result = shell(
        t, "STOA_DATA=$(mktemp -d) && export STOA_DATA && "
           "ulimit -f 0; \"$0\" doctor; status=$?; rmdir \"$STOA_DATA\"; exit $status");
#ifdef __SANITIZE_THREAD__ /* whose runtime is ended by such a limit, before our main */
    CHECK_INT(result.status, 128 + SIGXFSZ);
    return;
#endif
    CHECK_INT(result.status, 1);
    CHECK(has(result.out, "File too large (EFBIG)"));
}

/* The doctor's report as JSON, for a port and a data folder. */
static struct json *examine(struct test *t, int port, const char *data, int *status)
{
    char port_text[32], data_text[256];
    struct json *report = NULL;
    snprintf(port_text, sizeof port_text, "PORT=%d", port);
    snprintf(data_text, sizeof data_text, "STOA_DATA=%s", data);
    struct process_result result = stoa(t, (const char *[3]){"doctor", "--json"},
                                        (const char *[]){port_text, data_text, NULL});
    REQUIRE(json_read(t->ctx, result.out, &report) == ERR_OK);
    *status = result.status;
    return report;
}

/* The verdict on a subject: the worst, where it has several. */
static const char *verdict_on(struct test *t, const struct json *report, const char *subject,
                              const char *mend)
{
    const char *worst = "absent";
    for (struct json *finding = json_get(report, "findings")->first; finding;
         finding = finding->next) {
        struct str text, words;
        REQUIRE(json_str(json_get(finding, "subject"), &text) == ERR_OK);
        if (!str_equal(text, str_from(subject)))
            continue;
        REQUIRE(json_str(json_get(finding, "verdict"), &text) == ERR_OK);
        REQUIRE(json_str(json_get(finding, "mend"), &words) == ERR_OK);
        CHECK((words.len == 0) == str_equal(text, STR("ok")));
        if (!str_equal(text, STR("ok")) && mend)
            CHECK(has(words, mend));
        if (!str_equal(text, STR("ok")) || strcmp(worst, "absent") == 0)
            REQUIRE(str_cstr(t->arena, text, &worst) == ERR_OK);
    }
    return worst;
}

static const char *const outside[] = {"database", "master key", "cache", "mail", "sms", "files"};

TEST(doctor_finds_a_healthy_machine_healthy)
{
    char folder[] = "/tmp/stoa-doctor-XXXXXX";
    int listener, status, port = free_port(t, &listener);
    close(listener);
    REQUIRE(mkdtemp(folder));
    struct json *report = examine(t, port, folder, &status);
    CHECK_INT(status, 0);
    CHECK_TEXT(verdict_on(t, report, "settings", NULL), "ok");
    CHECK_TEXT(verdict_on(t, report, "system", NULL), "ok");
    CHECK_TEXT(verdict_on(t, report, "port", NULL), "ok");
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        CHECK_TEXT(verdict_on(t, report, outside[i], NULL), "ok");
    CHECK(strcmp(verdict_on(t, report, "data folder", NULL), "broken") != 0);
    CHECK(rmdir(folder) == 0); /* its probe left nothing behind */
}

TEST(doctor_sees_a_port_that_is_taken)
{
    char folder[] = "/tmp/stoa-doctor-XXXXXX";
    int listener, status, port = free_port(t, &listener);
    REQUIRE(mkdtemp(folder));
    struct json *report = examine(t, port, folder, &status);
    CHECK_INT(status, 1);
    CHECK_TEXT(verdict_on(t, report, "port", "set PORT to one"), "broken");
    close(listener);
    rmdir(folder);
}

TEST(doctor_sees_a_folder_that_cannot_be)
{
    int listener, status, port = free_port(t, &listener);
    close(listener);
    struct json *report = examine(t, port, "/proc/none/such", &status);
    CHECK_INT(status, 1);
    CHECK_TEXT(verdict_on(t, report, "data folder", "STOA_DATA"), "broken");
    report = examine(t, port, "/dev/null", &status);
    CHECK_INT(status, 1);
    CHECK_TEXT(verdict_on(t, report, "data folder", "STOA_DATA"), "broken");
}

TEST(doctor_tells_every_wrong_setting_and_slips_of_the_pen)
{
    struct process_result result = stoa(
        t, (const char *[3]){"doctor"},
        (const char *[]){"PORT=0", "LOG_LEVEL=loud", "STOA_DTA=/srv", NULL});
    CHECK_INT(result.status, 1);
    CHECK(has(result.out, "PORT must be a whole number from 1 to 65535, but is \"0\""));
    CHECK(has(result.out, "LOG_LEVEL must be one of: debug info warn error, but is \"loud\""));
    CHECK(has(result.out, "STOA_DTA is set, but there is no such setting"));
    CHECK(has(result.err, "Something must be mended first"));
}

/* The verdicts on what the program has of the outside, with an environment. */
static void check_outside(struct test *t, const char *const environment[],
                          const char *const verdicts[6], const char *const mends[6])
{
    struct json *report = NULL;
    struct process_result result = stoa(t, (const char *[3]){"doctor", "--json"}, environment);
    REQUIRE(json_read(t->ctx, result.out, &report) == ERR_OK);
    test_note(t, STR_FMT, STR_ARG(result.out));
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        CHECK_TEXT(verdict_on(t, report, outside[i], mends[i]), verdicts[i]);
    CHECK(!has(result.out, "passw0rd") && !has(result.err, "passw0rd"));
}

TEST(doctor_sees_what_does_not_answer)
{
    static const char *const verdicts[] = {"ok", "ok", "broken", "broken", "broken", "broken"};
    static const char *const mends[] = {NULL, NULL, "Redis", "MAIL_URL", "SMS_URL", "OBJECTS_URL"};
    static const char *const wrong[] = {NULL,           NULL,           "the variable",
                                        "the variable", "the variable", "the variable"};
    char folder[] = "/tmp/stoa-doctor-XXXXXX", data[64], cache[96], mail[96], sms[96], files[96];
    int listener, nobody = free_port(t, &listener);
    close(listener);
    REQUIRE(mkdtemp(folder));
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    snprintf(cache, sizeof cache, "CACHE_URL=redis://:passw0rd@127.0.0.1:%d", nobody);
    snprintf(mail, sizeof mail, "MAIL_URL=smtp://ada:passw0rd@127.0.0.1:%d", nobody);
    snprintf(sms, sizeof sms, "SMS_URL=twilio://AC1@127.0.0.1:%d?tls=no", nobody);
    snprintf(files, sizeof files, "OBJECTS_URL=s3://k:passw0rd@127.0.0.1:%d/b?tls=no", nobody);
    check_outside(t,
                  (const char *[]){data, cache, mail, sms, files,
                                   "STOA_SECRET_SMS_PASSWORD=passw0rd",
                                   "OUTBOUND_ALLOWED=127.0.0.0/8", NULL},
                  verdicts, mends);
    check_outside(t,
                  (const char *[]){data, "CACHE_URL=memory:?size=1", "MAIL_URL=smtp://ada@host",
                                   "SMS_URL=twilio://AC1@host", "OBJECTS_URL=dir:a?b", NULL},
                  verdicts, wrong);
    struct process_result result = stoa(t, (const char *[3]){"doctor"},
                                        (const char *[]){data, sms,
                                                         "STOA_SECRET_SMS_PASSWORD=passw0rd",
                                                         "OUTBOUND_ALLOWED=everywhere", NULL});
    CHECK_INT(result.status, 1);
    CHECK(has(result.out, "OUTBOUND_ALLOWED must be networks"));
    CHECK(rmdir(folder) == 0); /* nobody made a key or a folder */
}

/* What it does not open it does not mend either, and nobody else logs in with it. */
TEST(doctor_looks_at_the_master_key)
{
    static const char *const usual[] = {"ok", "ok", "ok", "ok", "ok", "ok"};
    static const char *const verdicts[] = {"ok", "broken", "absent", "absent", "absent", "absent"};
    static const char *const mends[] = {NULL, "docs/ports.md", NULL, NULL, NULL, NULL};
    char data[4200], key[4200], sealed[4200];
    const char *folder = test_folder(t, "command/doctor_key");
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    snprintf(key, sizeof key, "%s/master.key", folder);
    snprintf(sealed, sizeof sealed, "%s/secrets.sealed", folder);
    const char *const environment[] = {data, NULL};
    CHECK_INT(stoa(t, (const char *[3]){"secret", "list"}, environment).status, 0);
    check_outside(t, environment, usual, mends);
    REQUIRE(chmod(key, 0644) == 0);
    check_outside(t, environment, verdicts, mends);
    REQUIRE(chmod(key, 0600) == 0 && unlink(sealed) == 0);
    check_outside(t, environment, verdicts, mends);
    CHECK(access(sealed, F_OK) != 0);
}

/* Broken text in the environment, or more mistakes than there is room for, must not hide that
 * something is broken. */
TEST(doctor_reports_whatever_the_environment_holds)
{
    char names[64][32];
    const char *environment[66] = {"PORT=0"};
    struct json *report;
    for (size_t i = 0; i < 64; i++) {
        snprintf(names[i], sizeof names[i], "STOA_\xff%zu=1", i);
        environment[i + 1] = names[i];
    }
    struct process_result result = stoa(t, (const char *[3]){"doctor", "--json"}, environment);
    CHECK_INT(result.status, 1);
    REQUIRE(json_read(t->ctx, result.out, &report) == ERR_OK);
    CHECK(strcmp(verdict_on(t, report, "clock", NULL), "absent") != 0);
    CHECK(has(result.out, "STOA_\xef\xbf\xbd"));
    CHECK_STR(json_get(report, "verdict")->text, "broken");
}

TEST(doctors_do_not_disturb_each_other)
{
    char folder[] = "/tmp/stoa-doctor-XXXXXX", data[64];
    struct process_result result;
    const char *script = "for i in 1 2 3 4 5 6 7 8; do \"$0\" doctor & done; wait";
    const char *argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    REQUIRE(mkdtemp(folder));
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    REQUIRE(process_run(t, argv, (const char *[]){data, NULL}, &result) == ERR_OK);
    CHECK(!has(result.out, "cannot be written"));
    CHECK(rmdir(folder) == 0);
}
