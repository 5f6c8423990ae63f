/* Tests of JSON. */
#include "base/json.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/json_equal.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "json_cases.h"

enum { OUT_MAX = 8 << 20 };

static struct str write_tree(struct test *t, const struct json *tree)
{
    struct buf out;
    buf_init(&out, t->arena, OUT_MAX);
    json_write(&out, tree);
    CHECK_ERR(buf_err(&out), ERR_OK);
    return buf_str(&out);
}

static struct json *read_text(struct test *t, const char *text)
{
    struct json *tree = NULL;
    REQUIRE(json_read(t->ctx, str_from(text), &tree) == ERR_OK);
    return tree;
}

/* In a block of its own size, so that a sanitizer sees a step behind the end. */
static enum err read_exactly(struct test *t, struct str text, struct json **tree)
{
    struct str copy;
    REQUIRE(str_copy(t->arena, text, &copy) == ERR_OK);
    return json_read(t->ctx, copy, tree);
}

static void check_accepted(struct test *t, const struct json_case *row)
{
    struct json *tree = NULL, *again = NULL;
    CHECK_ERR(read_exactly(t, row->text, &tree), ERR_OK);
    if (!tree)
        return;
    struct str written = write_tree(t, tree);
    CHECK(str_equal(written, row->written ? str_from(row->written) : row->text));
    CHECK_ERR(read_exactly(t, written, &again), ERR_OK);
    CHECK(again && json_equal(tree, again));
}

static void check_refused(struct test *t, const struct json_case *row)
{
    char place[64];
    struct json *tree = NULL;
    snprintf(place, sizeof place, "line %d, column %d: ", row->line, row->column);
    enum err err = read_exactly(t, row->text, &tree);
    CHECK(err == ERR_INPUT || err == ERR_LIMIT);
    CHECK_ERR(t->ctx->err.code, err);
    CHECK(!tree);
    if (!CHECK(str_starts(str_from(t->ctx->err.user), str_from(place))))
        CHECK_TEXT(t->ctx->err.user, place);
    CHECK_TEXT(t->ctx->err.field, "");
}

TEST(json_takes_and_refuses_what_the_table_says)
{
    CHECK(json_case_count >= 250);
    for (size_t i = 0; i < json_case_count; i++) {
        const struct json_case *row = &json_cases[i];
        test_note(t, "row %zu: %.*s", i, (int)(row->text.len < 80 ? row->text.len : 80),
                  row->text.ptr);
        (row->line ? check_refused : check_accepted)(t, row);
    }
}

/* Whatever is cut off, the rest is refused, and nothing behind its end is read. */
TEST(json_refuses_every_beginning_of_an_order)
{
    struct str order = STR("{\"id\":\"ord_\\u0031\",\"paid\":true,\"none\":null,\"lines\":"
                           "[{\"sku\":\"Größe 😀\",\"quantity\":-2.5e+3,\"gift\":false}]}");
    struct json *tree;
    CHECK_ERR(read_exactly(t, order, &tree), ERR_OK);
    for (size_t len = 0; len < order.len; len++) {
        test_note(t, "cut after %zu bytes", len);
        CHECK_ERR(read_exactly(t, str_slice(order, 0, len), &tree), ERR_INPUT);
    }
}

/* Every byte at every place of a word of eight, before and behind it. */
TEST(json_finds_each_special_byte_wherever_it_stands)
{
    for (int byte = 0; byte < 128; byte++) {
        for (size_t at = 1; at <= 40; at++) {
            char text[42];
            struct json *tree;
            memset(text, 'x', sizeof text);
            text[0] = text[41] = '"';
            text[at] = (char)byte;
            bool fine = byte >= ' ' && byte != '"' && byte != '\\';
            test_note(t, "byte %d at %zu", byte, at);
            CHECK_INT(read_exactly(t, str_make(text, sizeof text), &tree) == ERR_OK, fine);
        }
    }
}

