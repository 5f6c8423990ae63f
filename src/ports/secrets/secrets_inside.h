/* What the files of the secrets port share: the vault in memory, its sealed form, and its place on
 * the disk.
 *
 *     struct store store;
 *     TRY(secrets_store_open(ctx, options, &store));      locked: nobody else changes it now
 *     entry = secrets_vault_newest(store.vault, VAULT_SECRET, "stripe_key");
 *     …
 *     err = secrets_store_save(&store, ctx);
 *     secrets_store_close(&store); */
#ifndef STOA_PORTS_SECRETS_SECRETS_INSIDE_H
#define STOA_PORTS_SECRETS_SECRETS_INSIDE_H

#include "base/buf.h"
#include "ports/secrets/secrets.h"

enum {
    MASTER_SIZE = 32,
    SEALED_ID_SIZE = 16,
    SEALED_MAX = 256 << 10, /* the whole file */
};

/* A root is what keys are derived from: of all purposes (its name is ""), or of one that was
 * rotated. */
enum vault_kind { VAULT_SECRET, VAULT_ROOT, VAULT_KINDS };

struct vault_entry {
    enum vault_kind kind;
    char name[SECRETS_NAME_MAX + 1];
    uint32_t version; /* from 1 */
    int64_t set_us;
    size_t at, len; /* in `values` */
};

/* Lies in memory of secrets_vault_new: locked, and in no core file. */
struct vault {
    size_t count, used;
    struct vault_entry entries[SECRETS_MAX];
    char values[SECRETS_VALUES_MAX];
};

enum err secrets_vault_new(struct ctx *ctx, struct vault **vault); /* empty */
void secrets_vault_free(struct vault *vault);                      /* wiped; NULL is fine */

bool secrets_vault_is_name(struct str name);

/* The newest version, or the one asked for; NULL where there is none. */
const struct vault_entry *secrets_vault_newest(const struct vault *vault, enum vault_kind kind,
                                               const char *name);
const struct vault_entry *secrets_vault_find(const struct vault *vault, enum vault_kind kind,
                                             const char *name, uint32_t version);
struct str secrets_vault_value(const struct vault *vault, const struct vault_entry *entry);

/* Adds an entry whose value is `entry->len` bytes still to be filled in: they are at *room. */
enum err secrets_vault_add(struct vault *vault, struct ctx *ctx, const struct vault_entry *entry,
                           char **room);
void secrets_vault_remove(struct vault *vault, const struct vault_entry *entry);

/* The sealed form. An id says under which master key it is, so that two can be told apart. */
void secrets_sealed_id(const uint8_t master[MASTER_SIZE], uint8_t id[SEALED_ID_SIZE]);
enum err secrets_sealed_write(const struct vault *vault, struct ctx *ctx,
                              const uint8_t master[MASTER_SIZE], struct buf *out);
enum err secrets_sealed_read(struct ctx *ctx, struct str bytes, const uint8_t master[MASTER_SIZE],
                             struct vault *vault); /* into an empty one */
void secrets_sealed_prove(const uint8_t master[MASTER_SIZE],
                          struct buf *sealed); /* its end, anew */
bool secrets_sealed_is_under(struct str bytes, const uint8_t master[MASTER_SIZE]);

/* The folder, alone for this process from secrets_store_open to secrets_store_close. */
struct store {
    int folder, lock, key_folder;
    const char *key_name, *next_name; /* in key_folder */
    bool key_is_given;                /* by the operator */
    bool only_looks, is_new;
    uint8_t master[MASTER_SIZE];
    struct vault *vault;
};

enum err secrets_store_open(struct ctx *ctx, const struct secrets_options *options,
                            struct store *store);
void secrets_store_close(struct store *store);
enum err secrets_store_save(struct store *store, struct ctx *ctx);
enum err secrets_store_rotate(struct store *store, struct ctx *ctx);

#endif
