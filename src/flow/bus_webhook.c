/* The subscriptions that are rules' webhooks: found and ended. What makes them is bus_kind.c. */
#include <inttypes.h>

#include "base/hash.h"
#include "flow/bus_inside.h"
#include "flow/bus_kind.h"
#include "flow/flow_sql.h"

enum { OWNER_RULE_MAX = 40 };

struct str bus_webhook_owner(struct str rule, struct str url, char text[BUS_OWNER_MAX])
{
    struct buf out;
    struct hash_key key = {hash_str(&(struct hash_key){0, 0}, rule), 0};
    buf_init_fixed(&out, text, BUS_OWNER_MAX);
    buf_addf(&out, "rule:" STR_FMT ":%016" PRIx64, STR_ARG(bus_cut(rule, OWNER_RULE_MAX)),
             hash_str(&key, url));
    return buf_str(&out);
}

enum err bus_webhook_find(struct tx *tx, struct str owner, struct str url, struct str *id)
{
    struct topic_listener_find_row row;
    TRY(topic_listener_find(tx, STR(BUS_WEBHOOKS), STR("webhook"), url, owner, &row));
    *id = row.id;
    return ERR_OK;
}

enum err bus_webhook_end(struct tx *tx, struct str rule, struct str url)
{
    char text[BUS_OWNER_MAX];
    struct str owner = bus_webhook_owner(rule, url, text), id;
    int64_t dropped = 0;
    enum err err = bus_webhook_find(tx, owner, url, &id);
    if (!err)
        err = topic_listener_drop(tx, id, &dropped);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    return err;
}
