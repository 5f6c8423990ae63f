/* Points for what is odd about an order, and a verdict. */
#include "shop/fraud.h"

#include "shop/fraud_msg.h"

static const struct fraud_rule rules[] = {
    {FRAUD_EMAIL_HOUR, 3, 20},   {FRAUD_EMAIL_HOUR, 6, 30},   {FRAUD_EMAIL_DAY, 8, 15},
    {FRAUD_ADDRESS_DAY, 4, 15},  {FRAUD_ADDRESS_DAY, 8, 20},  {FRAUD_IP_HOUR, 5, 20},
    {FRAUD_IP_HOUR, 15, 30},     {FRAUD_IP_DAY, 30, 15},      {FRAUD_CARD_DAY, 4, 25},
    {FRAUD_DECLINED_DAY, 2, 15}, {FRAUD_DECLINED_DAY, 5, 35}, {FRAUD_CHARGEBACKS, 1, 60},
    {FRAUD_CHARGEBACKS, 2, 60},  {FRAUD_COUNTRIES, 1, 20},    {FRAUD_DISPOSABLE, 1, 35},
    {FRAUD_FIRST_AMOUNT, 1, 15}, {FRAUD_FIRST_AMOUNT, 3, 25}, {FRAUD_AMOUNT, 5, 20},
    {FRAUD_FACTS, 0, 0},
};

const struct fraud_policy fraud_usual = {
    .rules = rules, .review_from = 50, .refuse_from = 100, .large_minor = 30000};

/* Where mails are read by anybody, for some minutes; in order. */
static const char *const disposable[] = {
    "10minutemail.com",
    "10minutemail.net",
    "20minutemail.com",
    "33mail.com",
    "anonbox.net",
    "burnermail.io",
    "byom.de",
    "discard.email",
    "discardmail.com",
    "dispostable.com",
    "dropmail.me",
    "emailondeck.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "grr.la",
    "guerrillamail.biz",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.info",
    "guerrillamail.net",
    "guerrillamail.org",
    "harakirimail.com",
    "inboxkitten.com",
    "incognitomail.org",
    "jetable.org",
    "mail-temp.com",
    "mailcatch.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mailnull.com",
    "mailsac.com",
    "minuteinbox.com",
    "mintemail.com",
    "moakt.com",
    "mohmal.com",
    "mytemp.email",
    "nowmymail.com",
    "sharklasers.com",
    "spam4.me",
    "spambog.com",
    "spamex.com",
    "spamgourmet.com",
    "temp-mail.io",
    "temp-mail.org",
    "tempail.com",
    "tempinbox.com",
    "tempmail.dev",
    "tempmail.plus",
    "tempmailo.com",
    "tempr.email",
    "throwawaymail.com",
    "trash-mail.com",
    "trashmail.com",
    "trashmail.de",
    "trashmail.net",
    "wegwerfemail.de",
    "wegwerfmail.de",
    "yopmail.com",
    "yopmail.fr",
    "yopmail.net",
    NULL,
};

static struct str domain_of(struct str email)
{
    struct str local;
    return str_cut(&email, '@', &local) ? email : STR("");
}

/* The domain itself, or one below it. */
static bool is_below(struct str name, struct str domain)
{
    if (name.len < domain.len)
        return false;
    size_t at = name.len - domain.len;
    return str_equal_nocase(str_slice(name, at, name.len), domain) &&
           (!at || name.ptr[at - 1] == '.');
}

bool fraud_is_disposable(struct str email)
{
    struct str name = domain_of(email);
    for (const char *const *domain = disposable; *domain; domain++)
        if (is_below(name, str_from(*domain)))
            return true;
    return false;
}

static bool list_has(const struct fraud_list *list, const struct fraud_order *order)
{
    struct str domain = domain_of(order->email);
    size_t count = list->count < FRAUD_LIST_MAX ? list->count : FRAUD_LIST_MAX;
    for (size_t i = 0; i < count; i++) {
        struct str row = list->rows[i];
        if (!row.len)
            continue;
        if (row.ptr[0] == '@'
                ? is_below(domain, str_slice(row, 1, row.len))
                : str_equal_nocase(row, order->email) || str_equal_nocase(row, order->ip) ||
                      str_equal_nocase(row, order->ship_to) ||
                      str_equal_nocase(row, order->bill_to))
            return true;
    }
    return false;
}

static void gather(const struct fraud_policy *policy, const struct fraud_order *order,
                   int64_t values[FRAUD_FACTS])
{
    bool both = order->bill_to.len && order->ship_to.len;
    int64_t times = policy->large_minor > 0 ? order->amount_minor / policy->large_minor : 0;
    for (size_t i = 0; i < FRAUD_COUNTS; i++)
        values[i] = order->counts[i];
    values[FRAUD_COUNTRIES] = both && !str_equal_nocase(order->bill_to, order->ship_to);
    values[FRAUD_DISPOSABLE] = fraud_is_disposable(order->email);
    values[FRAUD_FIRST_AMOUNT] = order->is_first ? times : 0;
    values[FRAUD_AMOUNT] = times;
}

static enum fraud_verdict judge(const struct fraud_policy *policy,
                                const struct fraud_result *result)
{
    if (result->is_blocked)
        return FRAUD_REFUSE;
    if (result->is_allowed || result->score < policy->review_from)
        return FRAUD_ACCEPT;
    return result->score < policy->refuse_from ? FRAUD_REVIEW : FRAUD_REFUSE;
}

void fraud_score(const struct fraud_policy *policy, const struct fraud_order *order,
                 struct fraud_result *result)
{
    int64_t values[FRAUD_FACTS];
    *result = (struct fraud_result){.is_blocked = list_has(&policy->block, order),
                                    .is_allowed = list_has(&policy->allow, order)};
    gather(policy, order, values);
    for (const struct fraud_rule *rule = policy->rules;
         rule->points && result->count < FRAUD_RULES_MAX; rule++) {
        if (values[rule->fact] < rule->from)
            continue;
        result->points[result->count++] = (struct fraud_point){rule, values[rule->fact]};
        result->score += rule->points;
    }
    if (result->score > FRAUD_SCORE_MAX)
        result->score = FRAUD_SCORE_MAX;
    result->verdict = judge(policy, result);
}

typedef void say_count(struct buf *out, const struct language *language, int64_t count);

static say_count *const words[FRAUD_FACTS] = {
    [FRAUD_EMAIL_HOUR] = text_fraud_email_hour,
    [FRAUD_EMAIL_DAY] = text_fraud_email_day,
    [FRAUD_ADDRESS_DAY] = text_fraud_address_day,
    [FRAUD_IP_HOUR] = text_fraud_ip_hour,
    [FRAUD_IP_DAY] = text_fraud_ip_day,
    [FRAUD_CARD_DAY] = text_fraud_card_day,
    [FRAUD_DECLINED_DAY] = text_fraud_declined_day,
    [FRAUD_CHARGEBACKS] = text_fraud_chargebacks,
    [FRAUD_FIRST_AMOUNT] = text_fraud_first_amount,
    [FRAUD_AMOUNT] = text_fraud_amount,
};

void fraud_say(struct buf *out, const struct language *language, const struct fraud_point *point)
{
    enum fraud_fact fact = point->rule->fact;
    if (fact == FRAUD_COUNTRIES)
        text_fraud_countries(out, language);
    else if (fact == FRAUD_DISPOSABLE)
        text_fraud_disposable(out, language);
    else
        words[fact](out, language, point->value);
}
