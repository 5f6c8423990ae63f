/* What elements and attributes there are, and what each of them needs. */
#include <string.h>

#include "page.h"

#define CELLS  " thead tbody tfoot table "
#define SPACED (ELEMENT_SPACED | ELEMENT_CODE)

static const struct element elements[] = {
    {"a", 0, NULL},
    {"abbr", 0, NULL},
    {"address", ELEMENT_BLOCK, NULL},
    {"article", ELEMENT_BLOCK, NULL},
    {"aside", ELEMENT_BLOCK, NULL},
    {"audio", 0, NULL},
    {"b", 0, NULL},
    {"bdi", 0, NULL},
    {"bdo", 0, NULL},
    {"blockquote", ELEMENT_BLOCK, NULL},
    {"body", 0, " html "},
    {"br", ELEMENT_VOID, NULL},
    {"button", 0, NULL},
    {"caption", 0, " table "},
    {"cite", 0, NULL},
    {"code", ELEMENT_CODE, NULL},
    {"col", ELEMENT_VOID, " colgroup "},
    {"colgroup", 0, " table "},
    {"data", 0, NULL},
    {"datalist", 0, NULL},
    {"dd", 0, " dl div "},
    {"del", 0, NULL},
    {"details", ELEMENT_BLOCK, NULL},
    {"dfn", 0, NULL},
    {"dialog", ELEMENT_BLOCK, NULL},
    {"div", ELEMENT_BLOCK, NULL},
    {"dl", ELEMENT_BLOCK, NULL},
    {"dt", 0, " dl div "},
    {"em", 0, NULL},
    {"fieldset", ELEMENT_BLOCK, NULL},
    {"figcaption", ELEMENT_BLOCK, NULL},
    {"figure", ELEMENT_BLOCK, NULL},
    {"footer", ELEMENT_BLOCK, NULL},
    {"form", ELEMENT_BLOCK, NULL},
    {"h1", ELEMENT_BLOCK, NULL},
    {"h2", ELEMENT_BLOCK, NULL},
    {"h3", ELEMENT_BLOCK, NULL},
    {"h4", ELEMENT_BLOCK, NULL},
    {"h5", ELEMENT_BLOCK, NULL},
    {"h6", ELEMENT_BLOCK, NULL},
    {"head", 0, " html "},
    {"header", ELEMENT_BLOCK, NULL},
    {"hgroup", ELEMENT_BLOCK, NULL},
    {"hr", ELEMENT_VOID | ELEMENT_BLOCK, NULL},
    {"html", 0, NULL},
    {"i", 0, NULL},
    {"img", ELEMENT_VOID, NULL},
    {"input", ELEMENT_VOID, NULL},
    {"ins", 0, NULL},
    {"kbd", ELEMENT_CODE, NULL},
    {"label", 0, NULL},
    {"legend", 0, " fieldset "},
    {"li", 0, " ul ol menu "},
    {"link", ELEMENT_VOID, NULL},
    {"main", ELEMENT_BLOCK, NULL},
    {"mark", 0, NULL},
    {"menu", ELEMENT_BLOCK, NULL},
    {"meta", ELEMENT_VOID, NULL},
    {"meter", 0, NULL},
    {"nav", ELEMENT_BLOCK, NULL},
    {"noscript", 0, NULL},
    {"ol", ELEMENT_BLOCK, NULL},
    {"optgroup", 0, " select "},
    {"option", 0, " select optgroup datalist "},
    {"output", 0, NULL},
    {"p", ELEMENT_BLOCK, NULL},
    {"picture", 0, NULL},
    {"pre", ELEMENT_BLOCK | SPACED, NULL},
    {"progress", 0, NULL},
    {"q", 0, NULL},
    {"rp", 0, " ruby "},
    {"rt", 0, " ruby "},
    {"ruby", 0, NULL},
    {"s", 0, NULL},
    {"samp", ELEMENT_CODE, NULL},
    {"script", ELEMENT_EMPTY, NULL},
    {"search", ELEMENT_BLOCK, NULL},
    {"section", ELEMENT_BLOCK, NULL},
    {"select", 0, NULL},
    {"small", 0, NULL},
    {"source", ELEMENT_VOID, " picture audio video "},
    {"span", 0, NULL},
    {"strong", 0, NULL},
    {"sub", 0, NULL},
    {"summary", 0, " details "},
    {"sup", 0, NULL},
    {"table", ELEMENT_BLOCK, NULL},
    {"tbody", 0, " table "},
    {"td", 0, " tr "},
    {"template", 0, NULL},
    {"textarea", ELEMENT_PLAIN | ELEMENT_SPACED, NULL},
    {"tfoot", 0, " table "},
    {"th", 0, " tr "},
    {"thead", 0, " table "},
    {"time", 0, NULL},
    {"title", ELEMENT_PLAIN, " head svg "},
    {"tr", 0, CELLS},
    {"track", ELEMENT_VOID, " audio video "},
    {"u", 0, NULL},
    {"ul", ELEMENT_BLOCK, NULL},
    {"var", ELEMENT_CODE, NULL},
    {"video", 0, NULL},
    {"wbr", ELEMENT_VOID, NULL},
    {"svg", ELEMENT_VECTOR, NULL},
    {"circle", ELEMENT_VECTOR, NULL},
    {"clipPath", ELEMENT_VECTOR, NULL},
    {"defs", ELEMENT_VECTOR, NULL},
    {"desc", ELEMENT_VECTOR | ELEMENT_PLAIN, NULL},
    {"ellipse", ELEMENT_VECTOR, NULL},
    {"g", ELEMENT_VECTOR, NULL},
    {"line", ELEMENT_VECTOR, NULL},
    {"linearGradient", ELEMENT_VECTOR, NULL},
    {"path", ELEMENT_VECTOR, NULL},
    {"polygon", ELEMENT_VECTOR, NULL},
    {"polyline", ELEMENT_VECTOR, NULL},
    {"rect", ELEMENT_VECTOR, NULL},
    {"stop", ELEMENT_VECTOR, NULL},
    {"symbol", ELEMENT_VECTOR, NULL},
    {"text", ELEMENT_VECTOR, NULL},
    {"tspan", ELEMENT_VECTOR, NULL},
    {"use", ELEMENT_VECTOR, NULL},
};

