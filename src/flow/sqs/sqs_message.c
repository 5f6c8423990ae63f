/* Message attributes: read, summed, kept and written. */
#include "flow/sqs/sqs_message.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

enum { TRANSPORT_TEXT = 1, TRANSPORT_BINARY = 2, LENGTH_SIZE = 4 };

static void hex_of(EVP_MD_CTX *sum, char md5[SQS_MD5_TEXT])
{
    unsigned char hash[EVP_MAX_MD_SIZE] = {0};
    unsigned int len = 0;
    if (sum)
        EVP_DigestFinal_ex(sum, hash, &len);
    sodium_bin2hex(md5, SQS_MD5_TEXT, hash, (SQS_MD5_TEXT - 1) / 2);
    EVP_MD_CTX_free(sum);
}

static EVP_MD_CTX *begin_sum(void)
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    if (sum)
        EVP_DigestInit_ex(sum, EVP_md5(), NULL);
    return sum;
}

static void add(EVP_MD_CTX *sum, struct str bytes)
{
    if (sum)
        EVP_DigestUpdate(sum, bytes.ptr, bytes.len);
}

void sqs_md5(struct str bytes, char md5[SQS_MD5_TEXT])
{
    EVP_MD_CTX *sum = begin_sum();
    add(sum, bytes);
    hex_of(sum, md5);
}

static void add_with_length(EVP_MD_CTX *sum, struct str bytes)
{
    char length[LENGTH_SIZE];
    for (int i = 0; i < LENGTH_SIZE; i++)
        length[i] = (char)(unsigned char)(bytes.len >> 8 * (LENGTH_SIZE - 1 - i) & 0xff);
    add(sum, str_make(length, sizeof length));
    add(sum, bytes);
}

void sqs_attributes_md5(const struct sqs_attributes *attributes, char md5[SQS_MD5_TEXT])
{
    EVP_MD_CTX *sum = begin_sum();
    for (size_t i = 0; i < attributes->count; i++) {
        const struct sqs_attribute *each = &attributes->list[i];
        const char transport = each->is_binary ? TRANSPORT_BINARY : TRANSPORT_TEXT;
        add_with_length(sum, each->name);
        add_with_length(sum, each->type);
        add(sum, str_make(&transport, 1));
        add_with_length(sum, each->bytes);
    }
    hex_of(sum, md5);
}

size_t sqs_attributes_size(const struct sqs_attributes *attributes)
{
    size_t size = 0;
    for (size_t i = 0; i < attributes->count; i++)
        size += attributes->list[i].name.len + attributes->list[i].type.len +
                attributes->list[i].bytes.len;
    return size;
}

static bool is_name(struct str name)
{
    struct str rest = name, part;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("-_.", c))))
            return false;
    }
    while (str_cut(&rest, '.', &part))
        if (!part.len)
            return false;
    return name.len > 0 && name.len <= SQS_ATTRIBUTE_NAME_MAX &&
           !str_equal_nocase(str_slice(name, 0, 4), STR("AWS.")) &&
           !str_equal_nocase(str_slice(name, 0, 7), STR("Amazon."));
}

static enum err wrong(struct sqs_call *call, struct str name, const char *why)
{
    return sqs_fail(call, SQS_BAD_VALUE, "The message attribute '" STR_FMT "' %s.", STR_ARG(name),
                    why);
}

static enum err read_binary(struct sqs_call *call, struct sqs_attribute *attribute)
{
    char *bytes = arena_bytes(call->ctx->arena, attribute->text.len + 1);
    size_t len = 0;
    if (!bytes)
        return err_memory(&call->ctx->err);
    if (sodium_base642bin((unsigned char *)bytes, attribute->text.len + 1, attribute->text.ptr,
                          attribute->text.len, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL))
        return wrong(call, attribute->name, "has a BinaryValue that is no base64");
    attribute->bytes = str_make(bytes, len);
    return ERR_OK;
}

