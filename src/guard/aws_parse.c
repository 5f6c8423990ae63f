/* Reads what Authorization says of a signature, and writes what was signed. */
#include "guard/aws.h"

#include "base/percent.h"

enum { HEX_LEN = SIGV4_HEX - 1 };

static bool is_made_of(struct str text, const char *from, size_t max)
{
    for (size_t i = 0; i < text.len; i++)
        if (str_find_char(str_from(from), text.ptr[i]) == STR_NONE)
            return false;
    return text.len > 0 && text.len <= max;
}

static const char digits[] = "0123456789", hex[] = "0123456789abcdef";
static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
static const char id[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

/* key_01K…/20261121/us-east-1/sqs/aws4_request */
static bool parse_credential(struct str text, struct aws *aws)
{
    struct str end;
    bool whole = str_cut(&text, '/', &aws->key) && str_cut(&text, '/', &aws->day) &&
                 str_cut(&text, '/', &aws->scope.region) &&
                 str_cut(&text, '/', &aws->scope.service) && str_cut(&text, '/', &end) && !text.ptr;
    return whole && is_made_of(aws->key, id, AWS_NAME_MAX) &&
           is_made_of(aws->day, digits, SIGV4_DAY_LEN) && aws->day.len == SIGV4_DAY_LEN &&
           is_made_of(aws->scope.region, plain, AWS_NAME_MAX) &&
           is_made_of(aws->scope.service, plain, AWS_NAME_MAX) && str_equal(end, STR(SIGV4_END));
}

/* In their order, each once: there is one way to write what was signed. */
static bool parse_names(struct str text, struct aws *aws)
{
    struct str rest = text, name, before = {0};
    aws->names = text;
    while (str_cut(&rest, ';', &name)) {
        if (!is_made_of(name, plain, AWS_NAME_MAX) || str_compare(before, name) >= 0)
            return false;
        before = name;
    }
    return aws_names(aws, STR("host")) && aws_names(aws, STR("x-amz-date"));
}

static bool parse_signature(struct str text, struct aws *aws)
{
    aws->signature = text;
    return text.len == HEX_LEN && is_made_of(text, hex, HEX_LEN);
}

bool aws_parse(struct str authorization, struct aws *aws)
{
    static const struct {
        struct str name;
        bool (*parse)(struct str text, struct aws *aws);
    } parts[] = {{{"Credential", 10}, parse_credential},
                 {{"SignedHeaders", 13}, parse_names},
                 {{"Signature", 9}, parse_signature}};
    enum { COUNT = sizeof parts / sizeof *parts };
    const struct str algorithm = STR(SIGV4_ALGORITHM " ");
    struct str rest = str_slice(authorization, algorithm.len, authorization.len), part, name = {0};
    unsigned found = 0;
    *aws = (struct aws){0};
    if (!str_starts(authorization, algorithm))
        return false;
    while (str_cut(&rest, ',', &part)) {
        part = str_trim(part);
        str_cut(&part, '=', &name);
        for (unsigned i = 0; i < COUNT; i++)
            if (str_equal(name, parts[i].name) && !(found & 1U << i) && parts[i].parse(part, aws))
                found |= 1U << i;
    }
    return found == (1U << COUNT) - 1;
}

bool aws_names(const struct aws *aws, struct str name)
{
    struct str rest = aws->names, each;
    while (str_cut(&rest, ';', &each))
        if (str_equal_nocase(each, name))
            return true;
    return false;
}

struct pair {
    struct str name, value;
};

static bool stands_before(const struct pair *a, const struct pair *b)
{
    int order = str_compare(a->name, b->name);
    return order < 0 || (order == 0 && str_compare(a->value, b->value) < 0);
}

static void add_query(struct buf *out, struct str query)
{
    struct pair pairs[AWS_PAIRS_MAX], pair = {0};
    size_t count = 0;
    while (query.len && str_cut(&query, '&', &pair.value)) {
        size_t at = count;
        str_cut(&pair.value, '=', &pair.name);
        if (count++ == AWS_PAIRS_MAX) {
            buf_fail(out, ERR_LIMIT);
            return;
        }
        for (; at > 0 && stands_before(&pair, &pairs[at - 1]); at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = pair;
    }
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s" STR_FMT "=" STR_FMT, i ? "&" : "", STR_ARG(pairs[i].name),
                 STR_ARG(pairs[i].value));
}

/* Several spaces in a row count as one. */
static void add_value(struct buf *out, struct str value)
{
    value = str_trim(value);
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != ' ' || value.ptr[i - 1] != ' ')
            buf_addc(out, value.ptr[i]);
}

static void add_header(struct buf *out, const struct http_head *head, struct str name)
{
    bool first = true;
    buf_add(out, name);
    buf_addc(out, ':');
    for (size_t i = 0; i < head->header_count; i++) {
        if (!str_equal_nocase(head->headers[i].name, name))
            continue;
        buf_add(out, first ? STR("") : STR(","));
        add_value(out, head->headers[i].value);
        first = false;
    }
    buf_addc(out, '\n');
}

void aws_add_asked(struct buf *out, const struct http_head *head, struct str names,
                   const char *body_hash)
{
    struct str rest = names, name;
    buf_addf(out, "%s\n", http_method_name(head->method));
    percent_add(out, head->path, "/"); /* what was encoded on its way is so once more */
    buf_addc(out, '\n');
    add_query(out, head->query);
    buf_addc(out, '\n');
    while (str_cut(&rest, ';', &name))
        add_header(out, head, name);
    buf_addf(out, "\n" STR_FMT "\n%s", STR_ARG(names), body_hash);
}
