/* Tells who asks by themselves from a nearby network. */
#include <string.h>

#include "watch/watch.h"

/* A page of another site that made its name lead here asks under that name. */
static bool is_local_name(struct str host)
{
    static const char *const local[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        size_t len = strlen(local[i]);
        struct str port = str_slice(host, len, host.len);
        if (str_equal_nocase(str_slice(host, 0, len), str_from(local[i])) &&
            (!port.len || port.ptr[0] == ':'))
            return true;
    }
    return false;
}

/* What proxies add, empty or not. */
static bool is_forwarded(const struct request *request)
{
    static const char *const names[] = {"Forwarded",         "Via",
                                        "X-Forwarded-For",   "X-Forwarded-Host",
                                        "X-Forwarded-Proto", "X-Real-IP"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (request_header(request, str_from(names[i])).ptr)
            return true;
    return false;
}

bool watch_may_read(const struct request *request, const struct address_nets *nets)
{
    bool here = address_is_loopback(request->client);
    bool near = here || (nets && address_nets_have(nets, request->client));
    return near && !is_forwarded(request) && (!here || is_local_name(request->head->host));
}