TEST(json_says_what_it_expected)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"",
         "line 1, column 1: expected a value: text in quotes, a number, true, false, null, [ or {"},
        {"[1 2]", "line 1, column 4: expected a comma or ]"},
        {"{\"a\":1 2}", "line 1, column 8: expected a comma or }"},
        {"{\"a\" 1}", "line 1, column 6: expected a colon"},
        {"{\n  \"a\": 1,\n}", "line 3, column 1: expected a name in quotes"},
        {"1.", "line 1, column 3: expected a digit"},
        {"1 2", "line 1, column 3: expected the end of the text"},
        {"\"ä\n\"", "line 1, column 3: expected an escape such as \\n for a control character"},
        {"\"abc", "line 1, column 5: expected a quote that ends the string"},
        {"\"\\x\"", "line 1, column 3: expected one of \" \\ / b f n r t u after the backslash"},
        {"\"\\u12\"", "line 1, column 6: expected four hexadecimal digits after \\u"},
        {"\"\\ud800\"", "line 1, column 4: expected a character; half a surrogate pair is none"},
        {"\"\xff\"", "line 1, column 2: expected UTF-8"},
        {"{\"a\":1,\"a\":2}", "line 1, column 8: expected each name once in an object"},
        {"\xef\xbb\xbf{}",
         "line 1, column 1: expected a value; a byte order mark is not part of JSON"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json *tree;
        CHECK_ERR(json_read(t->ctx, str_from(rows[i].text), &tree), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.user, rows[i].words);
    }
}

TEST(json_that_is_too_deep_is_a_limit)
{
    char text[2 * JSON_DEPTH_MAX + 2];
    struct json *tree;
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    CHECK_ERR(json_read(t->ctx, str_make(text, sizeof text), &tree), ERR_LIMIT);
    CHECK_TEXT(t->ctx->err.user, "line 1, column 65: at most 64 levels may be nested");
    CHECK_ERR(json_read(t->ctx, str_make(text + 1, sizeof text - 2), &tree), ERR_OK);
}

TEST(json_that_is_too_long_is_a_limit)
{
    char *text = arena_bytes(t->arena, JSON_SIZE_MAX + 1);
    struct json *tree;
    REQUIRE(text);
    memset(text, ' ', JSON_SIZE_MAX + 1);
    text[0] = '1';
    CHECK_ERR(json_read(t->ctx, str_make(text, JSON_SIZE_MAX), &tree), ERR_OK);
    CHECK_ERR(json_read(t->ctx, str_make(text, JSON_SIZE_MAX + 1), &tree), ERR_LIMIT);
    CHECK_TEXT(t->ctx->err.user, "This JSON text is too long.");
}

TEST(json_of_nothing_is_refused)
{
    struct json *tree;
    CHECK_ERR(json_read(t->ctx, (struct str){0}, &tree), ERR_INPUT);
}

/* Comparing each with each would take minutes. */
TEST(json_with_very_many_names_is_read_at_once)
{
    enum { NAMES = 200000 };
    struct buf text;
    struct json *tree = NULL;
    buf_init(&text, t->arena, OUT_MAX);
    for (int i = 0; i < NAMES; i++)
        buf_addf(&text, "%c\"name%d\":%d", i ? ',' : '{', i, i);
    struct str unclosed = buf_str(&text);
    buf_addc(&text, '}');
    CHECK_ERR(json_read(t->ctx, buf_str(&text), &tree), ERR_OK);
    REQUIRE(tree);
    CHECK_INT(tree->count, NAMES);
    text.len = unclosed.len;
    buf_add(&text, STR(",\"name100000\":0}"));
    CHECK_ERR(json_read(t->ctx, buf_str(&text), &tree), ERR_INPUT);
    CHECK(str_ends(str_from(t->ctx->err.user), STR(": expected each name once in an object")));
}

