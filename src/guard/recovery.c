/* Recovery codes: written, and hashed however they were typed. */
#include "guard/recovery.h"

#include <sodium.h>

#include "base/buf.h"

/* Crockford's: without I, L, O and U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { GROUP = 4, HASHED_MAX = 256 };

static void write_code(struct rand *rand, char text[RECOVERY_TEXT_SIZE])
{
    unsigned char chance[RECOVERY_LETTERS];
    size_t at = 0;
    rand_fill(rand, chance, sizeof chance);
    for (size_t i = 0; i < RECOVERY_LETTERS; i++) {
        if (i > 0 && i % GROUP == 0)
            text[at++] = '-';
        text[at++] = alphabet[chance[i] & 31];
    }
    text[at] = '\0';
}

void recovery_make(struct rand *rand, char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE])
{
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        write_code(rand, codes[i]);
}

/* As it stands in the alphabet; '\0' where it does not. */
static char plain_letter(char c)
{
    char upper = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    if (upper == 'I' || upper == 'L')
        return '1';
    if (upper == 'O')
        return '0';
    return str_find_char(str_from(alphabet), upper) == STR_NONE ? '\0' : upper;
}

static enum err add_letters(struct buf *out, struct str typed)
{
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.ptr[i], letter;
        if (c == ' ' || c == '-')
            continue;
        letter = plain_letter(c);
        if (!letter || ++count > RECOVERY_LETTERS)
            return ERR_INPUT;
        buf_addc(out, letter);
    }
    return count == RECOVERY_LETTERS ? buf_err(out) : ERR_INPUT;
}

enum err recovery_hash(struct str person, struct str typed, char hash[RECOVERY_HASH_TEXT])
{
    char bytes[HASHED_MAX];
    unsigned char sum[crypto_hash_sha256_BYTES];
    struct buf out;
    buf_init_fixed(&out, bytes, sizeof bytes);
    buf_add(&out, STR("recovery "));
    buf_add(&out, person);
    buf_addc(&out, ' ');
    TRY(add_letters(&out, typed));
    crypto_hash_sha256(sum, (const unsigned char *)out.ptr, out.len);
    sodium_bin2hex(hash, RECOVERY_HASH_TEXT, sum, sizeof sum);
    return ERR_OK;
}
