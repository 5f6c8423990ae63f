/* Secrets: the keys that this installation derives for itself, and the ones its operator gave it.
 *
 *     struct secrets_options options = {.folder = "var"};
 *     TRY(secrets_open(ctx, &options, &secrets));
 *     uint8_t key[SECRETS_KEY_SIZE];
 *     TRY(secrets_key(secrets, ctx, "csrf", key));            the same at every start
 *     struct str stripe_key;
 *     TRY(secrets_get(secrets, ctx, "stripe_key", &stripe_key));
 *     secrets_close(secrets);
 *
 * What is opened is one moment of the sealed file and does not change: any thread may ask, and what
 * the functions below set or rotate is seen by who opens afterwards (a serving program: by its next
 * release, SIGHUP).
 *
 * The folder holds master.key (64 hexadecimal digits, made at the first start, for nobody else to
 * read) and secrets.sealed, whose values are sealed under it. The keys are derived from a root that
 * lies in the sealed file too: so rotating the master key seals everything anew and changes no
 * key. A purpose is rotated by itself; its older versions stay, to open what was sealed with them.
 * A kill or a loss of power at any moment leaves everything as before or as after.
 *
 * Names of secrets and purposes are a-z, 0-9 and _, and begin with a letter. Values are kept in
 * locked memory that no core file shows, and are never in a log or an error. */
#ifndef STOA_PORTS_SECRETS_SECRETS_H
#define STOA_PORTS_SECRETS_SECRETS_H

#include "base/ctx.h"
#include "base/settings.h"
#include "base/str.h"

enum {
    SECRETS_KEY_SIZE = 32,
    SECRETS_MAX = 200, /* names and versions together */
    SECRETS_NAME_MAX = 48,
    SECRETS_VALUE_MAX = 8 << 10,
    SECRETS_VALUES_MAX = 64 << 10, /* all of them together */
    SECRETS_LOCK_WAIT_MS = 10000,  /* for another process that changes them; its kill ends it */
};

struct secrets;

struct secrets_options {
    const char *folder;          /* the data folder, which is there */
    const char *master_key_file; /* NULL: master.key in the folder */
    bool only_looks;         /* makes and changes nothing; where nothing is yet, keeps nothing */
    settings_lookup *lookup; /* of STOA_SECRET_…; NULL asks nobody */
    void *source;            /* the lookup's */
};

/* Makes what is not there yet. ERR_FORBIDDEN where others can read the master key, ERR_MISSING
 * where one of the two files is gone, ERR_CONFLICT where they do not belong together or were
 * changed. */
enum err secrets_open(struct ctx *ctx, const struct secrets_options *options,
                      struct secrets **opened);
void secrets_close(struct secrets *secrets);

/* There was nothing before: they were made just now. */
bool secrets_are_new(const struct secrets *secrets);

/* A key for one purpose ("csrf", "audit"): the newest version of it. Who seals or signs what is
 * read much later keeps the version beside it. ERR_MISSING for a version that never was. */
enum err secrets_key(struct secrets *secrets, struct ctx *ctx, const char *purpose,
                     uint8_t key[SECRETS_KEY_SIZE]);
enum err secrets_key_version(struct secrets *secrets, struct ctx *ctx, const char *purpose,
                             uint32_t version, uint8_t key[SECRETS_KEY_SIZE]);
uint32_t secrets_newest(const struct secrets *secrets, const char *purpose); /* from 1 */

/* What the operator set: STOA_SECRET_STRIPE_KEY of the environment, or else the sealed file's. It
 * lives as long as `secrets`. ERR_MISSING says how to set it. */
enum err secrets_get(struct secrets *secrets, struct ctx *ctx, const char *name, struct str *value);

/* Sets one, under a higher version where it was set before. Any bytes, at least one. */
enum err secrets_set(struct ctx *ctx, const struct secrets_options *options, struct str name,
                     struct str value);

/* A new master key; or, of a purpose, a new version of its key. */
enum err secrets_rotate(struct ctx *ctx, const struct secrets_options *options);
enum err secrets_rotate_purpose(struct ctx *ctx, const struct secrets_options *options,
                                struct str purpose, uint32_t *version);

/* What there is, never its value: secrets that were set, and purposes that were rotated. */
struct secrets_row {
    const char *name; /* lives as long as `secrets` */
    bool is_purpose;
    uint32_t version;
    int64_t set_us;
};

size_t secrets_count(const struct secrets *secrets);
struct secrets_row secrets_at(const struct secrets *secrets, size_t i);

#endif
