/* Reads a story line by line and makes it happen over raw sockets. */
#include "api/story.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/app_code.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/seed.h"
#include "harness/somebody.h"

#ifndef STORIES
#error "STORIES is the folder of the stories"
#endif

enum {
    STORY_SIZE_MAX = 256 << 10,
    ANSWER_MAX = 4 << 20,
    PEOPLE_MAX = 16,
    WORDS_MAX = 32,
    TOLD_PIECE = 64 << 10,
    MAIL_MAX = 64 << 10,
    LOG_TRIES_MAX = 1000,
    LOG_PAUSE_NS = 10000000,
    MAIL_PAUSES = 4000,
};

/* Who is in the story: a connection, and what came on it that nobody looked at yet. */
struct person {
    struct str name;
    int fd; /* -1 while there is none */
    struct buf heard;
};

struct kept_word {
    struct str name, value;
};

struct story {
    struct test *t;
    const char *name;
    struct str rest; /* what was not told yet */
    int line;
    struct service service;
    struct person people[PEOPLE_MAX];
    size_t people_count;
    struct kept_word words[WORDS_MAX];
    size_t word_count;
    int mails;              /* that were looked at */
    struct person *speaker; /* of the line before: who "and" is */
    struct str head, body;  /* the last answer */
    bool asked_head;        /* the last request was HEAD: its answer has no body */
};

static bool holds(struct story *story, bool holds_it, struct str wanted, struct str seen)
{
    test_note(story->t, STR_FMT "; saw " STR_FMT, STR_ARG(wanted),
              STR_ARG(str_slice(seen, 0, 300)));
    return test_check(story->t, holds_it, "it comes true", story->name, story->line);
}

/* Lines */

static bool next_line(struct story *story, struct str *line)
{
    if (!str_cut(&story->rest, '\n', line))
        return false;
    story->line++;
    return true;
}

static bool next_quoted_line(struct story *story, struct str *line)
{
    if (!str_starts(story->rest, STR("|")))
        return false;
    next_line(story, line);
    *line = str_slice(*line, str_starts(*line, STR("| ")) ? 2 : 1, line->len);
    return true;
}

static bool take_prefix(struct str *line, const char *prefix)
{
    if (!str_starts(*line, str_from(prefix)))
        return false;
    *line = str_slice(*line, strlen(prefix), line->len);
    return true;
}

/* $WORD becomes what was kept under it. */
static struct str with_words(struct story *story, struct str line)
{
    struct buf out;
    buf_init(&out, story->t->arena, STORY_SIZE_MAX);
    for (size_t i = 0; i < line.len; i++) {
        struct str rest = str_slice(line, i + 1, line.len);
        const struct kept_word *found = NULL;
        for (size_t w = 0; line.ptr[i] == '$' && w < story->word_count; w++)
            if (str_starts(rest, story->words[w].name) &&
                (!found || story->words[w].name.len > found->name.len))
                found = &story->words[w];
        if (found) {
            buf_add(&out, found->value);
            i += found->name.len;
        } else {
            buf_addc(&out, line.ptr[i]);
        }
    }
    return buf_str(&out);
}

/* The bytes of "…", which ends the line. */
static struct str quoted(struct story *story, struct str line)
{
    static const char letters[][2] = {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}};
    struct buf out;
    buf_init(&out, story->t->arena, STORY_SIZE_MAX);
    line = with_words(story, str_slice(line, 1, line.len - 1));
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (c == '\\' && i + 1 < line.len) {
            c = line.ptr[++i];
            for (size_t l = 0; l < sizeof letters / sizeof *letters; l++)
                if (line.ptr[i] == letters[l][0])
                    c = letters[l][1];
            if (line.ptr[i] == 'x' && i + 2 < line.len) {
                c = (char)strtol((char[]){line.ptr[i + 1], line.ptr[i + 2], 0}, NULL, 16);
                i += 2;
            }
        }
        buf_addc(&out, c);
    }
    return buf_str(&out);
}

