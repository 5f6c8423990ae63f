/* Starts the driver and its browser, speaks WebDriver's JSON to it, and ends both. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/ask.h"
#include "harness/browser_inside.h"
#include "harness/process.h"

enum { SCRATCH_MAX = 96 << 20, DRIVER_LOG_MAX = 4 << 10, REASON_MAX = 300, PAUSE_MS = 20 };

void browser_pause(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    nanosleep(&pause, NULL);
}

_Noreturn void browser_fail(struct browser *browser, const char *doing, struct str why)
{
    test_note(browser->t, "%s: " STR_FMT, doing, STR_ARG(str_slice(why, 0, REASON_MAX)));
    test_check(browser->t, false, "the browser does as it is told", __FILE__, __LINE__);
    test_stop(browser->t);
}

static struct ctx context(struct browser *browser)
{
    struct ctx ctx = *browser->t->ctx;
    ctx.arena = &browser->scratch;
    return ctx;
}

static struct str format_text(struct browser *browser, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static struct str format_text(struct browser *browser, const char *format, va_list args)
{
    struct buf buf;
    buf_init(&buf, &browser->scratch, ORDER_MAX);
    buf_addv(&buf, format, args);
    buf_addc(&buf, '\0');
    if (buf_err(&buf))
        browser_fail(browser, format, STR("an order that is too long"));
    return str_slice(buf_str(&buf), 0, buf.len - 1);
}

struct str browser_format(struct browser *browser, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = format_text(browser, format, args);
    va_end(args);
    return text;
}

const char *browser_quote(struct browser *browser, struct str s)
{
    struct buf buf;
    buf_init(&buf, &browser->scratch, ORDER_MAX);
    json_quote(&buf, s);
    buf_addc(&buf, '\0');
    if (buf_err(&buf))
        browser_fail(browser, "quoting", str_slice(s, 0, REASON_MAX));
    return buf.ptr;
}

const struct json *browser_try_order(struct browser *browser, const char *what, struct str body,
                                     struct str *why)
{
    struct ctx ctx = context(browser);
    struct answer answer;
    struct json *root = NULL;
    const char *line = browser_format(browser, "%.*s %s%s", (int)strcspn(what, " "), what,
                                      browser->session, strchr(what, ' ') + 1)
                           .ptr;
    if (ask(&ctx, browser->port, line, body.len ? "application/json" : NULL, body, &answer) ||
        json_read(&ctx, answer.body, &root)) {
        *why = browser_format(browser, "%s %s", ctx.err.operator, ctx.err.user);
        return NULL;
    }
    const struct json *value = json_get(root, "value");
    if (answer.status == 200 && value)
        return value;
    if (json_str(json_get(value, "message"), why))
        *why = answer.body;
    return NULL;
}

static const struct json *order(struct browser *browser, const char *what, struct str body)
{
    struct str why;
    const struct json *value = browser_try_order(browser, what, body, &why);
    if (value)
        return value;
    struct str shown = str_slice(body, 0, REASON_MAX);
    browser_fail(browser, browser_format(browser, "%s " STR_FMT, what, STR_ARG(shown)).ptr, why);
}

const struct json *browser_order(struct browser *browser, const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str body = format_text(browser, format, args);
    va_end(args);
    return order(browser, what, body);
}

const struct json *browser_command(struct browser *browser, const char *command, const char *format,
                                   ...)
{
    va_list args;
    va_start(args, format);
    struct str parameters = format_text(browser, format, args);
    va_end(args);
    return browser_order(browser, "POST /goog/cdp/execute",
                         "{\"cmd\":\"%s\",\"params\":" STR_FMT "}", command, STR_ARG(parameters));
}

/* Start and end */

/* The driver ends with the test, and the browser with its driver, at the end of whose pipe it
 * hangs. */
