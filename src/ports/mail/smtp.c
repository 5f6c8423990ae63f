/* Hands mails to an SMTP server, with libcurl. */
#include <curl/curl.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "ports/mail/driver.h"

enum {
    SAID_MAX = 256, /* of the server's last answer */
    SETTINGS_ARENA_MAX = 64 << 10,
};

/* What does not change from mail to mail. */
struct mail_carrier {
    struct arena arena;
    const char *url; /* without user and password */
    const char *user, *password, *authorities;
    long tls; /* CURLUSESSL_… */
};

/* One attempt at one mail, and what was heard in it. */
struct attempt {
    struct str left;  /* to be sent */
    bool handed_over; /* all of it, and the final dot */
    bool answered;    /* after that */
    bool left_it;     /* QUIT was said */
    long timeout_ms;
    long code; /* of the last answer: 250 */
    char said[SAID_MAX];
    const char *command; /* the last that was sent: "RCPT" */
    char reason[CURL_ERROR_SIZE];
};

static enum err wrong_url(struct ctx *ctx, const char *what)
{
    return err_input(&ctx->err, "MAIL_URL", "%s", what);
}

/* A part of the URL, decoded, in the carrier's arena; NULL where it has none. */
static enum err copy_part(struct ctx *ctx, struct arena *arena, CURLU *url, CURLUPart part,
                          const char **text)
{
    char *value = NULL;
    unsigned flags = part == CURLUPART_URL ? CURLU_DEFAULT_PORT : CURLU_URLDECODE;
    CURLUcode code = curl_url_get(url, part, &value, flags);
    enum err err = ERR_OK;
    *text = NULL;
    if (code == CURLUE_OUT_OF_MEMORY || (value && str_cstr(arena, str_from(value), text)))
        err = err_memory(&ctx->err);
    else if (code == CURLUE_URLDECODE)
        err = wrong_url(ctx, "must have its user and password percent-encoded");
    if (value)
        explicit_bzero(value, strlen(value));
    curl_free(value);
    return err;
}

static enum err read_option(struct ctx *ctx, struct mail_carrier *carrier, struct str option)
{
    static const struct {
        const char *word;
        long tls;
    } rows[] = {{"tls=required", CURLUSESSL_ALL},
                {"tls=opportunistic", CURLUSESSL_TRY},
                {"tls=no", CURLUSESSL_NONE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_equal(option, str_from(rows[i].word))) {
            carrier->tls = rows[i].tls;
            return ERR_OK;
        }
    if (!str_starts(option, STR("ca=/")))
        return wrong_url(ctx, "may have ?tls=required, opportunistic or no, and ca=/FILE");
    return str_cstr(&carrier->arena, str_slice(option, 3, option.len), &carrier->authorities)
               ? err_memory(&ctx->err)
               : ERR_OK;
}

static enum err read_options(struct ctx *ctx, struct mail_carrier *carrier, CURLU *url)
{
    const char *query;
    TRY(copy_part(ctx, &carrier->arena, url, CURLUPART_QUERY, &query));
    struct str rest = str_from(query), option;
    carrier->tls = CURLUSESSL_ALL;
    while (rest.len && str_cut(&rest, '&', &option))
        TRY(read_option(ctx, carrier, option));
    return ERR_OK;
}

/* Who has a password to say says it to nobody but the server: that takes TLS. */
static enum err check_login(struct ctx *ctx, const struct mail_carrier *carrier, bool implicit)
{
    if (carrier->user && !carrier->password)
        return wrong_url(ctx, "names a user without a password; stoa secret set mail_password");
    if (carrier->user && !implicit && carrier->tls != CURLUSESSL_ALL)
        return wrong_url(ctx, "names a user, whose password goes through tls=required alone");
    return ERR_OK;
}

static enum err read_url(struct ctx *ctx, const struct mailer_options *options,
                         struct mail_carrier *carrier, CURLU *url)
{
    const char *text;
    bool implicit = str_starts(options->url, STR("smtps:"));
    if (str_cstr(ctx->arena, options->url, &text))
        return err_memory(&ctx->err);
    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME))
        return wrong_url(ctx, "must be like smtp://user:password@host:587");
    TRY(copy_part(ctx, &carrier->arena, url, CURLUPART_USER, &carrier->user));
    TRY(copy_part(ctx, &carrier->arena, url, CURLUPART_PASSWORD, &carrier->password));
    if (carrier->user && !carrier->password && options->password.len &&
        str_cstr(&carrier->arena, options->password, &carrier->password))
        return err_memory(&ctx->err);
    TRY(read_options(ctx, carrier, url));
    TRY(check_login(ctx, carrier, implicit));
    static const CURLUPart parts[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                      CURLUPART_FRAGMENT, CURLUPART_PATH};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        curl_url_set(url, parts[i], NULL, 0);
    return copy_part(ctx, &carrier->arena, url, CURLUPART_URL, &carrier->url);
}

