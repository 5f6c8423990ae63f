/* Tests of the secrets port: what stays, what is refused, and that nothing is shown. */
#include "ports/secrets/secrets.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/secrets/secrets_inside.h"

enum { PATH_ROOM = 4096, FILE_MAX = 1 << 20 };

static struct secrets_options options_for(struct test *t, const char *name)
{
    return (struct secrets_options){.folder = test_folder(t, name)};
}

static const char *inside(struct test *t, const struct secrets_options *options, const char *name)
{
    struct buf path;
    const char *text = NULL;
    buf_init(&path, t->arena, PATH_ROOM);
    buf_addf(&path, "%s/%s", options->folder, name);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &text) == ERR_OK);
    return text;
}

static struct str read_file(struct test *t, const struct secrets_options *options, const char *name)
{
    char *bytes = arena_bytes(t->arena, FILE_MAX);
    int fd = open(inside(t, options, name), O_RDONLY | O_CLOEXEC);
    REQUIRE(bytes && fd >= 0);
    ssize_t len = io_read_all(fd, bytes, FILE_MAX);
    close(fd);
    REQUIRE(len >= 0);
    return str_make(bytes, (size_t)len);
}

static void write_file(struct test *t, const struct secrets_options *options, const char *name,
                       struct str bytes)
{
    int fd = open(inside(t, options, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && io_write_all(fd, bytes));
    close(fd);
}

struct keys {
    uint8_t csrf[SECRETS_KEY_SIZE], audit[SECRETS_KEY_SIZE];
};

/* The keys of two purposes, and one secret, by a start of its own. */
static struct keys look(struct test *t, const struct secrets_options *options, const char *value)
{
    struct secrets *secrets;
    struct keys keys = {0};
    struct str text;
    REQUIRE(secrets_open(t->ctx, options, &secrets) == ERR_OK);
    CHECK_ERR(secrets_key(secrets, t->ctx, "csrf", keys.csrf), ERR_OK);
    CHECK_ERR(secrets_key(secrets, t->ctx, "audit", keys.audit), ERR_OK);
    if (value) {
        CHECK_ERR(secrets_get(secrets, t->ctx, "stripe_key", &text), ERR_OK);
        CHECK_STR(text, value);
    } else {
        CHECK_ERR(secrets_get(secrets, t->ctx, "stripe_key", &text), ERR_MISSING);
    }
    secrets_close(secrets);
    return keys;
}

static enum err set(struct test *t, const struct secrets_options *options, const char *name,
                    const char *value)
{
    return secrets_set(t->ctx, options, str_from(name), str_from(value));
}

TEST(secrets_keys_are_the_same_at_every_start)
{
    struct secrets_options options = options_for(t, "secrets/start");
    struct secrets_options other = options_for(t, "secrets/other");
    struct keys keys = look(t, &options, NULL), again = look(t, &options, NULL);
    CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    CHECK(memcmp(keys.csrf, keys.audit, SECRETS_KEY_SIZE) != 0);
    struct keys others = look(t, &other, NULL);
    CHECK(memcmp(keys.csrf, others.csrf, SECRETS_KEY_SIZE) != 0);
    struct stat info;
    REQUIRE(stat(inside(t, &options, "master.key"), &info) == 0);
    CHECK_INT(info.st_mode & 07777, 0600);
    REQUIRE(stat(inside(t, &options, "secrets.sealed"), &info) == 0);
    CHECK_INT(info.st_mode & 07777, 0600);
}

TEST(secrets_set_is_kept_sealed_and_replaced)
{
    struct secrets_options options = options_for(t, "secrets/set");
    struct secrets *secrets;
    CHECK_ERR(set(t, &options, "stripe_key", "first-value"), ERR_OK);
    CHECK_ERR(set(t, &options, "mail_password", "another"), ERR_OK);
    struct keys keys = look(t, &options, "first-value");
    fake_clock_turn(&t->clock, DAY_US);
    CHECK_ERR(set(t, &options, "stripe_key", "2nd"), ERR_OK);
    struct keys again = look(t, &options, "2nd");
    CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    struct str sealed = read_file(t, &options, "secrets.sealed");
    CHECK_INT(str_find(sealed, STR("2nd")), STR_NONE);
    CHECK_INT(str_find(sealed, STR("first-value")), STR_NONE);
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    REQUIRE(secrets_count(secrets) == 2);
    struct secrets_row row = secrets_at(secrets, 1);
    CHECK_TEXT(row.name, "stripe_key");
    CHECK(!row.is_purpose);
    CHECK_INT(row.version, 2);
    CHECK_INT(row.set_us, FAKE_NOW_US + DAY_US);
    secrets_close(secrets);
}

static const char *fake_environ(void *source, const char *name)
{
    return strcmp(name, "STOA_SECRET_STRIPE_KEY") == 0 ? source : NULL;
}

TEST(secrets_environment_goes_before_the_file)
{
    struct secrets_options options = options_for(t, "secrets/environment");
    char value[] = "from-outside", empty[] = "";
    CHECK_ERR(set(t, &options, "stripe_key", "from-file"), ERR_OK);
    options.lookup = fake_environ;
    options.source = value;
    look(t, &options, "from-outside");
    options.source = empty;
    look(t, &options, "from-file");
}

TEST(secrets_missing_says_how_it_is_set)
{
    struct secrets_options options = options_for(t, "secrets/missing");
    look(t, &options, NULL);
    CHECK_TEXT(t->ctx->err.operator,
               "the secret \"stripe_key\" is missing: stoa secret set stripe_key");
}

TEST(secrets_rotation_of_the_master_changes_no_key)
{
    struct secrets_options options = options_for(t, "secrets/rotate");
    CHECK_ERR(set(t, &options, "stripe_key", "value"), ERR_OK);
    struct keys keys = look(t, &options, "value");
    struct str master = read_file(t, &options, "master.key");
    CHECK_ERR(secrets_rotate(t->ctx, &options), ERR_OK);
    struct keys again = look(t, &options, "value");
    CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    CHECK(!str_equal(master, read_file(t, &options, "master.key")));
    CHECK(access(inside(t, &options, "master.key.next"), F_OK) != 0);
    write_file(t, &options, "master.key", master);
    struct secrets *secrets;
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_CONFLICT);
    CHECK(!secrets);
}

