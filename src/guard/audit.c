/* Adds to the audit trail. */
#include <endian.h>
#include <sodium.h>
#include <string.h>

#include "guard/audit_inside.h"

/* Of what a hash is: one of a kind is never one of another. */
static const struct str of_entry = {"stoa audit entry 1", 18}, of_head = {"stoa audit head 1", 17};

static void add_number(crypto_generichash_state *state, int64_t number)
{
    uint64_t bytes = htole64((uint64_t)number);
    crypto_generichash_update(state, (const unsigned char *)&bytes, sizeof bytes);
}

static void add_text(crypto_generichash_state *state, struct str text)
{
    add_number(state, (int64_t)text.len);
    if (text.len)
        crypto_generichash_update(state, (const unsigned char *)text.ptr, text.len);
}

static void begin(crypto_generichash_state *state, const struct audit_key *key, struct str kind,
                  const struct audit_point *point)
{
    crypto_generichash_init(state, key->bytes, sizeof key->bytes, AUDIT_HASH_SIZE);
    add_text(state, kind);
    add_number(state, point->number);
    crypto_generichash_update(state, point->hash, sizeof point->hash);
}

void audit_hash_row(const struct audit_key *key, const struct audit_point *before,
                    const struct audit_after_row *row, unsigned char hash[AUDIT_HASH_SIZE])
{
    crypto_generichash_state state;
    begin(&state, key, of_entry, before);
    add_number(&state, row->number);
    add_number(&state, row->made_us);
    add_text(&state, row->who);
    add_text(&state, row->action);
    add_text(&state, row->subject);
    add_text(&state, row->address);
    add_text(&state, row->detail);
    crypto_generichash_final(&state, hash, AUDIT_HASH_SIZE);
}

void audit_hash_head(const struct audit_key *key, const struct audit_point *end,
                     unsigned char seal[AUDIT_HASH_SIZE])
{
    crypto_generichash_state state;
    begin(&state, key, of_head, end);
    crypto_generichash_final(&state, seal, AUDIT_HASH_SIZE);
}

bool audit_open_head(const struct audit_key *key, const struct audit_head_row *head,
                     struct audit_point *end)
{
    unsigned char seal[AUDIT_HASH_SIZE];
    if (head->hash.len != AUDIT_HASH_SIZE || head->seal.len != AUDIT_HASH_SIZE)
        return false;
    end->number = head->number;
    memcpy(end->hash, head->hash.ptr, AUDIT_HASH_SIZE);
    audit_hash_head(key, end, seal);
    return sodium_memcmp(seal, head->seal.ptr, AUDIT_HASH_SIZE) == 0;
}

enum err audit_end(struct tx *tx, const struct audit_key *key, struct audit_point *end)
{
    struct audit_head_row head;
    *end = (struct audit_point){0};
    enum err err = audit_head(tx, &head);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    if (audit_open_head(key, &head, end))
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_INTERNAL, "This cannot be recorded, so it was not done.",
                    "the head of the audit trail was altered: see stoa audit verify");
}

static bool is_fit(struct str text, size_t max)
{
    return text.len <= max && str_is_utf8(text) && str_find_char(text, '\0') == STR_NONE;
}

static enum err check(struct ctx *ctx, const struct audit_entry *entry)
{
    bool fit = is_fit(entry->who, AUDIT_TEXT_MAX) &&
               is_fit(str_from(entry->action), AUDIT_TEXT_MAX) &&
               is_fit(entry->subject, AUDIT_TEXT_MAX) && is_fit(entry->address, AUDIT_TEXT_MAX) &&
               is_fit(entry->detail, AUDIT_DETAIL_MAX);
    return fit ? ERR_OK : err_input(&ctx->err, "audit", "is too long, or no text");
}

static struct str bytes_of(const unsigned char *hash)
{
    return str_make((const char *)hash, AUDIT_HASH_SIZE);
}

enum err audit_add(struct tx *tx, const struct audit_key *key, const struct audit_entry *entry)
{
    struct audit_point end;
    unsigned char seal[AUDIT_HASH_SIZE];
    TRY(check(tx->ctx, entry));
    TRY(audit_end(tx, key, &end));
    struct audit_after_row row = {.number = end.number + 1,
                                  .made_us = clock_now_us(tx->ctx->clock),
                                  .who = entry->who,
                                  .action = str_from(entry->action),
                                  .subject = entry->subject,
                                  .address = entry->address,
                                  .detail = entry->detail};
    struct audit_point now = {.number = row.number};
    audit_hash_row(key, &end, &row, now.hash);
    audit_hash_head(key, &now, seal);
    /* The head first: who comes second meets a conflict that is tried again, not a number taken. */
    TRY(audit_head_move(tx, now.number, bytes_of(now.hash), bytes_of(seal)));
    return audit_enter(tx, row.number, row.made_us, row.who, row.action, row.subject, row.address,
                       row.detail, bytes_of(now.hash));
}

void audit_point_format(const struct audit_point *point, char text[AUDIT_POINT_MAX])
{
    struct buf out;
    char hex[2 * AUDIT_HASH_SIZE + 1];
    buf_init_fixed(&out, text, AUDIT_POINT_MAX);
    buf_add_int(&out, point->number);
    buf_addc(&out, ':');
    buf_add(&out, str_from(sodium_bin2hex(hex, sizeof hex, point->hash, sizeof point->hash)));
    buf_addc(&out, '\0');
}

enum err audit_point_parse(struct str text, struct audit_point *point)
{
    struct str number;
    size_t len = 0;
    if (!str_cut(&text, ':', &number) || text.len != 2 * (size_t)AUDIT_HASH_SIZE)
        return ERR_INPUT;
    if (sodium_hex2bin(point->hash, sizeof point->hash, text.ptr, text.len, NULL, &len, NULL) ||
        len != sizeof point->hash)
        return ERR_INPUT;
    return str_to_int(number, 1, INT64_MAX, &point->number);
}