/* "Number" and "Number.price" alike. */
static bool is_type(struct str type, struct str of)
{
    struct str rest = type, head = {0};
    str_cut(&rest, '.', &head);
    return str_equal(head, of);
}

static enum err read_one(struct sqs_call *call, const struct json *tree,
                         struct sqs_attribute *attribute)
{
    *attribute = (struct sqs_attribute){.name = tree->name};
    if (!is_name(tree->name))
        return wrong(call, tree->name, "has a name that cannot be");
    TRY(sqs_get_text(call, tree, "DataType", &attribute->type));
    attribute->is_binary = is_type(attribute->type, STR("Binary"));
    if (!attribute->is_binary && !is_type(attribute->type, STR("String")) &&
        !is_type(attribute->type, STR("Number")))
        return wrong(call, tree->name,
                     "has an invalid message attribute type, the set of supported type prefixes is "
                     "Binary, Number, and String");
    TRY(sqs_get_text(call, tree, attribute->is_binary ? "BinaryValue" : "StringValue",
                     &attribute->text));
    if (!attribute->text.len)
        return wrong(call, tree->name, "must contain a non-empty value of its type");
    attribute->bytes = attribute->text;
    return attribute->is_binary ? read_binary(call, attribute) : ERR_OK;
}

enum err sqs_attributes_read(struct sqs_call *call, const struct json *tree,
                             struct sqs_attributes *attributes)
{
    attributes->count = 0;
    if (tree && tree->count > SQS_ATTRIBUTES_MAX)
        return sqs_fail(call, SQS_BAD_VALUE,
                        "Number of message attributes [%u] exceeds the allowed maximum [%d].",
                        tree->count, SQS_ATTRIBUTES_MAX);
    for (const struct json *each = tree ? tree->first : NULL; each; each = each->next) {
        struct sqs_attribute one;
        size_t at = attributes->count++;
        TRY(read_one(call, each, &one));
        for (; at > 0 && str_compare(one.name, attributes->list[at - 1].name) < 0; at--)
            attributes->list[at] = attributes->list[at - 1];
        attributes->list[at] = one;
    }
    return ERR_OK;
}

void sqs_attributes_write(struct json_writer *w, const struct sqs_attributes *attributes)
{
    json_begin_object(w);
    for (size_t i = 0; i < attributes->count; i++) {
        const struct sqs_attribute *each = &attributes->list[i];
        json_key(w, each->name);
        json_begin_object(w);
        json_key(w, STR("DataType"));
        json_add_str(w, each->type);
        json_key(w, each->is_binary ? STR("BinaryValue") : STR("StringValue"));
        json_add_str(w, each->text);
        json_end_object(w);
    }
    json_end_object(w);
}

enum err sqs_kept_write(struct ctx *ctx, const struct sqs_attributes *attributes, struct str trace,
                        struct str *kept)
{
    struct buf out;
    struct json_writer w;
    *kept = (struct str){0};
    if (!attributes->count && !trace.len)
        return ERR_OK;
    buf_init(&out, ctx->arena, SQS_BODY_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("attributes"));
    sqs_attributes_write(&w, attributes);
    if (trace.len) {
        json_key(&w, STR("trace"));
        json_add_str(&w, trace);
    }
    json_end_object(&w);
    *kept = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err sqs_kept_read(struct sqs_call *call, struct str kept, struct sqs_attributes *attributes,
                       struct str *trace)
{
    struct json *root = NULL;
    attributes->count = 0;
    *trace = (struct str){0};
    enum err err = kept.len ? json_read(call->ctx, kept, &root) : ERR_INPUT;
    if (!err)
        err = sqs_attributes_read(call, json_get(root, "attributes"), attributes);
    if (err == ERR_MEMORY)
        return err;
    if (err)
        attributes->count = 0;
    else
        (void)json_str(json_get(root, "trace"), trace);
    call->fault = SQS_FINE;
    err_clear(&call->ctx->err);
    return ERR_OK;
}
