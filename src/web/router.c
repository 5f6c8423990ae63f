/* Finds a route by method and path: whole paths by their hash, those with {parts} along a trie. A
 * {rest...} ends a path and stands for all that follows. */
#include "base/assert.h"
#include "base/hash.h"
#include "web/route.h"

enum { ROUTER_PATHS_MAX = 2000, SLOTS_MIN = 16, NO_NODE = UINT16_MAX };

/* What stands under one path: a route a method. */
struct place {
    struct str path;
    unsigned methods;
    size_t parts;
    const struct route *routes[HTTP_METHOD_COUNT];
    const struct room_routes *rooms[HTTP_METHOD_COUNT];
    uint16_t numbers[HTTP_METHOD_COUNT];
};

/* A segment of the paths that have parts. */
struct node {
    uint32_t hash; /* of the segment behind its parent */
    uint16_t parent;
    uint16_t place;     /* from 1; 0 where no path ends here */
    uint16_t part;      /* the node of a {part} below, or NO_NODE */
    uint16_t rest;      /* the same of a {rest...} */
    struct str segment; /* empty for a {part}'s, and for the first */
};

struct slot {
    uint32_t hash;
    uint16_t index; /* from 1: a place or a node; 0 where the slot is free */
};

/* Open addressing, at most half full. */
struct slots {
    struct slot *list;
    uint32_t mask;
};

struct router {
    struct place *places;
    struct node *nodes;
    size_t place_count, node_count, route_count;
    struct slots whole, edges;
};

/* The keys are our own: nobody can aim at a table, so the seed need not be secret. */
static uint32_t hash_under(size_t parent, struct str bytes)
{
    return (uint32_t)hash_str(&(struct hash_key){.low = parent}, bytes);
}

static enum err slots_init(struct ctx *ctx, struct slots *slots, size_t count)
{
    uint32_t size = SLOTS_MIN;
    while (size < 2 * count)
        size *= 2;
    slots->list = ARENA_ARRAY(ctx->arena, size, struct slot);
    slots->mask = size - 1;
    return slots->list ? ERR_OK : err_memory(&ctx->err);
}

static void slots_add(struct slots *slots, uint32_t hash, size_t index)
{
    uint32_t at = hash & slots->mask;
    while (slots->list[at].index)
        at = (at + 1) & slots->mask;
    slots->list[at] = (struct slot){hash, (uint16_t)index};
}

static struct place *find_whole(const struct router *router, struct str path, uint32_t hash)
{
    const struct slots *slots = &router->whole;
    for (uint32_t at = hash & slots->mask; slots->list[at].index; at = (at + 1) & slots->mask) {
        struct place *place = &router->places[slots->list[at].index - 1];
        if (slots->list[at].hash == hash && str_equal(place->path, path))
            return place;
    }
    return NULL;
}

static size_t find_edge(const struct router *router, size_t parent, struct str segment)
{
    const struct slots *slots = &router->edges;
    uint32_t hash = hash_under(parent, segment);
    for (uint32_t at = hash & slots->mask; slots->list[at].index; at = (at + 1) & slots->mask) {
        size_t index = slots->list[at].index - 1u;
        const struct node *node = &router->nodes[index];
        if (slots->list[at].hash == hash && node->parent == parent &&
            str_equal(node->segment, segment))
            return index;
    }
    return NO_NODE;
}

static size_t add_node(struct router *router, size_t parent, struct str segment)
{
    size_t index = router->node_count++;
    uint32_t hash = hash_under(parent, segment);
    router->nodes[index] = (struct node){.hash = hash,
                                         .parent = (uint16_t)parent,
                                         .part = NO_NODE,
                                         .rest = NO_NODE,
                                         .segment = segment};
    return index;
}

static bool is_part(struct str segment)
{
    return segment.len > 0 && segment.ptr[0] == '{';
}

/* The node that the segment leads to, made where there is none. */
static size_t step_to(struct router *router, size_t parent, struct str segment)
{
    struct node *node = &router->nodes[parent];
    if (is_part(segment)) {
        uint16_t *below = str_ends(segment, STR("...}")) ? &node->rest : &node->part;
        if (*below == NO_NODE)
            *below = (uint16_t)add_node(router, parent, (struct str){0});
        return *below;
    }
    size_t next = find_edge(router, parent, segment);
    if (next == NO_NODE) {
        next = add_node(router, parent, segment);
        slots_add(&router->edges, router->nodes[next].hash, next + 1);
    }
    return next;
}

static struct place *add_place(struct router *router, struct str path)
{
    struct place *place = &router->places[router->place_count++];
    place->path = path;
    return place;
}

/* The place of a path as its row writes it, made where there is none. */
static struct place *place_of(struct router *router, struct str path)
{
    if (str_find_char(path, '{') == STR_NONE) {
        uint32_t hash = hash_under(0, path);
        struct place *place = find_whole(router, path, hash);
        if (place)
            return place;
        place = add_place(router, path);
        slots_add(&router->whole, hash, router->place_count);
        return place;
    }
    struct str rest = str_slice(path, 1, path.len), segment;
    size_t node = 0, segments = 0, parts = 0;
    while (str_cut(&rest, '/', &segment)) {
        node = step_to(router, node, segment);
        parts += is_part(segment);
        segments++;
    }
    ASSERT(segments <= ROUTE_SEGMENTS_MAX && parts <= REQUEST_PATH_PARTS_MAX);
    if (!router->nodes[node].place) {
        add_place(router, path)->parts = parts;
        router->nodes[node].place = (uint16_t)router->place_count;
    }
    return &router->places[router->nodes[node].place - 1];
}

