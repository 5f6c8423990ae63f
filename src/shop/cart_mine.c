/* Whose cart it is: a visitor's by their cookie, a customer's by who is signed in. */
#include "guard/guard.h"
#include "shop/cart.h"
#include "shop/shop_sql.h"
#include "web/request.h"

enum { COOKIE_S = 60 * 60 * 24 * 30 };

struct mine {
    struct request *request;
    const struct guard_who *who; /* NULL is a visitor */
    struct str cookie;           /* what it says */
    bool makes;

    bool writes; /* something is to be written */
    struct str id;
};

/* *there is whether there is such a cart; *whose its customer. */
static enum err look_up(struct tx *tx, struct str id, bool *there, struct str *whose)
{
    struct cart_row_row row;
    *there = false;
    *whose = STR("");
    if (!id.len)
        return ERR_OK;
    enum err err = cart_row(tx, id, &row);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    *there = true;
    *whose = row.customer_null ? STR("") : row.customer;
    return ERR_OK;
}

static enum err add_customer(struct tx *tx, const struct mine *mine)
{
    struct str email;
    TRY(guard_email(tx, mine->who->person, &email));
    return cart_customer_add(tx, mine->who->person, email, mine->who->seen.name,
                             str_from(tx->ctx->language->code), clock_now_us(tx->ctx->clock));
}

static enum err own(struct tx *tx, const struct mine *mine, struct str id)
{
    TRY(add_customer(tx, mine));
    return cart_row_own(tx, id, mine->who->person, clock_now_us(tx->ctx->clock));
}

/* A customer's: what lay in the visitor's comes into it, or the visitor's becomes it. */
static enum err find_customers(struct tx *tx, struct mine *mine, bool there, struct str whose)
{
    struct cart_of_customer_rows rows = {0};
    bool theirs = there && str_equal(whose, mine->who->person), visitors = there && !whose.len;
    TRY(cart_of_customer(tx, mine->who->person, &rows));
    mine->id = theirs ? mine->cookie : rows.count ? rows.rows[0].id : STR("");
    mine->writes = visitors || (mine->makes && !mine->id.len);
    if (!mine->writes || !tx->writes)
        return ERR_OK;
    if (visitors && mine->id.len)
        return cart_merge(tx, mine->cookie, mine->id);
    if (visitors)
        mine->id = mine->cookie;
    else
        TRY(cart_make(tx, &mine->id));
    return own(tx, mine, mine->id);
}

static enum err find(struct tx *tx, void *arg)
{
    struct mine *mine = arg;
    struct str whose;
    bool there;
    TRY(look_up(tx, mine->cookie, &there, &whose));
    if (mine->who)
        return find_customers(tx, mine, there, whose);
    mine->id = there ? mine->cookie : STR("");
    mine->writes = mine->makes && !mine->id.len;
    return mine->writes && tx->writes ? cart_make(tx, &mine->id) : ERR_OK;
}

enum err cart_of(struct request *request, bool makes, struct str *id)
{
    struct mine mine = {.request = request,
                        .who = guard_who(request),
                        .cookie = request_cookie(request, STR("cart")),
                        .makes = makes};
    struct id parsed;
    if (mine.who && mine.who->key)
        mine.who = NULL; /* a program buys as a visitor does */
    if (id_parse(mine.cookie, "crt", &parsed))
        mine.cookie = STR("");
    TRY(db_read(request->ports->db, request->ctx, find, &mine));
    if (mine.writes)
        TRY(db_write(request->ports->db, request->ctx, find, &mine));
    if (mine.id.len && !str_equal(mine.id, mine.cookie))
        respond_cookie(request, "cart", mine.id, COOKIE_S);
    *id = mine.id;
    return ERR_OK;
}
