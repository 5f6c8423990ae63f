/* Paths find their routes: literals, parts, both at once, methods, and a house of 300 routes. */
#include <stdio.h>

#include "harness/test.h"
#include "harness/torture.h"
#include "web/route.h"

enum { MANY = 300 };

static const struct route routes[] = {
    {.method = HTTP_GET, .path = "/", .name = "root"},
    {.method = HTTP_GET, .path = "/contact", .name = "form"},
    {.method = HTTP_POST, .path = "/contact", .name = "send"},
    {.method = HTTP_GET, .path = "/contact/{id}", .name = "show"},
    {.method = HTTP_DELETE, .path = "/contact/{id}", .name = "forget"},
    {.method = HTTP_GET, .path = "/contact/new", .name = "new"},
    {.method = HTTP_GET, .path = "/a/{x}/c", .name = "x_c"},
    {.method = HTTP_GET, .path = "/a/b/{y}", .name = "b_y"},
    {.method = HTTP_GET, .path = "/a/{x}/{y}/d", .name = "x_y_d"},
    {.method = HTTP_GET, .path = "/a/b/{y}/{z}/e", .name = "b_y_z_e"},
    {.method = HTTP_PUT, .path = "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", .name = "eight"},
    {.method = HTTP_GET, .path = "/files/{path...}", .name = "file"},
    {.method = HTTP_GET, .path = "/files/{path}/about", .name = "about"},
    {.method = HTTP_GET, .path = "/files/list", .name = "list"},
    {0},
};
static const struct route more_routes[] = {
    {.method = HTTP_PUT, .path = "/contact", .name = "put"},
    {0},
};

static struct router *open_router(struct test *t)
{
    static const struct room_routes rooms[] = {{"one", routes, (void *)routes, NULL},
                                               {"two", more_routes, (void *)more_routes, NULL},
                                               {0}};
    struct router *router = NULL;
    REQUIRE(router_open(t->ctx, rooms, &router) == ERR_OK);
    return router;
}