/* People */

static struct person *person_named(struct story *story, struct str name)
{
    for (size_t i = 0; i < story->people_count; i++)
        if (str_equal(story->people[i].name, name))
            return &story->people[i];
    if (story->people_count == PEOPLE_MAX)
        test_stop(story->t);
    struct person *person = &story->people[story->people_count++];
    *person = (struct person){.name = name, .fd = -1};
    buf_init(&person->heard, story->t->arena, ANSWER_MAX);
    return person;
}

static void leave(struct person *person)
{
    if (person->fd >= 0)
        close(person->fd);
    person->fd = -1;
    buf_clear(&person->heard);
}

/* What a server does not take any more is seen by what it answers. */
static void tell(struct story *story, struct person *person, struct str bytes)
{
    if (person->fd < 0)
        person->fd = service_connect(&story->service);
    while (bytes.len) {
        ssize_t sent = send(person->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes = str_slice(bytes, (size_t)sent, bytes.len);
    }
}

/* More of what is said to this person; false at the end of it. */
static bool listen_more(struct person *person)
{
    char piece[TOLD_PIECE];
    ssize_t got = person->fd < 0 ? 0 : recv(person->fd, piece, sizeof piece, 0);
    if (got > 0)
        buf_add(&person->heard, str_make(piece, (size_t)got));
    return got > 0 && !buf_err(&person->heard);
}

static struct str header_of(struct str head, const char *name)
{
    for (struct str line; str_cut(&head, '\n', &line);) {
        struct str key;
        if (str_cut(&line, ':', &key) && line.ptr && str_equal_nocase(key, str_from(name)))
            return str_trim(line);
    }
    return STR("");
}

/* The body of a chunked answer, undone in place; false while it is not whole. */
static bool unchunk(struct str bytes, struct str *body, size_t *used)
{
    char *into = (char *)bytes.ptr;
    *body = str_make(into, 0);
    for (size_t at = 0;;) {
        struct str rest = str_slice(bytes, at, bytes.len);
        size_t line = str_find(rest, STR("\r\n"));
        if (line == STR_NONE)
            return false;
        size_t size = strtoul(rest.ptr, NULL, 16);
        at += line + 2;
        if (bytes.len < at + size + 2)
            return false;
        memmove(into + body->len, bytes.ptr + at, size);
        body->len += size;
        at += size + 2;
        if (!size)
            return *used = at, true;
    }
}

static bool take_answer(struct story *story, struct person *person)
{
    size_t end;
    while ((end = str_find(buf_str(&person->heard), STR("\r\n\r\n"))) == STR_NONE)
        if (!listen_more(person))
            return false;
    size_t used = end + 4;
    int64_t len = 0;
    struct str heard = buf_str(&person->heard);
    str_copy(story->t->arena, str_slice(heard, 0, used), &story->head);
    bool bodiless = story->asked_head || str_starts(story->head, STR("HTTP/1.1 304")) ||
                    str_starts(story->head, STR("HTTP/1.1 1")) ||
                    str_starts(story->head, STR("HTTP/1.1 204"));
    story->body = STR("");
    if (!bodiless && str_equal(header_of(story->head, "Transfer-Encoding"), STR("chunked"))) {
        size_t chunks = 0;
        while (
            str_copy(story->t->arena, str_slice(buf_str(&person->heard), used, STR_NONE), &heard),
            !unchunk(heard, &story->body, &chunks))
            if (!listen_more(person))
                return false;
        used += chunks;
    } else if (!bodiless) {
        str_to_int(header_of(story->head, "Content-Length"), 0, ANSWER_MAX, &len);
        while (person->heard.len < used + (size_t)len)
            if (!listen_more(person))
                return false;
        str_copy(story->t->arena, str_slice(buf_str(&person->heard), used, used + (size_t)len),
                 &story->body);
        used += (size_t)len;
    }
    memmove(person->heard.ptr, person->heard.ptr + used, person->heard.len - used);
    buf_rewind(&person->heard, person->heard.len - used);
    return true;
}

/* What happens */

static void does_send_lines(struct story *story)
{
    struct buf head, body;
    struct str line;
    bool in_body = false;
    buf_init(&head, story->t->arena, STORY_SIZE_MAX);
    buf_init(&body, story->t->arena, STORY_SIZE_MAX);
    story->asked_head = str_starts(story->rest, STR("| HEAD "));
    while (next_quoted_line(story, &line)) {
        struct buf *into = in_body ? &body : &head;
        line = with_words(story, line);
        if (!in_body && !line.len) {
            in_body = true;
            continue;
        }
        if (in_body && body.len)
            buf_add(&body, STR("\r\n"));
        buf_add(into, line);
        if (!in_body)
            buf_add(&head, STR("\r\n"));
    }
    if (body.len && !header_of(buf_str(&head), "Content-Length").len &&
        !header_of(buf_str(&head), "Transfer-Encoding").len)
        buf_addf(&head, "Content-Length: %zu\r\n", body.len);
    buf_add(&head, STR("\r\n"));
    buf_add(&head, buf_str(&body));
    tell(story, story->speaker, buf_str(&head));
}

static void does_send_many(struct story *story, struct str count)
{
    char piece[TOLD_PIECE];
    int64_t left = 0;
    memset(piece, 'a', sizeof piece);
    holds(story, !str_to_int(count, 1, INT64_MAX, &left), count, count);
    for (int64_t now; left > 0; left -= now) {
        now = left < TOLD_PIECE ? left : TOLD_PIECE;
        tell(story, story->speaker, str_make(piece, (size_t)now));
    }
}

static void is_answered(struct story *story, struct str status)
{
    struct str line, seen;
    bool whole = take_answer(story, story->speaker);
    seen = whole ? story->head : buf_str(&story->speaker->heard);
    holds(story, whole && str_equal(str_slice(story->head, 9, 12), status), status, seen);
    while (next_quoted_line(story, &line)) {
        struct str wanted = with_words(story, line);
        holds(story, whole && str_find(story->head, wanted) != STR_NONE, wanted, seen);
    }
}

/* "a*b": what stands for the star. */
static void keeps(struct story *story, struct str line)
{
    struct str name, before, after;
    str_cut(&line, ' ', &name);
    bool fine = take_prefix(&line, "from ") && story->word_count < WORDS_MAX;
    after = quoted(story, line);
    str_cut(&after, '*', &before);
    size_t at = str_find(story->body, before);
    struct str rest = str_slice(story->body, at == STR_NONE ? story->body.len : at + before.len,
                                story->body.len);
    size_t end = after.len ? str_find(rest, after) : rest.len;
    fine = fine && at != STR_NONE && end != STR_NONE;
    if (holds(story, fine, line, story->body))
        story->words[story->word_count++] = (struct kept_word){name, str_slice(rest, 0, end)};
}

static void keeps_header(struct story *story, struct str line)
{
    struct str body = story->body;
    story->body = story->head;
    keeps(story, line);
    story->body = body;
}

static void hears(struct story *story, struct str wanted)
{
    struct person *person = story->speaker;
    bool heard;
    while (!(heard = str_find(buf_str(&person->heard), wanted) != STR_NONE))
        if (!listen_more(person))
            break;
    holds(story, heard, wanted, buf_str(&person->heard));
}

static void is_disconnected(struct story *story)
{
    struct person *person = story->speaker;
    buf_clear(&person->heard);
    bool more = listen_more(person);
    holds(story, !more, STR("disconnected"), buf_str(&person->heard));
    leave(person);
}

static void waits(struct story *story, struct str line)
{
    struct str number;
    int64_t ms = 0;
    str_cut(&line, ' ', &number);
    holds(story, !str_to_int(number, 1, 60000, &ms), number, number);
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* A crash, an order to stop, or a release: whatever was open is closed by it. */
static void server_changes(struct story *story, struct str what)
{
    struct test *t = story->t;
    enum err err = ERR_OK;
    if (str_equal(what, STR("killed")))
        service_kill(&story->service);
    else if (str_equal(what, STR("stopped")))
        holds(story, service_stop(&story->service) == 0, what, what);
    else if (str_equal(what, STR("released")))
        err = service_release(t, &story->service);
    else
        err = ERR_INPUT;
    for (size_t i = 0; i < story->people_count; i++)
        leave(&story->people[i]);
    if (!err && !story->service.pid)
        err = service_restart(t, &story->service);
    holds(story, err == ERR_OK, what, str_from(t->ctx->err.operator));
}

/* $GRACE is then the cookie of grace@stoa.example. */
static int is_mail(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return strncmp(entry->d_name, "mail_", 5) == 0 && len > 4 &&
           strcmp(entry->d_name + len - 4, ".eml") == 0;
}

/* The file of the next mail, in the order in which they were written. */
static bool find_mail(struct story *story, char *path, size_t size)
{
    char folder[256];
    struct dirent **entries;
    snprintf(folder, sizeof folder, "%s/data/outbox", story->service.folder);
    int count = scandir(folder, &entries, is_mail, alphasort);
    bool found = count > story->mails;
    if (found)
        snprintf(path, size, "%s/%s", folder, entries[story->mails]->d_name);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count >= 0)
        free(entries);
    return found;
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* What a reader of mail shows: quoted-printable undone, in place, and lines ended by LF. */
static struct str readable(char *text, size_t len)
{
    size_t to = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '=' && i + 2 < len && text[i + 1] == '\r') {
            i += 2;
        } else if (text[i] == '=' && i + 2 < len && isxdigit((unsigned char)text[i + 1]) &&
                   isxdigit((unsigned char)text[i + 2])) {
            text[to++] = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
        } else if (text[i] != '\r') {
            text[to++] = text[i];
        }
    }
    return str_make(text, to);
}

