/* Tests of server-sent events: who hears what, who is let go, and what many listeners cost. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/folder.h"
#include "web/program.h"
#include "web/served.h"

#define LISTEN "GET /listen HTTP/1.1\r\nHost: a\r\n"

enum {
    LISTENERS = 500,
    PUBLISHERS = 4,
    EACH = 100,
    MANY = 10000,         /* idle listeners, */
    MANY_KIB = 150 << 10, /* and what all of the program may take of memory then */
};

static void listen_in(struct test *t, struct client *client, int port, const char *headers)
{
    client_open(t, client, port);
    REQUIRE(client_say(client, LISTEN "%s\r\n", headers));
    REQUIRE(client_waits_for(client, STR("retry: ")));
}

static enum err publish(struct served *served, struct ctx *ctx, const char *data)
{
    return events_publish(ctx, served->room.channel, STR("told"), str_from(data));
}

/* The number behind the last "id: ". */
static struct str last_id(const struct client *client)
{
    struct str rest = str_make(client->bytes, client->len), line, id = {0};
    while (str_cut(&rest, '\n', &line))
        if (str_starts(line, STR("id: ")))
            id = str_slice(line, 4, line.len);
    return id;
}

TEST(events_are_heard_by_all_who_listen)
{
    static struct client clients[20];
    struct served served;
    served_start(t, &served, NULL);
    for (int i = 0; i < 20; i++)
        listen_in(t, &clients[i], served.port, "");
    CHECK(str_find(str_make(clients[0].bytes, clients[0].len),
                   STR("Content-Type: text/event-stream\r\n")) != STR_NONE);
    poll(NULL, 0, 300); /* their heads came before they were listeners */
    CHECK_ERR(publish(&served, t->ctx, "one"), ERR_OK);
    CHECK_ERR(publish(&served, t->ctx, "two"), ERR_OK);
    for (int i = 0; i < 20; i++) {
        CHECK(client_waits_for(&clients[i], STR("event: told\ndata: one\n\n")));
        CHECK(client_waits_for(&clients[i], STR("event: told\ndata: two\n\n")));
        client_close(&clients[i]);
    }
    CHECK(served_wait(&served, "web_connections", 0));
    served_stop(t, &served);
}

TEST(events_go_on_where_a_reader_left)
{
    struct served served;
    struct client client;
    char header[64];
    served_start(t, &served, NULL);
    listen_in(t, &client, served.port, "");
    poll(NULL, 0, 300);
    publish(&served, t->ctx, "one");
    REQUIRE(client_waits_for(&client, STR("data: one\n\n")));
    struct str id = last_id(&client);
    snprintf(header, sizeof header, "Last-Event-ID: " STR_FMT "\r\n", STR_ARG(id));
    client_close(&client);
    publish(&served, t->ctx, "two");
    publish(&served, t->ctx, "three");
    listen_in(t, &client, served.port, header);
    CHECK(client_waits_for(&client, STR("data: two\n\n")));
    CHECK(client_waits_for(&client, STR("data: three\n\n")));
    struct str all = str_make(client.bytes, client.len);
    CHECK(str_find(all, STR("data: one")) == STR_NONE);
    CHECK(str_find(all, STR("event: reset")) == STR_NONE);
    client_close(&client);
    for (int i = 0; i < CHANNEL_KEPT; i++)
        publish(&served, t->ctx, "more");
    listen_in(t, &client, served.port, header);
    CHECK(client_waits_for(&client, STR("event: reset\n")));
    client_close(&client);
    listen_in(t, &client, served.port, "Last-Event-ID: 17\r\n");
    CHECK(client_waits_for(&client, STR("event: reset\n")));
    client_close(&client);
    served_stop(t, &served);
}

struct publisher {
    struct served *served;
    pthread_t thread;
    int number;
};

static void *publish_many(void *arg)
{
    struct publisher *publisher = arg;
    char words[32];
    struct ctx ctx = {.clock = &publisher->served->clock.clock};
    for (int i = 0; i < EACH; i++) {
        snprintf(words, sizeof words, "%d of %d", i, publisher->number);
        while (publish(publisher->served, &ctx, words))
            ;
        if (i % 10 == 0)
            poll(NULL, 0, 5);
    }
    return NULL;
}

/* Nobody misses any, and each publisher's come in order. */
static bool heard_all(const struct client *client)
{
    struct str rest = str_make(client->bytes, client->len), line, word;
    int64_t heard[PUBLISHERS] = {0}, number, of;
    while (str_cut(&rest, '\n', &line)) {
        size_t at = str_find(line, STR(" of "));
        if (!str_starts(line, STR("data: ")) || at == STR_NONE)
            continue;
        word = str_slice(line, 6, at);
        if (str_to_int(word, 0, EACH, &number) ||
            str_to_int(str_slice(line, at + 4, line.len), 0, PUBLISHERS - 1, &of) ||
            heard[of]++ != number)
            return false;
    }
    for (int i = 0; i < PUBLISHERS; i++)
        if (heard[i] != EACH)
            return false;
    return true;
}

