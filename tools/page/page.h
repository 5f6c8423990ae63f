/* Pages of HTML, as a room's pages folder has them (docs/web.md), and what makes C of them.
 *
 *     struct pages *pages = pages_read(&arena, "front", "src/front");
 *     pages_read_parts(pages, "src/ui");
 *     pages_write(pages, "build/src/front/front_pages");
 *
 * A page is read twice: first what it declares, so that each knows the parts of all; then its
 * markup, from which a writer makes a function as it reads. A mistake ends the tool with
 * "path:line:column: sentence". */
#ifndef STOA_TOOLS_PAGE_PAGE_H
#define STOA_TOOLS_PAGE_PAGE_H

#include "room/tool.h"
#include "source.h"

enum {
    PAGES_MAX = 1000,
    PAGE_ROOMS_MAX = 16,
    PAGE_MEMBERS_MAX = 64,
    PAGE_HEADERS_MAX = 16,
    PAGE_SLOTS_MAX = 8,
    PAGE_USES_MAX = 64,
    FRAMES_MAX = 32,
    ELEMENTS_MAX = 64,
    ATTRIBUTES_MAX = 48, /* of one tag */
    IDS_MAX = 500,       /* of one page */
    EXPR_DEPTH_MAX = 16,
};

/* A member of the page's struct. */
struct page_member {
    struct str type, name;
    bool is_pointer;
};

struct page {
    const char *path;
    struct str room, name, text;
    bool is_part, is_foreign;
    bool has_words; /* literal words are allowed: {{words en}} */
    struct page_member members[PAGE_MEMBERS_MAX];
    size_t member_count;
    struct str headers[PAGE_HEADERS_MAX];
    size_t header_count;
    struct str slots[PAGE_SLOTS_MAX]; /* their names; the only one may have none */
    size_t slot_count;
    size_t begin;               /* of the markup in the text */
    size_t uses[PAGE_USES_MAX]; /* the parts of its room */
    const char *uses_at[PAGE_USES_MAX];
    size_t use_count;
    enum { CIRCLE_UNKNOWN, CIRCLE_OPEN, CIRCLE_NONE } circle;
};

struct pages {
    struct arena *arena;
    struct str room;
    struct tool_files files[PAGE_ROOMS_MAX];
    size_t folder_count;
    struct page list[PAGES_MAX];
    size_t count;
};

struct pages *pages_read(struct arena *arena, const char *room, const char *folder);
void pages_read_parts(struct pages *pages, const char *folder); /* another room's */
void pages_write(struct pages *pages, const char *stem);
void pages_check_circles(struct pages *pages); /* parts that use themselves */
const struct page *pages_find(const struct pages *pages, struct str name); /* or NULL */

