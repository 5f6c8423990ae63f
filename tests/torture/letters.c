/* Writes messages from threads, and looks through what became of them. */
#include "letters.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/buf.h"

enum { WORDS_SIZE = 2 << 10, LINES_MAX = 40, PAUSE_MS = 2 };

static void pause_for(int ms)
{
    if (ms)
        nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

/* As they are typed, or as a form sends them. They differ in length, and say whose they are at both
 * ends. */
static void words_of(struct buf *words, int writer, int64_t n, bool encoded)
{
    const char *space = encoded ? "+" : " ", *line = encoded ? "%0D%0A" : "\n";
    buf_addf(words, "Letter%s%d-%" PRId64 ".%s", space, writer, n, line);
    for (int64_t i = 0; i < n % LINES_MAX; i++)
        buf_addf(words, "and%sso%son%s", space, space, line);
    buf_addf(words, "The%send%sof%s%d-%" PRId64 ".", space, space, space, writer, n);
}

static void form_of(int writer, int64_t n, char form[ID_TEXT_MAX])
{
    id_format((struct id){.high = (uint64_t)writer << 40, .low = (uint64_t)n}, "form", form);
}

/* Sends it once; 0 where the connection broke. */
static int send_letter(struct letter_writer *writer, int64_t n)
{
    char bytes[WORDS_SIZE], form[ID_TEXT_MAX];
    struct buf body;
    struct client *client = &writer->client;
    buf_init_fixed(&body, bytes, sizeof bytes);
    form_of(writer->number, n, form);
    buf_addf(&body, "form=%s&name=Writer+%d&email=writer%%40stoa.example&words=", form,
             writer->number);
    words_of(&body, writer->number, n, true);
    if (client->fd < 0 && !client_try(client, writer->letters->port)) {
        writer->refused++;
        return 0;
    }
    return client_ask(client,
                      "POST /contact HTTP/1.1\r\nHost: localhost\r\n%s"
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: %zu\r\n\r\n" STR_FMT,
                      writer->comes_anew ? "Connection: close\r\n" : "", body.len,
                      STR_ARG(buf_str(&body)));
}

/* True once it was acknowledged. */
static bool try_letter(struct letter_writer *writer, int64_t n)
{
    static const char place[] = "/contact/msg_";
    struct client *client = &writer->client;
    bool connected = client->fd >= 0;
    int status = send_letter(writer, n);
    struct str where = client_header(client, "Location");
    bool taken = status == 303 && str_starts(where, str_from(place));
    connected |= client->fd >= 0;
    if (taken)
        snprintf(writer->ids[n], ID_TEXT_MAX, STR_FMT, STR_ARG(str_slice(where, 9, where.len)));
    else if (status ? status < 500 : connected && !client_is_closed(client))
        writer->wrong++;
    if (!taken || str_equal(client_header(client, "Connection"), STR("close")))
        client_close(client);
    return taken;
}

static void *write_letters(void *arg)
{
    struct letter_writer *writer = arg;
    while (!writer->letters->over && writer->count < LETTERS_EACH_MAX) {
        int tries = 0;
        while (!try_letter(writer, writer->count) && tries++ < LETTER_TRIES_MAX) {
            writer->repeated++;
            pause_for(PAUSE_MS);
        }
        if (tries > LETTER_TRIES_MAX)
            break;
        writer->count++;
        pause_for(writer->letters->pause_ms);
    }
    client_close(&writer->client);
    return NULL;
}

void letters_begin(struct test *t, struct letters *letters, int port, int writers, int pause_ms)
{
    *letters = (struct letters){.port = port, .writer_count = writers, .pause_ms = pause_ms};
    letters->writers = ARENA_ARRAY(t->arena, (size_t)writers, struct letter_writer);
    REQUIRE(letters->writers != NULL);
    for (int i = 0; i < writers; i++) {
        struct letter_writer *writer = &letters->writers[i];
        *writer = (struct letter_writer){
            .letters = letters, .number = i, .comes_anew = i % 2, .client.fd = -1};
        writer->ids = arena_array(t->arena, LETTERS_EACH_MAX, ID_TEXT_MAX);
        REQUIRE(writer->ids != NULL);
        REQUIRE(pthread_create(&writer->thread, NULL, write_letters, writer) == 0);
    }
}

void letters_end(struct test *t, struct letters *letters)
{
    letters->over = true;
    for (int i = 0; i < letters->writer_count; i++) {
        const struct letter_writer *writer = &letters->writers[i];
        pthread_join(writer->thread, NULL);
        letters->count += writer->count;
        letters->repeated += writer->repeated;
        letters->refused += writer->refused;
        letters->wrong += writer->wrong;
        test_note(t, "writer %d", i);
        CHECK(writer->count > 0 && writer->repeated < LETTER_TRIES_MAX);
    }
    test_note(t, "%s", "");
    CHECK_INT(letters->wrong, 0);
    printf("# %" PRId64 " messages, sent again %" PRId64 " times\n", letters->count,
           letters->repeated);
}

static bool is_there(struct client *client, const struct letter_writer *writer, int64_t n)
{
    char bytes[WORDS_SIZE];
    struct buf words;
    buf_init_fixed(&words, bytes, sizeof bytes);
    words_of(&words, writer->number, n, false);
    int status = client_ask(client, "GET /contact/%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
                            writer->ids[n]);
    return status == 200 && str_find(client->body, buf_str(&words)) != STR_NONE;
}

/* How many the list has, from the newest to the oldest. They are in order, so that none is there
 * twice. */
static int64_t count_listed(struct test *t, struct client *client, const char *cookie)
{
    const struct str item = STR("<li id=\"");
    char last[ID_TEXT_MAX] = "";
    int64_t count = 0, before = -1;
    while (count > before) {
        before = count;
        REQUIRE(
            client_ask(client,
                       "GET /admin/messages%s%s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n",
                       last[0] ? "?before=" : "", last, cookie) == 200);
        struct str rest = client->body, id;
        for (size_t at; (at = str_find(rest, item)) != STR_NONE; count++) {
            rest = str_slice(rest, at + item.len, rest.len);
            str_cut(&rest, '"', &id);
            CHECK(!last[0] || str_compare(id, str_from(last)) < 0);
            snprintf(last, sizeof last, STR_FMT, STR_ARG(id));
        }
    }
    return count;
}

void letters_check(struct test *t, const struct letters *letters, const struct service *service)
{
    char cookie[SOMEBODY_COOKIE_MAX];
    struct client client;
    int64_t there = 0;
    REQUIRE(somebody_sign_in(t, service, "counter", "readonly", cookie) == ERR_OK);
    client_open(t, &client, letters->port);
    for (int i = 0; i < letters->writer_count; i++)
        for (int64_t n = 0; n < letters->writers[i].count; n++)
            there += is_there(&client, &letters->writers[i], n);
    CHECK_INT(there, letters->count);
    CHECK_INT(count_listed(t, &client, cookie), letters->count);
    client_close(&client);
}
