/* Secrets in memory: a table of names, and their values beside it. */
#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "ports/secrets/secrets_inside.h"

/* Of sodium's allocator the memory ends where a page does: so the size is kept aligned. */
enum { VAULT_ALIGN = 16 };

enum err secrets_vault_new(struct ctx *ctx, struct vault **vault)
{
    size_t size = (sizeof **vault + VAULT_ALIGN - 1) / VAULT_ALIGN * VAULT_ALIGN;
    if (sodium_init() < 0)
        return err_fail(&ctx->err, ERR_INTERNAL, "The secrets cannot be opened.",
                        "libsodium does not start");
    *vault = sodium_malloc(size);
    if (!*vault)
        return err_memory(&ctx->err);
    memset(*vault, 0, size);
    return ERR_OK;
}

void secrets_vault_free(struct vault *vault)
{
    sodium_free(vault);
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool secrets_vault_is_name(struct str name)
{
    if (name.len == 0 || name.len > SECRETS_NAME_MAX || !is_lower(name.ptr[0]))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_lower(name.ptr[i]) && !(name.ptr[i] >= '0' && name.ptr[i] <= '9') &&
            name.ptr[i] != '_')
            return false;
    return true;
}

const struct vault_entry *secrets_vault_newest(const struct vault *vault, enum vault_kind kind,
                                               const char *name)
{
    const struct vault_entry *newest = NULL;
    for (const struct vault_entry *entry = vault->entries; entry < vault->entries + vault->count;
         entry++)
        if (entry->kind == kind && strcmp(entry->name, name) == 0 &&
            (!newest || entry->version > newest->version))
            newest = entry;
    return newest;
}

const struct vault_entry *secrets_vault_find(const struct vault *vault, enum vault_kind kind,
                                             const char *name, uint32_t version)
{
    for (const struct vault_entry *entry = vault->entries; entry < vault->entries + vault->count;
         entry++)
        if (entry->kind == kind && entry->version == version && strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

struct str secrets_vault_value(const struct vault *vault, const struct vault_entry *entry)
{
    return str_make(vault->values + entry->at, entry->len);
}

enum err secrets_vault_add(struct vault *vault, struct ctx *ctx, const struct vault_entry *entry,
                           char **room)
{
    if (vault->count == SECRETS_MAX || entry->len > SECRETS_VALUES_MAX - vault->used)
        return err_fail(&ctx->err, ERR_LIMIT, "There are too many secrets.",
                        "%d names and versions, or %d bytes, are the most", SECRETS_MAX,
                        SECRETS_VALUES_MAX);
    struct vault_entry *added = &vault->entries[vault->count++];
    *added = *entry;
    added->at = vault->used;
    vault->used += entry->len;
    *room = vault->values + added->at;
    return ERR_OK;
}

void secrets_vault_remove(struct vault *vault, const struct vault_entry *entry)
{
    size_t i = (size_t)(entry - vault->entries), at = entry->at, len = entry->len;
    ASSERT(i < vault->count);
    memmove(vault->values + at, vault->values + at + len, vault->used - at - len);
    vault->used -= len;
    sodium_memzero(vault->values + vault->used, len);
    memmove(&vault->entries[i], &vault->entries[i + 1],
            (vault->count - i - 1) * sizeof vault->entries[0]);
    vault->count--;
    for (size_t k = 0; k < vault->count; k++)
        if (vault->entries[k].at > at)
            vault->entries[k].at -= len;
}
