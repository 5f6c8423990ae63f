/* The page of one's API keys: made, shown once, revoked. */
#include <string.h>

#include "base/json.h"
#include "guard/audit_note.h"
#include "guard/aws.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/key.h"
#include "guard/key_msg.h"
#include "guard/notice.h"

enum { SCOPES_SHOWN_MAX = 128, DETAIL_MAX = 3 << 10, SCOPES_TEXT_MAX = 1 << 10 };

/* What a program has no business with, whoever its maker is: to act as a person, to make keys
 * that outlive its own, or people who may more than it, or to read the links by which people sign
 * in. */
static bool is_for_people(const char *permission)
{
    return strcmp(permission, "account") == 0 || strcmp(permission, "keys.own") == 0 ||
           strcmp(permission, "people.write") == 0 || strcmp(permission, "mail.read") == 0;
}

static bool may_grant(const struct request *request, const struct guard_permission *permission)
{
    return permission->roles & guard_who(request)->roles && !is_for_people(permission->name);
}

struct own {
    struct str person;
    struct key_list_rows rows;
};

static enum err read_own(struct tx *tx, void *arg)
{
    struct own *own = arg;
    return key_list(tx, own->person, KEY_EACH_MAX, &own->rows);
}

static enum err show(struct request *request, const struct field_errors *errors,
                     const struct key_page *notices)
{
    struct own own = {.person = guard_who(request)->person};
    struct key_page page = *notices;
    const char *scopes[SCOPES_SHOWN_MAX];
    const struct guard_permission *at = guard_of(request)->permissions;
    TRY(db_read(guard_of(request)->db, request->ctx, read_own, &own));
    for (; at->name && page.scope_count < SCOPES_SHOWN_MAX; at++)
        if (may_grant(request, at))
            scopes[page.scope_count++] = at->name;
    page.scopes = scopes;
    page.frame = ui_frame(request, "/admin/keys");
    page.errors = errors;
    page.keys = &own.rows;
    page.now_us = clock_now_us(request->ctx->clock);
    page.name = ui_value(request, errors, "name");
    page.wanted = ui_value(request, errors, "scopes");
    page.days = ui_value(request, errors, "days");
    page.signs = errors && str_equal(route_typed(request, "signs"), STR("yes"));
    if (!page.days.typed.len)
        page.days.typed = STR("365");
    key_page(respond_page(request), &page);
    return ERR_OK;
}

/* A key makes no keys and revokes none: what leaked could go on under another name. */
static enum err check_person(const struct request *request)
{
    return guard_who(request)->key ? err_fail(&request->ctx->err, ERR_FORBIDDEN,
                                              "A person does that, not a key.", "asked with a key")
                                   : ERR_OK;
}

enum err key_show(struct request *request, const struct key_show_input *input)
{
    TRY(check_person(request));
    return show(request, NULL, &(struct key_page){.is_revoked = input->has_done});
}

enum err key_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, &(struct key_page){.is_revoked = false});
}

static const struct guard_permission *find(const struct request *request, struct str word)
{
    const struct guard_permission *at = guard_of(request)->permissions;
    for (; at->name; at++)
        if (str_equal(str_from(at->name), word) && may_grant(request, at))
            return at;
    return NULL;
}

/* The words that were typed, each known and the maker's own, a space between them. */
static enum err read_scopes(struct request *request, struct str typed, struct buf *scopes)
{
    struct str word;
    size_t count = 0;
    buf_init(scopes, request->ctx->arena, SCOPES_TEXT_MAX);
    while (str_cut(&typed, ' ', &word)) {
        if (!word.len)
            continue;
        if (!find(request, word) || ++count > KEY_SCOPES_MAX) {
            struct str words = ui_words(request, text_key_scope_wrong);
            return err_input(&request->ctx->err, "scopes", STR_FMT ": " STR_FMT, STR_ARG(words),
                             STR_ARG(word));
        }
        buf_add(scopes, scopes->len ? STR(" ") : STR(""));
        buf_add(scopes, word);
    }
    return buf_err(scopes) ? err_memory(&request->ctx->err) : ERR_OK;
}

struct making {
    const struct request *request;
    struct key_new key;
    struct str detail;
    struct person_find_row person;
};

static enum err write_key(struct tx *tx, void *arg)
{
    struct making *making = arg;
    TRY(person_find(tx, making->key.person, &making->person));
    TRY(key_add(tx, &making->key));
    return audit_note(tx, making->request, "key.make", str_from(making->key.id), making->detail);
}

static enum err write_detail(struct ctx *ctx, struct making *making)
{
    struct buf out;
    struct json_writer w;
    buf_init(&out, ctx->arena, DETAIL_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("name"));
    json_add_str(&w, making->key.name);
    json_key(&w, STR("scopes"));
    json_add_str(&w, making->key.scopes);
    json_key(&w, STR("signs"));
    json_add_bool(&w, making->key.signs != 0);
    json_end_object(&w);
    making->detail = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* Of the newest version: what is derived later may differ, this one stays as it is. */
static enum err make_secret(struct request *request, struct key_new *key,
                            char secret[AWS_SECRET_TEXT])
{
    struct secrets *secrets = request->ports->secrets;
    key->signs = aws_newest(secrets);
    return aws_secret(secrets, request->ctx, (uint32_t)key->signs, str_from(key->id), secret);
}

enum err key_make(struct request *request, const struct key_make_input *input)
{
    struct ctx *ctx = request->ctx;
    struct buf scopes;
    TRY(check_person(request));
    TRY(read_scopes(request, input->scopes, &scopes));
    struct making making = {.request = request,
                            .key = {.person = guard_who(request)->person,
                                    .name = input->name,
                                    .scopes = buf_str(&scopes),
                                    .expires_us = clock_now_us(ctx->clock) + input->days * DAY_US}};
    char secret[AWS_SECRET_TEXT] = "";
    key_prepare(ctx, &making.key);
    if (input->signs)
        TRY(make_secret(request, &making.key, secret));
    TRY(write_detail(ctx, &making));
    TRY(db_write(guard_of(request)->db, ctx, write_key, &making));
    notice_send(request, &making.person, &notice_key_made);
    return show(request, NULL,
                &(struct key_page){.token = str_from(making.key.token),
                                   .id = str_from(making.key.id),
                                   .secret = str_from(secret)});
}

struct ending {
    const struct request *request;
    struct str id;
    struct person_find_row person;
};

static enum err write_end(struct tx *tx, void *arg)
{
    struct ending *ending = arg;
    TRY(person_find(tx, guard_who(ending->request)->person, &ending->person));
    TRY(key_revoke(tx, ending->id, guard_who(ending->request)->person));
    return audit_note(tx, ending->request, "key.revoke", ending->id, STR(""));
}

enum err key_end(struct request *request, const struct key_end_input *input)
{
    struct ending ending = {.request = request, .id = input->id};
    TRY(check_person(request));
    TRY(db_write(guard_of(request)->db, request->ctx, write_end, &ending));
    notice_send(request, &ending.person, &notice_key_revoked);
    return respond_redirect(request, "/admin/keys?done=revoked");
}
