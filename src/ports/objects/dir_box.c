/* How an object is written: its own key, the pieces, and the header. */
#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "ports/objects/dir_inside.h"

static const char magic[8] = "stoaobj1";

enum { KEY_AT = 8, LEN_AT = 12, SALT_AT = 16 };

static void derive(struct dir_box *box, const struct objects_store *store, struct str name)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, box->key_number ? store->keys[box->key_number - 1] : NULL,
                            box->key_number ? OBJECTS_KEY_BYTES : 0, sizeof box->key);
    crypto_generichash_update(&state, box->salt, sizeof box->salt);
    crypto_generichash_update(&state, (const unsigned char *)name.ptr, name.len);
    crypto_generichash_final(&state, box->key, sizeof box->key);
}

void dir_box_init(struct dir_box *box, const struct objects_store *store, struct str name)
{
    box->key_number = store->seals ? store->key_count : 0;
    randombytes_buf(box->salt, sizeof box->salt);
    derive(box, store, name);
}

/* Never twice with one key: each piece has its number, each file its key. */
static void make_nonce(uint64_t number,
                       unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES])
{
    memset(nonce, 0, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    memcpy(nonce, &number, sizeof number);
}

static void hash_piece(const struct dir_box *box, uint64_t number, const char *bytes, size_t len,
                       unsigned char tag[DIR_TAG])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, box->key, sizeof box->key, DIR_TAG);
    crypto_generichash_update(&state, (const unsigned char *)&number, sizeof number);
    crypto_generichash_update(&state, (const unsigned char *)bytes, len);
    crypto_generichash_final(&state, tag, DIR_TAG);
}

void dir_box_close(const struct dir_box *box, uint64_t number, char *bytes, size_t len)
{
    unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    unsigned char *piece = (unsigned char *)bytes, *tag = piece + len;
    make_nonce(number, nonce);
    if (box->key_number)
        crypto_aead_xchacha20poly1305_ietf_encrypt_detached(piece, tag, NULL, piece, len, NULL, 0,
                                                            NULL, nonce, box->key);
    else
        hash_piece(box, number, bytes, len, tag);
}

bool dir_box_open(const struct dir_box *box, uint64_t number, char *bytes, size_t len)
{
    unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES], tag[DIR_TAG];
    unsigned char *piece = (unsigned char *)bytes;
    make_nonce(number, nonce);
    if (box->key_number)
        return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
                   piece, NULL, piece, len, piece + len, NULL, 0, nonce, box->key) == 0;
    hash_piece(box, number, bytes, len, tag);
    return sodium_memcmp(tag, piece + len, DIR_TAG) == 0;
}

/* The header's fields one after the other: numbers in eight bytes, texts behind their length. */
static void add_number(struct buf *out, int64_t number)
{
    buf_add(out, str_make((const char *)&number, sizeof number));
}

static void add_text(struct buf *out, struct str text)
{
    buf_addc(out, (char)(unsigned char)text.len);
    buf_add(out, text);
}

size_t dir_head_len(const struct objects_info *info)
{
    size_t len = 2 * sizeof(int64_t) + 1 + DIR_ID_MAX - 1 + 1 + info->type.len + 1;
    for (size_t i = 0; i < info->meta_count; i++)
        len += 2 + info->meta[i].name.len + info->meta[i].value.len;
    return DIR_PREAMBLE + len + DIR_TAG;
}

static void write_fields(struct buf *out, const struct objects_info *info)
{
    char version[DIR_ID_MAX - 1] = {0};
    memcpy(version, info->version.ptr, info->version.len);
    add_number(out, info->size);
    add_number(out, info->changed_us);
    add_text(out, str_make(version, sizeof version)); /* its place is the same for all */
    add_text(out, info->type);
    buf_addc(out, (char)info->meta_count);
    for (size_t i = 0; i < info->meta_count; i++) {
        add_text(out, info->meta[i].name);
        add_text(out, info->meta[i].value);
    }
}

