/* The sealed form of a vault: what lies on the disk.
 *
 *     "STOASEC1"  id of the master key (16)  count (4)
 *     count times: kind (1)  name's length (1)  name  version (4)  set_us (8)
 *                  value's length (4)  nonce (24)  sealed value (its length + 16)
 *     authentication of all that stands before it (32)
 *
 * Numbers are little-endian. A value is sealed with XChaCha20-Poly1305 over what stands before it
 * in its entry, so that it opens nowhere else; the authentication at the end (keyed BLAKE2b) finds
 * out entries that are missing, doubled, moved, or from another day. */
#include <endian.h>
#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "ports/secrets/secrets_inside.h"

enum {
    MAGIC_SIZE = 8,
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PROOF_SIZE = crypto_generichash_BYTES,
    HEAD_SIZE = MAGIC_SIZE + SEALED_ID_SIZE + 4,
};

static const char magic[MAGIC_SIZE + 1] = "STOASEC1";

/* What a master key is used for. Never renumbered. */
enum use { USE_ID = 1, USE_SEAL = 2, USE_PROVE = 3 };

static void derive(const uint8_t master[MASTER_SIZE], enum use use, uint8_t *key, size_t size)
{
    _Static_assert(MASTER_SIZE == crypto_kdf_KEYBYTES, "it is what keys are derived from");
    crypto_kdf_derive_from_key(key, size, use, "stoaseal", master);
}

void secrets_sealed_id(const uint8_t master[MASTER_SIZE], uint8_t id[SEALED_ID_SIZE])
{
    derive(master, USE_ID, id, SEALED_ID_SIZE);
}

bool secrets_sealed_is_under(struct str bytes, const uint8_t master[MASTER_SIZE])
{
    uint8_t id[SEALED_ID_SIZE];
    secrets_sealed_id(master, id);
    return bytes.len >= HEAD_SIZE && memcmp(bytes.ptr + MAGIC_SIZE, id, sizeof id) == 0;
}

static void compute_proof(const uint8_t master[MASTER_SIZE], struct str bytes,
                          uint8_t proof[PROOF_SIZE])
{
    uint8_t key[crypto_generichash_KEYBYTES];
    derive(master, USE_PROVE, key, sizeof key);
    crypto_generichash(proof, PROOF_SIZE, (const uint8_t *)bytes.ptr, bytes.len, key, sizeof key);
    sodium_memzero(key, sizeof key);
}

void secrets_sealed_prove(const uint8_t master[MASTER_SIZE], struct buf *sealed)
{
    ASSERT(sealed->len >= PROOF_SIZE);
    size_t proven = sealed->len - PROOF_SIZE;
    compute_proof(master, str_make(sealed->ptr, proven), (uint8_t *)sealed->ptr + proven);
}

static void add_bytes(struct buf *out, const void *bytes, size_t size)
{
    buf_add(out, str_make(bytes, size));
}

static void add_u32(struct buf *out, size_t number)
{
    uint32_t bytes = htole32((uint32_t)number);
    add_bytes(out, &bytes, sizeof bytes);
}

static void add_entry(const struct vault *vault, const struct vault_entry *entry, struct ctx *ctx,
                      const uint8_t key[], struct buf *out)
{
    size_t begin = out->len, name_len = strlen(entry->name);
    uint64_t set_us = htole64((uint64_t)entry->set_us);
    uint8_t nonce[NONCE_SIZE];
    rand_fill(ctx->rand, nonce, sizeof nonce);
    buf_addc(out, (char)entry->kind);
    buf_addc(out, (char)name_len);
    add_bytes(out, entry->name, name_len);
    add_u32(out, entry->version);
    add_bytes(out, &set_us, sizeof set_us);
    add_u32(out, entry->len);
    size_t labelled = out->len - begin;
    add_bytes(out, nonce, sizeof nonce);
    if (!buf_reserve(out, entry->len + TAG_SIZE))
        return;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        (uint8_t *)out->ptr + out->len, NULL, (const uint8_t *)vault->values + entry->at,
        entry->len, (const uint8_t *)out->ptr + begin, labelled, NULL, nonce, key);
    out->len += entry->len + TAG_SIZE;
}

enum err secrets_sealed_write(const struct vault *vault, struct ctx *ctx,
                              const uint8_t master[MASTER_SIZE], struct buf *out)
{
    uint8_t id[SEALED_ID_SIZE], key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    static const char proof[PROOF_SIZE];
    secrets_sealed_id(master, id);
    derive(master, USE_SEAL, key, sizeof key);
    add_bytes(out, magic, MAGIC_SIZE);
    add_bytes(out, id, sizeof id);
    add_u32(out, vault->count);
    for (size_t i = 0; i < vault->count; i++)
        add_entry(vault, &vault->entries[i], ctx, key, out);
    sodium_memzero(key, sizeof key);
    add_bytes(out, proof, sizeof proof);
    if (buf_err(out))
        return err_memory(&ctx->err);
    secrets_sealed_prove(master, out);
    return ERR_OK;
}

