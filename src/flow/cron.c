/* Reads schedule expressions. */
#include "flow/cron.h"

#include "base/buf.h"

enum { WEEK = 7, NTH_MAX = 5, SATURDAY = 6, NAME_LETTERS = 3 };

enum part_kind {
    PART_MINUTE,
    PART_HOUR,
    PART_DAY,
    PART_MONTH,
    PART_UNIX_WEEKDAY,
    PART_AWS_WEEKDAY,
    PART_YEAR,
};

/* A part of an expression in fields. */
struct part {
    const char *name;
    int min, max;
    int base;          /* the number of the first bit */
    int turn;          /* after so many they begin again; 0 is never */
    const char *names; /* of three letters each, from `min` on */
    const char *right;
};

static const struct part parts[] = {
    [PART_MINUTE] = {"minute", 0, 59, 0, 0, "", "a number from 0 to 59"},
    [PART_HOUR] = {"hour", 0, 23, 0, 0, "", "a number from 0 to 23"},
    [PART_DAY] = {"day", 1, 31, 0, 0, "", "a number from 1 to 31, L, LW, or 15W"},
    [PART_MONTH] = {"month", 1, 12, 0, 0, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
                    "a number from 1 to 12 or JAN to DEC"},
    [PART_UNIX_WEEKDAY] = {"weekday", 0, 7, 0, WEEK, "SUNMONTUEWEDTHUFRISAT",
                           "SUN to SAT, a number from 0 (Sunday) to 7 (Sunday), FRIL, or MON#2"},
    [PART_AWS_WEEKDAY] = {"weekday", 1, 7, 1, WEEK, "SUNMONTUEWEDTHUFRISAT",
                          "SUN to SAT, a number from 1 (Sunday) to 7 (Saturday), FRIL, or MON#2"},
    [PART_YEAR] = {"year", CRON_YEAR_FIRST, CRON_YEAR_LAST, CRON_YEAR_FIRST, 0, "",
                   "a number from 1970 to 2199"},
};

/* Where the parts stand. */
enum { DAY_AT = 2, WEEKDAY_AT = 4, UNIX_PARTS = 5, AWS_PARTS = 6 };

/* What is being read. */
struct reader {
    struct ctx *ctx;
    const char *field;
    const struct part *part;
    struct str item;
    struct cron *cron;
    uint64_t *bits;
};

static enum err wrong(const struct reader *reader)
{
    return err_input(&reader->ctx->err, reader->field,
                     "the %s \"" STR_FMT "\" must be %s; also a range, a step, or several between "
                     "commas",
                     reader->part->name, STR_ARG(reader->item), reader->part->right);
}

static bool read_name(const struct part *part, struct str text, int *number)
{
    struct str names = str_from(part->names);
    if (text.len != NAME_LETTERS)
        return false;
    for (size_t at = 0; at < names.len; at += NAME_LETTERS)
        if (str_equal_nocase(text, str_slice(names, at, at + NAME_LETTERS))) {
            *number = part->min + (int)(at / NAME_LETTERS);
            return true;
        }
    return false;
}

/* A number may begin with zeros, as people line up their tables. */
static bool read_int(struct str text, int min, int max, int *number)
{
    int64_t read;
    while (text.len > 1 && text.ptr[0] == '0')
        text = str_slice(text, 1, text.len);
    if (str_to_int(text, min, max, &read))
        return false;
    *number = (int)read;
    return true;
}

static bool read_number(const struct part *part, struct str text, int *number)
{
    return read_name(part, text, number) || read_int(text, part->min, part->max, number);
}

/* The bit that stands for a number of the part. */
static int bit_of(const struct part *part, int number)
{
    return part->turn ? (number - part->base) % part->turn : number - part->base;
}