/* `at` points into the page's text. */
_Noreturn void page_fail(const struct page *page, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int page_line(const struct page *page, const char *at);
void page_check_name(const struct page *page, const char *at, struct str name);
const struct page_member *page_find_member(const struct page *page, struct str name);

/* What is being read between {{ and }}. */
struct cursor {
    const struct page *page;
    const char *at, *end;
};

bool cursor_is_done(struct cursor *cursor);         /* skips spaces */
struct str cursor_take_name(struct cursor *cursor); /* as C has them; empty where none stands */
bool cursor_take(struct cursor *cursor, const char *mark); /* exactly these characters */
bool cursor_take_word(struct cursor *cursor, const char *word);
struct str cursor_take_literal(struct cursor *cursor); /* "…" with its quotes, or empty */
void cursor_need(struct cursor *cursor, const char *mark, const char *advice);
void cursor_end(struct cursor *cursor); /* fails where something is left */

/* The text from "{{" at `at` up to its end; *behind is what follows the "}}". */
struct cursor cursor_open(const struct page *page, const char *at, const char **behind);

/* What an attribute takes. */
enum attribute_kind {
    ATTRIBUTE_PLAIN,
    ATTRIBUTE_SPOKEN, /* words for the reader */
    ATTRIBUTE_FIXED,  /* no {{…}} */
    ATTRIBUTE_BOOLEAN,
    ATTRIBUTE_ID,
    ATTRIBUTE_URL,
    ATTRIBUTE_SCRIPT, /* the URL of an asset */
};

enum element_flags {
    ELEMENT_VOID = 1,
    ELEMENT_VECTOR = 2, /* of SVG: may be <path/> */
    ELEMENT_PLAIN = 4,  /* holds text, no elements */
    ELEMENT_SPACED = 8, /* keeps white space */
    ELEMENT_EMPTY = 16,
    ELEMENT_CODE = 32,  /* its text is no language's */
    ELEMENT_BLOCK = 64, /* ends a <p> */
};

struct element {
    const char *name;
    unsigned flags;
    const char *parents; /* " ul ol ", or NULL */
};

struct attribute {
    struct str name, value;
    enum attribute_kind kind;
    const char *at;
    bool is_open;   /* holds {{…}} */
    bool is_asset;  /* is one {{asset}} */
    bool is_hidden; /* stands in another branch of the {{if}} that is being read */
};

/* What is open in the markup. */
struct tag {
    const struct element *element;
    const char *at;
    bool is_untranslated;
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t count;
};

const struct element *element_find(struct str name);
bool element_may_stand_in(const struct element *element, const struct element *parent);
_Noreturn void element_fail(const struct page *page, const char *at, struct str name);
enum attribute_kind attribute_check_name(const struct page *page, const char *at, struct str name,
                                         const struct element *element);
void tag_check(const struct page *page, const struct tag *tag);

/* Where in the markup the reading is. */
enum spot { SPOT_TEXT, SPOT_TAG, SPOT_VALUE };

/* What a URL in an attribute is so far: nothing, a / alone, a host that may go on, the beginning of
 * a path, or a whole URL that was handed in. */
enum url_state { URL_BEGIN, URL_ROOT, URL_HOST, URL_PART, URL_WHOLE };

enum url_state url_add_literal(const struct page *page, struct str text, enum url_state state);
void url_check_print(const struct page *page, const char *at, enum url_state state);

/* What holds behind branches that ended so. */
enum url_state url_merge(const struct page *page, const char *at, enum url_state a,
                         enum url_state b);

enum frame_kind { FRAME_IF, FRAME_EACH, FRAME_USE, FRAME_FILL };

/* A {{…}} that waits for its {{end}}. */
struct frame {
    enum frame_kind kind;
    const char *at;
    enum spot spot;
    size_t elements, attributes, ids; /* that there were when it began */
    bool has_else, has_branch;
    enum url_state url, url_branch; /* when it began; at the end of the branches so far */
    struct str row, index;          /* of each */
    bool row_is_used;
    const struct page *part; /* of use */
    struct cursor args;
    size_t pieces, filled; /* of the part, so far */
    int number;            /* use_3 */
    bool keeps_words;
};

struct id {
    struct str name;
    bool is_hidden;
};

struct writer {
    struct pages *pages;
    struct page *page;
    struct buf out;       /* all functions */
    const char *out_name; /* "front_pages.c" */
    int out_lines;
    struct buf assets;  /* " ui_asset_style_css …": those that were declared */
    struct buf externs; /* to be declared before the function */
    struct buf body;    /* of the function that is being written */
    struct buf literal; /* markup that was not written yet */
    const char *at, *end;
    size_t piece;   /* slots that were passed */
    int number;     /* of the last variable that was made */
    int line;       /* the last #line */
    bool uses_page; /* in this function */
    enum spot spot;
    enum url_state url;
    struct tag tag; /* where spot is not SPOT_TEXT */
    struct {
        const struct element *element;
        const char *at;
        bool is_untranslated;
        bool needs_token; /* a form that is posted, and has no {{put ui_token}} yet */
        size_t frames;    /* that were open when it began */
    } elements[ELEMENTS_MAX];
    size_t element_count;
    struct frame frames[FRAMES_MAX];
    size_t frame_count;
    struct id ids[IDS_MAX];
    size_t id_count;
};

/* Reads an expression and writes it as C; `as_condition` makes texts true where they are not
 * empty. */
void expr_read(struct writer *writer, struct cursor *cursor, bool as_condition, struct buf *out);

/* One of a message's name and arguments: "text_cart_items, page->count". */
void expr_read_message(struct writer *writer, struct cursor *cursor, struct buf *out);

void markup_read(struct writer *writer);
void tag_read(struct writer *writer);   /* one thing of a tag, where spot says so */
void value_read(struct writer *writer); /* one thing of a value */
void text_check_words(const struct writer *writer, struct str text);
void text_check_entity(const struct writer *writer, const char *at);

bool markup_looks_at(const struct writer *writer, const char *mark);
struct str markup_take_while(struct writer *writer, bool (*is_part)(char c));
bool markup_is_space(char c);
bool markup_is_letter(char c); /* of the name of an element */
bool markup_is_inside(const struct writer *writer, unsigned flags);
bool markup_is_spaced(const struct writer *writer);                /* white space is kept */
bool markup_is_plain(const struct writer *writer, const char *at); /* elements may not stand here */
void markup_check_content(const struct writer *writer, const char *at); /* a part may stand here */

/* What stands between {{ and }}: each takes what is its own. */
void directive_read(struct writer *writer); /* at writer->at */
bool flow_read(struct writer *writer, struct cursor *cursor);
bool slots_read(struct writer *writer, struct cursor *cursor);
void slots_end(struct writer *writer, struct frame *frame);
struct frame *frame_push(struct writer *writer, enum frame_kind kind, const char *at);

void writer_begin(struct writer *writer); /* a function */
void writer_end(struct writer *writer);
void writer_add(struct writer *writer, struct str markup);
void writer_flush(struct writer *writer); /* writes the markup that waits */
void writer_need_asset(struct writer *writer, struct str name);

/* A line of C; `at` is what the compiler is to blame, or NULL. */
void writer_add_line(struct writer *writer, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
