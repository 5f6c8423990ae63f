/* Fraud: points for what is odd about an order, each explained, and a verdict.
 *
 *     struct fraud_order asked = {.email = email, .ship_to = STR("DE"), .bill_to = STR("NG"),
 *                                 .amount_minor = 89900, .is_first = true,
 *                                 .counts = {[FRAUD_EMAIL_HOUR] = 3}};
 *     struct fraud_result result;
 *     fraud_score(&fraud_usual, &asked, &result);
 *     placing.score = result.score;
 *     placing.review = result.verdict == FRAUD_REVIEW;           people look at it first
 *     for (size_t i = 0; i < result.count; i++)
 *         fraud_say(&out, language, &result.points[i]);          "3 orders of this e-mail …"
 *
 * A rule is a row of a table: a fact, from which value on it counts, and how many points that is;
 * points add up. From `review_from` points on people look at the order before its money is taken,
 * from `refuse_from` on it is refused. Who is on the block list is refused whatever the points say,
 * and who is on the allow list is accepted; on both, blocked. The words of a refusal never say why:
 * the points are for people of the shop.
 *
 * All of it is arithmetic on what is passed in, 1 µs without lists: it can be called in the
 * transaction that places the order. Nothing here decides that a rule is right: what came of an
 * order (a chargeback, an order that people let through) is told by the counts of the next. */
#ifndef STOA_SHOP_FRAUD_H
#define STOA_SHOP_FRAUD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "text/language.h"

enum {
    FRAUD_RULES_MAX = 64,
    FRAUD_LIST_MAX = 10000,
    FRAUD_SCORE_MAX = 1000,
};

/* What rules look at. The first are counted by the caller, the order itself left out; the others
 * follow from the order. */
enum fraud_fact {
    FRAUD_EMAIL_HOUR, /* orders of this e-mail within an hour, */
    FRAUD_EMAIL_DAY,  /* and a day */
    FRAUD_ADDRESS_DAY,
    FRAUD_IP_HOUR,
    FRAUD_IP_DAY,
    FRAUD_CARD_DAY,     /* of this card, by the fingerprint that the provider gives */
    FRAUD_DECLINED_DAY, /* payments that were declined, of any of these */
    FRAUD_CHARGEBACKS,  /* money that was taken back, ever */
    FRAUD_COUNTS,

    FRAUD_COUNTRIES = FRAUD_COUNTS, /* 1: billed to another country than it is sent to */
    FRAUD_DISPOSABLE,               /* 1: mail that is thrown away within minutes */
    FRAUD_FIRST_AMOUNT,             /* a first order: how many times `large_minor` it is */
    FRAUD_AMOUNT,                   /* any order: likewise */
    FRAUD_FACTS
};

struct fraud_rule {
    enum fraud_fact fact;
    int64_t from; /* the least value that counts */
    int64_t points;
};

/* Whom a list names: an address, "@domain" and all below it, an IP address, a country. */
struct fraud_list {
    const struct str *rows; /* letters without regard to case */
    size_t count;           /* those beyond FRAUD_LIST_MAX are not looked at */
};

struct fraud_policy {
    const struct fraud_rule *rules; /* ends with a row without points */
    int64_t review_from, refuse_from;
    int64_t large_minor; /* in the shop's own currency */
    struct fraud_list block, allow;
};

extern const struct fraud_policy fraud_usual;

struct fraud_order {
    struct str email, ip;
    struct str bill_to, ship_to; /* countries; empty where there is none */
    int64_t amount_minor;        /* in the shop's own currency */
    bool is_first;
    int64_t counts[FRAUD_COUNTS];
};

enum fraud_verdict { FRAUD_ACCEPT, FRAUD_REVIEW, FRAUD_REFUSE };

struct fraud_point {
    const struct fraud_rule *rule;
    int64_t value; /* of the fact */
};

struct fraud_result {
    enum fraud_verdict verdict;
    int64_t score; /* at most FRAUD_SCORE_MAX */
    bool is_blocked, is_allowed;
    struct fraud_point points[FRAUD_RULES_MAX];
    size_t count;
};

void fraud_score(const struct fraud_policy *policy, const struct fraud_order *order,
                 struct fraud_result *result);

/* Why, in the reader's language. */
void fraud_say(struct buf *out, const struct language *language, const struct fraud_point *point);

bool fraud_is_disposable(struct str email);

#endif
