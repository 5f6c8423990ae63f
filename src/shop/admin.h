/* What the shop's pages of the console share.
 *
 *     row->state = admin_state(request, is->state);                   "Paid", on a green badge
 *     if (code is somebody's already)
 *         return admin_wrong(request, "code", text_admin_taken);      told at the field
 *
 * Names are those of the shop's own language; amounts are in its own currency, but those of an
 * order, which are in the currency that it was paid in. */
#ifndef STOA_SHOP_ADMIN_H
#define STOA_SHOP_ADMIN_H

#include "base/money.h"
#include "shop/shop_msg.h"
#include "ui/frame.h"

/* A word of the database as people read it, on a badge; or one of a choice. */
struct admin_word {
    const char *name; /* as it stands in the database */
    const char *kind; /* of the badge: "good", "warn", "bad" or nothing */
    struct str words;
    bool chosen;
    int64_t count; /* of those that are so; 0 where it is not counted */
};

/* A row of a table of such words, which ends with a nameless one. */
struct admin_name {
    const char *name, *kind;
    ui_say *say;
};

extern const struct admin_name admin_order_states[], admin_product_states[];

/* A word that the table does not have is shown as it is. */
struct admin_word admin_word(const struct request *request, const struct admin_name names[],
                             struct str word);

/* All of them, as a choice; how many. */
size_t admin_words(const struct request *request, const struct admin_name names[],
                   struct str chosen, struct admin_word words[]);

const struct currency *admin_currency(const struct request *request);

/* An amount as it stands in a field, and as it was typed into one: ERR_INPUT at the field. */
struct str admin_amount(const struct request *request, int64_t minor);
enum err admin_read_amount(const struct request *request, const char *field, struct str typed,
                           int64_t *minor);

/* Where the picture of that key is to be had; empty where there is none. */
struct str admin_picture(const struct request *request, struct str key);

/* "500 g, whole bean": the values of a variant's options that it has. */
struct str admin_options(const struct request *request, struct str first, struct str second,
                         struct str third);

/* ERR_INPUT with a message, at a field. */
enum err admin_wrong(const struct request *request, const char *field, ui_say *say);

/* Who does it, as notes say: a name. */
struct str admin_who(const struct request *request);

#endif
