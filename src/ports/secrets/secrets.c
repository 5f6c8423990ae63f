/* Gives out keys and secrets, and changes them. */
#include "ports/secrets/secrets.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/secrets/secrets_inside.h"

struct secrets {
    struct vault *vault;
    settings_lookup *lookup;
    void *source;
    bool are_new;
};

enum err secrets_open(struct ctx *ctx, const struct secrets_options *options,
                      struct secrets **opened)
{
    struct store store;
    *opened = NULL;
    TRY(secrets_store_open(ctx, options, &store));
    struct secrets *secrets = mem_alloc(sizeof *secrets);
    if (secrets) {
        *secrets = (struct secrets){store.vault, options->lookup, options->source, store.is_new};
        store.vault = NULL;
    }
    secrets_store_close(&store);
    *opened = secrets;
    return secrets ? ERR_OK : err_memory(&ctx->err);
}

void secrets_close(struct secrets *secrets)
{
    if (!secrets)
        return;
    secrets_vault_free(secrets->vault);
    mem_free(secrets);
}

bool secrets_are_new(const struct secrets *secrets)
{
    return secrets->are_new;
}

/* Version 1 of every purpose comes from the root of all; later ones have roots of their own. */
enum err secrets_key_version(struct secrets *secrets, struct ctx *ctx, const char *purpose,
                             uint32_t version, uint8_t key[SECRETS_KEY_SIZE])
{
    ASSERT(secrets_vault_is_name(str_from(purpose)));
    const struct vault_entry *entry = secrets_vault_find(secrets->vault, VAULT_ROOT,
                                                         version == 1 ? "" : purpose, version);
    if (!entry)
        return err_fail(&ctx->err, ERR_MISSING, "There is no such key.", "version %u of \"%s\"",
                        (unsigned)version, purpose);
    struct str root = secrets_vault_value(secrets->vault, entry);
    if (crypto_generichash(key, SECRETS_KEY_SIZE, (const uint8_t *)purpose, strlen(purpose),
                           (const uint8_t *)root.ptr, root.len))
        return err_fail(&ctx->err, ERR_INTERNAL, "There is no such key.",
                        "the root of \"%s\" has %zu bytes", purpose, root.len);
    return ERR_OK;
}

uint32_t secrets_newest(const struct secrets *secrets, const char *purpose)
{
    const struct vault_entry *entry = secrets_vault_newest(secrets->vault, VAULT_ROOT, purpose);
    return entry ? entry->version : 1;
}

enum err secrets_key(struct secrets *secrets, struct ctx *ctx, const char *purpose,
                     uint8_t key[SECRETS_KEY_SIZE])
{
    return secrets_key_version(secrets, ctx, purpose, secrets_newest(secrets, purpose), key);
}

