/* The index of words: what is added, and how it grows. */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "shop/search_inside.h"

enum { ROOM_FIRST = 64, TEXTS_FIRST = 2, SLOTS_FIRST = 256, LETTERS_FIRST = 2048 };

/* Doubles the room of a list of things of `size`, of which `count` are in use. */
static enum err grow(struct ctx *ctx, struct search *search, void **list, size_t count,
                     size_t new_room, size_t size)
{
    void *larger = mem_alloc(new_room * size);
    if (!larger)
        return err_memory(&ctx->err);
    if (count > 0)
        memcpy(larger, *list, count * size);
    mem_free(*list);
    *list = larger;
    search->bytes += (new_room - count) * size;
    return ERR_OK;
}

static uint32_t *slot_of(const struct search *search, struct str letters)
{
    size_t mask = search->slot_count - 1;
    size_t at = (size_t)hash_str(&(struct hash_key){0}, letters) & mask;
    while (search->slots[at] &&
           !str_equal(search_letters(search, &search->terms[search->slots[at] - 1]), letters))
        at = (at + 1) & mask;
    return &search->slots[at];
}

/* At most half of the slots are taken. */
static enum err grow_slots(struct ctx *ctx, struct search *search)
{
    size_t count = search->slot_count ? 2 * search->slot_count : SLOTS_FIRST;
    uint32_t *slots = mem_alloc(count * sizeof *slots);
    if (!slots)
        return err_memory(&ctx->err);
    search->bytes += (count - search->slot_count) * sizeof *slots;
    mem_free(search->slots);
    search->slots = slots;
    search->slot_count = count;
    for (size_t i = 0; i < search->term_count; i++)
        *slot_of(search, search_letters(search, &search->terms[i])) = (uint32_t)i + 1;
    return ERR_OK;
}

static enum err make_term_room(struct ctx *ctx, struct search *search, size_t len)
{
    if (search->term_count == SEARCH_TERMS_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "There are too many different words to search in.",
                        "SEARCH_TERMS_MAX");
    if (2 * search->term_count >= search->slot_count)
        TRY(grow_slots(ctx, search));
    if (search->term_count == search->term_room) {
        size_t room = search->term_room ? 2 * search->term_room : ROOM_FIRST;
        void *list = search->terms;
        TRY(grow(ctx, search, &list, search->term_count, room, sizeof *search->terms));
        search->terms = list;
        search->term_room = room;
    }
    if (search->letters_len + len > search->letters_room) {
        size_t room = 2 * search->letters_room + LETTERS_FIRST;
        void *list = search->letters;
        TRY(grow(ctx, search, &list, search->letters_len, room, 1));
        search->letters = list;
        search->letters_room = room;
    }
    return ERR_OK;
}

static enum err find_term(struct ctx *ctx, struct search *search, const struct word *word,
                          struct search_term **term)
{
    struct str letters = str_make(word->text, word->len);
    uint32_t there = search->slot_count ? *slot_of(search, letters) : 0;
    if (!there) {
        TRY(make_term_room(ctx, search, word->len));
        memcpy(search->letters + search->letters_len, word->text, word->len);
        search->terms[search->term_count] = (struct search_term){
            .letters_at = (uint32_t)search->letters_len, .len = (uint8_t)word->len};
        search->letters_len += word->len;
        *slot_of(search, letters) = there = (uint32_t)++search->term_count;
    }
    *term = &search->terms[there - 1];
    return ERR_OK;
}

/* A word that a text has twice stands once, at the place that was first. */
static enum err add_word(struct ctx *ctx, struct search *search, const struct word *word,
                         uint32_t number, enum search_place place)
{
    struct search_term *term;
    TRY(find_term(ctx, search, word, &term));
    if (term->count > 0 && term->texts[term->count - 1] >> SEARCH_PLACE_BITS == number)
        return ERR_OK;
    if (term->count == term->room) {
        uint32_t room = term->room ? 2 * term->room : TEXTS_FIRST;
        void *list = term->texts;
        TRY(grow(ctx, search, &list, term->count, room, sizeof *term->texts));
        term->texts = list;
        term->room = room;
    }
    term->texts[term->count++] = number << SEARCH_PLACE_BITS | (uint32_t)place;
    return ERR_OK;
}

static enum err add_words(struct ctx *ctx, struct search *search, const struct search_text *text,
                          uint32_t number)
{
    const struct str places[SEARCH_PLACES] = {
        [SEARCH_NAME] = text->name, [SEARCH_BRAND] = text->brand, [SEARCH_WORDS] = text->words};
    size_t count = 0;
    struct word word;
    for (int place = SEARCH_NAME; place >= SEARCH_WORDS; place--) {
        struct str rest = places[place];
        while (count < SEARCH_EACH_MAX && word_next(&rest, &word)) {
            TRY(add_word(ctx, search, &word, number, (enum search_place)place));
            count++;
        }
    }
    return ERR_OK;
}

enum err search_add(struct ctx *ctx, struct search *search, const struct search_text *text,
                    uint32_t *number)
{
    if (search->text_count == SEARCH_TEXTS_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "There are too many texts to search in.",
                        "SEARCH_TEXTS_MAX");
    if (search->text_count == search->text_room) {
        size_t room = search->text_room ? 2 * search->text_room : ROOM_FIRST;
        void *list = search->dropped;
        TRY(grow(ctx, search, &list, search->text_count, room, 1));
        search->dropped = list;
        search->text_room = room;
    }
    *number = (uint32_t)search->text_count++;
    enum err err = add_words(ctx, search, text, *number);
    search->dropped[*number] = err != ERR_OK;
    return err;
}

void search_drop(struct search *search, uint32_t number)
{
    search->dropped[number] = 1;
}

size_t search_bytes(const struct search *search)
{
    return search->bytes;
}

enum err search_open(struct ctx *ctx, struct search **opened)
{
    *opened = mem_alloc(sizeof **opened);
    return *opened ? ERR_OK : err_memory(&ctx->err);
}

void search_close(struct search *search)
{
    if (!search)
        return;
    for (size_t i = 0; i < search->term_count; i++)
        mem_free(search->terms[i].texts);
    mem_free(search->terms);
    mem_free(search->letters);
    mem_free(search->slots);
    mem_free(search->dropped);
    mem_free(search);
}
