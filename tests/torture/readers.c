/* Reads pages from threads, as long as it is told to. */
#include "readers.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static const char *const pages[] = {"/", "/about", "/admin/messages", "/contact", "/style"};

enum { PAGES = sizeof pages / sizeof *pages };

static void read_page(struct reader *reader)
{
    struct client *client = &reader->client;
    const char *page = pages[reader->asked++ % PAGES];
    bool connected = client->fd >= 0 || client_try(client, reader->readers->port);
    int status = connected ? client_ask(client,
                                        "GET %s HTTP/1.1\r\nHost: localhost\r\n"
                                        "Cookie: %s\r\n%s\r\n",
                                        page, reader->readers->cookie,
                                        reader->comes_anew ? "Connection: close\r\n" : "")
                           : 0;
    bool whole = status == 200 && str_ends(client->body, STR("</html>\n"));
    reader->failed += !whole;
    if (!whole)
        snprintf(reader->wrong, sizeof reader->wrong, "%s: %d, %zu bytes%s", page, status,
                 client->len, client->closed ? ", closed" : "");
    if (!whole || str_equal(client_header(client, "Connection"), STR("close")))
        client_close(client);
}

static void *read_pages(void *arg)
{
    struct reader *reader = arg;
    const struct timespec pause = {.tv_nsec = reader->readers->pause_ms * 1000000L};
    while (!reader->readers->over) {
        read_page(reader);
        if (pause.tv_nsec)
            nanosleep(&pause, NULL);
    }
    client_close(&reader->client);
    return NULL;
}

struct readers *readers_begin(struct test *t, const struct service *service, int pause_ms)
{
    struct readers *readers = ARENA_NEW(t->arena, struct readers);
    REQUIRE(readers != NULL);
    *readers = (struct readers){.port = service->port, .pause_ms = pause_ms};
    REQUIRE(somebody_sign_in(t, service, "reader", "readonly", readers->cookie) == ERR_OK);
    for (int i = 0; i < READERS; i++) {
        struct reader *reader = &readers->each[i];
        *reader = (struct reader){.readers = readers, .comes_anew = i % 2, .client.fd = -1};
        REQUIRE(pthread_create(&reader->thread, NULL, read_pages, reader) == 0);
    }
    return readers;
}

void readers_end(struct test *t, struct readers *readers)
{
    int64_t asked = 0;
    readers->over = true;
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers->each[i].thread, NULL);
        test_note(t, "%s", readers->each[i].wrong);
        CHECK_INT(readers->each[i].failed, 0);
        CHECK(readers->each[i].asked > 0);
        asked += readers->each[i].asked;
    }
    test_note(t, "%s", "");
    printf("# %" PRId64 " pages\n", asked);
}