/* "stripe_key" is STOA_SECRET_STRIPE_KEY. */
static const char *from_environment(const struct secrets *secrets, const char *name)
{
    static const char prefix[] = "STOA_SECRET_";
    char variable[sizeof prefix + SECRETS_NAME_MAX];
    if (!secrets->lookup)
        return NULL;
    memcpy(variable, prefix, sizeof prefix);
    size_t len = sizeof prefix - 1;
    for (; *name; name++)
        variable[len++] = (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
    variable[len] = '\0';
    const char *value = secrets->lookup(secrets->source, variable);
    return value && value[0] ? value : NULL;
}

enum err secrets_get(struct secrets *secrets, struct ctx *ctx, const char *name, struct str *value)
{
    ASSERT(secrets_vault_is_name(str_from(name)));
    const char *variable = from_environment(secrets, name);
    const struct vault_entry *entry = secrets_vault_newest(secrets->vault, VAULT_SECRET, name);
    *value = variable ? str_from(variable) : STR("");
    if (variable)
        return ERR_OK;
    if (!entry)
        return err_fail(&ctx->err, ERR_MISSING, "This is not set up yet.",
                        "the secret \"%s\" is missing: stoa secret set %s", name, name);
    *value = secrets_vault_value(secrets->vault, entry);
    return ERR_OK;
}

/* The name as libc's, where it is one. */
static enum err check_name(struct ctx *ctx, struct str name, const char *field, const char **text)
{
    if (!secrets_vault_is_name(name))
        return err_input(&ctx->err, field,
                         "must be a-z, 0-9 and _, begin with a letter, and have at most %d",
                         SECRETS_NAME_MAX);
    return str_cstr(ctx->arena, name, text) ? err_memory(&ctx->err) : ERR_OK;
}

/* A new version behind `last`, which may be NULL: its bytes are to be filled in at *room. */
static enum err add_version(struct store *store, struct ctx *ctx, enum vault_kind kind,
                            const char *name, uint32_t version, size_t len, char **room)
{
    struct vault_entry entry = {
        .kind = kind, .version = version, .set_us = clock_now_us(ctx->clock), .len = len};
    memcpy(entry.name, name, strlen(name) + 1);
    return secrets_vault_add(store->vault, ctx, &entry, room);
}

static enum err set(struct store *store, struct ctx *ctx, const char *name, struct str value)
{
    const struct vault_entry *last = secrets_vault_newest(store->vault, VAULT_SECRET, name);
    uint32_t version = last ? last->version + 1 : 1;
    char *room;
    if (last)
        secrets_vault_remove(store->vault, last);
    TRY(add_version(store, ctx, VAULT_SECRET, name, version, value.len, &room));
    memcpy(room, value.ptr, value.len);
    return secrets_store_save(store, ctx);
}

enum err secrets_set(struct ctx *ctx, const struct secrets_options *options, struct str name,
                     struct str value)
{
    struct store store;
    const char *text;
    TRY(check_name(ctx, name, "name", &text));
    if (value.len == 0 || value.len > SECRETS_VALUE_MAX)
        return err_input(&ctx->err, "value", "must have 1 to %d bytes", SECRETS_VALUE_MAX);
    TRY(secrets_store_open(ctx, options, &store));
    enum err err = set(&store, ctx, text, value);
    secrets_store_close(&store);
    return err;
}

enum err secrets_rotate(struct ctx *ctx, const struct secrets_options *options)
{
    struct store store;
    TRY(secrets_store_open(ctx, options, &store));
    enum err err = secrets_store_rotate(&store, ctx);
    secrets_store_close(&store);
    return err;
}

static enum err rotate_purpose(struct store *store, struct ctx *ctx, const char *purpose,
                               uint32_t *version)
{
    const struct vault_entry *last = secrets_vault_newest(store->vault, VAULT_ROOT, purpose);
    char *room;
    if (secrets_vault_newest(store->vault, VAULT_SECRET, purpose))
        return err_input(&ctx->err, "purpose",
                         "is a secret that was set, not a purpose; set it again instead");
    *version = last ? last->version + 1 : 2;
    TRY(add_version(store, ctx, VAULT_ROOT, purpose, *version, SECRETS_KEY_SIZE, &room));
    rand_fill(ctx->rand, room, SECRETS_KEY_SIZE);
    return secrets_store_save(store, ctx);
}

enum err secrets_rotate_purpose(struct ctx *ctx, const struct secrets_options *options,
                                struct str purpose, uint32_t *version)
{
    struct store store;
    const char *text;
    TRY(check_name(ctx, purpose, "purpose", &text));
    TRY(secrets_store_open(ctx, options, &store));
    enum err err = rotate_purpose(&store, ctx, text, version);
    secrets_store_close(&store);
    return err;
}

size_t secrets_count(const struct secrets *secrets)
{
    return secrets->vault->count - 1; /* without the root of all, which is the first */
}

struct secrets_row secrets_at(const struct secrets *secrets, size_t i)
{
    ASSERT(i < secrets_count(secrets));
    const struct vault_entry *entry = &secrets->vault->entries[i + 1];
    return (struct secrets_row){.name = entry->name,
                                .is_purpose = entry->kind == VAULT_ROOT,
                                .version = entry->version,
                                .set_us = entry->set_us};
}
