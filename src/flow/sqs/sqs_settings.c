/* A queue's attributes, as SQS names them. */
#include <stddef.h>

#include "flow/sqs/sqs_inside.h"

enum { NUMBER_TEXT = 24, POLICY_MAX = 512, ARN_MAX = 256 };

static const char redrive[] = "RedrivePolicy";

/* Those that are numbers of the options. Bounds as SQS has them are the queue's own to check. */
static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
    {"VisibilityTimeout", offsetof(struct queue_options, visibility_s)},
    {"DelaySeconds", offsetof(struct queue_options, delay_s)},
    {"MessageRetentionPeriod", offsetof(struct queue_options, retention_s)},
    {"ReceiveMessageWaitTimeSeconds", offsetof(struct queue_options, wait_s)},
    {"MaximumMessageSize", offsetof(struct queue_options, body_max)},
};
static const struct {
    const char *name;
    size_t offset;
} switches[] = {
    {"FifoQueue", offsetof(struct queue_options, fifo)},
    {"ContentBasedDeduplication", offsetof(struct queue_options, by_body)},
};

/* What has one value here: whoever asks for that gets it, and nobody believes to have another. */
static const struct {
    const char *name, *value;
    bool fifo; /* of such queues alone */
} constants[] = {
    {"SqsManagedSseEnabled", "false", false},
    {"KmsMasterKeyId", "", false},
    {"Policy", "", false},
    {"RedriveAllowPolicy", "", false},
    {"DeduplicationScope", "queue", true},
    {"FifoThroughputLimit", "perQueue", true},
};

enum {
    NUMBERS = sizeof numbers / sizeof *numbers,
    SWITCHES = sizeof switches / sizeof *switches,
    CONSTANTS = sizeof constants / sizeof *constants
};

static int64_t *number_of(struct queue_options *options, size_t i)
{
    return (int64_t *)((char *)options + numbers[i].offset);
}

static bool *switch_of(struct queue_options *options, size_t i)
{
    return (bool *)((char *)options + switches[i].offset);
}

static enum err wrong_value(struct sqs_call *call, const char *name)
{
    return sqs_fail(call, SQS_BAD_SETTING, "Invalid value for the parameter %s.", name);
}

/* {"deadLetterTargetArn":"arn:…:orders-dead","maxReceiveCount":5}, the count maybe as text. */
static enum err set_redrive(struct sqs_call *call, struct str text, struct queue_options *options)
{
    struct json *policy = NULL;
    struct str arn, part, count;
    options->dead = (struct str){0};
    options->receives_max = 0;
    if (!text.len)
        return ERR_OK;
    if (json_read(call->ctx, text, &policy) ||
        json_str(json_get(policy, "deadLetterTargetArn"), &arn))
        return wrong_value(call, redrive);
    const struct json *times = json_get(policy, "maxReceiveCount");
    bool is_number = !json_int(times, &options->receives_max);
    if (!is_number && (json_str(times, &count) ||
                       str_to_int(count, 1, QUEUE_RECEIVES_MAX, &options->receives_max)))
        return wrong_value(call, redrive);
    while (str_cut(&arn, ':', &part))
        options->dead = part;
    return options->dead.len ? ERR_OK : wrong_value(call, redrive);
}

static enum err set_one(struct sqs_call *call, struct str name, struct str value,
                        struct queue_options *options)
{
    for (size_t i = 0; i < NUMBERS; i++)
        if (str_equal(name, str_from(numbers[i].name)))
            return str_to_int(value, 0, INT32_MAX, number_of(options, i))
                       ? wrong_value(call, numbers[i].name)
                       : ERR_OK;
    for (size_t i = 0; i < SWITCHES; i++)
        if (str_equal(name, str_from(switches[i].name))) {
            *switch_of(options, i) = str_equal(value, STR("true"));
            bool is_one = str_equal(value, STR("true")) || str_equal(value, STR("false"));
            return is_one ? ERR_OK : wrong_value(call, switches[i].name);
        }
    for (size_t i = 0; i < CONSTANTS; i++)
        if (str_equal(name, str_from(constants[i].name)))
            return str_equal(value, str_from(constants[i].value))
                       ? ERR_OK
                       : sqs_fail(call, SQS_UNSUPPORTED, "%s can only be \"%s\" here.",
                                  constants[i].name, constants[i].value);
    if (str_equal(name, str_from(redrive)))
        return set_redrive(call, value, options);
    return sqs_fail(call, SQS_BAD_NAME, "Unknown Attribute " STR_FMT ".", STR_ARG(name));
}

