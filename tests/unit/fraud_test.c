/* Points for odd orders: each rule by itself, together, and the lists. */
#include "shop/fraud.h"

#include <stdio.h>

#include "harness/test.h"

enum { WORDS_MAX = 1024, MANY = 10000, LOOKS = 200 };

static struct fraud_order usual_order(void)
{
    return (struct fraud_order){.email = STR("ada@stoa.example"),
                                .ip = STR("192.0.2.7"),
                                .bill_to = STR("DE"),
                                .ship_to = STR("DE"),
                                .amount_minor = 4990};
}

static struct fraud_result score(const struct fraud_order *order)
{
    struct fraud_result result;
    fraud_score(&fraud_usual, order, &result);
    return result;
}

TEST(fraud_has_nothing_against_a_usual_order)
{
    struct fraud_order order = usual_order();
    struct fraud_result result = score(&order);
    CHECK_INT(result.verdict, FRAUD_ACCEPT);
    CHECK_INT(result.score, 0);
    CHECK_INT(result.count, 0);
    order.is_first = true; /* nor against the first */
    CHECK_INT(score(&order).score, 0);
}

/* One below `from` is nothing, `from` is the rule's points, and more is never less. */
TEST(fraud_counts_from_where_its_rules_say)
{
    for (const struct fraud_rule *rule = fraud_usual.rules; rule->points; rule++) {
        if (rule->fact >= FRAUD_COUNTS)
            continue;
        struct fraud_order order = usual_order();
        order.counts[rule->fact] = rule->from - 1;
        int64_t below = score(&order).score;
        order.counts[rule->fact] = rule->from;
        struct fraud_result at = score(&order);
        CHECK_INT(at.score - below, rule->points);
        CHECK(at.points[at.count - 1].rule == rule);
        CHECK_INT(at.points[at.count - 1].value, rule->from);
        order.counts[rule->fact] = INT64_MAX;
        CHECK(score(&order).score >= at.score);
    }
}

TEST(fraud_sees_what_does_not_fit_together)
{
    struct fraud_order order = usual_order();
    order.bill_to = STR("NG");
    CHECK_INT(score(&order).score, 20);
    order.bill_to = STR("de");
    CHECK_INT(score(&order).score, 0);
    order.bill_to = STR("");
    CHECK_INT(score(&order).score, 0);
    order.is_first = true;
    order.amount_minor = 30000;
    CHECK_INT(score(&order).score, 15);
    order.amount_minor = 90000;
    CHECK_INT(score(&order).score, 15 + 25);
    order.email = STR("ada@mailinator.com");
    struct fraud_result result = score(&order);
    CHECK_INT(result.score, 15 + 25 + 35);
    CHECK_INT(result.verdict, FRAUD_REVIEW);
    order.counts[FRAUD_CHARGEBACKS] = 1;
    CHECK_INT(score(&order).verdict, FRAUD_REFUSE);
}

TEST(fraud_never_passes_its_highest_score)
{
    struct fraud_rule rules[FRAUD_RULES_MAX + 2];
    struct fraud_policy policy = fraud_usual;
    struct fraud_order order = usual_order();
    struct fraud_result result;
    for (size_t i = 0; i <= FRAUD_RULES_MAX; i++)
        rules[i] = (struct fraud_rule){FRAUD_AMOUNT, 0, FRAUD_SCORE_MAX};
    rules[FRAUD_RULES_MAX + 1] = (struct fraud_rule){FRAUD_FACTS, 0, 0};
    policy.rules = rules;
    fraud_score(&policy, &order, &result);
    CHECK_INT(result.count, FRAUD_RULES_MAX);
    CHECK_INT(result.score, FRAUD_SCORE_MAX);
    policy.large_minor = 0; /* nothing is large then */
    fraud_score(&policy, &order, &result);
    CHECK_INT(result.points[0].value, 0);
}

