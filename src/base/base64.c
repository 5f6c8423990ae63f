/* Base64: three bytes are four characters, the rest is cut short or padded. */
#include "base/base64.h"

static const char in_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char usual[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { BITS = 6, MASK = 63, NO_DIGIT = 64 };

static uint32_t digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    if (c == '-')
        return 62;
    return c == '_' ? 63 : NO_DIGIT;
}

static void add(struct buf *out, struct str bytes, const char alphabet[])
{
    uint32_t held = 0, bits = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        held = held << 8 | (unsigned char)bytes.ptr[i];
        for (bits += 8; bits >= BITS; bits -= BITS)
            buf_addc(out, alphabet[held >> (bits - BITS) & MASK]);
    }
    if (bits > 0)
        buf_addc(out, alphabet[held << (BITS - bits) & MASK]);
}

void base64_add(struct buf *out, struct str bytes)
{
    add(out, bytes, in_urls);
}

void base64_add_padded(struct buf *out, struct str bytes)
{
    add(out, bytes, usual);
    for (size_t len = bytes.len; len % 3; len++)
        buf_addc(out, '=');
}

enum err base64_read(struct arena *arena, struct str text, struct str *bytes)
{
    size_t len = text.len / 4 * 3 + text.len % 4 * 3 / 4, at = 0;
    uint32_t held = 0, bits = 0;
    char *out = arena_bytes(arena, len);
    if (!out)
        return ERR_MEMORY;
    if (text.len % 4 == 1)
        return ERR_INPUT;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t digit = digit_of(text.ptr[i]);
        if (digit == NO_DIGIT)
            return ERR_INPUT;
        held = held << BITS | digit;
        bits += BITS;
        if (bits >= 8) {
            bits -= 8;
            out[at++] = (char)(unsigned char)(held >> bits & 0xff);
        }
    }
    if (held & ((1u << bits) - 1))
        return ERR_INPUT;
    *bytes = str_make(out, at);
    return ERR_OK;
}
