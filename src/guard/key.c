/* Makes API keys, and finds them again by their hash. */
#include "guard/key.h"

#include <string.h>
#include <zlib.h>

#include "guard/guard_sql.h"
#include "guard/role.h"

enum { LETTERS = 62, KEY_BODY = KEY_LEN - KEY_CHECK };

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The sum of the body, the last letter first. */
static void write_check(const char *body, char check[KEY_CHECK])
{
    unsigned long sum = crc32(0, (const unsigned char *)body, KEY_BODY);
    for (size_t i = 0; i < KEY_CHECK; i++) {
        check[i] = letters[sum % LETTERS];
        sum /= LETTERS;
    }
}

void key_prepare(struct ctx *ctx, struct key_new *key)
{
    char *at = key->token + sizeof KEY_PREFIX - 1;
    id_format(id_new(ctx->ids), "key", key->id);
    memcpy(key->token, KEY_PREFIX, sizeof KEY_PREFIX - 1);
    for (size_t i = 0; i < KEY_CHANCE; i++)
        *at++ = letters[rand_below(ctx->rand, LETTERS)];
    write_check(key->token, at);
    key->token[KEY_LEN] = '\0';
}

enum err key_add(struct tx *tx, const struct key_new *key)
{
    char hash[SECRET_TEXT];
    struct key_list_rows rows;
    TRY(key_list(tx, key->person, KEY_EACH_MAX, &rows));
    if (rows.count == KEY_EACH_MAX)
        return err_fail(&tx->ctx->err, ERR_LIMIT, "You have as many keys as one may have.",
                        "%d keys", KEY_EACH_MAX);
    secret_hash(str_make(key->token, KEY_LEN), hash);
    return key_enter(tx, str_from(key->id), str_from(hash), key->name, key->person, key->scopes,
                     clock_now_us(tx->ctx->clock), key->expires_us ? &key->expires_us : NULL,
                     key->signs ? &key->signs : NULL);
}

bool key_is_token(struct str token)
{
    char check[KEY_CHECK];
    if (token.len != KEY_LEN || !str_starts(token, STR(KEY_PREFIX)))
        return false;
    write_check(token.ptr, check);
    return memcmp(check, token.ptr + KEY_BODY, KEY_CHECK) == 0;
}

struct str key_token(const struct request *request)
{
    static const struct str scheme = {"Bearer ", 7};
    struct str value = request_header(request, STR("Authorization"));
    bool bears = str_equal_nocase(str_slice(value, 0, scheme.len), scheme);
    return bears ? str_trim(str_slice(value, scheme.len, value.len)) : STR("");
}

static enum err refuse(struct tx *tx, const char *why)
{
    return err_fail(&tx->ctx->err, ERR_SIGNED_OUT, "This API key is not in force.", "the key %s",
                    why);
}

/* Where it is in force. */
static enum err take(struct tx *tx, const struct key_by_hash_row *row, struct key *key)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    if (!row->revoked_null)
        return refuse(tx, "was revoked");
    if (!row->expires_null && row->expires_us <= now_us)
        return refuse(tx, "has expired");
    *key = (struct key){.id = row->id,
                        .person = row->person,
                        .scopes = row->scopes,
                        .is_stale = row->used_null ||
                                    now_us - row->used_us >= KEY_USED_MINUTES * MINUTE_US};
    return ERR_OK;
}

enum err key_find(struct tx *tx, struct str token, struct key *key)
{
    char hash[SECRET_TEXT];
    struct key_by_hash_row row;
    if (!key_is_token(token))
        return refuse(tx, "is none");
    secret_hash(token, hash);
    enum err err = key_by_hash(tx, str_from(hash), &row);
    if (err == ERR_MISSING)
        return refuse(tx, "is not known");
    TRY(err);
    return take(tx, &row, key);
}

enum err key_find_signing(struct tx *tx, struct str id, struct key *key)
{
    struct key_by_id_row row;
    enum err err = key_by_id(tx, id, &row);
    if (err == ERR_MISSING || (!err && row.signs_null))
        return refuse(tx, err ? "is not known" : "has no secret to sign with");
    TRY(err);
    TRY(take(tx,
             &(struct key_by_hash_row){.id = row.id,
                                       .person = row.person,
                                       .scopes = row.scopes,
                                       .expires_null = row.expires_null,
                                       .expires_us = row.expires_us,
                                       .used_null = row.used_null,
                                       .used_us = row.used_us,
                                       .revoked_null = row.revoked_null,
                                       .revoked_us = row.revoked_us},
             key));
    key->signs = (uint32_t)row.signs;
    return ERR_OK;
}

bool key_has(const struct key *key, const char *permission)
{
    struct str rest = key->scopes, word;
    while (str_cut(&rest, ' ', &word))
        if (word.len && role_names(permission, word))
            return true;
    return false;
}

enum err key_note(struct tx *tx, const struct key *key)
{
    return key_set_used(tx, key->id, clock_now_us(tx->ctx->clock));
}

enum err key_revoke(struct tx *tx, struct str id, struct str person)
{
    int64_t changed = 0;
    TRY(key_set_revoked(tx, id, person, clock_now_us(tx->ctx->clock), &changed));
    return changed ? ERR_OK
                   : err_fail(&tx->ctx->err, ERR_MISSING, "There is no such key in force.", STR_FMT,
                              STR_ARG(id));
}
