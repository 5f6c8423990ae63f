/* OpenSSL's memory in a test program: it is not counted with ours, for OpenSSL keeps for the
 * process what it loads at its first use; and it can be made to fail.
 *
 *     openssl_memory_fail(3);                     the third allocation of OpenSSL from now on
 *     enum err err = cose_verify(…);
 *     if (openssl_memory_met())
 *         CHECK(err);
 *
 * Linking the file is what changes the allocator, before main. */
#ifndef STOA_TESTS_OPENSSL_H
#define STOA_TESTS_OPENSSL_H

#include <stdbool.h>
#include <stdint.h>

void openssl_memory_fail(int64_t n); /* once */
bool openssl_memory_met(void);       /* whether it came; it no longer comes */
int64_t openssl_memory_blocks(void); /* that are not given back */

#endif