static _Noreturn void become_driver(const struct browser *browser, pid_t parent)
{
    char log[PATH_LEN_MAX];
    snprintf(log, sizeof log, "%s/driver.log", browser->folder);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    setenv("HOME", browser->folder, 1);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(none, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(out, STDERR_FILENO) >= 0)
        execlp("chromedriver", "chromedriver", "--port=0", NULL);
    dprintf(out, "cannot run chromedriver: %s\n", strerrordesc_np(errno));
    _exit(PROCESS_NOT_STARTED);
}

/* What it said so far, or the beginning of that. */
static struct str driver_log(const struct browser *browser, char log[DRIVER_LOG_MAX])
{
    char path[PATH_LEN_MAX];
    snprintf(path, sizeof path, "%s/driver.log", browser->folder);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, log, DRIVER_LOG_MAX) : 0;
    if (fd >= 0)
        close(fd);
    return str_make(log, got > 0 ? (size_t)got : 0);
}

/* It chooses a free port and says which. */
static int driver_port(struct str log)
{
    const struct str before = STR("successfully on port ");
    size_t at = str_find(log, before);
    if (at == STR_NONE)
        return 0;
    struct str rest = str_slice(log, at + before.len, log.len), digits;
    int64_t port = 0;
    if (str_cut(&rest, '.', &digits) && rest.ptr)
        (void)str_to_int(digits, 1, UINT16_MAX, &port);
    return (int)port;
}

static void start_driver(struct browser *browser)
{
    char log[DRIVER_LOG_MAX];
    pid_t parent = getpid();
    browser->driver = fork();
    if (browser->driver == 0)
        become_driver(browser, parent);
    for (int waited_ms = 0; waited_ms < BROWSER_START_S * 1000; waited_ms += PAUSE_MS) {
        browser->port = driver_port(driver_log(browser, log));
        if (browser->port)
            return;
        if (waitpid(browser->driver, NULL, WNOHANG) != 0)
            break;
        browser_pause();
    }
    browser_fail(browser, "starting the driver", driver_log(browser, log));
}

static void begin_session(struct browser *browser)
{
    /* Chromium's sandbox refuses root. */
    const char *sandbox = geteuid() == 0 ? "\"--no-sandbox\"," : "";
    browser->session = "/session";
    const struct json *value = browser_order(
        browser, "POST ",
        "{\"capabilities\":{\"alwaysMatch\":{"
        "\"timeouts\":{\"pageLoad\":%d,\"script\":%d},"
        "\"goog:loggingPrefs\":{\"browser\":\"ALL\"},"
        "\"goog:chromeOptions\":{\"args\":[\"--headless\",%s\"--no-first-run\","
        "\"--remote-debugging-pipe\",\"--hide-scrollbars\","
        "\"--force-color-profile=srgb\",\"--user-data-dir=%s/profile\"]}}}}",
        BROWSER_PAGE_LOAD_MS, BROWSER_SCRIPT_MS, sandbox, browser->folder);
    struct str id;
    if (json_str(json_get(value, "sessionId"), &id) ||
        str_cstr(browser->t->arena, browser_format(browser, "/session/" STR_FMT, STR_ARG(id)),
                 &browser->session))
        browser_fail(browser, "beginning a session", STR("it has no name"));
}

void browser_show_media(struct browser *browser)
{
    browser_command(browser, "Emulation.setEmulatedMedia",
                    "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"},"
                    "{\"name\":\"prefers-reduced-motion\",\"value\":\"reduce\"}]}",
                    browser->scheme);
}

void browser_open(struct test *t, const char *folder, int width, struct browser *browser)
{
    *browser = (struct browser){.t = t, .folder = folder, .scheme = "light", .language = "en"};
    arena_init(&browser->scratch, SCRATCH_MAX);
    start_driver(browser);
    begin_session(browser);
    browser_show_media(browser);
    browser_set_width(browser, width);
    browser_set_language(browser, browser->language);
}

void browser_close(struct browser *browser)
{
    struct str why;
    browser_try_order(browser, "DELETE ", STR(""), &why);
    kill(browser->driver, SIGKILL);
    waitpid(browser->driver, NULL, 0);
    arena_release(&browser->scratch);
}