/* The arena holds a password. */
static void smtp_close(struct mail_carrier *carrier)
{
    if (carrier->password)
        explicit_bzero((char *)carrier->password, strlen(carrier->password));
    arena_release(&carrier->arena);
    mem_free(carrier);
    curl_global_cleanup();
}

static enum err smtp_open(struct ctx *ctx, const struct mailer_options *options,
                          struct mail_carrier **opened)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return err_memory(&ctx->err);
    struct mail_carrier *carrier = mem_alloc(sizeof *carrier);
    if (!carrier) {
        curl_global_cleanup();
        return err_memory(&ctx->err);
    }
    arena_init(&carrier->arena, SETTINGS_ARENA_MAX);
    CURLU *url = curl_url();
    enum err err = url ? read_url(ctx, options, carrier, url) : err_memory(&ctx->err);
    curl_url_cleanup(url);
    if (err)
        smtp_close(carrier);
    else
        *opened = carrier;
    return err;
}

static size_t give(char *to, size_t size, size_t count, void *arg)
{
    struct attempt *attempt = arg;
    struct str part = str_slice(attempt->left, 0, size * count);
    memcpy(to, part.ptr, part.len);
    attempt->left = str_slice(attempt->left, part.len, attempt->left.len);
    attempt->handed_over = part.len == 0;
    return part.len;
}

/* A line of the server: "550 5.1.1 There is no such person". */
static size_t hear(char *line, size_t size, size_t count, void *arg)
{
    struct attempt *attempt = arg;
    struct buf said;
    struct str text = str_trim(str_make(line, size * count));
    int64_t code = 0;
    if (attempt->left_it)
        return size * count;
    if (text.len >= 3 && str_to_int(str_slice(text, 0, 3), 200, 599, &code) == ERR_OK)
        attempt->code = (long)code;
    attempt->answered = attempt->handed_over;
    buf_init_fixed(&said, attempt->said, sizeof attempt->said - 1);
    buf_add(&said, str_slice(text, 0, sizeof attempt->said - 1));
    attempt->said[said.len] = '\0';
    return size * count;
}

/* Which command it was that the server answered. Only these are looked at: what else is sent may
 * be a password, and what is said after QUIT says nothing of the mail. */
static int notice(CURL *curl, curl_infotype type, char *text, size_t size, void *arg)
{
    static const char *const commands[] = {"EHLO", "HELO", "STARTTLS", "AUTH",
                                           "MAIL", "RCPT", "DATA"};
    struct attempt *attempt = arg;
    (void)curl;
    for (size_t i = 0; type == CURLINFO_HEADER_OUT && i < sizeof commands / sizeof *commands; i++)
        if (str_starts(str_make(text, size), str_from(commands[i])))
            attempt->command = commands[i];
    attempt->left_it |= type == CURLINFO_HEADER_OUT &&
                        str_starts(str_make(text, size), STR("QUIT"));
    return 0;
}