TEST(secrets_purpose_is_rotated_by_itself_and_keeps_its_versions)
{
    struct secrets_options options = options_for(t, "secrets/purpose");
    uint32_t version = 0;
    uint8_t key[SECRETS_KEY_SIZE];
    struct secrets *secrets;
    struct keys before = look(t, &options, NULL);
    CHECK_ERR(secrets_rotate_purpose(t->ctx, &options, STR("csrf"), &version), ERR_OK);
    CHECK_INT(version, 2);
    CHECK_ERR(secrets_rotate_purpose(t->ctx, &options, STR("csrf"), &version), ERR_OK);
    CHECK_INT(version, 3);
    struct keys after = look(t, &options, NULL);
    CHECK(memcmp(before.csrf, after.csrf, SECRETS_KEY_SIZE) != 0);
    CHECK(memcmp(before.audit, after.audit, SECRETS_KEY_SIZE) == 0);
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    CHECK_INT(secrets_newest(secrets, "csrf"), 3);
    CHECK_INT(secrets_newest(secrets, "audit"), 1);
    CHECK_ERR(secrets_key_version(secrets, t->ctx, "csrf", 1, key), ERR_OK);
    CHECK(memcmp(before.csrf, key, sizeof key) == 0);
    CHECK_ERR(secrets_key_version(secrets, t->ctx, "csrf", 2, key), ERR_OK);
    CHECK(memcmp(before.csrf, key, sizeof key) != 0 && memcmp(after.csrf, key, sizeof key) != 0);
    CHECK_ERR(secrets_key_version(secrets, t->ctx, "csrf", 4, key), ERR_MISSING);
    CHECK_ERR(secrets_key_version(secrets, t->ctx, "audit", 2, key), ERR_MISSING);
    CHECK_INT(secrets_count(secrets), 2);
    CHECK(secrets_at(secrets, 0).is_purpose);
    secrets_close(secrets);
    CHECK_ERR(set(t, &options, "stripe_key", "value"), ERR_OK);
    CHECK_ERR(secrets_rotate_purpose(t->ctx, &options, STR("stripe_key"), &version), ERR_INPUT);
}

