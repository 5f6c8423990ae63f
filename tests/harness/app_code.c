/* An authenticator app. */
#include "harness/app_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SIZE = 20, MAC_SIZE = 20, CODES = 1000000 };

static bool read_key(struct str secret, unsigned char key[KEY_SIZE])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t bits = 0;
    memset(key, 0, KEY_SIZE);
    for (size_t i = 0; i < secret.len; i++) {
        size_t value = str_find_char(str_from(digits), secret.ptr[i]);
        if (secret.ptr[i] == ' ')
            continue;
        if (value == STR_NONE || bits + 5 > KEY_SIZE * 8)
            return false;
        for (int bit = 4; bit >= 0; bit--, bits++)
            if (value >> bit & 1)
                key[bits / 8] = (unsigned char)(key[bits / 8] | 0x80 >> bits % 8);
    }
    return bits == KEY_SIZE * 8;
}

bool app_code(struct str secret, time_t when, char code[APP_CODE_SIZE])
{
    unsigned char key[KEY_SIZE], message[8] = {0}, mac[MAC_SIZE] = {0};
    uint32_t step = (uint32_t)(when / APP_PERIOD_S), number = 0;
    if (!read_key(secret, key))
        return false;
    for (int i = 0; i < 4; i++)
        message[4 + i] = (unsigned char)(step >> (24 - 8 * i) & 255);
    if (!HMAC(EVP_sha1(), key, sizeof key, message, sizeof message, mac, NULL))
        return false;
    for (int i = 0; i < 4; i++)
        number = number << 8 | mac[(mac[MAC_SIZE - 1] & 15) + i];
    snprintf(code, APP_CODE_SIZE, "%06u", (unsigned)((number & INT32_MAX) % CODES));
    return true;
}
