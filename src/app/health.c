/* The command health: asks the server of this machine whether it is well. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "app/commands_table.h"
#include "base/address.h"
#include "base/io.h"

enum { HEALTH_WAIT_S = 3, HEALTH_ANSWER_MAX = 64 };

static const char health_request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                                     "Connection: close\r\n\r\n";

/* Who listens on every address listens on the loopback one too. */
static struct address place_of(const struct app *app)
{
    struct str text = app->settings.address;
    struct address at = {{0}};
    if (str_equal(text, STR("0.0.0.0")) || str_equal(text, STR("::")))
        text = STR("127.0.0.1");
    address_parse(text, &at); /* one that is none is nobody's, and will not answer */
    return at;
}

static bool is_v4(struct address address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address.bytes, mapped, sizeof mapped) == 0;
}

static int connect_to(struct address address, int port)
{
    const struct timeval patience = {.tv_sec = HEALTH_WAIT_S};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    memcpy(&v4.sin_addr, address.bytes + 12, sizeof v4.sin_addr);
    memcpy(&v6.sin6_addr, address.bytes, sizeof v6.sin6_addr);
    bool short_one = is_v4(address);
    int fd = socket(short_one ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const struct sockaddr *to = short_one ? (const struct sockaddr *)&v4
                                          : (const struct sockaddr *)&v6;
    if (connect(fd, to, short_one ? sizeof v4 : sizeof v6) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The head's first bytes come at once. */
static bool is_well(int fd)
{
    static const char well[] = "HTTP/1.1 2";
    char answer[HEALTH_ANSWER_MAX];
    return io_write_all(fd, str_from(health_request)) &&
           recv(fd, answer, sizeof answer, 0) >= (ssize_t)sizeof well - 1 &&
           memcmp(answer, well, sizeof well - 1) == 0;
}

enum err command_health(struct app *app, const struct arguments *arguments)
{
    (void)arguments;
    TRY(app_load_settings(app));
    int fd = connect_to(place_of(app), (int)app->settings.port);
    bool well = fd >= 0 && is_well(fd);
    if (fd >= 0)
        close(fd);
    if (!well)
        return err_fail(&app->ctx.err, ERR_PEER, "The server does not answer.",
                        "port %d of this machine", (int)app->settings.port);
    buf_add(&app->out, STR("The server is well.\n"));
    return ERR_OK;
}