TEST(json_finds_each_pair_among_many_names)
{
    enum { NAMES = 24 };
    for (int pair = 0; pair < NAMES * NAMES; pair++) {
        struct buf text;
        struct json *tree;
        buf_init(&text, t->arena, OUT_MAX);
        for (int i = 0; i < NAMES; i++)
            buf_addf(&text, "%c\"%d\":0", i ? ',' : '{', i == pair / NAMES ? pair % NAMES : i);
        buf_addc(&text, '}');
        bool fine = pair / NAMES == pair % NAMES;
        test_note(t, "name %d is name %d again", pair / NAMES, pair % NAMES);
        CHECK_INT(json_read(t->ctx, buf_str(&text), &tree) == ERR_OK, fine);
    }
}

TEST(json_get_walks_without_checks)
{
    struct json *order = read_text(
        t, "{\"id\":7,\"buyer\":{\"name\":\"Ada\"},\"lines\":[1,2,3],\"\":0}");
    int64_t number = 0;
    struct str name;
    CHECK_INT(order->count, 4);
    CHECK_ERR(json_int(json_get(order, "id"), &number), ERR_OK);
    CHECK_INT(number, 7);
    CHECK_ERR(json_str(json_get(json_get(order, "buyer"), "name"), &name), ERR_OK);
    CHECK_STR(name, "Ada");
    CHECK(json_get(order, ""));
    CHECK(!json_get(order, "i"));
    CHECK(!json_get(order, "idx"));
    CHECK(!json_get(json_get(json_get(order, "no"), "such"), "way"));
    CHECK(!json_get(json_get(order, "lines"), "length"));
    CHECK_INT(json_get(order, "lines")->count, 3);
    CHECK_ERR(json_int(json_get(order, "lines")->first->next->next, &number), ERR_OK);
    CHECK_INT(number, 3);
}

TEST(json_int_is_exact)
{
    static const struct {
        const char *text;
        enum err err;
        int64_t number;
    } rows[] = {
        {"0", ERR_OK, 0},
        {"-0", ERR_OK, 0},
        {"-1", ERR_OK, -1},
        {"9007199254740993", ERR_OK, 9007199254740993},
        {"9223372036854775807", ERR_OK, INT64_MAX},
        {"-9223372036854775807", ERR_OK, -INT64_MAX},
        {"-9223372036854775808", ERR_OK, INT64_MIN},
        {"9223372036854775808", ERR_INPUT, 42},
        {"-9223372036854775809", ERR_INPUT, 42},
        {"18446744073709551616", ERR_INPUT, 42},
        {"92233720368547758070", ERR_INPUT, 42},
        {"1.0", ERR_INPUT, 42},
        {"1e2", ERR_INPUT, 42},
        {"-0.0", ERR_INPUT, 42},
        {"\"1\"", ERR_INPUT, 42},
        {"true", ERR_INPUT, 42},
        {"null", ERR_INPUT, 42},
        {"[1]", ERR_INPUT, 42},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t number = 42;
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(json_int(read_text(t, rows[i].text), &number), rows[i].err);
        CHECK_INT(number, rows[i].number);
    }
}

TEST(json_real_is_the_nearest)
{
    static const struct {
        const char *text;
        double number;
    } rows[] = {
        {"0", 0.0},
        {"0.1", 0.1},
        {"-2.50", -2.5},
        {"1e2", 100.0},
        {"9007199254740993", 9007199254740992.0},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"5e-324", 5e-324},
        {"1e-400", 0.0},
        {"12345678901234567890123", 12345678901234567890123.0},
    };
    double number = 42;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(json_real(read_text(t, rows[i].text), &number), ERR_OK);
        CHECK(number == rows[i].number);
    }
    CHECK_ERR(json_real(read_text(t, "-0"), &number), ERR_OK);
    CHECK(signbit(number));
    CHECK_ERR(json_real(read_text(t, "1e309"), &number), ERR_INPUT);
    CHECK_ERR(json_real(read_text(t, "\"1\""), &number), ERR_INPUT);
}

