/* What people with second factors do. */
#include "factor_place.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "guard/guard_routes.h"
#include "harness/folder.h"
#include "ports/secrets/secrets.h"

static const char person[] = "per_1";

static enum err set_password(struct tx *tx, void *arg)
{
    return person_set_password(tx, str_from(person), *(struct str *)arg, false);
}

void owner_open(struct test *t, const char *role, struct owner *owner)
{
    struct str hash = {0};
    *owner = (struct owner){.second = ""};
    place_open(t, &owner->place);
    owner->place.ports.guard->site_url = STR("https://stoa.example");
    struct secrets_options options = {.folder = test_folder(t, "secrets")};
    REQUIRE(secrets_open(t->ctx, &options, &owner->place.ports.secrets) == ERR_OK);
    place_add(&owner->place, person, role);
    REQUIRE(password_hash(t->ctx, &owner->place.ports.guard->passwords, STR(OWNER_PASSWORD),
                          &hash) == ERR_OK);
    REQUIRE(db_write(owner->place.db, t->ctx, set_password, &hash) == ERR_OK);
    authenticator_init(t, &owner->key, -7);
    REQUIRE(owner_enter(owner) == ERR_OK && owner_is_in(owner));
}

void owner_close(struct owner *owner)
{
    authenticator_release(&owner->key);
    place_close(&owner->place);
    secrets_close(owner->place.ports.secrets);
}

/* The value that the answer gives the cookie; what it had where it gives none. */
static void take_cookie(struct owner *owner, const char *name, char *value)
{
    char line[64];
    snprintf(line, sizeof line, "Set-Cookie: %s=", name);
    struct str headers = buf_str(&owner->place.request.response.headers);
    size_t at = str_find(headers, str_from(line));
    if (at == STR_NONE)
        return;
    headers = str_slice(headers, at + strlen(line), headers.len);
    snprintf(value, SECRET_TEXT, STR_FMT,
             STR_ARG(str_slice(headers, 0, str_find_char(headers, ';'))));
}

static void ask(struct owner *owner)
{
    struct test *t = owner->place.t;
    char headers[PLACE_TEXT_MAX];
    snprintf(headers, sizeof headers, "Cookie: second=%s; session=%s\r\n", owner->second,
             owner->session);
    place_ask(&owner->place, "GET", headers, "");
    CHECK_ERR(guard_identify(&owner->place.request), ERR_OK);
}

static enum err answered(struct owner *owner, enum err err)
{
    take_cookie(owner, "second", owner->second);
    take_cookie(owner, "session", owner->session);
    return err;
}

enum err owner_enter(struct owner *owner)
{
    owner->session[0] = '\0';
    ask(owner);
    return answered(owner, sign_in(&owner->place.request,
                                   &(struct sign_in_input){.email = str_from(person),
                                                           .password = STR(OWNER_PASSWORD)}));
}

bool owner_is_in(struct owner *owner)
{
    ask(owner);
    return guard_who(&owner->place.request) != NULL;
}

enum err owner_begin(struct owner *owner, int64_t kind, const char *password)
{
    ask(owner);
    return factor_begin(&owner->place.request,
                        &(struct factor_begin_input){.kind = kind, .password = str_from(password)});
}

struct reading {
    struct challenge challenge;
    struct factors factors;
};

static enum err read_challenge(struct tx *tx, void *arg)
{
    return challenge_read(tx, &((struct reading *)arg)->challenge);
}

static enum err read_factors(struct tx *tx, void *arg)
{
    return factor_read(tx, str_from(person), &((struct reading *)arg)->factors);
}

struct str owner_challenge(struct owner *owner, const char *purpose)
{
    char id[SECRET_TEXT];
    struct reading reading = {.challenge = {.purpose = purpose}};
    if (strcmp(purpose, "sign_in") == 0) {
        secret_hash(str_from(owner->second), id);
    } else {
        ask(owner);
        secret_hash_pair(str_from(purpose), guard_who(&owner->place.request)->session, id);
    }
    reading.challenge.id = str_from(id);
    return db_read(owner->place.db, owner->place.t->ctx, read_challenge, &reading)
               ? STR("")
               : reading.challenge.secret;
}

struct factors owner_factors(struct owner *owner)
{
    struct test *t = owner->place.t;
    struct reading reading = {.factors = {.app = false}};
    CHECK_ERR(db_read(owner->place.db, t->ctx, read_factors, &reading), ERR_OK);
    return reading.factors;
}

struct str owner_shows(struct owner *owner, int64_t after_s)
{
    struct test *t = owner->place.t;
    struct buf out;
    int code = 0;
    int64_t step = (t->clock.now_us / SECOND_US + after_s) / TOTP_PERIOD_S;
    CHECK_ERR(totp_code(t->ctx, &owner->totp, step, &code), ERR_OK);
    buf_init(&out, t->arena, 16);
    buf_addf(&out, "%06d", code);
    return buf_str(&out);
}

void owner_add_app(struct owner *owner)
{
    struct test *t = owner->place.t;
    REQUIRE(owner_begin(owner, 0, OWNER_PASSWORD) == ERR_OK);
    struct str sealed = owner_challenge(owner, "app");
    REQUIRE(factor_open(t->ctx, owner->place.ports.secrets, str_from(person), sealed,
                        &owner->totp) == ERR_OK);
    ask(owner);
    REQUIRE(factor_app(&owner->place.request,
                       &(struct factor_app_input){.code = owner_shows(owner, 0)}) == ERR_OK);
    owner->recovery = buf_str(&owner->place.request.response.body);
}

static struct str base64(struct test *t, struct str bytes)
{
    struct str text = {0};
    REQUIRE(factor_base64(t->ctx, bytes, &text) == ERR_OK);
    return text;
}

enum err owner_add_passkey(struct owner *owner, struct str challenge)
{
    struct test *t = owner->place.t;
    struct webauthn_answer made = authenticator_make(t, &owner->key, challenge);
    ask(owner);
    return factor_passkey(&owner->place.request,
                          &(struct factor_passkey_input){.name = STR("Ring"),
                                                         .id = base64(t, made.id),
                                                         .client = base64(t, made.client),
                                                         .data = base64(t, made.data)});
}

enum err owner_remove(struct owner *owner, const char *factor)
{
    ask(owner);
    return factor_remove(&owner->place.request,
                         &(struct factor_remove_input){.factor = str_from(factor)});
}

enum err owner_code(struct owner *owner, struct str code)
{
    ask(owner);
    return answered(owner,
                    second_code(&owner->place.request, &(struct second_code_input){.code = code}));
}

enum err owner_sign(struct owner *owner, struct webauthn_answer answer)
{
    struct test *t = owner->place.t;
    struct second_passkey_input input = {.id = base64(t, answer.id),
                                         .client = base64(t, answer.client),
                                         .data = base64(t, answer.data),
                                         .signature = base64(t, answer.signature)};
    ask(owner);
    return answered(owner, second_passkey(&owner->place.request, &input));
}

bool owner_is_asked(struct owner *owner)
{
    owner->second[0] = '\0';
    return owner_enter(owner) == ERR_OK && owner->second[0] != '\0' && !owner_is_in(owner);
}

void owner_turn(struct owner *owner)
{
    fake_clock_turn(&owner->place.t->clock, TOTP_PERIOD_S * SECOND_US);
}
