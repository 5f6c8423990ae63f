/* Makes the frame of a page. */
#include "ui/frame.h"

#include "web/url.h"

enum { LINK_MAX = 4 << 10 };

struct str ui_words(const struct request *request, ui_say *words)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, LINK_MAX);
    words(&out, request->ctx->language);
    return buf_str(&out);
}

/* The way to this page in another language. */
static struct str language_path(struct request *request, const struct language *language)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, LINK_MAX);
    buf_addf(&out, "/language?code=%s&back=", language->code);
    const struct http_head *head = request->head;
    bool again = head->method == HTTP_GET;
    url_add_part(&out, again ? head->path : STR("/"));
    url_add_part(&out, again && head->query.len ? STR("?") : STR(""));
    url_add_part(&out, again ? head->query : STR(""));
    return buf_err(&out) ? STR("/") : buf_str(&out);
}

/* Those of the places that the reader may open. */
static size_t add_links(struct request *request, const struct ui_place places[], size_t max,
                        const char *here, struct ui_link links[])
{
    size_t count = 0;
    for (size_t i = 0; i < max && places[i].path; i++)
        if (!places[i].permission || request_may(request, places[i].permission))
            links[count++] = (struct ui_link){
                .path = str_from(places[i].path),
                .words = ui_words(request, places[i].words),
                .here = here && str_equal(str_from(places[i].path), str_from(here))};
    return count;
}

struct ui_frame ui_frame(struct request *request, const char *here)
{
    const struct ui_site *site = request->site;
    const struct language *language = request->ctx->language;
    struct ui_frame frame = {.site = site,
                             .language = language,
                             .direction = language_direction(language),
                             .form_token = request->who ? request->who->form_token : STR(""),
                             .language_count = LANGUAGE_COUNT};
    frame.menu_count = add_links(request, site->menu, UI_MENU_MAX, here, frame.menu);
    if (str_starts(request->path, STR("/admin")))
        frame.console_count = add_links(request, site->console, UI_CONSOLE_MAX, here,
                                        frame.console);
    frame.menu_count += add_links(request, request->who ? &site->account : &site->sign_in, 1, here,
                                  &frame.menu[frame.menu_count]);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        frame.languages[i] = (struct ui_link){.path = language_path(request, &languages[i]),
                                              .words = str_from(languages[i].name),
                                              .language = languages[i].code,
                                              .here = &languages[i] == language};
    return frame;
}

struct ui_value ui_value(const struct request *request, const struct field_errors *errors,
                         const char *name)
{
    struct ui_value value = {.typed = route_typed(request, name)};
    for (size_t i = 0; errors && i < errors->count; i++)
        if (str_equal(str_from(errors->rows[i].field), str_from(name)))
            value.wrong = errors->rows[i].words;
    return value;
}

struct str ui_form(const struct request *request, const struct field_errors *errors,
                   const char *prefix)
{
    struct ui_value form = ui_value(request, errors, "form");
    char *id = form.typed.len && !form.wrong.len ? NULL
                                                 : arena_alloc(request->ctx->arena, ID_TEXT_MAX);
    if (!id)
        return form.typed;
    id_format(id_new(request->ctx->ids), prefix, id);
    return str_from(id);
}
