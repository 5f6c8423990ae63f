/* What the console's pages of topics show.
 *
 *     struct topic_shown shown = {.name = row->name, .title = row->title};
 *     TRY(topic_tally(tx, shown.name, NULL, &shown.tally)); */
#ifndef STOA_FLOW_TOPIC_PAGE_H
#define STOA_FLOW_TOPIC_PAGE_H

#include "flow/flow_sql.h"
#include "flow/topic.h"
#include "web/request.h"
#include "web/route.h"

enum { TOPIC_TALLY_MAX = 10000 /* what is more is shown as that and a plus */ };

struct topic_tally {
    int64_t sent, failed, waiting;
};

/* Of a topic, or of one of its subscriptions. */
enum err topic_tally(struct tx *tx, struct str topic, const struct str *subscription,
                     struct topic_tally *tally);

struct topic_shown {
    struct str name, title;
    int64_t listeners;
    struct topic_tally tally;
};

/* How a subscription fares. */
enum topic_health { TOPIC_WELL, TOPIC_FAILING, TOPIC_SHUT, TOPIC_OFF };

enum topic_health topic_health_of(bool disabled, int64_t failing_us, int64_t shut_us,
                                  int64_t now_us);

struct listener_shown {
    struct str id, topic, channel, target, owner, filter, language;
    struct str way; /* the channel in the reader's words */
    enum topic_health health;
    int64_t failing_us, shut_us;
    struct topic_tally tally;
};

/* A language that a topic has words in, or might. */
struct template_shown {
    struct str code, name, subject;
    bool is_there;
};

/* What only a change has to say. */
struct subscription_news {
    const struct field_errors *errors;
    struct str secret, done;
};

enum err topic_show_subscription(struct request *request, struct str id, struct str before,
                                 const struct subscription_news *news);

/* The secret that signs now. */
enum err topic_secret_now(struct request *request, struct str subscription,
                          char secret[TOPIC_SECRET_TEXT]);

struct str topic_way(const struct request *request, enum topic_channel channel);

/* An input that is wrong, in the reader's words. */
enum err topic_wrong(const struct request *request, const char *field, struct str words);

#endif
