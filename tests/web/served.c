/* Runs a server in a thread of the test. */
#include "web/served.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int64_t ahead(struct clock *clock, int64_t (*ask)(struct clock *clock))
{
    struct clock real = clock_system();
    return ask(&real) + ((struct served_clock *)clock)->ahead_us;
}

static int64_t now(struct clock *clock)
{
    return ahead(clock, clock_now_us);
}

static int64_t tick(struct clock *clock)
{
    return ahead(clock, clock_tick_us);
}

/* Without the system, which is made to fail here: a program that has no chance at all gives up. */
static void fill(struct rand *rand, void *bytes, size_t size)
{
    static _Atomic uint64_t state = 1;
    (void)rand;
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)bytes)[i] =
            (unsigned char)(atomic_fetch_add(&state, UINT64_C(0x9e3779b97f4a7c15)) >> 56);
}

static struct rand weak_rand(void)
{
    return (struct rand){.fill = fill};
}

static void *run(void *arg)
{
    struct served *served = arg;
    struct arena arena;
    struct ctx ctx = served->ctx;
    arena_init(&arena, 1 << 20);
    ctx.arena = &arena;
    server_run(served->server, &ctx);
    arena_release(&arena);
    return NULL;
}

static int port_of(int fd)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    return getsockname(fd, (struct sockaddr *)&at, &size) == 0 ? ntohs(at.sin_port) : -1;
}

static void prepare(struct test *t, struct served *served)
{
    *served = (struct served){.rand = weak_rand(), .id_rand = rand_system()};
    served->clock.clock = (struct clock){now, tick};
    arena_init(&served->arena, 1 << 20);
    id_source_init(&served->ids, &served->clock.clock, &served->id_rand);
    served->ctx = (struct ctx){.arena = &served->arena,
                               .clock = &served->clock.clock,
                               .rand = &served->rand,
                               .ids = &served->ids,
                               .log = t->ctx->log};
    test_room_init(&served->room);
}

static void release(struct served *served)
{
    id_source_release(&served->ids);
    arena_release(&served->arena);
}

static enum err begin(struct served *served, const struct server_options *wanted)
{
    struct server_options options = wanted ? *wanted : (struct server_options){0};
    options.rooms = served->room.routes;
    options.counters = &served->counters;
    options.chance = weak_rand;
    TRY(server_listen(&served->ctx, "127.0.0.1", 0, &options.listen_fd));
    served->port = port_of(options.listen_fd);
    enum err err = server_open(&served->ctx, &options, &served->server);
    if (err) {
        close(options.listen_fd);
        return err;
    }
    test_room_open(&served->room, served->server);
    if (served->room.channel && served->port > 0 &&
        pthread_create(&served->thread, NULL, run, served) == 0)
        return ERR_OK;
    server_close(served->server);
    return ERR_IO;
}

enum err served_try(struct test *t, struct served *served, const struct server_options *options)
{
    prepare(t, served);
    enum err err = begin(served, options);
    if (err)
        release(served);
    return err;
}

void served_start(struct test *t, struct served *served, const struct server_options *options)
{
    test_note(t, "starting the server");
    REQUIRE(served_try(t, served, options) == ERR_OK);
}

void served_stop(struct test *t, struct served *served)
{
    (void)t;
    test_room_gate(&served->room, true);
    server_drain(served->server);
    pthread_join(served->thread, NULL);
    server_close(served->server);
    release(served);
}

void served_turn(struct served *served, int64_t by_ms)
{
    served->clock.ahead_us += by_ms * 1000;
}

int64_t served_count(const struct served *served, const char *name)
{
    const struct counter *counter = counter_first(&served->counters);
    while (counter && strcmp(counter->name, name) != 0)
        counter = counter->next;
    return counter ? counter_value(counter) : -1;
}

bool served_wait(const struct served *served, const char *name, int64_t value)
{
    for (int i = 0; i < CLIENT_DEADLINE_S * 100 && served_count(served, name) != value; i++)
        poll(NULL, 0, 10);
    return served_count(served, name) == value;
}