TEST(json_real_takes_so_many_digits)
{
    char text[JSON_REAL_LEN_MAX + 2];
    double number = 42;
    struct json *tree;
    memset(text, '0', sizeof text);
    text[0] = '1';
    text[1] = '.';
    CHECK_ERR(json_read(t->ctx, str_make(text, JSON_REAL_LEN_MAX), &tree), ERR_OK);
    CHECK_ERR(json_real(tree, &number), ERR_OK);
    CHECK(number == 1.0);
    CHECK_ERR(json_read(t->ctx, str_make(text, JSON_REAL_LEN_MAX + 1), &tree), ERR_OK);
    CHECK_ERR(json_real(tree, &number), ERR_INPUT);
}

TEST(json_values_are_of_one_kind)
{
    struct json *all = read_text(t, "[null,false,true,1,\"x\",[],{}]");
    enum json_kind kind = JSON_NULL;
    for (struct json *value = all->first; value; value = value->next, kind++) {
        bool yes = false;
        struct str text;
        double real;
        int64_t number;
        test_note(t, "kind %d", (int)kind);
        CHECK_INT(value->kind, kind);
        CHECK_INT(json_bool(value, &yes) == ERR_OK, kind == JSON_TRUE || kind == JSON_FALSE);
        CHECK_INT(yes, kind == JSON_TRUE);
        CHECK_INT(json_str(value, &text) == ERR_OK, kind == JSON_STRING);
        CHECK_INT(json_int(value, &number) == ERR_OK, kind == JSON_NUMBER);
        CHECK_INT(json_real(value, &real) == ERR_OK, kind == JSON_NUMBER);
    }
    CHECK_INT(kind, JSON_OBJECT + 1);
    CHECK_ERR(json_bool(NULL, &(bool){0}), ERR_INPUT);
    CHECK_ERR(json_str(NULL, &(struct str){0}), ERR_INPUT);
    CHECK_ERR(json_int(NULL, &(int64_t){0}), ERR_INPUT);
    CHECK_ERR(json_real(NULL, &(double){0}), ERR_INPUT);
}

TEST(json_strings_point_into_the_text)
{
    static const char text[] = "{\"name\":\"value\"}";
    struct json *tree = read_text(t, text);
    CHECK(tree->first->name.ptr == text + 2);
    CHECK(tree->first->text.ptr == text + 9);
}

TEST(json_writer_sets_commas_and_colons)
{
    struct buf out;
    struct json_writer w;
    buf_init(&out, t->arena, OUT_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("id"));
    json_add_str(&w, STR("ord_\"1\""));
    json_key(&w, STR("lines"));
    json_begin_array(&w);
    json_add_int(&w, INT64_MIN);
    json_add_bool(&w, true);
    json_add_bool(&w, false);
    json_add_null(&w);
    json_begin_object(&w);
    json_end_object(&w);
    json_begin_array(&w);
    json_end_array(&w);
    json_begin_array(&w);
    json_add_int(&w, 1);
    json_end_array(&w);
    json_end_array(&w);
    json_key(&w, STR("tree"));
    json_add_tree(&w, read_text(t, " { \"a\" : [ 0.10 , 1 ] } "));
    json_key(&w, STR(""));
    json_add_null(&w);
    json_end_object(&w);
    CHECK_ERR(buf_err(&out), ERR_OK);
    CHECK_STR(buf_str(&out), "{\"id\":\"ord_\\\"1\\\"\",\"lines\":[-9223372036854775808,true,false,"
                             "null,{},[],[1]],\"tree\":{\"a\":[0.10,1]},\"\":null}");
}

static void begin_levels(struct json_writer *w, int levels)
{
    for (int i = 0; i < levels; i++) {
        if (i % 2) {
            json_begin_object(w);
            json_key(w, STR("k"));
        } else {
            json_begin_array(w);
        }
    }
}

TEST(json_writer_remembers_every_level)
{
    struct buf out;
    struct json_writer w;
    struct json *tree;
    buf_init(&out, t->arena, OUT_MAX);
    json_writer_init(&w, &out);
    begin_levels(&w, JSON_DEPTH_MAX);
    json_add_null(&w);
    for (int i = JSON_DEPTH_MAX; i-- > 0;)
        (i % 2 ? json_end_object : json_end_array)(&w);
    CHECK_ERR(json_read(t->ctx, buf_str(&out), &tree), ERR_OK);
}