static bool await_mail(struct story *story, char *path, size_t size)
{
    bool found = false;
    for (int i = 0; i < MAIL_PAUSES && !(found = find_mail(story, path, size)); i++)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    story->mails += found;
    return found;
}

/* "the next mail is to ada@…": its text can then be read. */
static void next_mail(struct story *story, struct str to)
{
    char path[512], line[256];
    bool found = await_mail(story, path, sizeof path);
    FILE *file = found ? fopen(path, "re") : NULL;
    char *text = arena_alloc(story->t->arena, MAIL_MAX);
    story->body = STR("");
    if (file && text)
        story->body = readable(text, fread(text, 1, MAIL_MAX, file));
    if (file)
        fclose(file);
    snprintf(line, sizeof line, "\nTo: <" STR_FMT ">\n", STR_ARG(to));
    holds(story, str_find(story->body, str_from(line)) != STR_NONE, to, story->body);
}

/* Their first password of their own is told them by a mail, which is no part of the story. */
static void is_signed_in(struct story *story, struct str role)
{
    struct test *t = story->t;
    char name[64], role_name[64], *cookie = arena_alloc(t->arena, SOMEBODY_COOKIE_MAX);
    char *word = arena_alloc(t->arena, sizeof name);
    REQUIRE(cookie && word && story->word_count < WORDS_MAX);
    struct str speaker = story->speaker->name;
    for (size_t i = 0; i < speaker.len && i < sizeof name - 1; i++) {
        name[i] = (char)tolower((unsigned char)speaker.ptr[i]);
        word[i] = (char)toupper((unsigned char)speaker.ptr[i]);
        name[i + 1] = '\0';
    }
    snprintf(role_name, sizeof role_name, STR_FMT, STR_ARG(role));
    char path[512];
    enum err err = somebody_sign_in(t, &story->service, name, role_name, cookie);
    if (holds(story, err == ERR_OK, role, str_from(t->ctx->err.operator)))
        story->words[story->word_count++] = (struct kept_word){str_from(word), str_from(cookie)};
    await_mail(story, path, sizeof path);
}

