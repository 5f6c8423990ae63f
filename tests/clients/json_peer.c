/* Prints texts and what Stoa reads in them, for json_peers.sh.
 *
 *     json_peer COUNT-OF-MUTATIONS
 *
 * Records on standard output, each a letter, the length, a line feed, so many bytes, a line feed:
 * T a text of the table, or M one made from it by chance (always the same chance), followed by
 * A the text as Stoa writes it again, or R Stoa's words of refusal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "json_cases.h"

enum { TEXT_MAX = 4096, ARENA_MAX = 16 << 20, CHANGES_MAX = 3, SEED = 2026 };

static void print_record(char kind, struct str bytes)
{
    printf("%c%zu\n", kind, bytes.len);
    fwrite(bytes.ptr ? bytes.ptr : "", 1, bytes.len, stdout);
    putchar('\n');
}

static void print_text(struct ctx *ctx, char kind, struct str text)
{
    struct json *tree;
    struct buf out;
    arena_clear(ctx->arena);
    print_record(kind, text);
    if (json_read(ctx, text, &tree)) {
        print_record('R', str_from(ctx->err.user));
        return;
    }
    buf_init(&out, ctx->arena, ARENA_MAX);
    json_write(&out, tree);
    if (buf_err(&out))
        exit(EXIT_FAILURE);
    print_record('A', buf_str(&out));
}

/* A linear congruence: the same on every machine, and its upper bits are random enough here. */
static size_t chance(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((*state >> 33) * below >> 31);
}

struct draft {
    char bytes[TEXT_MAX];
    size_t len;
};

/* Puts `piece` in the place of the draft's bytes from..to. */
static void splice(struct draft *draft, size_t from, size_t to, struct str piece)
{
    size_t left = draft->len - to;
    if (from + piece.len + left > TEXT_MAX)
        return;
    memmove(draft->bytes + from + piece.len, draft->bytes + to, left);
    memcpy(draft->bytes + from, piece.ptr, piece.len);
    draft->len = from + piece.len + left;
}

/* One byte for another, one more, a stretch less, or a stretch of another text. */
static void change(struct draft *draft, uint64_t *state)
{
    static const char bytes[] = "{}[]:,\"\\ \n0123456789-+.eEtfnu/\xc3\xa9\x00";
    struct str other = json_cases[chance(state, json_case_count)].text;
    size_t from = chance(state, draft->len + 1), kind = chance(state, 4);
    size_t to = from + chance(state, draft->len - from + 1);
    struct str byte = str_make(bytes + chance(state, sizeof bytes), 1);
    size_t cut = chance(state, other.len + 1);
    if (kind == 0)
        splice(draft, from, from + (from < draft->len), byte);
    else if (kind == 1)
        splice(draft, from, from, byte);
    else if (kind == 2)
        splice(draft, from, to, str_make(bytes, 0));
    else
        splice(draft, from, from, str_slice(other, cut, other.len));
}

static void print_mutation(struct ctx *ctx, uint64_t *state)
{
    struct draft draft = {.len = 0};
    const struct json_case *row;
    do /* what is right to begin with is interesting longer */
        row = &json_cases[chance(state, json_case_count)];
    while (row->line);
    splice(&draft, 0, 0, row->text);
    for (size_t changes = chance(state, CHANGES_MAX) + 1; changes > 0; changes--)
        change(&draft, state);
    print_text(ctx, 'M', str_make(draft.bytes, draft.len));
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    uint64_t state = SEED;
    int64_t mutations;
    if (argc != 2 || str_to_int(str_from(argv[1]), 0, INT32_MAX, &mutations)) {
        fprintf(stderr, "json_peer: say how many mutations\n");
        return EXIT_FAILURE;
    }
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < json_case_count; i++)
        print_text(&ctx, 'T', json_cases[i].text);
    for (int64_t i = 0; i < mutations; i++)
        print_mutation(&ctx, &state);
    arena_release(&arena);
    return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