TEST(json_tree_that_would_be_too_deep_is_a_limit)
{
    struct buf out;
    struct json_writer w;
    struct json *tree = read_text(t, "[[1]]");
    for (int levels = JSON_DEPTH_MAX - 2; levels < JSON_DEPTH_MAX; levels++) {
        buf_init(&out, t->arena, OUT_MAX);
        json_writer_init(&w, &out);
        begin_levels(&w, levels);
        json_add_tree(&w, tree);
        CHECK_ERR(buf_err(&out), levels == JSON_DEPTH_MAX - 2 ? ERR_OK : ERR_LIMIT);
    }
}

static void close_first(struct json_writer *w)
{
    json_end_object(w);
}
static void two_roots(struct json_writer *w)
{
    json_add_null(w);
    json_add_null(w);
}
static void key_outside(struct json_writer *w)
{
    json_key(w, STR("a"));
}
static void key_in_array(struct json_writer *w)
{
    json_begin_array(w);
    json_key(w, STR("a"));
}
static void value_without_key(struct json_writer *w)
{
    json_begin_object(w);
    json_add_int(w, 1);
}
static void two_keys(struct json_writer *w)
{
    json_begin_object(w);
    json_key(w, STR("a"));
    json_key(w, STR("b"));
}
static void key_without_value(struct json_writer *w)
{
    json_begin_object(w);
    json_key(w, STR("a"));
    json_end_object(w);
}
static void ends_crossed(struct json_writer *w)
{
    json_begin_array(w);
    json_end_object(w);
}
static void too_many_levels(struct json_writer *w)
{
    begin_levels(w, JSON_DEPTH_MAX + 1);
}

/* In a child, whose words about it nobody reads. */
static bool is_asserted(struct test *t, void (*misuse)(struct json_writer *w))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct buf out;
        struct json_writer w;
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        buf_init(&out, t->arena, OUT_MAX);
        json_writer_init(&w, &out);
        misuse(&w);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

TEST(json_writer_asserts_its_order)
{
    static void (*const misuses[])(struct json_writer * w) = {
        close_first, two_roots,         key_outside,  key_in_array,    value_without_key,
        two_keys,    key_without_value, ends_crossed, too_many_levels,
    };
    for (size_t i = 0; i < sizeof misuses / sizeof *misuses; i++) {
        test_note(t, "misuse %zu", i);
        CHECK(is_asserted(t, misuses[i]));
    }
}