TEST(events_come_from_many_threads)
{
    static struct client clients[8];
    struct publisher publishers[PUBLISHERS];
    struct served served;
    served_start(t, &served, NULL);
    for (int i = 0; i < 8; i++)
        listen_in(t, &clients[i], served.port, "");
    poll(NULL, 0, 300);
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (struct publisher){.served = &served, .number = i};
        REQUIRE(pthread_create(&publishers[i].thread, NULL, publish_many, &publishers[i]) == 0);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(publishers[i].thread, NULL);
    publish(&served, t->ctx, "end");
    for (int i = 0; i < 8; i++) {
        CHECK(client_waits_for(&clients[i], STR("data: end\n\n")));
        CHECK(heard_all(&clients[i]));
        client_close(&clients[i]);
    }
    served_stop(t, &served);
}

TEST(events_beat_for_who_waits)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    listen_in(t, &client, served.port, "");
    for (int beat = 0; beat < 3; beat++) {
        poll(NULL, 0, 300);
        client.len = 0;
        served_turn(&served, EVENTS_BEAT_S * 1000);
        CHECK(client_waits_for(&client, STR(":\n\n")));
    }
    client_close(&client);
    served_stop(t, &served);
}

/* One who does not read is let go; the others never notice. */
TEST(events_let_go_of_who_does_not_read)
{
    static char data[EVENT_SIZE_MAX - 8];
    struct served served;
    struct client stuck, client;
    int small = 4096;
    served_start(t, &served, NULL);
    listen_in(t, &stuck, served.port, "");
    listen_in(t, &client, served.port, "");
    setsockopt(stuck.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    REQUIRE(served_wait(&served, "web_connections", 2));
    poll(NULL, 0, 300);
    memset(data, 'x', sizeof data - 1);
    for (int i = 0; i < 20000 && served_count(&served, "web_connections") == 2; i++) {
        REQUIRE(publish(&served, t->ctx, data) == ERR_OK);
        client.len = 0;
        CHECK(client_waits_for(&client, STR("\n\n")));
        if (i % 200 == 199)
            served_turn(&served, SERVER_SEND_MS / 2);
    }
    CHECK_INT(served_count(&served, "web_connections"), 1);
    client_close(&stuck);
    client_close(&client);
    served_stop(t, &served);
}

TEST(events_notice_who_leaves)
{
    static int fds[LISTENERS];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (int i = 0; i < LISTENERS; i++) {
        listen_in(t, &client, served.port, "");
        fds[i] = client.fd;
    }
    CHECK(served_wait(&served, "web_connections", LISTENERS));
    for (int i = 0; i < LISTENERS; i += 2)
        close(fds[i]);
    CHECK(served_wait(&served, "web_connections", LISTENERS / 2));
    CHECK_ERR(publish(&served, t->ctx, "still here"), ERR_OK);
    client = (struct client){.fd = fds[1]};
    CHECK(client_waits_for(&client, STR("data: still here\n\n")));
    for (int i = 1; i < LISTENERS; i += 2)
        close(fds[i]);
    CHECK(served_wait(&served, "web_connections", 0));
    served_stop(t, &served);
}

TEST(events_are_not_for_who_asks_for_the_head)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    CHECK(client_say(&client, "HEAD /listen HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK(client_hear_head(&client));
    CHECK_INT(client.status, 200);
    CHECK(client_is_closed(&client));
    client_close(&client);
    served_stop(t, &served);
}

TEST(events_have_limits)
{
    static char data[EVENT_SIZE_MAX + 1];
    struct served served;
    char name[32];
    served_start(t, &served, NULL);
    memset(data, 'x', sizeof data - 1);
    CHECK_ERR(publish(&served, t->ctx, data), ERR_LIMIT);
    CHECK(events_channel(server_events(served.server), STR("room")) == served.room.channel);
    for (int i = 1; i < CHANNELS_MAX; i++) {
        snprintf(name, sizeof name, "room %d", i);
        REQUIRE(events_channel(server_events(served.server), str_from(name)) != NULL);
    }
    CHECK(events_channel(server_events(served.server), STR("one more")) == NULL);
    served_stop(t, &served);
}

static void allow_files(struct test *t)
{
    struct rlimit limit = {MANY + 200, MANY + 200};
    struct rlimit now;
    getrlimit(RLIMIT_NOFILE, &now);
    if (now.rlim_max > limit.rlim_max)
        limit.rlim_max = now.rlim_max;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/* In a process of its own, whose memory can be told from ours. */
TEST(events_have_many_listeners_at_a_small_cost)
{
    static int fds[MANY];
    static struct client client;
    struct program program;
    char log[512];
    allow_files(t);
    snprintf(log, sizeof log, "%s/log", test_folder(t, "web/listeners"));
    program_start(t, &program, log, NULL);
    for (int i = 0; i < MANY; i++) {
        listen_in(t, &client, program.port, "");
        fds[i] = client.fd;
    }
    int64_t kib = program_memory_kib(program.pid, "VmRSS");
    test_note(t, "%lld KiB", (long long)kib);
    CHECK(kib > 0 && kib < MANY_KIB);
    client_open(t, &client, program.port);
    CHECK_INT(
        client_ask(&client, "POST /tell HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
        200);
    client_close(&client);
    for (int i = 0; i < MANY; i++) {
        client.fd = fds[i];
        client.len = 0;
        REQUIRE(client_waits_for(&client, STR("data: hello\n\n")));
        client_close(&client);
    }
    CHECK(program_stop(t, &program));
}