TEST(secrets_names_and_values_have_limits)
{
    static const char *const names[] = {
        "",    "1a",  "_a",  "Stripe",   "a-b",
        "a b", "a/b", "a\n", "\xc3\xa4", "a1234567890123456789012345678901234567890123456789"};
    struct secrets_options options = options_for(t, "secrets/limits");
    char large[SECRETS_VALUE_MAX + 1], name[16];
    memset(large, 'x', sizeof large);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        test_note(t, "\"%s\"", names[i]);
        CHECK_ERR(set(t, &options, names[i], "value"), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "name");
    }
    CHECK_ERR(set(t, &options, "a", ""), ERR_INPUT);
    CHECK_ERR(secrets_set(t->ctx, &options, STR("a"), str_make(large, sizeof large)), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "value");
    enum err err = ERR_OK;
    int n = 0;
    for (; !err && n < SECRETS_MAX; n++) {
        snprintf(name, sizeof name, "a%d", n);
        err = secrets_set(t->ctx, &options, str_from(name), str_make(large, SECRETS_VALUE_MAX));
    }
    CHECK_ERR(err, ERR_LIMIT);
    CHECK_INT(n, SECRETS_VALUES_MAX / SECRETS_VALUE_MAX); /* the root takes a little too */
    look(t, &options, NULL);
}

TEST(secrets_master_key_that_others_can_read_is_refused)
{
    struct secrets_options options = options_for(t, "secrets/mode");
    static const mode_t modes[] = {0640, 0604, 0620, 0601};
    struct secrets *secrets;
    look(t, &options, NULL);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        REQUIRE(chmod(inside(t, &options, "master.key"), modes[i]) == 0);
        CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_FORBIDDEN);
        CHECK(str_find(str_from(t->ctx->err.user), STR("chmod 600")) != STR_NONE);
    }
}

TEST(secrets_files_that_are_gone_are_not_made_again)
{
    struct secrets_options options = options_for(t, "secrets/gone");
    struct secrets *secrets;
    look(t, &options, NULL);
    const char *key = inside(t, &options, "master.key"), *away = inside(t, &options, "away");
    const char *sealed = inside(t, &options, "secrets.sealed");
    REQUIRE(rename(key, away) == 0);
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_MISSING);
    CHECK(access(key, F_OK) != 0);
    REQUIRE(rename(away, key) == 0 && rename(sealed, away) == 0);
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_MISSING);
    CHECK(access(sealed, F_OK) != 0);
    write_file(t, &options, "secrets.sealed", STR(""));
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_CONFLICT);
    options.folder = inside(t, &options, "nowhere");
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_IO);
}

/* What is looked at is as it was, a change that did not come to its end too. */
TEST(secrets_are_looked_at_without_a_change)
{
    struct secrets_options options = options_for(t, "secrets/looks"), looks = options;
    struct secrets *secrets;
    looks.only_looks = true;
    CHECK_ERR(secrets_open(t->ctx, &looks, &secrets), ERR_OK);
    CHECK(secrets_are_new(secrets));
    CHECK_INT(secrets_newest(secrets, "csrf"), 1);
    secrets_close(secrets);
    CHECK(rmdir(options.folder) == 0 && mkdir(options.folder, 0700) == 0);
    struct keys keys = look(t, &options, NULL);
    REQUIRE(rename(inside(t, &options, "master.key"), inside(t, &options, "master.key.next")) == 0);
    REQUIRE(unlink(inside(t, &options, "secrets.lock")) == 0);
    struct keys same = look(t, &looks, NULL);
    CHECK(memcmp(&same, &keys, sizeof keys) == 0);
    CHECK(access(inside(t, &options, "master.key"), F_OK) != 0);
    CHECK(access(inside(t, &options, "secrets.lock"), F_OK) != 0);
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    CHECK(!secrets_are_new(secrets));
    secrets_close(secrets);
    CHECK(access(inside(t, &options, "master.key"), F_OK) == 0);
    look(t, &looks, NULL);
}

#define DIGITS "00112233445566778899aabbccddeeff"

TEST(secrets_master_key_may_be_given)
{
    static const char *const wrong[] = {"",
                                        DIGITS,
                                        DIGITS DIGITS "0",
                                        DIGITS DIGITS "\n\n",
                                        " " DIGITS "0" DIGITS,
                                        DIGITS "xx" DIGITS};
    struct secrets_options options = options_for(t, "secrets/given");
    struct secrets *secrets;
    options.master_key_file = inside(t, &options, "given");
    CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_MISSING);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_file(t, &options, "given", str_from(wrong[i]));
        CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_CONFLICT);
    }
    write_file(t, &options, "given", STR(DIGITS DIGITS "\n"));
    struct keys keys = look(t, &options, NULL);
    CHECK(access(inside(t, &options, "master.key"), F_OK) != 0);
    CHECK_ERR(secrets_rotate(t->ctx, &options), ERR_OK);
    CHECK(!str_equal(read_file(t, &options, "given"), STR(DIGITS DIGITS "\n")));
    struct keys again = look(t, &options, NULL);
    CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    const char *target = options.master_key_file;
    options.master_key_file = inside(t, &options, "link");
    REQUIRE(symlink(target, options.master_key_file) == 0);
    again = look(t, &options, NULL);
    CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    CHECK_ERR(secrets_rotate(t->ctx, &options), ERR_INPUT);
    look(t, &options, NULL);
}