static void set(uint64_t *bits, int bit)
{
    bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool ends_with(struct str text, char letter, struct str *before)
{
    *before = str_slice(text, 0, text.len ? text.len - 1 : 0);
    return text.len &&
           str_equal_nocase(str_slice(text, text.len - 1, text.len), str_make(&letter, 1));
}

static bool read_day_mark(const struct reader *reader)
{
    struct cron *cron = reader->cron;
    struct str before;
    int day;
    if (str_equal_nocase(reader->item, STR("L"))) {
        cron->last_day = true;
        return true;
    }
    if (str_equal_nocase(reader->item, STR("LW"))) {
        cron->last_workday = true;
        return true;
    }
    if (!ends_with(reader->item, 'W', &before) || !read_number(reader->part, before, &day))
        return false;
    set(&cron->near_days, day);
    return true;
}

static bool read_weekday_mark(const struct reader *reader)
{
    const struct part *part = reader->part;
    struct cron *cron = reader->cron;
    struct str rest = reader->item, before;
    int weekday, nth;
    if (str_equal_nocase(rest, STR("L"))) {
        set(&cron->weekdays, SATURDAY);
        return true;
    }
    if (ends_with(rest, 'L', &before) && read_number(part, before, &weekday)) {
        set(&cron->last_weekdays, bit_of(part, weekday));
        return true;
    }
    if (!str_cut(&rest, '#', &before) || !read_number(part, before, &weekday) ||
        !read_int(rest, 1, NTH_MAX, &nth))
        return false;
    set(&cron->nth_weekdays, (nth - 1) * WEEK + bit_of(part, weekday));
    return true;
}

/* Where a star, and a lone number with a step, end. */
static int last_of(const struct part *part)
{
    return part->turn ? part->base + part->turn - 1 : part->max;
}

/* What a step goes through: "*", "5", "5-10". A lone number with a step goes on to the last. */
static bool read_range(const struct part *part, struct str text, bool open, int *from, int *to)
{
    struct str begin;
    *from = part->min;
    *to = last_of(part);
    if (str_equal(text, STR("*")))
        return true;
    if (!str_cut(&text, '-', &begin) || !read_number(part, begin, from))
        return false;
    if (text.ptr)
        return read_number(part, text, to);
    if (!open || *to < *from)
        *to = *from;
    return true;
}

static enum err read_numbers(const struct reader *reader)
{
    const struct part *part = reader->part;
    struct str step_text = reader->item, range;
    int from, to, step = 1;
    (void)str_cut(&step_text, '/', &range);
    bool stepped = step_text.ptr != NULL;
    if (stepped && !read_int(step_text, 1, part->max, &step))
        return err_input(&reader->ctx->err, reader->field,
                         "the %s \"" STR_FMT "\" must step by a number from 1 to %d", part->name,
                         STR_ARG(reader->item), part->max);
    if (!read_range(part, range, stepped, &from, &to))
        return wrong(reader);
    if (to < from && part->turn)
        to += part->turn;
    if (to < from)
        return err_input(&reader->ctx->err, reader->field,
                         "the %s \"" STR_FMT "\" must be a range that ends no earlier than it "
                         "begins; two ranges go between commas",
                         part->name, STR_ARG(reader->item));
    for (int number = from; number <= to; number += step)
        set(reader->bits, bit_of(part, number));
    return ERR_OK;
}

static bool read_mark(const struct reader *reader)
{
    if (reader->part->turn)
        return read_weekday_mark(reader);
    return reader->part == &parts[PART_DAY] && read_day_mark(reader);
}

static enum err read_part(struct reader *reader, struct str text)
{
    while (str_cut(&text, ',', &reader->item))
        if (!read_mark(reader))
            TRY(read_numbers(reader));
    return ERR_OK;
}

/* Cuts at spaces; more than `max` words are counted and not kept. */
static size_t split(struct str text, struct str *words, size_t max)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        while (at < text.len && text.ptr[at] != ' ' && text.ptr[at] != '\t')
            at++;
        if (at > from && count++ < max)
            words[count - 1] = str_slice(text, from, at);
        at += at == from;
    }
    return count;
}

/* A day that says ? leaves it to the weekday, and the other way round. */
static bool is_any(struct str word)
{
    return str_equal(word, STR("?"));
}

static enum err read_parts(struct reader *reader, const enum part_kind *kinds,
                           const struct str *words, size_t count)
{
    struct cron *cron = reader->cron;
    uint64_t *const bits[AWS_PARTS] = {&cron->minutes, &cron->hours,    &cron->days,
                                       &cron->months,  &cron->weekdays, cron->years};
    for (size_t i = 0; i < count; i++) {
        bool is_day = i == DAY_AT || i == WEEKDAY_AT;
        reader->part = &parts[kinds[i]];
        reader->bits = bits[i];
        TRY(read_part(reader, is_day && is_any(words[i]) ? STR("*") : words[i]));
    }
    return ERR_OK;
}

static bool is_narrow(struct str word)
{
    return word.ptr[0] != '*' && !is_any(word);
}

static enum err parse_unix(struct reader *reader, struct str text)
{
    static const enum part_kind kinds[UNIX_PARTS] = {PART_MINUTE, PART_HOUR, PART_DAY, PART_MONTH,
                                                     PART_UNIX_WEEKDAY};
    struct str words[UNIX_PARTS];
    struct cron *cron = reader->cron;
    if (split(text, words, UNIX_PARTS) != UNIX_PARTS)
        return err_input(&reader->ctx->err, reader->field,
                         "must be minute, hour, day, month and weekday, as in 30 9 * * MON-FRI; "
                         "or cron(…), rate(…), at(…)");
    for (size_t i = 0; i < CRON_YEAR_WORDS; i++)
        cron->years[i] = UINT64_MAX;
    cron->either_day = is_narrow(words[DAY_AT]) && is_narrow(words[WEEKDAY_AT]);
    return read_parts(reader, kinds, words, UNIX_PARTS);
}