/* By what they take; the names of one kind stand in one text. */
static const struct {
    enum attribute_kind kind;
    const char *names;
} attributes[] = {
    {ATTRIBUTE_PLAIN,
     " abbr accept autocapitalize autocomplete class cols colspan content coords datetime dir "
     "dirname draggable enterkeyhint exportparts fetchpriority for form headers height high "
     "hreflang inputmode integrity itemprop itemtype kind lang list low max maxlength media "
     "min minlength name nonce optimum part pattern popover popovertarget popovertargetaction "
     "role rows rowspan shape size sizes slot span spellcheck start step tabindex translate "
     "value width wrap "},
    {ATTRIBUTE_PLAIN,
     " clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family "
     "font-size font-weight fx fy gradientTransform gradientUnits offset opacity pathLength points "
     "preserveAspectRatio r rx ry stop-color stop-opacity stroke stroke-dasharray "
     "stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor "
     "transform vector-effect viewBox x x1 x2 xmlns y y1 y2 "},
    {ATTRIBUTE_SPOKEN,
     " alt aria-description aria-label aria-placeholder aria-roledescription aria-valuetext label "
     "placeholder title "},
    {ATTRIBUTE_FIXED,
     " as charset crossorigin decoding enctype formenctype formmethod formtarget "
     "imagesizes loading method preload property referrerpolicy rel scope srcset target type "},
    {ATTRIBUTE_BOOLEAN,
     " async autofocus autoplay checked controls default defer disabled formnovalidate hidden "
     "inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly "
     "required reversed selected "},
    {ATTRIBUTE_ID, " id "},
    {ATTRIBUTE_URL, " action cite formaction href poster src usemap "},
};

/* What is refused by name, and what to do instead. */
static const struct {
    const char *name, *instead;
} refused[] = {
    {"style", "write a class, and its rule into the stylesheet"},
    {"srcdoc", "make a page of it"},
    {"http-equiv", "say it by a header of the answer"},
    {"ping", "count what the link leads to"},
};

static const struct {
    const char *name, *instead;
} refused_elements[] = {
    {"style", "write a class, and its rule into the stylesheet"},
    {"iframe", "show it in a page of its own"},
    {"object", "link to it"},
    {"embed", "link to it"},
    {"base", "write paths that begin with /"},
    {"center", "write a class, and its rule into the stylesheet"},
    {"font", "write a class, and its rule into the stylesheet"},
    {"foreignObject", "write HTML beside the picture"},
    {"animate", "move it by the stylesheet"},
};

/* Attributes that an element cannot go without. */
static const struct {
    const char *element, *attribute, *why;
} needs[] = {
    {"img", "alt", "it says what is seen; alt=\"\" where it is ornament"},
    {"button", "type", "without it a button sends its form: submit, reset or button"},
    {"form", "method", "get or post"},
    {"form", "action", "the path that it is sent to"},
    {"input", "type", "text, email, number, checkbox …"},
    {"select", "name", "without it nothing is sent"},
    {"textarea", "name", "without it nothing is sent"},
    {"html", "lang", "{{language}} is the reader's"},
    {"script", "src", "{{asset ui/page.js}}"},
    {"a", "href", "without it the keyboard cannot reach it"},
    {"th", "scope", "col or row"},
};

