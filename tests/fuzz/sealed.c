/* Fuzzes the sealed file of the secrets: as it comes, and with a proof at its end that is right. */
#include <string.h>

#include "base/assert.h"
#include "ports/secrets/secrets_inside.h"

enum { ARENA_MAX = 4 << 20, PROOF_ROOM = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What opened is sealed again, and opens as the same. */
static void check_again(struct ctx *ctx, const struct vault *vault, const uint8_t master[],
                        struct vault *again)
{
    struct buf out;
    buf_init(&out, ctx->arena, SEALED_MAX);
    ASSERT(secrets_sealed_write(vault, ctx, master, &out) == ERR_OK);
    ASSERT(secrets_sealed_read(ctx, buf_str(&out), master, again) == ERR_OK);
    ASSERT(again->count == vault->count && again->used == vault->used);
    ASSERT(memcmp(again->entries, vault->entries, vault->count * sizeof *vault->entries) == 0);
    ASSERT(memcmp(again->values, vault->values, vault->used) == 0);
}

static void try_to_read(struct ctx *ctx, struct str bytes, const uint8_t master[])
{
    struct vault *vault, *again;
    ASSERT(secrets_vault_new(ctx, &vault) == ERR_OK && secrets_vault_new(ctx, &again) == ERR_OK);
    if (secrets_sealed_read(ctx, bytes, master, vault) == ERR_OK)
        check_again(ctx, vault, master, again);
    secrets_vault_free(vault);
    secrets_vault_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t master[MASTER_SIZE] = {1};
    struct arena arena;
    struct rand rand = rand_system();
    struct buf proven;
    arena_init(&arena, ARENA_MAX);
    struct ctx ctx = {.arena = &arena, .rand = &rand};
    struct str input = str_make((const char *)bytes, size);
    if (size <= SEALED_MAX) {
        try_to_read(&ctx, input, master);
        buf_init(&proven, &arena, SEALED_MAX);
        buf_add(&proven, input);
        if (size >= PROOF_ROOM) {
            secrets_sealed_prove(master, &proven);
            try_to_read(&ctx, buf_str(&proven), master);
        }
    }
    arena_release(&arena);
    return 0;
}