/* Called now and then, and at least once a second: anything but 0 ends it. */
static int on_progress(void *arg, curl_off_t all, curl_off_t come, curl_off_t body, curl_off_t gone)
{
    (void)all, (void)come, (void)body, (void)gone;
    return ctx_is_to_end(arg);
}

static int64_t left_ms(struct ctx *ctx)
{
    if (ctx_is_to_end(ctx))
        return 0;

    if (!ctx->deadline_us)
        return MAIL_TIMEOUT_MS;
    int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
    return left_us < MAIL_TIMEOUT_MS * INT64_C(1000) ? left_us / 1000 : MAIL_TIMEOUT_MS;
}

/* The name that we greet with is the sender's domain. */
static CURLcode set_url(CURL *curl, const struct mail_carrier *carrier, struct ctx *ctx,
                        const struct mail_letter *letter)
{
    struct buf url;
    const char *text = NULL;
    buf_init(&url, ctx->arena, SETTINGS_ARENA_MAX);
    buf_addf(&url, "%s%s%s", carrier->url, str_ends(str_from(carrier->url), STR("/")) ? "" : "/",
             strchr(letter->from, '@') + 1);
    if (buf_err(&url) || str_cstr(ctx->arena, buf_str(&url), &text))
        return CURLE_OUT_OF_MEMORY;
    return curl_easy_setopt(curl, CURLOPT_URL, text);
}

/* What is handed over; or, where it is to nobody, how far it goes: to the login. */
static unsigned set_letter(CURL *curl, const struct mail_letter *letter, struct curl_slist *to,
                           struct attempt *attempt)
{
    unsigned failed = 0;
    if (!letter->to)
        return curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    failed |= curl_easy_setopt(curl, CURLOPT_MAIL_FROM, letter->from);
    failed |= curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    failed |= curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    failed |= curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    failed |= curl_easy_setopt(curl, CURLOPT_READDATA, attempt);
    return failed;
}

/* What fails here fails for want of memory. */
static CURLcode set_all(CURL *curl, const struct mail_carrier *carrier,
                        const struct mail_letter *letter, struct curl_slist *to,
                        struct attempt *attempt)
{
    unsigned failed = set_letter(curl, letter, to, attempt);
    failed |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    failed |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    failed |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    failed |= curl_easy_setopt(curl, CURLOPT_USE_SSL, carrier->tls);
    failed |= curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (carrier->authorities)
        failed |= curl_easy_setopt(curl, CURLOPT_CAINFO, carrier->authorities);
    failed |= curl_easy_setopt(curl, CURLOPT_USERNAME, carrier->user);
    failed |= curl_easy_setopt(curl, CURLOPT_PASSWORD, carrier->password);
    failed |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)MAIL_CONNECT_MS);
    failed |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, attempt->timeout_ms);
    failed |= curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    failed |= curl_easy_setopt(curl, CURLOPT_HEADERDATA, attempt);
    failed |= curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, notice);
    failed |= curl_easy_setopt(curl, CURLOPT_DEBUGDATA, attempt);
    failed |= curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    failed |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, attempt->reason);
    return failed ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

static CURLcode set_end(CURL *curl, struct ctx *ctx)
{
    unsigned failed = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    failed |= curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    failed |= curl_easy_setopt(curl, CURLOPT_XFERINFODATA, ctx);
    return failed ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

static CURLcode perform(const struct mail_carrier *carrier, struct ctx *ctx,
                        const struct mail_letter *letter, struct attempt *attempt)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *to = letter->to ? curl_slist_append(NULL, letter->to) : NULL;
    CURLcode code = CURLE_OUT_OF_MEMORY;
    int64_t timeout_ms = left_ms(ctx);
    *attempt = (struct attempt){.left = letter->composed,
                                .command = "connecting",
                                .timeout_ms = timeout_ms > 0 ? (long)timeout_ms : 1};
    if (curl && (to || !letter->to))
        code = set_all(curl, carrier, letter, to, attempt);
    if (!code && ctx->ends)
        code = set_end(curl, ctx);
    if (!code)
        code = set_url(curl, carrier, ctx, letter);
    if (!code)
        code = curl_easy_perform(curl);
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return code;
}

