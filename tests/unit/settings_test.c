/* Settings: what is accepted, what is refused and in which words, and what is shown. */
#include "base/settings.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

struct sample {
    struct str name, store;
    int64_t port, size, delay_us, level;
    bool loud;
    struct str key;
};

#define AT(member) offsetof(struct sample, member)

static const struct setting table[] = {
    {"NAME", SETTING_TEXT, "Stoa", 0, 0, "", false, "A name.", AT(name)},
    {"STORE", SETTING_URL, "dir:objects", 0, 0, "dir s3", false, "A store.", AT(store)},
    {"PORT", SETTING_INT, "8080", 1, 65535, "", false, "A port.", AT(port)},
    {"SIZE", SETTING_SIZE, "16M", 4096, 1 << 30, "", false, "A size.", AT(size)},
    {"DELAY", SETTING_DURATION, "30s", 1000, HOUR_US, "", false, "A delay.", AT(delay_us)},
    {"LEVEL", SETTING_CHOICE, "info", 0, 0, "debug info warn", false, "A level.", AT(level)},
    {"LOUD", SETTING_BOOL, "no", 0, 0, "", false, "Loudness.", AT(loud)},
    {"KEY", SETTING_URL, "env:none", 0, 0, "env file", true, "A secret.", AT(key)},
};

enum { COUNT = sizeof table / sizeof *table };

/* An environment of one variable. */
struct one {
    const char *name, *value;
};

static const char *lookup_one(void *source, const char *name)
{
    struct one *one = source;
    return one->name && strcmp(one->name, name) == 0 ? one->value : NULL;
}

static enum err load(struct test *t, const char *name, const char *value, struct sample *sample)
{
    return settings_load(t->ctx, table, COUNT, lookup_one, &(struct one){name, value}, sample);
}

TEST(settings_presets_stand_where_the_environment_is_silent)
{
    struct sample sample;
    REQUIRE(load(t, NULL, NULL, &sample) == ERR_OK);
    CHECK_STR(sample.name, "Stoa");
    CHECK_STR(sample.store, "dir:objects");
    CHECK_INT(sample.port, 8080);
    CHECK_INT(sample.size, 16 << 20);
    CHECK_INT(sample.delay_us, 30 * SECOND_US);
    CHECK_INT(sample.level, 1);
    CHECK(!sample.loud);
    REQUIRE(load(t, "PORT", "", &sample) == ERR_OK);
    CHECK_INT(sample.port, 8080);
}

TEST(settings_take_what_is_right)
{
    static const struct {
        const char *name, *value, *shown;
    } rows[] = {
        {"NAME", "Bäckerei Süß", "Bäckerei Süß"},
        {"STORE", "s3://bucket/prefix", "s3://bucket/prefix"},
        {"PORT", "1", "1"},
        {"PORT", "65535", "65535"},
        {"SIZE", "4096", "4K"},
        {"SIZE", "5000", "5000"},
        {"SIZE", "1g", "1G"},
        {"DELAY", "90m", NULL},
        {"DELAY", "60m", "1h"},
        {"DELAY", "90s", "90s"},
        {"DELAY", "1500us", "1500us"},
        {"DELAY", "250ms", "250ms"},
        {"LEVEL", "debug", "debug"},
        {"LEVEL", "warn", "warn"},
        {"LOUD", "YES", "yes"},
        {"LOUD", "on", "yes"},
        {"LOUD", "0", "no"},
        {"KEY", "file:/run/key", "(secret)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample sample;
        test_note(t, "%s=%s", rows[i].name, rows[i].value);
        enum err err = load(t, rows[i].name, rows[i].value, &sample);
        if (!rows[i].shown) {
            CHECK_ERR(err, ERR_INPUT);
            continue;
        }
        REQUIRE(err == ERR_OK);
        for (size_t k = 0; k < COUNT; k++) {
            struct buf out;
            buf_init(&out, t->arena, 1024);
            setting_show(&out, &table[k], &sample);
            if (strcmp(table[k].name, rows[i].name) == 0)
                CHECK_STR(buf_str(&out), rows[i].shown);
        }
    }
}

TEST(settings_refuse_what_is_wrong_and_say_what_is_right)
{
    static const struct {
        const char *name, *value, *words;
    } rows[] = {
        {"PORT", "0", "must be a whole number from 1 to 65535, but is \"0\""},
        {"PORT", "65536", "must be a whole number from 1 to 65535, but is \"65536\""},
        {"PORT", "80a", "must be a whole number from 1 to 65535, but is \"80a\""},
        {"PORT", " 80", "must be a whole number from 1 to 65535, but is \" 80\""},
        {"PORT", "99999999999999999999",
         "must be a whole number from 1 to 65535, but is \"99999999999999999999\""},
        {"SIZE", "1K", "must be a size such as 16M from 4K to 1G, but is \"1K\""},
        {"SIZE", "9000000T", "must be a size such as 16M from 4K to 1G, but is \"9000000T\""},
        {"SIZE", "-4K", "must be a size such as 16M from 4K to 1G, but is \"-4K\""},
        {"SIZE", "4 K", "must be a size such as 16M from 4K to 1G, but is \"4 K\""},
        {"DELAY", "30", "must be a duration such as 30s or 5m from 1ms to 1h, but is \"30\""},
        {"DELAY", "s", "must be a duration such as 30s or 5m from 1ms to 1h, but is \"s\""},
        {"LEVEL", "loud", "must be one of: debug info warn, but is \"loud\""},
        {"LEVEL", "debug info", "must be one of: debug info warn, but is \"debug info\""},
        {"LOUD", "maybe", "must be yes or no, but is \"maybe\""},
        {"STORE", "ftp://host",
         "must be a URL of one of these kinds: dir s3, but is \"ftp://host\""},
        {"STORE", "objects", "must be a URL of one of these kinds: dir s3, but is \"objects\""},
        {"NAME", "\xff", "must be text in UTF-8, but is \"\xef\xbf\xbd\""},
        {"KEY", "hunter2", "must be a URL of one of these kinds: env file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample sample = {0};
        test_note(t, "%s=%s", rows[i].name, rows[i].value);
        CHECK_ERR(load(t, rows[i].name, rows[i].value, &sample), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].name);
        CHECK_TEXT(t->ctx->err.user, rows[i].words);
    }
}

TEST(settings_cut_a_long_wrong_value_in_the_message)
{
    char value[200];
    struct sample sample;
    memset(value, '7', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    CHECK_ERR(load(t, "PORT", value, &sample), ERR_INPUT);
    CHECK(strlen(t->ctx->err.user) < 150);
    CHECK(strstr(t->ctx->err.user, "7…\"") != NULL);
}

TEST(settings_ask_the_environment)
{
    CHECK(settings_environ(NULL, "PATH") != NULL);
    CHECK(settings_environ(NULL, "STOA_NOBODY_SET_THIS") == NULL);
}

static enum err refuse_a_port(struct test *t, void *arg)
{
    struct sample sample;
    (void)arg;
    enum err err = load(t, "PORT", "many", &sample);
    CHECK(err == ERR_INPUT || err == ERR_MEMORY);
    return err == ERR_INPUT ? ERR_OK : err;
}

TEST(settings_survive_a_lack_of_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, refuse_a_port, NULL);
}
