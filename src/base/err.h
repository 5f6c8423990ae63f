/* Errors: a code that says what to do, and a record that says what happened, to whom and where.
 *
 * A function that can fail returns `enum err`; ERR_OK is zero. The one record of the failure sits
 * in the context (ctx.h) and is filled where the failure is seen; callers pass the code up:
 *
 *     enum err port_parse(struct ctx *ctx, struct str text, int64_t *port)
 *     {
 *         if (str_to_int(text, 1, 65535, port))
 *             return err_input(&ctx->err, "port", "must be a number from 1 to 65535");
 *         return ERR_OK;
 *     }
 *
 *     TRY(port_parse(ctx, text, &port));      passes a failure up
 *
 * The user's words never hold a path, an SQL text or a secret; those go to the operator's words.
 * Words are one line: what else stands in them (another program's answer) is made so. */
#ifndef STOA_BASE_ERR_H
#define STOA_BASE_ERR_H

#include <stdbool.h>

/* code, HTTP status, name. The order is part of nothing: codes are never stored. */
#define ERR_TABLE(X)                                                         \
    X(ERR_OK, 200, "ok")                                                     \
    X(ERR_INPUT, 400, "input")           /* what was sent cannot be taken */ \
    X(ERR_SIGNED_OUT, 401, "signed_out") /* say who you are */               \
    X(ERR_FORBIDDEN, 403, "forbidden")   /* you may not */                   \
    X(ERR_MISSING, 404, "missing")       /* there is no such thing */        \
    X(ERR_CONFLICT, 409, "conflict")     /* true a moment ago, no longer */  \
    X(ERR_LIMIT, 413, "limit")           /* larger than the limit's name */  \
    X(ERR_RATE, 429, "rate")             /* too often */                     \
    X(ERR_INTERNAL, 500, "internal")     /* our mistake */                   \
    X(ERR_IO, 500, "io")                 /* the disk or the network */       \
    X(ERR_PEER, 502, "peer")             /* another system answered badly */ \
    X(ERR_BUSY, 503, "busy")             /* later */                         \
    X(ERR_MEMORY, 503, "memory")         /* none left */                     \
    X(ERR_TIMEOUT, 504, "timeout")       /* the deadline passed */

enum err {
#define ERR_ENUM(code, status, name) code,
    ERR_TABLE(ERR_ENUM)
#undef ERR_ENUM
};

enum { ERR_FIELD_MAX = 64, ERR_WORDS_MAX = 512 };

/* Of fixed size, so that saying that there is no memory needs none. */
struct err_record {
    enum err code;
    char field[ERR_FIELD_MAX];    /* the user's field, "" where no single one is to blame */
    char user[ERR_WORDS_MAX];     /* what the user is told */
    char operator[ERR_WORDS_MAX]; /* what the log is told beyond that */
    const char *where;            /* "src/base/json.c:120", the place that saw it */
};

#define ERR_TEXT_(x) #x
#define ERR_TEXT(x)  ERR_TEXT_(x)
#define ERR_WHERE    __FILE__ ":" ERR_TEXT(__LINE__)

/* Passes a failure up. Arenas make that safe: there is nothing to give back on the way. */
#define TRY(call)                    \
    do {                             \
        enum err try_code_ = (call); \
        if (try_code_ != ERR_OK)     \
            return try_code_;        \
    } while (0)

/* Tells whoever reads the caller alone (compiler, analyzer) that the call never returns ERR_OK. */
#define ERR_CERTAIN_(call)               \
    __extension__({                      \
        enum err certain_code_ = (call); \
        if (certain_code_ == ERR_OK)     \
            __builtin_unreachable();     \
        certain_code_;                   \
    })

/* Records a mistake in what a user sent; `...` is a printf format that says what would be right. */
#define err_input(record, field, ...) \
    ERR_CERTAIN_(err_input_at(record, ERR_WHERE, field, __VA_ARGS__))

/* Records any other failure: the user's words, then a printf format for the operator. */
#define err_fail(record, code, user, ...) \
    ERR_CERTAIN_(err_fail_at(record, ERR_WHERE, code, user, __VA_ARGS__))

/* Records a failed system call: errno's name and text are added to the operator's words.
 * ENOMEM becomes ERR_MEMORY, everything else ERR_IO. */
#define err_system(record, user, ...) \
    ERR_CERTAIN_(err_system_at(record, ERR_WHERE, user, __VA_ARGS__))

/* Records that memory ran out, and where. */
#define err_memory(record) err_fail(record, ERR_MEMORY, "There is no memory left.", "out of memory")

enum err err_input_at(struct err_record *record, const char *where, const char *field,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
enum err err_fail_at(struct err_record *record, const char *where, enum err code, const char *user,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
enum err err_system_at(struct err_record *record, const char *where, const char *user,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

void err_clear(struct err_record *record);

const char *err_name(enum err code);
int err_http_status(enum err code);

/* True where the same call may succeed later without anybody mending anything. */
bool err_is_passing(enum err code);

#endif