static struct str read_log(struct story *story, char text[MAIL_MAX])
{
    FILE *file = fopen(story->service.log, "re");
    if (!file)
        test_stop(story->t);
    struct str said = str_make(text, fread(text, 1, MAIL_MAX, file));
    fclose(file);
    return said;
}

/* The owner's first password stands in what the program said when it started, and nowhere else. It
 * listens a moment before it says so. */
static void first_password(struct story *story)
{
    const struct str before = STR("with the password ");
    char *text = arena_alloc(story->t->arena, MAIL_MAX);
    struct str said = {0};
    size_t at = STR_NONE;
    for (int tried = 0; text && at == STR_NONE && tried < LOG_TRIES_MAX; tried++) {
        nanosleep(&(struct timespec){.tv_nsec = tried ? LOG_PAUSE_NS : 0}, NULL);
        said = read_log(story, text);
        at = str_find(said, before);
    }
    said = str_slice(said, at == STR_NONE ? said.len : at + before.len, said.len);
    said = str_slice(said, 0, str_find_char(said, ','));
    if (holds(story, said.len == 23 && story->word_count < WORDS_MAX, STR("a password"), said))
        story->words[story->word_count++] = (struct kept_word){STR("FIRST"), said};
}

/* The second one is good as well: it is what a clock shows that is half a minute ahead. */
static void app_shows(struct story *story, struct str line)
{
    struct str secret, shows, name;
    time_t now = time(NULL);
    bool fine = str_cut(&line, ' ', &secret) && str_cut(&line, ' ', &shows);
    secret = with_words(story, secret);
    for (int i = 0; fine && i < 2; i++) {
        char *code = arena_alloc(story->t->arena, APP_CODE_SIZE);
        fine = code && story->word_count < WORDS_MAX && str_cut(&line, ' ', &name) &&
               app_code(secret, now + i * APP_PERIOD_S, code);
        if (fine)
            story->words[story->word_count++] = (struct kept_word){name, str_from(code)};
    }
    holds(story, fine, STR("a code"), secret);
}

