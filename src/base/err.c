/* Fills the error record, and what is known of each code. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/str.h"

static const struct {
    const char *name;
    int http_status;
} codes[] = {
#define ERR_ROW(code, status, name) [code] = {name, status},
    ERR_TABLE(ERR_ROW)
#undef ERR_ROW
};

enum { CODE_COUNT = sizeof codes / sizeof *codes };

const char *err_name(enum err code)
{
    ASSERT((unsigned)code < CODE_COUNT);
    return codes[code].name;
}

int err_http_status(enum err code)
{
    ASSERT((unsigned)code < CODE_COUNT);
    return codes[code].http_status;
}

bool err_is_passing(enum err code)
{
    return code == ERR_RATE || code == ERR_PEER || code == ERR_BUSY || code == ERR_MEMORY ||
           code == ERR_TIMEOUT;
}

void err_clear(struct err_record *record)
{
    *record = (struct err_record){.code = ERR_OK};
}

/* Words stay UTF-8 and one line, whatever a stranger sent and wherever they were cut. */
static void mend(char *words)
{
    for (size_t bad; (bad = str_find_bad_utf8(str_from(words))) != STR_NONE;)
        words[bad] = '?';
    for (char *c = words; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    for (size_t len = strlen(words); len && words[len - 1] == ' '; len--)
        words[len - 1] = '\0';
}

__attribute__((format(printf, 3, 0))) static void set_args(char *words, size_t size,
                                                           const char *format, va_list args)
{
    vsnprintf(words, size, format, args);
    mend(words);
}

static void set(char *words, size_t size, const char *text)
{
    snprintf(words, size, "%s", text);
    mend(words);
}

/* The record is written last, in one go: the arguments may point into it, where a failure is told
 * again in other words. */
enum err err_input_at(struct err_record *record, const char *where, const char *field,
                      const char *format, ...)
{
    struct err_record new = {.code = ERR_INPUT, .where = where};
    set(new.field, sizeof new.field, field);
    va_list args;
    va_start(args, format);
    set_args(new.user, sizeof new.user, format, args);
    va_end(args);
    *record = new;
    return new.code;
}

enum err err_fail_at(struct err_record *record, const char *where, enum err code, const char *user,
                     const char *format, ...)
{
    ASSERT(code != ERR_OK);
    struct err_record new = {.code = code, .where = where};
    set(new.user, sizeof new.user, user);
    va_list args;
    va_start(args, format);
    set_args(new.operator, sizeof new.operator, format, args);
    va_end(args);
    *record = new;
    return new.code;
}

enum err err_system_at(struct err_record *record, const char *where, const char *user,
                       const char *format, ...)
{
    int number = errno; /* before anything here can change it */
    const char *name = strerrorname_np(number), *words = strerrordesc_np(number);
    char what[ERR_WORDS_MAX / 2];
    va_list args;
    va_start(args, format);
    set_args(what, sizeof what, format, args);
    va_end(args);
    return err_fail_at(record, where, number == ENOMEM ? ERR_MEMORY : ERR_IO, user, "%s: %s (%s)",
                       what, words ? words : "unknown error", name ? name : "no name");
}
