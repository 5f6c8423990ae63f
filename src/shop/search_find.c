/* Looks words up: which of the index are meant, and which texts have them. */
#include <string.h>

#include "base/buf.h"
#include "shop/search_inside.h"

/* How a word of the index is what was sought, the best first. */
enum near { NEAR_SAME, NEAR_BEGUN, NEAR_INSIDE, NEAR_ONE_TYPO, NEAR_TWO_TYPOS, NEAR_COUNT };

static const uint8_t near_points[NEAR_COUNT] = {[NEAR_SAME] = 16,
                                                [NEAR_BEGUN] = 12,
                                                [NEAR_INSIDE] = 8,
                                                [NEAR_ONE_TYPO] = 6,
                                                [NEAR_TWO_TYPOS] = 3};
static const uint8_t place_points[SEARCH_PLACES] = {
    [SEARCH_NAME] = 16, [SEARCH_BRAND] = 4, [SEARCH_WORDS] = 1};

enum { ONE_TYPO_MIN = 4, TWO_TYPOS_MIN = 8 };

/* What is known of a text while words are looked up. */
struct tally {
    uint32_t points;
    uint16_t best;         /* of the word that is looked up */
    uint8_t last, matched; /* the last word that it has, from 1; how many */
};

struct finding {
    struct ctx *ctx;
    const struct search *search;
    struct tally *tallies;
    struct top terms; /* of one word: those that stand for it, the nearest first */
    struct buf instead;
    uint8_t words;
    bool mistyped;
};

/* Its own keys sort the terms: nearer ones first, then what more texts have. */
static void offer(struct finding *finding, size_t number, enum near near)
{
    uint64_t often = finding->search->terms[number].count;
    top_offer(&finding->terms,
              (struct top_row){.high = near, .low = ~often, .number = (uint32_t)number});
}

static enum near compare(struct str letters, struct str sought)
{
    if (letters.len < sought.len)
        return NEAR_COUNT;
    if (memcmp(letters.ptr, sought.ptr, sought.len) == 0)
        return letters.len == sought.len ? NEAR_SAME : NEAR_BEGUN;
    if (sought.len < SEARCH_INSIDE_MIN || letters.len == sought.len)
        return NEAR_COUNT;
    return str_find(letters, sought) == STR_NONE ? NEAR_COUNT : NEAR_INSIDE;
}

static void find_near(struct finding *finding, struct str sought)
{
    const struct search *search = finding->search;
    for (size_t i = 0; i < search->term_count; i++) {
        enum near near = compare(search_letters(search, &search->terms[i]), sought);
        if (near != NEAR_COUNT)
            offer(finding, i, near);
    }
}

static void find_mistyped(struct finding *finding, struct str sought)
{
    const struct search *search = finding->search;
    size_t typos_max = sought.len >= TWO_TYPOS_MIN ? 2 : sought.len >= ONE_TYPO_MIN ? 1 : 0;
    struct word_pattern pattern;
    word_pattern(&pattern, sought);
    for (size_t i = 0; i < search->term_count && typos_max > 0; i++) {
        struct str letters = search_letters(search, &search->terms[i]);
        if (letters.len + typos_max < sought.len || letters.len > sought.len + typos_max)
            continue;
        int distance = word_distance(&pattern, letters);
        if (distance <= (int)typos_max)
            offer(finding, i, distance <= 1 ? NEAR_ONE_TYPO : NEAR_TWO_TYPOS);
    }
}

static void count_term(struct finding *finding, const struct search_term *term, enum near near)
{
    for (uint32_t i = 0; i < term->count; i++) {
        struct tally *tally = &finding->tallies[term->texts[i] >> SEARCH_PLACE_BITS];
        unsigned place = term->texts[i] & ((1u << SEARCH_PLACE_BITS) - 1);
        uint16_t points = (uint16_t)(near_points[near] * place_points[place]);
        if (tally->last != finding->words) {
            tally->last = finding->words;
            tally->matched++;
            tally->best = 0;
        }
        if (points > tally->best) {
            tally->points += (uint32_t)(points - tally->best);
            tally->best = points;
        }
    }
}

static void find_word(struct finding *finding, struct str sought)
{
    const struct search *search = finding->search;
    struct str said = sought;
    finding->words++;
    finding->terms.count = 0;
    find_near(finding, sought);
    if (finding->terms.count == 0) {
        find_mistyped(finding, sought);
        finding->mistyped |= finding->terms.count > 0;
    }
    top_sort(&finding->terms);
    for (size_t i = 0; i < finding->terms.count; i++) {
        const struct top_row *row = &finding->terms.rows[i];
        count_term(finding, &search->terms[row->number], (enum near)row->high);
    }
    if (finding->terms.count > 0 && finding->terms.rows[0].high >= NEAR_ONE_TYPO)
        said = search_letters(search, &search->terms[finding->terms.rows[0].number]);
    buf_add(&finding->instead, finding->words > 1 ? STR(" ") : STR(""));
    buf_add(&finding->instead, said);
}

/* Later texts go before earlier ones that are as good. */
static enum err choose(struct finding *finding, struct search_found *found)
{
    const struct search *search = finding->search;
    struct top top;
    uint8_t most = 1;
    TRY(top_init(finding->ctx, SEARCH_ROWS_MAX, &top));
    for (size_t i = 0; i < search->text_count; i++) {
        const struct tally *tally = &finding->tallies[i];
        if (tally->matched < most || search->dropped[i])
            continue;
        if (tally->matched > most) {
            most = tally->matched;
            top.count = found->total = 0;
        }
        found->total++;
        top_offer(&top, (struct top_row){.high = ~(uint64_t)tally->points,
                                         .low = ~(uint64_t)i,
                                         .number = (uint32_t)i});
    }
    top_sort(&top);
    found->rows = top.rows;
    found->count = top.count;
    found->all = top.count > 0 && most == finding->words;
    return ERR_OK;
}

enum err search_find(struct ctx *ctx, const struct search *search, struct str query,
                     struct search_found *found)
{
    struct finding finding = {.ctx = ctx, .search = search};
    struct word word;
    *found = (struct search_found){0};
    finding.tallies = ARENA_ARRAY(ctx->arena, search->text_count, struct tally);
    if (!finding.tallies)
        return err_memory(&ctx->err);
    TRY(top_init(ctx, SEARCH_NEAR_MAX, &finding.terms));
    buf_init(&finding.instead, ctx->arena, SEARCH_INSTEAD_MAX);
    while (finding.words < SEARCH_QUERY_MAX && word_next(&query, &word))
        find_word(&finding, str_make(word.text, word.len));
    if (buf_err(&finding.instead))
        return err_memory(&ctx->err);
    if (finding.words == 0)
        return ERR_OK;
    TRY(choose(&finding, found));
    if (finding.mistyped && found->count > 0)
        found->instead = buf_str(&finding.instead);
    return ERR_OK;
}
