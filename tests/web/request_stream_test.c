/* Tests of bodies that are read by their handlers. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "harness/folder.h"
#include "web/program.h"
#include "web/served.h"

enum {
    PIECES = 200,
    PIECE = 50 << 10,
    LARGE_PIECES = 4000,  /* 200 MB, */
    LARGE_KIB = 10 << 10, /* and how much more memory they may take */
};

/* As the room counts. */
static void expect(uint64_t *sum, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *sum = *sum * 31 + (unsigned char)bytes[i];
}

TEST(request_stream_is_read_as_it_was_sent)
{
    static char piece[PIECE];
    char expected[64];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int chunked = 0; chunked < 2; chunked++) {
        uint64_t sum = 0;
        client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\n");
        if (chunked)
            client_say(&client, "Transfer-Encoding: chunked\r\n\r\n");
        else
            client_say(&client, "Content-Length: %d\r\n\r\n", PIECES * PIECE);
        for (int i = 0; i < PIECES; i++) {
            memset(piece, 'a' + i % 26, sizeof piece);
            expect(&sum, piece, sizeof piece);
            if (chunked)
                client_say(&client, "%x\r\n", PIECE);
            REQUIRE(client_send(&client, str_make(piece, sizeof piece)));
            if (chunked)
                client_say(&client, "\r\n");
        }
        if (chunked)
            client_say(&client, "0\r\n\r\n");
        REQUIRE(client_hear(&client));
        snprintf(expected, sizeof expected, "%d bytes, %016llx\n", PIECES * PIECE,
                 (unsigned long long)sum);
        CHECK_STR(client.body, expected);
    }
    client_close(&client);
    served_stop(t, &served);
}

TEST(request_stream_leaves_the_next_request_alone)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                                  "POST /count HTTP/1.1\r\nHost: a\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
                                  "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                                  "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n"),
              200);
    CHECK(str_starts(client.body, STR("3 bytes")));
    CHECK(client_hear(&client));
    CHECK(str_starts(client.body, STR("2 bytes")));
    CHECK(client_hear(&client));
    CHECK_INT(client.status, 403);
    CHECK(client_hear(&client));
    CHECK_STR(client.body, "fixed\n");
    client_close(&client);
    served_stop(t, &served);
}

/* An answer that comes before the body is heard by one who goes on sending. */
TEST(request_stream_that_is_refused_is_answered_all_the_same)
{
    static char piece[PIECE];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                       PIECES * PIECE));
    for (int i = 0; i < PIECES && client_send(&client, str_make(piece, sizeof piece)); i++)
        ;
    REQUIRE(client_hear(&client));
    CHECK_INT(client.status, 403);
    CHECK_STR(client_header(&client, "Connection"), "close");
    CHECK(client_is_closed(&client));
    client_close(&client);
    served_stop(t, &served);
}

/* The clock goes on before each piece, faster than the piece pays for. */
TEST(request_stream_has_to_keep_its_pace)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n"
                                "Expect: 100-continue\r\n\r\n"));
    REQUIRE(client_waits_for(&client, STR("100 Continue\r\n\r\n")));
    client.used = client.len;
    for (int i = 0; i < 8; i++) {
        served_turn(&served, SERVER_BODY_MS / 4);
        client_send(&client, STR("a"));
        poll(NULL, 0, 20);
    }
    CHECK(client_hear(&client));
    CHECK_INT(client.status, 408);
    CHECK(client_is_closed(&client));
    client_close(&client);
    served_stop(t, &served);
}

TEST(request_stream_that_ends_early_is_nothing)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"));
    client_close(&client);
    CHECK(served_wait(&served, "web_connections", 0));
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
    client_close(&client);
    served_stop(t, &served);
}

/* In a process of its own, whose memory can be told from ours. */
TEST(request_stream_takes_the_same_memory_however_long_it_is)
{
    static char piece[PIECE];
    struct program program;
    struct client client;
    char log[512];
    snprintf(log, sizeof log, "%s/log", test_folder(t, "web/upload"));
    program_start(t, &program, log, NULL);
    int64_t before = program_memory_kib(program.pid, "VmRSS");
    client_open(t, &client, program.port);
    client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
               LARGE_PIECES * PIECE);
    for (int i = 0; i < LARGE_PIECES; i++)
        REQUIRE(client_send(&client, str_make(piece, sizeof piece)));
    REQUIRE(client_hear(&client));
    CHECK_INT(client.status, 200);
    int64_t peak = program_memory_kib(program.pid, "VmHWM");
    test_note(t, "%lld KiB, then %lld KiB", (long long)before, (long long)peak);
    CHECK(before > 0 && peak - before < LARGE_KIB);
    client_close(&client);
    CHECK(program_stop(t, &program));
}