static enum err fail(struct ctx *ctx, enum err code, const char *user,
                     const struct attempt *attempt)
{
    return err_fail(&ctx->err, code, user, "%s; after %s the server said \"%s\"", attempt->reason,
                    attempt->command, attempt->said);
}

/* The address is wrong: the user is told that, and the operator what the server said. */
static enum err refuse_address(struct ctx *ctx, const struct attempt *attempt)
{
    enum err err = err_fail(&ctx->err, ERR_INPUT, "is refused by the mail server", "%s",
                            attempt->said);
    memcpy(ctx->err.field, "to", sizeof "to");
    return err;
}

/* What is refused for its policy (5.7) is refused to us, whoever it is for. */
static bool is_about_address(const struct attempt *attempt)
{
    return attempt->code >= 500 && strcmp(attempt->command, "RCPT") == 0 &&
           str_find(str_from(attempt->said), STR(" 5.7.")) == STR_NONE;
}

static bool is_for_good(CURLcode code, const struct attempt *attempt)
{
    if (attempt->code >= 400)
        return attempt->code >= 500;
    return code == CURLE_LOGIN_DENIED || code == CURLE_PEER_FAILED_VERIFICATION ||
           code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CACERT_BADFILE;
}

/* What became of it, from what was said last. Whoever took the mail has it, however it parted. */
static enum err judge(struct ctx *ctx, CURLcode code, const struct attempt *attempt)
{
    if (code == CURLE_OK || (attempt->answered && attempt->code < 300))
        return ERR_OK;
    if (attempt->handed_over && !attempt->answered)
        return fail(ctx, ERR_IO, "It is not known whether the mail was sent.", attempt);
    if (code == CURLE_OUT_OF_MEMORY)
        return err_memory(&ctx->err);
    if (is_about_address(attempt))
        return refuse_address(ctx, attempt);
    if (is_for_good(code, attempt))
        return fail(ctx, ERR_PEER, "The mail was not sent.", attempt);
    if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK)
        return fail(ctx, ERR_TIMEOUT, "The mail was not sent in time.", attempt);
    return fail(ctx, ERR_BUSY, "The mail was not sent. Try again later.", attempt);
}

/* False where the deadline comes before the pause is over. */
static bool rest(struct ctx *ctx, int64_t pause_ms)
{
    const struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};
    if (ctx->deadline_us && left_ms(ctx) <= pause_ms)
        return false;
    nanosleep(&pause, NULL);
    return true;
}

static enum err smtp_send(struct mail_carrier *carrier, struct ctx *ctx,
                          const struct mail_letter *letter)
{
    enum err err = ERR_BUSY;
    int64_t pause_ms = MAIL_PAUSE_MS;
    for (int i = 0; i < MAIL_TRIES && err == ERR_BUSY; i++) {
        struct attempt attempt;
        if (i && !rest(ctx, pause_ms << (i - 1)))
            return err;
        if (left_ms(ctx) <= 0)
            return err_fail(&ctx->err, ERR_TIMEOUT, "The mail was not sent in time.",
                            "no time was left");
        err = judge(ctx, perform(carrier, ctx, letter, &attempt), &attempt);
    }
    return err;
}

static enum err smtp_reach(struct mail_carrier *carrier, struct ctx *ctx, const char *from)
{
    struct attempt attempt;
    const struct mail_letter nothing = {.from = from, .composed = STR("")};
    return judge(ctx, perform(carrier, ctx, &nothing, &attempt), &attempt);
}

const struct mail_driver mail_smtp = {.scheme = "smtp",
                                      .open = smtp_open,
                                      .close = smtp_close,
                                      .send = smtp_send,
                                      .reach = smtp_reach};

const struct mail_driver mail_smtps = {.scheme = "smtps",
                                       .open = smtp_open,
                                       .close = smtp_close,
                                       .send = smtp_send,
                                       .reach = smtp_reach};