/* Each byte of the file, changed: the whole is refused, and nothing of it is believed. */
TEST(secrets_sealed_file_is_refused_with_any_byte_changed)
{
    struct secrets_options options = options_for(t, "secrets/changed");
    struct secrets *secrets;
    CHECK_ERR(set(t, &options, "stripe_key", "value"), ERR_OK);
    struct str sealed = read_file(t, &options, "secrets.sealed");
    char bytes[1024];
    REQUIRE(sealed.len < sizeof bytes);
    for (size_t i = 0; i < sealed.len; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        memcpy(bytes, sealed.ptr, sealed.len);
        bytes[i] = (char)(bytes[i] ^ 1);
        write_file(t, &options, "secrets.sealed", str_make(bytes, sealed.len));
        CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_CONFLICT);
        write_file(t, &options, "secrets.sealed", str_slice(sealed, 0, i ? i : 1));
        CHECK_ERR(secrets_open(t->ctx, &options, &secrets), ERR_CONFLICT);
        arena_rewind(t->arena, mark);
    }
    write_file(t, &options, "secrets.sealed", sealed);
    look(t, &options, "value");
}

/* Two names change their values, and whoever does it even has the key of the proof: the boxes still
 * do not open under another's name. */
TEST(secrets_value_opens_under_its_own_name_alone)
{
    uint8_t master[MASTER_SIZE] = {1};
    struct vault *vault = NULL, *read = NULL;
    struct vault_entry one = {.kind = VAULT_SECRET, .name = "one", .version = 1, .len = 3};
    struct buf out;
    char *room = NULL;
    REQUIRE(secrets_vault_new(t->ctx, &vault) == ERR_OK &&
            secrets_vault_new(t->ctx, &read) == ERR_OK);
    REQUIRE(secrets_vault_add(vault, t->ctx, &one, &room) == ERR_OK);
    memset(room, 'a', 3);
    buf_init(&out, t->arena, SEALED_MAX);
    REQUIRE(secrets_sealed_write(vault, t->ctx, master, &out) == ERR_OK);
    REQUIRE(secrets_sealed_read(t->ctx, buf_str(&out), master, read) == ERR_OK);
    CHECK_STR(secrets_vault_value(read, secrets_vault_newest(read, VAULT_SECRET, "one")), "aaa");
    size_t name = str_find(buf_str(&out), STR("one"));
    REQUIRE(name != STR_NONE);
    memcpy(out.ptr + name, "two", 3);
    secrets_vault_remove(read, secrets_vault_newest(read, VAULT_SECRET, "one"));
    secrets_sealed_prove(master, &out);
    CHECK_ERR(secrets_sealed_read(t->ctx, buf_str(&out), master, read), ERR_CONFLICT);
    CHECK(str_starts(str_from(t->ctx->err.operator), STR("a value does not open")));
    secrets_vault_free(vault);
    secrets_vault_free(read);
}

/* A folder each time: emptying one allocates too. */
struct rounds {
    const char *root;
    int count;
};

static enum err torture_all(struct test *t, void *arg)
{
    struct rounds *rounds = arg;
    char folder[PATH_ROOM];
    struct secrets_options options = {.folder = folder};
    struct secrets *secrets;
    uint32_t version;
    uint8_t key[SECRETS_KEY_SIZE];
    snprintf(folder, sizeof folder, "%s/%d", rounds->root, rounds->count++);
    if (mkdir(folder, 0700))
        return err_system(&t->ctx->err, "", "mkdir");
    TRY(set(t, &options, "stripe_key", "value"));
    TRY(secrets_rotate(t->ctx, &options));
    TRY(secrets_rotate_purpose(t->ctx, &options, STR("csrf"), &version));
    TRY(secrets_open(t->ctx, &options, &secrets));
    enum err err = secrets_key(secrets, t->ctx, "csrf", key);
    secrets_close(secrets);
    return err;
}

TEST(secrets_survive_each_failing_allocation)
{
    struct rounds rounds = {.root = test_folder(t, "secrets/memory")};
    TORTURE_EVERY(t, TORTURE_MEMORY, torture_all, &rounds);
}