/* "get a/b.txt for 60 s is LINK" */
static void makes_link(struct story *story, struct str line)
{
    struct test *t = story->t;
    struct process_result result = {.status = -1};
    struct str words[6]; /* get, the name, for, 60, s, is; the rest is the word */
    const char *use = "", *name = "", *lasts = "";
    size_t count = 0;
    while (count < 6 && str_cut(&line, ' ', &words[count]))
        count++;
    bool fine = count == 6 && line.len && story->word_count < WORDS_MAX &&
                !str_cstr(t->arena, words[0], &use) && !str_cstr(t->arena, words[1], &name) &&
                !str_cstr(t->arena, words[3], &lasts) &&
                !service_command(t, &story->service,
                                 (const char *[]){"link", use, name, lasts, NULL}, &result);
    if (holds(story, fine && result.status == 0, line, result.err))
        story->words[story->word_count++] = (struct kept_word){line, str_trim(result.out)};
}

/* "the database has checkout.sql", or the lines below. */
static void database_has(struct story *story, struct str file)
{
    struct buf text;
    struct str line, why = {0};
    char path[512];
    buf_init(&text, story->t->arena, SEED_SIZE_MAX);
    snprintf(path, sizeof path, "%s/" STR_FMT, STORIES, STR_ARG(file));
    bool fine = !file.len || seed_read(path, &text) == ERR_OK;
    while (!file.len && next_quoted_line(story, &line)) {
        buf_add(&text, line);
        buf_addc(&text, '\n');
    }
    buf_addc(&text, '\0');
    fine = fine && !buf_err(&text) && seed_run(story->t, &story->service, text.ptr, &why) == ERR_OK;
    holds(story, fine, file.len ? file : STR("rows"), why);
}

