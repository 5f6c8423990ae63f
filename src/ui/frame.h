/* The frame of a page, and what its forms show: made of the request, handed to the pages.
 *
 *     contact_page(respond_page(request), &(struct contact_page){
 *         .frame = ui_frame(request, "/contact"), .name = ui_value(request, errors, "name")});
 *
 * and in the page {{use ui_page frame=frame title=text(contact_title)}} … {{end}}. */
#ifndef STOA_UI_FRAME_H
#define STOA_UI_FRAME_H

#include "web/request.h"
#include "web/route.h"

enum { UI_MENU_MAX = 8, UI_CONSOLE_MAX = 32 };

/* A generated message without parameters. */
typedef void ui_say(struct buf *out, const struct language *language);

/* What the pages of this program have in common: the wiring says it once. The console is what the
 * people of the company work with, all of it below /admin: its pages use ui_console instead of
 * ui_page, and show the places that their reader may open. */
struct ui_site {
    const char *name, *version;
    struct ui_place {
        const char *path; /* NULL ends the menu */
        ui_say *words;
        const char *permission; /* of who is shown it; NULL is anyone */
    } menu[UI_MENU_MAX], console[UI_CONSOLE_MAX];
    struct ui_place sign_in, account; /* behind the menu: for visitors, and for who is signed in */
};

struct ui_link {
    struct str path, words;
    const char *language; /* the words' own; NULL is the page's */
    bool here;
};

struct ui_frame {
    const struct ui_site *site;
    const struct language *language;
    const char *direction; /* "ltr" or "rtl" */
    struct str form_token; /* for {{put ui_token frame=&frame}}; empty for a visitor */
    struct ui_link menu[UI_MENU_MAX + 1], console[UI_CONSOLE_MAX], languages[LANGUAGE_COUNT];
    size_t menu_count, console_count, language_count;
};

/* `here` is the place of the menu or the console that the page belongs to; NULL where it belongs to
 * none. */
struct ui_frame ui_frame(struct request *request, const char *here);

struct str ui_words(const struct request *request, ui_say *words);

/* A field of a form: what was typed into it, and what was wrong with that; `errors` may be NULL. */
struct ui_value {
    struct str typed, wrong;
};
struct ui_value ui_value(const struct request *request, const struct field_errors *errors,
                         const char *name);

/* The id in the hidden field "form": a new one where the form is shown for the first time, and kept
 * where it is shown again, so that a form that is sent twice is seen to be one. */
struct str ui_form(const struct request *request, const struct field_errors *errors,
                   const char *prefix);

/* The page for who met a failure: server_options.show_error. */
void ui_show_error(struct request *request, int status);

#endif