/* A place in the bytes; once they were too few, `short_of` stays set and zeros are read. */
struct reader {
    struct str rest;
    bool short_of;
};

static const char *take(struct reader *reader, size_t size)
{
    if (reader->short_of || size > reader->rest.len) {
        reader->short_of = true;
        return NULL;
    }
    const char *at = reader->rest.ptr;
    reader->rest = str_slice(reader->rest, size, reader->rest.len);
    return at;
}

static void take_into(struct reader *reader, void *to, size_t size)
{
    const char *at = take(reader, size);
    if (at)
        memcpy(to, at, size);
    else
        memset(to, 0, size);
}

static uint32_t take_u32(struct reader *reader)
{
    uint32_t number;
    take_into(reader, &number, sizeof number);
    return le32toh(number);
}

static bool is_name_of(enum vault_kind kind, const char *name)
{
    return (kind == VAULT_ROOT && !name[0]) || secrets_vault_is_name(str_from(name));
}

/* One entry without its value; false where it cannot be one. */
static bool take_label(struct reader *reader, struct vault_entry *entry)
{
    uint8_t kind, name_len;
    uint64_t set_us;
    take_into(reader, &kind, 1);
    take_into(reader, &name_len, 1);
    if (kind >= VAULT_KINDS || name_len > SECRETS_NAME_MAX)
        return false;
    *entry = (struct vault_entry){.kind = (enum vault_kind)kind};
    take_into(reader, entry->name, name_len);
    entry->version = take_u32(reader);
    take_into(reader, &set_us, sizeof set_us);
    entry->set_us = (int64_t)le64toh(set_us);
    entry->len = take_u32(reader);
    return !reader->short_of && strlen(entry->name) == name_len &&
           is_name_of(entry->kind, entry->name) && entry->version > 0 && entry->len > 0 &&
           entry->len <= SECRETS_VALUE_MAX && entry->set_us >= CLOCK_MIN_US &&
           entry->set_us <= CLOCK_MAX_US;
}

static enum err refuse(struct ctx *ctx, const char *why)
{
    return err_fail(&ctx->err, ERR_CONFLICT,
                    "The file secrets.sealed is damaged, or was changed by somebody else.",
                    "%s; put it back from a backup, together with its master.key", why);
}

static enum err read_entry(struct ctx *ctx, struct reader *reader, const uint8_t key[],
                           struct vault *vault)
{
    struct vault_entry entry;
    const char *label = reader->rest.ptr;
    if (!take_label(reader, &entry))
        return refuse(ctx, "an entry is none");
    size_t labelled = (size_t)(reader->rest.ptr - label);
    const char *nonce = take(reader, NONCE_SIZE), *box = take(reader, entry.len + TAG_SIZE);
    char *room;
    if (!nonce || !box)
        return refuse(ctx, "it ends in an entry");
    if (secrets_vault_find(vault, entry.kind, entry.name, entry.version))
        return refuse(ctx, "an entry stands twice");
    TRY(secrets_vault_add(vault, ctx, &entry, &room));
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (uint8_t *)room, NULL, NULL, (const uint8_t *)box, entry.len + TAG_SIZE,
            (const uint8_t *)label, labelled, (const uint8_t *)nonce, key))
        return refuse(ctx, "a value does not open");
    return ERR_OK;
}

static enum err check_proof(struct ctx *ctx, struct str bytes, const uint8_t master[MASTER_SIZE])
{
    uint8_t proof[PROOF_SIZE];
    if (bytes.len < HEAD_SIZE + PROOF_SIZE || memcmp(bytes.ptr, magic, MAGIC_SIZE) != 0)
        return refuse(ctx, "it does not begin as one");
    struct str proven = str_slice(bytes, 0, bytes.len - PROOF_SIZE);
    compute_proof(master, proven, proof);
    return sodium_memcmp(proof, bytes.ptr + proven.len, PROOF_SIZE) == 0
               ? ERR_OK
               : refuse(ctx, "its authentication is wrong");
}

enum err secrets_sealed_read(struct ctx *ctx, struct str bytes, const uint8_t master[MASTER_SIZE],
                             struct vault *vault)
{
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    TRY(check_proof(ctx, bytes, master));
    struct reader reader = {
        .rest = str_slice(bytes, MAGIC_SIZE + SEALED_ID_SIZE, bytes.len - PROOF_SIZE)};
    uint32_t count = take_u32(&reader);
    enum err err = ERR_OK;
    derive(master, USE_SEAL, key, sizeof key);
    for (uint32_t i = 0; !err && i < count; i++)
        err = read_entry(ctx, &reader, key, vault);
    sodium_memzero(key, sizeof key);
    TRY(err);
    return reader.rest.len ? refuse(ctx, "something stands behind its entries") : ERR_OK;
}