static void and_so(struct story *story, struct str line)
{
    if (take_prefix(&line, "reads "))
        holds(story, str_find(story->body, quoted(story, line)) != STR_NONE, line, story->body);
    else if (take_prefix(&line, "does not read "))
        holds(story, str_find(story->body, quoted(story, line)) == STR_NONE, line, story->body);
    else if (take_prefix(&line, "keeps of the head "))
        keeps_header(story, line);
    else if (take_prefix(&line, "keeps "))
        keeps(story, line);
    else
        holds(story, false, line, line);
}

static void somebody_does(struct story *story, struct str line)
{
    if (str_equal(line, STR("sends")))
        does_send_lines(story);
    else if (str_starts(line, STR("sends \"")))
        tell(story, story->speaker, quoted(story, str_slice(line, 6, line.len)));
    else if (str_ends(line, STR(" bytes")) && take_prefix(&line, "sends "))
        does_send_many(story, str_slice(line, 0, line.len - 6));
    else if (take_prefix(&line, "is answered "))
        is_answered(story, line);
    else if (take_prefix(&line, "hears "))
        hears(story, quoted(story, line));
    else if (str_equal(line, STR("is disconnected")))
        is_disconnected(story);
    else if (str_equal(line, STR("leaves")))
        leave(story->speaker);
    else if (take_prefix(&line, "is signed in as "))
        is_signed_in(story, line);
    else if (take_prefix(&line, "waits "))
        waits(story, line);
    else
        holds(story, false, line, line);
}

static void happens(struct story *story, struct str line)
{
    struct str name;
    if (take_prefix(&line, "the server is ")) {
        server_changes(story, line);
    } else if (take_prefix(&line, "the next mail is to ")) {
        next_mail(story, line);
    } else if (str_equal(line, STR("the database has"))) {
        database_has(story, STR(""));
    } else if (str_equal(line, STR("the program said FIRST"))) {
        first_password(story);
    } else if (take_prefix(&line, "the app of ")) {
        app_shows(story, line);
    } else if (take_prefix(&line, "the database has ")) {
        database_has(story, line);
    } else if (take_prefix(&line, "a link to ")) {
        makes_link(story, line);
    } else if (take_prefix(&line, "and ")) {
        and_so(story, line);
    } else {
        str_cut(&line, ' ', &name);
        story->speaker = person_named(story, name);
        somebody_does(story, line);
    }
}

static struct str read_story(struct test *t, const char *name)
{
    char path[512];
    char *text = arena_bytes(t->arena, STORY_SIZE_MAX);
    snprintf(path, sizeof path, "%s/%s.story", STORIES, name);
    FILE *file = fopen(path, "re");
    test_note(t, "%s", path);
    if (!file || !text)
        test_stop(t);
    size_t len = fread(text, 1, STORY_SIZE_MAX, file);
    fclose(file);
    return str_make(text, len);
}

void story_tell(struct test *t, const char *name, const char *engine,
                const char *const environment[])
{
    char folder[256];
    struct str line;
    struct story *story = ARENA_NEW(t->arena, struct story);
    snprintf(folder, sizeof folder, "api/%s-%s", name, engine);
    *story = (struct story){.t = t, .name = name, .rest = read_story(t, name)};
    test_note(t, "%s on %s", name, engine);
    REQUIRE(service_start(t, test_folder(t, folder), environment, &story->service) == ERR_OK);
    while (next_line(story, &line))
        if (line.len && line.ptr[0] != '#')
            happens(story, line);
    for (size_t i = 0; i < story->people_count; i++)
        leave(&story->people[i]);
    CHECK_INT(service_stop(&story->service), 0);
}