void dir_head_write(const struct dir_box *box, const struct objects_info *info, char *bytes)
{
    size_t head_len = dir_head_len(info);
    uint32_t len = (uint32_t)(head_len - DIR_PREAMBLE - DIR_TAG);
    struct buf out;
    ASSERT(head_len <= DIR_HEADER_MAX && info->version.len <= DIR_ID_MAX - 1);
    memset(bytes, 0, DIR_PREAMBLE);
    memcpy(bytes, magic, sizeof magic);
    bytes[KEY_AT] = (char)box->key_number;
    memcpy(bytes + LEN_AT, &len, sizeof len);
    memcpy(bytes + SALT_AT, box->salt, sizeof box->salt);
    buf_init_fixed(&out, bytes + DIR_PREAMBLE, len);
    write_fields(&out, info);
    ASSERT(!buf_err(&out) && out.len == len);
    dir_box_close(box, DIR_HEADER, bytes + DIR_PREAMBLE, len);
}

enum err dir_damaged(struct ctx *ctx, struct str name, const char *what)
{
    return err_fail(&ctx->err, ERR_IO, "This file is damaged and cannot be read.",
                    "the object " STR_FMT " %s", STR_ARG(name), what);
}

/* Reads what write_fields wrote. It was checked by its tag: a shorter one is our own mistake, and
 * found all the same. */
struct fields {
    struct str rest;
    bool bad;
};

static struct str next_bytes(struct fields *fields, size_t len)
{
    struct str bytes = str_slice(fields->rest, 0, len);
    fields->bad |= bytes.len < len;
    fields->rest = str_slice(fields->rest, len, fields->rest.len);
    return bytes;
}

static int64_t next_number(struct fields *fields)
{
    int64_t number = 0;
    struct str bytes = next_bytes(fields, sizeof number);
    if (bytes.len == sizeof number)
        memcpy(&number, bytes.ptr, sizeof number);
    return number;
}

static size_t next_count(struct fields *fields)
{
    struct str byte = next_bytes(fields, 1);
    return byte.len ? (unsigned char)byte.ptr[0] : 0;
}

static struct str next_text(struct fields *fields)
{
    return next_bytes(fields, next_count(fields));
}

static bool read_fields(struct str bytes, struct objects_info *info)
{
    struct fields fields = {.rest = bytes};
    info->size = next_number(&fields);
    info->changed_us = next_number(&fields);
    info->version = next_text(&fields);
    while (info->version.len && !info->version.ptr[info->version.len - 1])
        info->version.len--;
    info->type = next_text(&fields);
    info->meta_count = next_count(&fields);
    if (info->meta_count > OBJECTS_META_MAX)
        return false;
    for (size_t i = 0; i < info->meta_count; i++) {
        info->meta[i].name = next_text(&fields);
        info->meta[i].value = next_text(&fields);
    }
    info->etag = info->version;
    return !fields.bad && !fields.rest.len && info->size >= 0 && info->size <= OBJECTS_SIZE_MAX;
}

void dir_head_fields(const char *bytes, size_t head_len, struct objects_info *info)
{
    struct str fields = str_make(bytes + DIR_PREAMBLE, head_len - DIR_PREAMBLE - DIR_TAG);
    bool fine = read_fields(fields, info);
    ASSERT(fine);
}

enum err dir_head_read(struct objects_store *store, struct ctx *ctx, struct str name, char *bytes,
                       size_t len, struct dir_box *box, struct objects_info *info, size_t *head_len)
{
    uint32_t fields_len = 0;
    struct str fields;
    if (len < DIR_PREAMBLE || memcmp(bytes, magic, sizeof magic) != 0)
        return dir_damaged(ctx, name, "does not begin as one");
    box->key_number = (unsigned char)bytes[KEY_AT];
    if (box->key_number > store->key_count || (!box->key_number && store->seals))
        return dir_damaged(ctx, name,
                           box->key_number ? "is sealed with a key that is not known"
                                           : "is not sealed, as all in this store has to be");
    memcpy(&fields_len, bytes + LEN_AT, sizeof fields_len);
    memcpy(box->salt, bytes + SALT_AT, sizeof box->salt);
    *head_len = DIR_PREAMBLE + (size_t)fields_len + DIR_TAG;
    derive(box, store, name);
    if (*head_len > DIR_HEADER_MAX || *head_len > len ||
        !dir_box_open(box, DIR_HEADER, bytes + DIR_PREAMBLE, fields_len))
        return dir_damaged(ctx, name, "has a header that is not as it was written");
    if (str_copy(ctx->arena, str_make(bytes + DIR_PREAMBLE, fields_len), &fields) ||
        str_copy(ctx->arena, name, &info->name))
        return err_memory(&ctx->err);
    if (!read_fields(fields, info))
        return dir_damaged(ctx, name, "has a header that cannot be");
    return ERR_OK;
}