TEST(router_finds_what_the_table_says)
{
    static const struct {
        enum http_method method;
        const char *path, *name, *first, *second;
    } rows[] = {
        {HTTP_GET, "/", "root", "", ""},
        {HTTP_GET, "/contact", "form", "", ""},
        {HTTP_HEAD, "/contact", "form", "", ""},
        {HTTP_POST, "/contact", "send", "", ""},
        {HTTP_PUT, "/contact", "put", "", ""},
        {HTTP_PATCH, "/contact", "", "", ""},
        {HTTP_OPTIONS, "/contact", "", "", ""},
        {HTTP_GET, "/contact/", "", "", ""},
        {HTTP_GET, "/contact/7", "show", "7", ""},
        {HTTP_HEAD, "/contact/7", "show", "7", ""},
        {HTTP_DELETE, "/contact/ä b", "forget", "ä b", ""},
        {HTTP_POST, "/contact/7", "", "7", ""},
        {HTTP_GET, "/contact/new", "new", "", ""},
        {HTTP_DELETE, "/contact/new", "", "", ""},
        {HTTP_GET, "/contact/{id}", "show", "{id}", ""},
        {HTTP_GET, "/a/b/c", "b_y", "c", ""},
        {HTTP_GET, "/a/q/c", "x_c", "q", ""},
        {HTTP_GET, "/a/q/x", "", "", ""},
        {HTTP_GET, "/a/b/y/d", "x_y_d", "b", "y"}, /* the literal b leads nowhere */
        {HTTP_GET, "/a/b/y/z/e", "b_y_z_e", "y", "z"},
        {HTTP_GET, "/a/b/y/z/f", "", "", ""},
        {HTTP_GET, "/a//c", "", "", ""},
        {HTTP_PUT, "/1/2/3/4/5/6/7/8", "eight", "1", "2"},
        {HTTP_PUT, "/1/2/3/4/5/6/7/8/9", "", "", ""},
        {HTTP_PUT, "/1/2/3/4/5/6/7/", "", "", ""},
        {HTTP_GET, "//", "", "", ""},
        {HTTP_GET, "", "", "", ""},
        {HTTP_GET, "contact", "", "", ""},
        {HTTP_OPTIONS, "*", "", "", ""},
        {HTTP_GET, "/files/a", "file", "a", ""},
        {HTTP_GET, "/files/a/b c/", "file", "a/b c/", ""},
        {HTTP_GET, "/files/a/about", "about", "a", ""},
        {HTTP_GET, "/files/a/about/b", "file", "a/about/b", ""},
        {HTTP_GET, "/files/list", "list", "", ""},
        {HTTP_GET, "/files/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "file",
         "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", ""},
        {HTTP_GET, "/files/", "", "", ""},
        {HTTP_GET, "/files//a", "", "", ""},
        {HTTP_GET, "/files", "", "", ""},
        {HTTP_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", "", "", ""},
    };
    const struct router *router = open_router(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct route_match match;
        router_find(router, rows[i].method, str_from(rows[i].path), &match);
        test_note(t, "row %zu: %s", i, rows[i].path);
        CHECK_TEXT(match.route ? match.route->name : "", rows[i].name);
        CHECK_STR(match.parts[0], rows[i].first);
        CHECK_STR(match.parts[1], rows[i].second);
    }
}

TEST(router_tells_the_methods_and_the_room)
{
    const struct router *router = open_router(t);
    struct route_match match;
    router_find(router, HTTP_PUT, STR("/contact"), &match);
    CHECK(match.room == more_routes);
    CHECK_INT(match.methods,
              1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST | 1 << HTTP_PUT | 1 << HTTP_OPTIONS);
    router_find(router, HTTP_PATCH, STR("/contact/7"), &match);
    CHECK(!match.route && !match.room);
    CHECK_INT(match.methods, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_DELETE | 1 << HTTP_OPTIONS);
    router_find(router, HTTP_GET, STR("/nowhere"), &match);
    CHECK_INT(match.methods, 0);
    router_find(router, HTTP_PUT, STR("/1/2/3/4/5/6/7/8"), &match);
    CHECK_STR(match.parts[7], "8");
    CHECK(match.room == routes);
}

TEST(router_of_nothing_finds_nothing)
{
    static const struct room_routes none[] = {{0}};
    struct router *router;
    struct route_match match;
    REQUIRE(router_open(t->ctx, none, &router) == ERR_OK);
    router_find(router, HTTP_GET, STR("/"), &match);
    CHECK(!match.route);
}

/* A house as large as it may get: 200 whole paths, 100 with a part. */
static const struct room_routes *make_house(struct test *t)
{
    struct route *house = ARENA_ARRAY(t->arena, MANY + 1, struct route);
    struct room_routes *rooms = ARENA_ARRAY(t->arena, 2, struct room_routes);
    REQUIRE(house && rooms);
    for (int i = 0; i < MANY; i++) {
        char *path = arena_alloc(t->arena, 64);
        REQUIRE(path);
        snprintf(path, 64, i % 3 ? "/shop/area%d/things%d" : "/shop/area%d/things%d/{id}/lines",
                 i % 20, i);
        house[i] = (struct route){.method = HTTP_GET, .path = path, .name = path};
    }
    rooms[0] = (struct room_routes){"house", house, NULL, NULL};
    return rooms;
}

TEST(router_finds_each_of_many)
{
    const struct room_routes *rooms = make_house(t);
    struct router *router;
    int found = 0;
    REQUIRE(router_open(t->ctx, rooms, &router) == ERR_OK);
    struct str paths[MANY];
    for (int i = 0; i < MANY; i++) {
        char *path = arena_alloc(t->arena, 64);
        REQUIRE(path);
        snprintf(path, 64, i % 3 ? "/shop/area%d/things%d" : "/shop/area%d/things%d/ord_%d/lines",
                 i % 20, i, i);
        paths[i] = str_from(path);
    }
    for (int i = 0; i < MANY; i++) {
        struct route_match match;
        router_find(router, HTTP_GET, paths[i], &match);
        found += match.route == &rooms[0].routes[i];
    }
    CHECK_INT(found, MANY);
}

static enum err open_house(struct test *t, void *rooms)
{
    struct router *router;
    return router_open(t->ctx, rooms, &router);
}

TEST(router_without_memory_says_so)
{
    static const struct room_routes rooms[] = {{"one", routes, NULL, NULL}, {0}};
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, open_house, (void *)rooms) > 0);
}