TEST(fraud_knows_mail_that_is_thrown_away)
{
    static const struct {
        const char *email;
        bool is;
    } rows[] = {
        {"a@mailinator.com", true},
        {"a@MAILINATOR.com", true},
        {"a@x.mailinator.com", true},
        {"a@notmailinator.com", false},
        {"a@mailinator.com.de", false},
        {"mailinator.com", false},
        {"", false},
        {"a@", false},
        {"a@10minutemail.com", true},
        {"a@yopmail.net", true},
        {"a@gmail.com", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].email);
        CHECK(fraud_is_disposable(str_from(rows[i].email)) == rows[i].is);
    }
}

TEST(fraud_lists_come_before_points)
{
    static const struct {
        const char *row;
        bool is;
    } rows[] = {
        {"ADA@stoa.example", true},
        {"@stoa.example", true},
        {"@example", true},
        {"192.0.2.7", true},
        {"de", true},
        {"@a.example", false},
        {"192.0.2.70", false},
        {"", false},
        {"ada@stoa", false},
    };
    struct fraud_order order = usual_order();
    struct fraud_order bad = usual_order();
    bad.counts[FRAUD_CHARGEBACKS] = 9;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str row = str_from(rows[i].row);
        struct fraud_policy blocks = fraud_usual, allows = fraud_usual, both = fraud_usual;
        struct fraud_result result;
        blocks.block = both.block = allows.allow = both.allow = (struct fraud_list){&row, 1};
        test_note(t, "%s", rows[i].row);
        fraud_score(&blocks, &order, &result);
        CHECK_INT(result.verdict, rows[i].is ? FRAUD_REFUSE : FRAUD_ACCEPT);
        CHECK_INT(result.score, 0);
        fraud_score(&allows, &bad, &result);
        CHECK_INT(result.verdict, rows[i].is ? FRAUD_ACCEPT : FRAUD_REFUSE);
        CHECK_INT(result.score, 120);
        fraud_score(&both, &bad, &result);
        CHECK_INT(result.verdict, FRAUD_REFUSE);
    }
}

/* Each point can be said, in each language. */
TEST(fraud_says_why)
{
    char bytes[WORDS_MAX];
    struct buf out;
    struct fraud_order order = usual_order();
    order.counts[FRAUD_EMAIL_HOUR] = 3;
    struct fraud_result result = score(&order);
    buf_init_fixed(&out, bytes, sizeof bytes);
    fraud_say(&out, &languages[0], &result.points[0]);
    CHECK_STR(buf_str(&out), "Orders of this e-mail address within an hour: 3");
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (const struct fraud_rule *rule = fraud_usual.rules; rule->points; rule++) {
            buf_clear(&out);
            fraud_say(&out, &languages[i], &(struct fraud_point){rule, 7});
            CHECK_ERR(buf_err(&out), ERR_OK);
            CHECK(out.len > 0);
        }
}

/* What it takes is printed, not asserted: 10,000 rows that do not fit are its worst. */
TEST(fraud_is_quick)
{
    struct str *rows = ARENA_ARRAY(t->arena, MANY, struct str);
    struct clock real = clock_system();
    struct fraud_policy policy = fraud_usual;
    struct fraud_order order = usual_order();
    struct fraud_result result = {.count = 0};
    REQUIRE(rows != NULL);
    for (size_t i = 0; i < MANY; i++)
        rows[i] = STR("eve@stoa.example");
    int64_t begun_us = clock_tick_us(&real);
    for (int i = 0; i < LOOKS; i++)
        fraud_score(&policy, &order, &result);
    int64_t plain_us = clock_tick_us(&real);
    policy.block = (struct fraud_list){rows, MANY};
    for (int i = 0; i < LOOKS; i++)
        fraud_score(&policy, &order, &result);
    int64_t ended_us = clock_tick_us(&real);
    printf("# %d ns, with lists %d us\n", (int)((plain_us - begun_us) * 1000 / LOOKS),
           (int)((ended_us - plain_us) / LOOKS));
    CHECK_INT(result.verdict, FRAUD_ACCEPT);
}