enum err sqs_set_options(struct sqs_call *call, const struct json *attributes,
                         struct queue_options *options)
{
    for (const struct json *each = attributes ? attributes->first : NULL; each; each = each->next) {
        struct str value;
        if (json_str(each, &value))
            return sqs_fail(call, SQS_NO_JSON, STR_FMT " must be a string.", STR_ARG(each->name));
        TRY(set_one(call, each->name, value, options));
    }
    return ERR_OK;
}

struct telling {
    struct sqs_call *call;
    const struct json *names;
};

static bool is_wanted(const struct json *names, const char *name)
{
    struct str each;
    for (const struct json *at = names ? names->first : NULL; at; at = at->next)
        if (!json_str(at, &each) &&
            (str_equal(each, STR("All")) || str_equal(each, str_from(name))))
            return true;
    return false;
}

static void tell_text(const struct telling *telling, const char *name, struct str value)
{
    if (is_wanted(telling->names, name))
        sqs_add_text(telling->call, name, value);
}

static void tell_number(const struct telling *telling, const char *name, int64_t number)
{
    char bytes[NUMBER_TEXT];
    struct buf text;
    buf_init_fixed(&text, bytes, sizeof bytes);
    buf_add_int(&text, number);
    tell_text(telling, name, buf_str(&text));
}

static void tell_redrive(const struct telling *telling, const struct queue_options *options)
{
    char policy_bytes[POLICY_MAX];
    struct buf policy;
    if (!options->dead.len)
        return;
    buf_init_fixed(&policy, policy_bytes, sizeof policy_bytes);
    buf_addf(&policy, "{\"deadLetterTargetArn\":\"" SQS_ARN STR_FMT "\",\"maxReceiveCount\":%lld}",
             STR_ARG(options->dead), (long long)options->receives_max);
    tell_text(telling, redrive, buf_str(&policy));
}

void sqs_add_options(struct sqs_call *call, const struct json *names, const struct queue *queue,
                     const struct queue_counts *counts)
{
    const struct telling telling = {call, names};
    struct queue_options options = queue->is;
    char arn_bytes[ARN_MAX];
    struct buf arn;
    buf_init_fixed(&arn, arn_bytes, sizeof arn_bytes);
    buf_addf(&arn, SQS_ARN STR_FMT, STR_ARG(options.name));
    tell_text(&telling, "QueueArn", buf_str(&arn));
    tell_number(&telling, "CreatedTimestamp", queue->made_us / SECOND_US);
    tell_number(&telling, "LastModifiedTimestamp", queue->changed_us / SECOND_US);
    tell_number(&telling, "ApproximateNumberOfMessages", counts->visible);
    tell_number(&telling, "ApproximateNumberOfMessagesNotVisible", counts->in_flight);
    tell_number(&telling, "ApproximateNumberOfMessagesDelayed", counts->delayed);
    for (size_t i = 0; i < NUMBERS; i++)
        tell_number(&telling, numbers[i].name, *number_of(&options, i));
    for (size_t i = 0; i < SWITCHES && options.fifo; i++)
        tell_text(&telling, switches[i].name, *switch_of(&options, i) ? STR("true") : STR("false"));
    for (size_t i = 0; i < CONSTANTS; i++)
        if (constants[i].value[0] && (options.fifo || !constants[i].fifo))
            tell_text(&telling, constants[i].name, str_from(constants[i].value));
    tell_redrive(&telling, &options);
}