static void add_route(struct router *router, const struct route *route,
                      const struct room_routes *room)
{
    struct str path = str_from(route->path);
    ASSERT(str_starts(path, STR("/")));
    struct place *place = place_of(router, path);
    ASSERT(str_equal(place->path, path)); /* one path has one set of names */
    ASSERT(!place->routes[route->method]);
    place->routes[route->method] = route;
    place->rooms[route->method] = room;
    place->numbers[route->method] = (uint16_t)++router->route_count;
    place->methods |= 1u << route->method | 1u << HTTP_OPTIONS;
    if (route->method == HTTP_GET) {
        place->routes[HTTP_HEAD] = route;
        place->rooms[HTTP_HEAD] = room;
        place->numbers[HTTP_HEAD] = place->numbers[HTTP_GET];
        place->methods |= 1u << HTTP_HEAD;
    }
}

static size_t count_segments(struct str path)
{
    size_t count = 0;
    for (size_t i = 0; i < path.len; i++)
        count += path.ptr[i] == '/';
    return count;
}

enum err router_open(struct ctx *ctx, const struct room_routes *rooms, struct router **router)
{
    size_t routes = 0, segments = 1;
    for (const struct room_routes *room = rooms; room->room; room++)
        for (const struct route *route = room->routes; route->path; route++) {
            segments += count_segments(str_from(route->path));
            routes++;
        }
    ASSERT(routes <= ROUTER_PATHS_MAX && segments < NO_NODE);
    struct router *made = ARENA_NEW(ctx->arena, struct router);
    if (!made)
        return err_memory(&ctx->err);
    made->places = ARENA_ARRAY(ctx->arena, routes, struct place);
    made->nodes = ARENA_ARRAY(ctx->arena, segments, struct node);
    if (!made->places || !made->nodes)
        return err_memory(&ctx->err);
    TRY(slots_init(ctx, &made->whole, routes));
    TRY(slots_init(ctx, &made->edges, segments));
    add_node(made, 0, (struct str){0});
    for (const struct room_routes *room = rooms; room->room; room++)
        for (const struct route *route = room->routes; route->path; route++)
            add_route(made, route, room);
    *router = made;
    return ERR_OK;
}

/* Where the trie is being walked: the segments of the path, and which of them stood for parts. */
struct walk {
    const struct router *router;
    struct str path;                         /* without its first "/" */
    struct str segments[ROUTE_SEGMENTS_MAX]; /* the last is all that is left where there are more */
    size_t count;
    bool is_longer;
    uint8_t parts[REQUEST_PATH_PARTS_MAX];
};

/* All that follows is what the {rest...} stands for; of nothing there is none. */
static const struct place *take_rest(struct walk *walk, const struct node *node, size_t depth,
                                     size_t parts)
{
    if (node->rest == NO_NODE || !walk->segments[depth].len)
        return NULL;
    walk->parts[parts] = (uint8_t)depth;
    return &walk->router->places[walk->router->nodes[node->rest].place - 1];
}

/* A node is met at most once in a walk, whatever the path: it is a tree. The depth is that of the
 * segments. */
static const struct place *walk_from(struct walk *walk, size_t from, size_t depth, size_t parts)
{
    const struct node *node = &walk->router->nodes[from];
    if (depth == walk->count)
        return node->place && !walk->is_longer ? &walk->router->places[node->place - 1] : NULL;
    const struct place *place = NULL;
    size_t next = find_edge(walk->router, from, walk->segments[depth]);
    if (next != NO_NODE)
        place = walk_from(walk, next, depth + 1, parts);
    if (!place && node->part != NO_NODE && walk->segments[depth].len > 0) {
        walk->parts[parts] = (uint8_t)depth;
        place = walk_from(walk, node->part, depth + 1, parts + 1);
    }
    return place ? place : take_rest(walk, node, depth, parts);
}

static struct str part_of(const struct walk *walk, const struct place *place, size_t part)
{
    struct str segment = walk->segments[walk->parts[part]];
    size_t from = (size_t)(segment.ptr - walk->path.ptr);
    bool is_rest = part + 1 == place->parts && str_ends(place->path, STR("...}"));
    return is_rest ? str_slice(walk->path, from, walk->path.len) : segment;
}

static const struct place *find_walking(const struct router *router, struct str path,
                                        struct route_match *match)
{
    struct walk walk = {.router = router, .path = str_slice(path, 1, path.len)};
    struct str rest = walk.path;
    while (walk.count < ROUTE_SEGMENTS_MAX && str_cut(&rest, '/', &walk.segments[walk.count]))
        walk.count++;
    walk.is_longer = rest.ptr != NULL;
    const struct place *place = walk_from(&walk, 0, 0, 0);
    if (!place)
        return NULL;
    for (size_t i = 0; i < place->parts; i++)
        match->parts[i] = part_of(&walk, place, i);
    return place;
}

void router_find(const struct router *router, enum http_method method, struct str path,
                 struct route_match *match)
{
    *match = (struct route_match){0};
    if (!str_starts(path, STR("/")))
        return;
    const struct place *place = find_whole(router, path, hash_under(0, path));
    if (!place)
        place = find_walking(router, path, match);
    if (!place)
        return;
    match->route = place->routes[method];
    match->room = match->route ? place->rooms[method]->state : NULL;
    match->show_error = match->route ? place->rooms[method]->show_error : NULL;
    match->number = place->numbers[method];
    match->methods = place->methods;
}