static enum err parse_aws(struct reader *reader, struct str text)
{
    static const enum part_kind kinds[AWS_PARTS] = {PART_MINUTE, PART_HOUR,        PART_DAY,
                                                    PART_MONTH,  PART_AWS_WEEKDAY, PART_YEAR};
    struct str words[AWS_PARTS];
    if (split(text, words, AWS_PARTS) != AWS_PARTS)
        return err_input(&reader->ctx->err, reader->field,
                         "cron(…) must hold minute, hour, day, month, weekday and year, as in "
                         "cron(30 9 ? * MON-FRI *)");
    if (is_any(words[DAY_AT]) == is_any(words[WEEKDAY_AT]))
        return err_input(&reader->ctx->err, reader->field,
                         "cron(…) must have ? as its day or as its weekday, and not as both: "
                         "cron(30 9 ? * MON-FRI *)");
    return read_parts(reader, kinds, words, AWS_PARTS);
}

static enum err parse_rate(struct reader *reader, struct str text)
{
    static const struct {
        const char *one, *many;
        int64_t us;
    } units[] = {
        {"minute", "minutes", MINUTE_US}, {"hour", "hours", HOUR_US}, {"day", "days", DAY_US}};
    struct str words[2];
    int count = 0;
    reader->cron->kind = CRON_RATE;
    if (split(text, words, 2) == 2 && read_int(words[0], 1, CRON_RATE_MAX, &count))
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (str_equal(words[1], str_from(count == 1 ? units[i].one : units[i].many)))
                reader->cron->every_us = count * units[i].us;
    if (reader->cron->every_us)
        return ERR_OK;
    return err_input(&reader->ctx->err, reader->field,
                     "rate(…) must hold a number from 1 to %d and minutes, hours or days, as in "
                     "rate(5 minutes) or rate(1 hour)",
                     CRON_RATE_MAX);
}

static enum err parse_at(struct reader *reader, struct str text)
{
    enum { SHAPE_LEN = sizeof "2026-12-01T09:00:00" - 1 };
    char utc[SHAPE_LEN + 1];
    struct buf buf;
    struct cron *cron = reader->cron;
    cron->kind = CRON_AT;
    buf_init_fixed(&buf, utc, sizeof utc);
    buf_add(&buf, text);
    buf_addc(&buf, 'Z');
    if (text.len == SHAPE_LEN && !clock_parse(buf_str(&buf), &cron->at_local_us)) {
        int year = civil_from_us(cron->at_local_us).year;
        if (year >= CRON_YEAR_FIRST && year <= CRON_YEAR_LAST)
            return ERR_OK;
    }
    return err_input(&reader->ctx->err, reader->field,
                     "at(…) must hold a date and time of the years %d to %d, as in "
                     "at(2026-12-01T09:00:00)",
                     CRON_YEAR_FIRST, CRON_YEAR_LAST);
}

typedef enum err parse_kind(struct reader *reader, struct str text);

/* Takes what stands between KIND( and ). */
static bool is_kind(struct str text, const char *kind, struct str *inner)
{
    struct str begin = str_from(kind);
    if (!str_starts(text, begin) || !str_ends(text, STR(")")))
        return false;
    *inner = str_trim(str_slice(text, begin.len, text.len - 1));
    return true;
}

static enum err parse_named(struct reader *reader, struct str text)
{
    static const char *const names[][2] = {{"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},
                                           {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
                                           {"@monthly", "0 0 1 * *"},  {"@yearly", "0 0 1 1 *"},
                                           {"@annually", "0 0 1 1 *"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(text, str_from(names[i][0])))
            return parse_unix(reader, str_from(names[i][1]));
    return err_input(
        &reader->ctx->err, reader->field,
        "must be @hourly, @daily, @weekly, @monthly or @yearly where it begins with @");
}

enum err cron_parse(struct ctx *ctx, const char *field, struct str text, struct cron *cron)
{
    static const struct {
        const char *begin;
        parse_kind *parse;
    } kinds[] = {{"cron(", parse_aws}, {"rate(", parse_rate}, {"at(", parse_at}};
    struct reader reader = {.ctx = ctx, .field = field, .cron = cron};
    struct str inner;
    *cron = (struct cron){.kind = CRON_FIELDS};
    if (text.len > CRON_TEXT_MAX)
        return err_input(&ctx->err, field, "must be at most %d characters long", CRON_TEXT_MAX);
    text = str_trim(text);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_kind(text, kinds[i].begin, &inner))
            return kinds[i].parse(&reader, inner);
    return str_starts(text, STR("@")) ? parse_named(&reader, text) : parse_unix(&reader, text);
}