TEST(json_quote_escapes_what_it_must)
{
    static const struct {
        struct str text;
        const char *quoted;
    } rows[] = {
        {{NULL, 0}, "\"\""},
        {{"a", 1}, "\"a\""},
        {{"1234567", 7}, "\"1234567\""},
        {{"12345678", 8}, "\"12345678\""},
        {{"\0", 1}, "\"\\u0000\""},
        {{"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
        {{"\x01\x0b\x1f\x7f", 4}, "\"\\u0001\\u000b\\u001f\x7f\""},
        {{"a\"b\\c/d", 7}, "\"a\\\"b\\\\c/d\""},
        {{"12345678\"", 9}, "\"12345678\\\"\""},
        {{"\"\"\"\"\"\"\"\"", 8}, "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\""},
        {{"é€😀", 9}, "\"é€😀\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        buf_init(&out, t->arena, OUT_MAX);
        json_quote(&out, rows[i].text);
        CHECK_STR(buf_str(&out), rows[i].quoted);
    }
}

TEST(json_quote_refuses_what_is_not_utf8)
{
    static const char *const rows[] = {"\xff", "a\xc3", "12345678\x80", "\n\xed\xa0\x80",
                                       "abc\xe9"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        buf_init(&out, t->arena, OUT_MAX);
        buf_addc(&out, '[');
        json_quote(&out, str_from(rows[i]));
        buf_addc(&out, ']');
        CHECK_ERR(buf_err(&out), ERR_INPUT);
        CHECK_STR(buf_str(&out), "[");
    }
}

TEST(json_quote_reads_back_whatever_its_length)
{
    char text[64];
    for (size_t len = 0; len <= sizeof text; len++) {
        for (size_t at = 0; at <= len; at++) {
            struct buf out;
            struct json *tree = NULL;
            struct str again;
            memset(text, 'x', sizeof text);
            if (at < len)
                text[at] = at % 2 ? '\\' : '\x1f';
            buf_init(&out, t->arena, OUT_MAX);
            json_quote(&out, str_make(text, len));
            test_note(t, "length %zu, at %zu", len, at);
            REQUIRE(read_exactly(t, buf_str(&out), &tree) == ERR_OK);
            CHECK(json_str(tree, &again) == ERR_OK && str_equal(again, str_make(text, len)));
        }
    }
}

TEST(json_write_keeps_the_buffers_limit)
{
    static const char text[] = "{\"a\":[1,\"two\",\"\\u0001\",null]}";
    struct json *tree = read_text(t, text);
    for (size_t limit = 0; limit < sizeof text; limit++) {
        struct buf out;
        buf_init(&out, t->arena, limit);
        json_write(&out, tree);
        CHECK_ERR(buf_err(&out), limit < sizeof text - 1 ? ERR_LIMIT : ERR_OK);
        CHECK(str_starts(str_from(text), buf_str(&out)));
    }
}

/* A tree made by chance: every kind, names that are new, strings of any character. */
struct grower {
    struct test *t;
    int nodes_left;
};

static struct str random_text(struct grower *g)
{
    struct buf out;
    size_t len = rand_below(&g->t->rand.rand, 24);
    buf_init(&out, g->t->arena, 128);
    for (size_t i = 0; i < len; i++) {
        uint64_t wide = rand_below(&g->t->rand.rand, 8);
        uint32_t c = (uint32_t)rand_below(&g->t->rand.rand, wide == 0   ? 0x110000
                                                            : wide == 1 ? 0x20
                                                                        : 0x7f);
        buf_add_utf8(&out, c >= 0xd800 && c <= 0xdfff ? '"' : c);
    }
    return buf_str(&out);
}

static struct str random_number(struct grower *g)
{
    struct buf out;
    struct rand *rand = &g->t->rand.rand;
    buf_init(&out, g->t->arena, 128);
    buf_add_int(&out, (int64_t)rand_u64(rand) >> rand_below(rand, 64));
    if (rand_below(rand, 2))
        buf_addf(&out, ".%llu", (unsigned long long)rand_below(rand, 1000));
    if (rand_below(rand, 3) == 0)
        buf_addf(&out, "%c%s%llu", rand_below(rand, 2) ? 'e' : 'E',
                 &"+\0-\0"[2 * rand_below(rand, 3)], (unsigned long long)rand_below(rand, 400));
    return buf_str(&out);
}

static struct str new_name(struct grower *g, uint32_t count)
{
    struct buf out;
    buf_init(&out, g->t->arena, 256);
    buf_addf(&out, "%x", count);
    buf_addc(&out, ':');
    buf_add(&out, random_text(g));
    return buf_str(&out);
}

static struct json *grow(struct grower *g, int levels)
{
    struct rand *rand = &g->t->rand.rand;
    struct json *value = ARENA_NEW(g->t->arena, struct json);
    value->kind = (enum json_kind)rand_below(rand, levels ? JSON_OBJECT + 1 : JSON_ARRAY);
    if (value->kind == JSON_NUMBER)
        value->text = random_number(g);
    if (value->kind == JSON_STRING)
        value->text = random_text(g);
    if (value->kind < JSON_ARRAY)
        return value;
    struct json **tail = &value->first;
    uint64_t wanted = rand_below(rand, rand_below(rand, 8) ? 6 : 60);
    for (; value->count < wanted && g->nodes_left > 0; tail = &(*tail)->next) {
        g->nodes_left--;
        *tail = grow(g, levels - 1);
        if (value->kind == JSON_OBJECT)
            (*tail)->name = new_name(g, value->count);
        value->count++;
    }
    return value;
}

TEST(json_random_trees_come_back_the_same)
{
    for (int round = 0; round < 300; round++) {
        struct arena_mark mark = arena_mark(t->arena);
        struct grower g = {.t = t, .nodes_left = 400};
        struct json *tree = grow(&g, 1 + round % 10), *again = NULL;
        struct str written = write_tree(t, tree);
        test_note(t, "round %d", round);
        REQUIRE(read_exactly(t, written, &again) == ERR_OK);
        CHECK(json_equal(tree, again));
        CHECK(str_equal(written, write_tree(t, again)));
        arena_rewind(t->arena, mark);
    }
}

/* A mistake anywhere is refused with a place inside the text, or it is no mistake. */
TEST(json_random_mistakes_do_no_harm)
{
    struct str order = STR(
        "{\"id\":\"o\\u00e9\",\"n\":[1,-2.5e3,true,null],\"s\":\"Größe\",\"x\":{}}");
    for (int round = 0; round < 5000; round++) {
        struct arena_mark mark = arena_mark(t->arena);
        char *text = arena_bytes(t->arena, order.len);
        struct json *tree = NULL;
        REQUIRE(text);
        memcpy(text, order.ptr, order.len);
        for (uint64_t i = rand_below(&t->rand.rand, 3) + 1; i-- > 0;)
            text[rand_below(&t->rand.rand, order.len)] = (char)rand_below(&t->rand.rand, 256);
        enum err err = json_read(t->ctx, str_make(text, order.len), &tree);
        CHECK(err == ERR_OK || err == ERR_INPUT);
        CHECK(err != ERR_OK || write_tree(t, tree).len > 0);
        arena_rewind(t->arena, mark);
    }
}

/* Large enough for more than one block, with names to be sorted and strings to be written out. */
static enum err read_and_write(struct test *t, void *arg)
{
    struct str *text = arg;
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct json *tree = NULL;
    struct buf out;
    arena_init(&arena, OUT_MAX);
    enum err err = json_read(&ctx, *text, &tree);
    CHECK(err == ERR_OK || err == ERR_MEMORY);
    CHECK_ERR(ctx.err.code, err);
    if (!err) {
        buf_init(&out, &arena, OUT_MAX);
        json_write(&out, tree);
        err = buf_err(&out);
        CHECK(err == ERR_MEMORY || str_equal(buf_str(&out), *text));
    }
    arena_release(&arena);
    return err;
}

TEST(json_survives_failing_memory)
{
    struct buf text;
    buf_init(&text, t->arena, OUT_MAX);
    for (int i = 0; i < 3000; i++)
        buf_addf(&text, "%c\"name\\n%d\":[\"\\u0001\",%d]", i ? ',' : '{', i, i);
    buf_addc(&text, '}');
    struct str whole = buf_str(&text);
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, read_and_write, &whole) > 3);
}

/* The arena's limit, everywhere it can fall. */
TEST(json_survives_a_small_arena)
{
    struct str text = STR(
        "{\"a\":[\"\\u00e9\",2,3],\"b\":{\"c\":\"\\n\",\"d\":{}},\"e\":[[[[[]]]]],\"f\":0}");
    bool fine = false;
    for (size_t limit = 0; !fine && limit < OUT_MAX; limit += 8) {
        struct arena arena;
        struct ctx ctx = {.arena = &arena};
        struct json *tree = NULL;
        arena_init(&arena, limit);
        enum err err = json_read(&ctx, text, &tree);
        CHECK(err == ERR_OK || err == ERR_MEMORY);
        fine = err == ERR_OK;
        arena_release(&arena);
    }
    CHECK(fine);
}
