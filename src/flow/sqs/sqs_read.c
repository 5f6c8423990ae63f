/* Reads what an action of SQS is asked with, and says what is wrong with it. */
#include "base/base64.h"
#include "flow/sqs/sqs_inside.h"

enum { LIST_MAX = 1000, URL_MAX = 2048 };

static enum err wrong_kind(struct sqs_call *call, const char *name)
{
    return sqs_fail(call, SQS_NO_JSON, "%s is of the wrong type.", name);
}

enum err sqs_get_text(struct sqs_call *call, const struct json *from, const char *name,
                      struct str *text)
{
    const struct json *member = json_get(from, name);
    *text = (struct str){0};
    if (!member || member->kind == JSON_NULL)
        return ERR_OK;
    return json_str(member, text) ? wrong_kind(call, name) : ERR_OK;
}

enum err sqs_need_text(struct sqs_call *call, const struct json *from, const char *name,
                       struct str *text)
{
    TRY(sqs_get_text(call, from, name, text));
    return text->len
               ? ERR_OK
               : sqs_fail(call, SQS_NO_VALUE, "The request must contain the parameter %s.", name);
}

enum err sqs_get_int(struct sqs_call *call, const struct json *from, const char *name,
                     struct sqs_range range, int64_t *number)
{
    const struct json *member = json_get(from, name);
    *number = range.absent;
    if (!member || member->kind == JSON_NULL)
        return ERR_OK;
    if (json_int(member, number))
        return wrong_kind(call, name);
    if (*number >= range.min && *number <= range.max)
        return ERR_OK;
    return sqs_fail(call, SQS_BAD_VALUE,
                    "Value %lld for parameter %s is invalid. Reason: Must be between %lld and "
                    "%lld, if provided.",
                    (long long)*number, name, (long long)range.min, (long long)range.max);
}

enum err sqs_get_tree(struct sqs_call *call, const struct json *from, const char *name,
                      enum json_kind kind, const struct json **tree)
{
    const struct json *member = json_get(from, name);
    *tree = member && member->kind != JSON_NULL ? member : NULL;
    return *tree && member->kind != kind ? wrong_kind(call, name) : ERR_OK;
}

/* What stands behind the last one of these. */
static struct str behind_last(struct str text, char separator)
{
    struct str part = {0};
    while (str_cut(&text, separator, &part))
        ;
    return part;
}

enum err sqs_name(struct sqs_call *call, struct str *name)
{
    struct str url;
    TRY(sqs_need_text(call, call->asked, "QueueUrl", &url));
    *name = behind_last(url, '/');
    return ERR_OK;
}

enum err sqs_name_of_arn(struct sqs_call *call, const char *member, struct str *name)
{
    struct str arn;
    TRY(sqs_need_text(call, call->asked, member, &arn));
    *name = behind_last(arn, ':');
    return str_starts(arn, STR("arn:aws:sqs:"))
               ? ERR_OK
               : sqs_fail(call, SQS_BAD_VALUE, "%s must be the ARN of a queue.", member);
}

enum err sqs_no_queue(struct sqs_call *call, enum err err)
{
    return err == ERR_MISSING ? sqs_fail(call, SQS_NO_QUEUE, "The specified queue does not exist.")
                              : err;
}

void sqs_add_text(struct sqs_call *call, const char *name, struct str text)
{
    json_key(&call->out, str_from(name));
    json_add_str(&call->out, text);
}

/* As the asker reaches us: what they were told is where they come back to. */
static void add_url(struct sqs_call *call, struct str queue)
{
    char bytes[URL_MAX];
    struct buf url;
    buf_init_fixed(&url, bytes, sizeof bytes);
    buf_addf(&url, "%s://" STR_FMT "/sqs/" SQS_ACCOUNT "/" STR_FMT,
             call->request->secure ? "https" : "http", STR_ARG(call->request->head->host),
             STR_ARG(queue));
    json_add_str(&call->out, buf_str(&url));
}

void sqs_add_url(struct sqs_call *call, const char *name, struct str queue)
{
    json_key(&call->out, str_from(name));
    add_url(call, queue);
}

enum err sqs_get_page(struct sqs_call *call, struct sqs_page *page)
{
    struct str token;
    TRY(sqs_get_int(call, call->asked, "MaxResults", (struct sqs_range){1, LIST_MAX, 0},
                    &page->max));
    TRY(sqs_get_text(call, call->asked, "NextToken", &token));
    page->pages = page->max > 0;
    page->max = page->pages ? page->max : LIST_MAX;
    enum err err = base64_read(call->ctx->arena, token, &page->after);
    if (err == ERR_MEMORY)
        return err_memory(&call->ctx->err);
    return err ? sqs_fail(call, SQS_BAD_VALUE, "NextToken is none that was given out.") : ERR_OK;
}

/* One more than the page was looked for, to know whether there is another. */
void sqs_add_queues(struct sqs_call *call, const char *name, const struct sqs_page *page,
                    const struct queue_list *found)
{
    size_t count = found->count > (size_t)page->max ? (size_t)page->max : found->count;
    char bytes[2 * QUEUE_NAME_MAX];
    struct buf token;
    json_key(&call->out, str_from(name));
    json_begin_array(&call->out);
    for (size_t i = 0; i < count; i++)
        add_url(call, found->list[i].is.name);
    json_end_array(&call->out);
    if (!page->pages || count == found->count)
        return;
    buf_init_fixed(&token, bytes, sizeof bytes);
    base64_add(&token, found->list[count - 1].is.name);
    sqs_add_text(call, "NextToken", buf_str(&token));
}
