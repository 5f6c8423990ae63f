/* Sends the mails that wait. */
#include "guard/letter.h"

#include "base/log.h"
#include "base/mem.h"

struct waiting_letter {
    struct waiting_letter *next;
    size_t to_len, subject_len, text_len;
    const char *language; /* of the table of languages: it stays */
    char bytes[LETTER_TO_MAX + LETTER_SUBJECT_MAX + LETTER_TEXT_MAX];
};

static struct waiting_letter *take_next(struct letter_box *box)
{
    pthread_mutex_lock(&box->lock);
    while (!box->first && !box->closing)
        pthread_cond_wait(&box->changed, &box->lock);
    struct waiting_letter *letter = box->first;
    if (letter) {
        box->first = letter->next;
        box->count--;
    }
    pthread_mutex_unlock(&box->lock);
    return letter;
}

static void send_one(struct ctx *ctx, struct letter_box *box, const struct waiting_letter *waiting)
{
    const char *subject = waiting->bytes + waiting->to_len, *text = subject + waiting->subject_len;
    struct guard_letter letter = {.to = str_make(waiting->bytes, waiting->to_len),
                                  .subject = str_make(subject, waiting->subject_len),
                                  .text = str_make(text, waiting->text_len),
                                  .language = waiting->language};
    if (box->send(ctx, box->arg, &letter))
        log_failure(ctx, "a mail was not sent");
    arena_clear(ctx->arena);
}

static void *send_all(void *arg)
{
    struct letter_box *box = arg;
    struct arena arena;
    struct clock clock = clock_system();
    struct rand chance = rand_system(), id_chance = rand_system();
    struct id_source ids;
    arena_init(&arena, LETTER_ARENA_MAX);
    id_source_init(&ids, &clock, &id_chance);
    struct ctx ctx = {
        .arena = &arena, .clock = &clock, .rand = &chance, .ids = &ids, .log = box->log};
    struct waiting_letter *letter;
    while ((letter = take_next(box))) {
        send_one(&ctx, box, letter);
        mem_free(letter);
    }
    id_source_release(&ids);
    arena_release(&arena);
    return NULL;
}

enum err letter_box_open(struct ctx *ctx, struct letter_box *box, guard_send *send, void *arg,
                         struct log *log)
{
    *box = (struct letter_box){.send = send, .arg = arg, .log = log};
    pthread_mutex_init(&box->lock, NULL);
    pthread_cond_init(&box->changed, NULL);
    if (thread_start(&box->thread, "letters", send_all, box))
        return ERR_OK;
    pthread_cond_destroy(&box->changed);
    pthread_mutex_destroy(&box->lock);
    return err_system(&ctx->err, "Mails cannot be sent.", "starting a thread");
}

void letter_box_close(struct letter_box *box)
{
    pthread_mutex_lock(&box->lock);
    box->closing = true;
    pthread_cond_signal(&box->changed);
    pthread_mutex_unlock(&box->lock);
    pthread_join(box->thread, NULL);
    pthread_cond_destroy(&box->changed);
    pthread_mutex_destroy(&box->lock);
}

static bool put_last(struct letter_box *box, struct waiting_letter *waiting)
{
    pthread_mutex_lock(&box->lock);
    bool fits = box->count < LETTERS_MAX;
    if (fits) {
        *(box->first ? &box->last->next : &box->first) = waiting;
        box->last = waiting;
        box->count++;
        pthread_cond_signal(&box->changed);
    }
    pthread_mutex_unlock(&box->lock);
    return fits;
}

void letter_post(struct ctx *ctx, struct letter_box *box, const struct guard_letter *letter)
{
    struct waiting_letter *waiting = mem_alloc(sizeof *waiting);
    struct buf bytes;
    bool fits = waiting != NULL;
    if (fits) {
        buf_init_fixed(&bytes, waiting->bytes, sizeof waiting->bytes);
        buf_add(&bytes, letter->to);
        buf_add(&bytes, letter->subject);
        buf_add(&bytes, letter->text);
        waiting->to_len = letter->to.len;
        waiting->subject_len = letter->subject.len;
        waiting->text_len = letter->text.len;
        waiting->language = letter->language;
        fits = !buf_err(&bytes) && letter->to.len && put_last(box, waiting);
    }
    if (fits)
        return;
    mem_free(waiting);
    if (letter->to.len)
        log_warn(ctx, "a mail was dropped", field_int("waiting", LETTERS_MAX));
}

size_t letter_count(struct letter_box *box)
{
    pthread_mutex_lock(&box->lock);
    size_t count = box->count;
    pthread_mutex_unlock(&box->lock);
    return count;
}