/* Of attributes that take a few words alone. */
static const struct {
    const char *element, *attribute, *values;
} takes[] = {
    {"form", "method", " get post "},
    {"button", "type", " submit reset button "},
    {"th", "scope", " col row colgroup rowgroup "},
    {"input", "type",
     " text email password search tel url number date time datetime-local month checkbox radio "
     "range color file hidden submit "},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* True where the name stands in " a list of words ". */
static bool has_word(const char *list, struct str name)
{
    struct str rest = str_from(list), word;
    while (str_cut(&rest, ' ', &word))
        if (word.len && str_equal(word, name))
            return true;
    return false;
}

const struct element *element_find(struct str name)
{
    for (size_t i = 0; i < COUNT(elements); i++)
        if (str_equal(name, str_from(elements[i].name)))
            return &elements[i];
    return NULL;
}

bool element_may_stand_in(const struct element *element, const struct element *parent)
{
    return !element->parents || !parent || has_word(element->parents, str_from(parent->name));
}

_Noreturn void element_fail(const struct page *page, const char *at, struct str name)
{
    for (size_t i = 0; i < COUNT(refused_elements); i++)
        if (str_equal(name, str_from(refused_elements[i].name)))
            page_fail(page, at, "<" STR_FMT "> is not used here; %s", STR_ARG(name),
                      refused_elements[i].instead);
    page_fail(page, at, "there is no element <" STR_FMT ">; in small letters, as HTML has them",
              STR_ARG(name));
}

static void check_refused(const struct page *page, const char *at, struct str name)
{
    if (str_starts(name, STR("on")))
        page_fail(page, at,
                  "" STR_FMT " would be a script in the page; let the script of an asset listen",
                  STR_ARG(name));
    for (size_t i = 0; i < COUNT(refused); i++)
        if (str_equal(name, str_from(refused[i].name)))
            page_fail(page, at, "%s is not used here; %s", refused[i].name, refused[i].instead);
}

enum attribute_kind attribute_check_name(const struct page *page, const char *at, struct str name,
                                         const struct element *element)
{
    check_refused(page, at, name);
    if (str_equal(name, STR("src")) && strcmp(element->name, "script") == 0)
        return ATTRIBUTE_SCRIPT;
    if (str_equal(name, STR("type")) && strcmp(element->name, "input") == 0)
        return ATTRIBUTE_PLAIN;
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (has_word(attributes[i].names, name))
            return attributes[i].kind;
    if (!str_starts(name, STR("data-")) && !str_starts(name, STR("aria-")))
        page_fail(page, at,
                  "there is no attribute \"" STR_FMT "\"; correct it, or begin it with "
                  "data-",
                  STR_ARG(name));
    return ATTRIBUTE_PLAIN;
}

static const struct attribute *find_attribute(const struct tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->count; i++)
        if (str_equal(tag->attributes[i].name, str_from(name)))
            return &tag->attributes[i];
    return NULL;
}

static bool is_element(const struct tag *tag, const char *name)
{
    return strcmp(tag->element->name, name) == 0;
}

/* A field that sends nothing of its own needs no name. */
static void check_input(const struct page *page, const struct tag *tag)
{
    const struct attribute *type = find_attribute(tag, "type");
    bool is_button = type && str_equal(type->value, STR("submit"));
    if (!is_button && !find_attribute(tag, "name"))
        page_fail(page, tag->at, "<input> has no name; without it nothing is sent");
}

/* What runs or paints a page is the program's own. */
static void check_link(const struct page *page, const struct tag *tag)
{
    const struct attribute *rel = find_attribute(tag, "rel"), *href = find_attribute(tag, "href");
    if (!rel || !href)
        page_fail(page, tag->at, "<link> has rel and href");
    if (has_word(" stylesheet preload modulepreload ", rel->value) && !href->is_asset)
        page_fail(page, href->at, STR_FMT " is an asset: href=\"{{asset ui/style.css}}\"",
                  STR_ARG(rel->value));
}

void tag_check(const struct page *page, const struct tag *tag)
{
    for (size_t i = 0; i < COUNT(needs); i++)
        if (is_element(tag, needs[i].element) && !find_attribute(tag, needs[i].attribute))
            page_fail(page, tag->at, "<%s> has no %s; %s", needs[i].element, needs[i].attribute,
                      needs[i].why);
    if (is_element(tag, "input"))
        check_input(page, tag);
    if (is_element(tag, "link"))
        check_link(page, tag);
    for (size_t i = 0; i < COUNT(takes); i++) {
        const struct attribute *attribute = find_attribute(tag, takes[i].attribute);
        if (is_element(tag, takes[i].element) && attribute && !attribute->is_open &&
            !has_word(takes[i].values, attribute->value))
            page_fail(page, attribute->at, "%s of <%s> is one of:%.*s", takes[i].attribute,
                      takes[i].element, (int)strlen(takes[i].values) - 1, takes[i].values);
    }
}
