/* OpenSSL's memory in a test program. */
#undef _FORTIFY_SOURCE
#include "harness/openssl.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "harness/interpose.h"

static _Atomic int64_t blocks, left;

static bool strikes(void)
{
    return left > 0 && --left == 0;
}

static void *take(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    void *block = strikes() ? NULL : REAL(malloc)(size);
    blocks += block != NULL;
    return block;
}

static void *retake(void *block, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    void *next = strikes() ? NULL : REAL(realloc)(block, size);
    blocks += next && !block;
    return next;
}

static void give(void *block, const char *file, int line)
{
    (void)file, (void)line;
    blocks -= block != NULL;
    REAL(free)(block);
}

__attribute__((constructor)) static void begin(void)
{
    if (!CRYPTO_set_mem_functions(take, retake, give))
        abort();
}

void openssl_memory_fail(int64_t n)
{
    left = n;
}

bool openssl_memory_met(void)
{
    return atomic_exchange(&left, 0) == 0;
}

int64_t openssl_memory_blocks(void)
{
    return blocks;
}
