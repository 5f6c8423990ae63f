/* Faults: what the asker did wrong, and what it is called. */
#include <stdarg.h>

#include "flow/sqs/sqs_inside.h"

static const struct {
    const char *name, *code;
} faults[] = {
#define SQS_ROW(fault, name, code) [fault] = {name, code},
    SQS_FAULTS(SQS_ROW)
#undef SQS_ROW
};

const char *sqs_fault_code(enum sqs_fault fault)
{
    return faults[fault].code;
}

const char *sqs_fault_name(enum sqs_fault fault)
{
    return faults[fault].name;
}

enum err sqs_fail(struct sqs_call *call, enum sqs_fault fault, const char *format, ...)
{
    char words[ERR_WORDS_MAX];
    struct buf buf;
    va_list args;
    buf_init_fixed(&buf, words, sizeof words);
    va_start(args, format);
    buf_addv(&buf, format, args);
    va_end(args);
    call->fault = fault;
    return err_input(&call->ctx->err, "", STR_FMT, STR_ARG(buf_str(&buf)));
}

enum err sqs_refused(struct sqs_call *call, enum err err)
{
    struct err_record *record = &call->ctx->err;
    if (err != ERR_INPUT && err != ERR_LIMIT)
        return err;
    struct err_record found = *record;
    return sqs_fail(call, SQS_BAD_VALUE, "%s%s%s", found.field, found.field[0] ? ": " : "",
                    found.user);
}