/* What was there before a call fails is there afterwards. */
static enum err torture_kept(struct test *t, void *arg)
{
    struct secrets_options options = {.folder = arg};
    enum err err = secrets_rotate(t->ctx, &options);
    if (err)
        look(t, &options, "kept");
    return err;
}

TEST(secrets_survive_each_failing_system_call)
{
    struct secrets_options options = options_for(t, "secrets/system");
    struct rounds rounds = {.root = test_folder(t, "secrets/calls")};
    CHECK_ERR(set(t, &options, "stripe_key", "kept"), ERR_OK);
    TORTURE_EVERY(t, TORTURE_SYSTEM, torture_kept, (void *)options.folder);
    TORTURE_EVERY(t, TORTURE_SYSTEM, torture_all, &rounds);
    look(t, &options, "kept");
}

static struct process_result shell(struct test *t, const char *script, const char *folder)
{
    struct process_result result = {0};
    char data[PATH_ROOM];
    snprintf(data, sizeof data, "STOA_DATA=%s", folder);
    const char *argv[] = {"/bin/sh", "-c", script, test_built(t, "stoa"), NULL};
    REQUIRE(process_run(t, argv, (const char *[]){data, NULL}, &result) == ERR_OK);
    test_note(t, "%s: " STR_FMT STR_FMT, script, STR_ARG(result.out), STR_ARG(result.err));
    return result;
}

TEST(secrets_set_by_many_processes_at_once_are_all_kept)
{
    struct secrets_options options = options_for(t, "secrets/many");
    struct secrets *secrets;
    shell(t,
          "for i in 1 2 3 4 5 6 7 8; do echo value | \"$0\" secret set name_$i >&2 & done; "
          "\"$0\" secret rotate & wait",
          options.folder);
    REQUIRE(secrets_open(t->ctx, &options, &secrets) == ERR_OK);
    CHECK_INT(secrets_count(secrets), 8);
    for (size_t i = 0; i < secrets_count(secrets); i++) {
        struct str value;
        CHECK_ERR(secrets_get(secrets, t->ctx, secrets_at(secrets, i).name, &value), ERR_OK);
        CHECK_STR(value, "value");
    }
    secrets_close(secrets);
}

TEST(secrets_command_sets_lists_and_rotates)
{
    struct secrets_options options = options_for(t, "secrets/command");
    CHECK_STR(shell(t, "\"$0\" secret list", options.folder).out, "No secret is set.\n");
    CHECK_INT(shell(t, "echo value | \"$0\" secret set stripe_key", options.folder).status, 0);
    CHECK_INT(shell(t, "\"$0\" secret rotate csrf", options.folder).status, 0);
    CHECK_INT(shell(t, "\"$0\" secret rotate", options.folder).status, 0);
    look(t, &options, "value");
    struct str list = shell(t, "\"$0\" secret list", options.folder).out;
    CHECK(str_starts(list, STR("stripe_key               secret   version 1    since 20")));
    CHECK(str_find(list, STR("\ncsrf                     purpose  version 2    since 20")) !=
          STR_NONE);
    CHECK_INT(str_find(list, STR("value")), STR_NONE);
}

TEST(secrets_command_refuses_what_is_wrong)
{
    static const struct {
        const char *script, *said;
    } rows[] = {
        {"\"$0\" secret set stripe_key </dev/null", "stoa: value: must have 1 to 8192 bytes\n"},
        {"head -c 9000 /dev/zero | \"$0\" secret set stripe_key",
         "stoa: value: must have 1 to 8192 bytes\n"},
        {"echo value | \"$0\" secret set Stripe",
         "stoa: name: must be a-z, 0-9 and _, begin with a letter, and have at most 48\n"},
        {"\"$0\" secret set", "stoa: secret: usage: stoa secret set NAME, stoa secret list, stoa "
                              "secret rotate [PURPOSE]\n"},
        {"\"$0\" secret list all", "stoa: secret: usage: stoa secret set NAME, stoa secret list, "
                                   "stoa secret rotate [PURPOSE]\n"},
        {"\"$0\" secret show", "stoa: secret: usage: stoa secret set NAME, stoa secret list, stoa "
                               "secret rotate [PURPOSE]\n"},
    };
    struct secrets_options options = options_for(t, "secrets/refused");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process_result result = shell(t, rows[i].script, options.folder);
        CHECK_INT(result.status, 1);
        CHECK_STR(result.err, rows[i].said);
    }
}
