/* Tests of answers that are given later: who is called again, who left, and how many may wait. */
#include <poll.h>
#include <string.h>

#include "web/later.h"
#include "web/served.h"

#define WAIT "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"

enum {
    CROWD = 300, /* far more than there are workers */
    TELLERS = 4,
    EACH = 50,
};

static void wait_in(struct test *t, struct client *client, int port)
{
    client_open(t, client, port);
    REQUIRE(client_say(client, WAIT));
}

static bool hears(struct client *client, const char *words)
{
    return client_hear(client) && client->status == 200 && str_equal(client->body, str_from(words));
}

TEST(later_a_request_is_answered_when_there_is_something)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    wait_in(t, &client, served.port);
    REQUIRE(served_wait(&served, "web_parked", 1));
    CHECK_INT(served.room.rounds, 1);
    test_room_tell(&served.room, 1);
    CHECK(hears(&client, "news\n"));
    CHECK_INT(served_count(&served, "web_parked"), 0);
    CHECK_INT(served.room.rounds, 2);
    CHECK_INT(served.room.gone, 0);
    test_room_tell(&served.room, 1);
    CHECK_INT(client_ask(&client, WAIT), 200); /* the connection goes on */
    client_close(&client);
    served_stop(t, &served);
}

TEST(later_a_request_is_answered_when_its_time_is_over)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    wait_in(t, &client, served.port);
    REQUIRE(served_wait(&served, "web_parked", 1));
    served_turn(&served, ROOM_WAIT_MS);
    CHECK(hears(&client, "nothing\n"));
    CHECK_INT(served.room.rounds, 2);
    client_close(&client);
    served_stop(t, &served);
}

TEST(later_what_comes_behind_waits_for_its_turn)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, WAIT "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n"));
    REQUIRE(served_wait(&served, "web_parked", 1));
    REQUIRE(client_say(&client, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n"));
    poll(NULL, 0, 100);
    CHECK_INT(client.len, 0);
    test_room_tell(&served.room, 1);
    CHECK(hears(&client, "news\n"));
    CHECK(hears(&client, "fixed\n"));
    CHECK(hears(&client, "small\n"));
    client_close(&client);
    served_stop(t, &served);
}

TEST(later_who_left_is_noticed)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    wait_in(t, &client, served.port);
    REQUIRE(served_wait(&served, "web_parked", 1));
    client_close(&client);
    CHECK(served_wait(&served, "web_parked", 0));
    CHECK(served_wait(&served, "web_connections", 0));
    CHECK_INT(served.room.gone, 1);
    CHECK_INT(served.room.rounds, 1);
    served_stop(t, &served);
}

TEST(later_a_failure_after_all_is_told)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, "GET /wait-and-fail HTTP/1.1\r\nHost: a\r\n\r\n"), 500);
    CHECK_INT(served_count(&served, "web_parked"), 0);
    CHECK_INT(served.room.gone, 1);
    client_close(&client);
    served_stop(t, &served);
}

TEST(later_a_crowd_holds_no_worker)
{
    static struct client clients[CROWD];
    struct served served;
    struct client other;
    served_start(t, &served, NULL);
    for (int i = 0; i < CROWD; i++)
        wait_in(t, &clients[i], served.port);
    REQUIRE(served_wait(&served, "web_parked", CROWD));
    client_open(t, &other, served.port);
    CHECK_INT(client_ask(&other, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
    client_close(&other);
    test_room_tell(&served.room, CROWD);
    for (int i = 0; i < CROWD; i++) {
        CHECK(hears(&clients[i], "news\n"));
        client_close(&clients[i]);
    }
    served_stop(t, &served);
}

TEST(later_all_are_answered_when_the_server_drains)
{
    struct served served;
    struct client clients[3];
    served_start(t, &served, NULL);
    for (int i = 0; i < 3; i++)
        wait_in(t, &clients[i], served.port);
    REQUIRE(served_wait(&served, "web_parked", 3));
    server_drain(served.server);
    for (int i = 0; i < 3; i++) {
        CHECK(hears(&clients[i], "nothing\n"));
        CHECK(client_is_closed(&clients[i]));
        client_close(&clients[i]);
    }
    served_stop(t, &served);
}

struct teller {
    struct test_room *room;
    pthread_t thread;
};

static void *tell_many(void *arg)
{
    struct teller *teller = arg;
    for (int i = 0; i < EACH; i++) {
        test_room_tell(teller->room, 1);
        if (i % 5 == 0)
            poll(NULL, 0, 1);
    }
    return NULL;
}

/* News come while clients ask, wait and leave: each piece of news is told once, to somebody. */
TEST(later_wakes_meet_those_who_come_and_go)
{
    enum { CLIENTS = 8 };
    static struct client clients[CLIENTS];
    struct teller tellers[TELLERS];
    struct served served;
    struct client leaver;
    int heard = 0;
    served_start(t, &served, NULL);
    for (int i = 0; i < CLIENTS; i++)
        wait_in(t, &clients[i], served.port);
    for (int i = 0; i < TELLERS; i++) {
        tellers[i].room = &served.room;
        REQUIRE(pthread_create(&tellers[i].thread, NULL, tell_many, &tellers[i]) == 0);
    }
    for (int i = 0; heard < TELLERS * EACH / 2; i = (i + 1) % CLIENTS) {
        REQUIRE(client_hear(&clients[i]));
        heard += str_equal(clients[i].body, STR("news\n"));
        REQUIRE(client_say(&clients[i], WAIT));
        if (i == 0) {
            wait_in(t, &leaver, served.port);
            client_close(&leaver);
        }
    }
    for (int i = 0; i < TELLERS; i++)
        pthread_join(tellers[i].thread, NULL);
    for (int i = 0; i < CLIENTS; i++)
        client_close(&clients[i]);
    CHECK(served_wait(&served, "web_connections", 0));
    CHECK_INT(served_count(&served, "web_parked"), 0);
    served_stop(t, &served);
}
