/* Small objects that are asked for often: their bytes stay, checked and opened, with the file. The
 * file is asked each time whether it is still the one of its name: whoever puts another in its
 * place, or deletes it, of this process or another, changes when it was last changed. */
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "ports/objects/dir_inside.h"

/* Times of files are told in ticks: what changed just now may change again in the same. */
enum { HOT_SETTLED_US = SECOND_US, HOT_LASTS_US = 10 * SECOND_US };

void dir_hot_init(struct objects_store *store)
{
    for (int i = 0; i < DIR_HOT; i++) {
        pthread_mutex_init(&store->hot[i].lock, NULL);
        store->hot[i].file.fd = -1;
    }
}

/* Under its lock. */
static void forget(struct dir_hot *hot)
{
    if (hot->file.fd < 0)
        return;
    close(hot->file.fd);
    sodium_memzero(hot->image, hot->name_len + hot->image_len);
    mem_free(hot->image);
    sodium_memzero(&hot->file, sizeof hot->file);
    hot->file.fd = -1;
}

void dir_hot_release(struct objects_store *store)
{
    for (int i = 0; i < DIR_HOT; i++) {
        forget(&store->hot[i]);
        pthread_mutex_destroy(&store->hot[i].lock);
    }
}

static struct dir_hot *place_of(struct objects_store *store, struct str name)
{
    return &store->hot[hash_str(&store->hash, name) % DIR_HOT];
}

static bool is_unchanged(const struct dir_hot *hot, int64_t now_us)
{
    struct stat about;
    return now_us - hot->kept_us < HOT_LASTS_US && fstat(hot->file.fd, &about) == 0 &&
           about.st_nlink == 1 && about.st_ctim.tv_sec == hot->changed.tv_sec &&
           about.st_ctim.tv_nsec == hot->changed.tv_nsec;
}

/* A copy: the place may be another's as soon as it is given back. */
static bool copy_out(const struct dir_hot *hot, struct ctx *ctx, struct str name,
                     struct dir_reader *file)
{
    char *image = arena_bytes(ctx->arena, hot->image_len);
    if (!image)
        return false;
    int fd = fcntl(hot->file.fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return false;
    *file = hot->file;
    file->fd = fd;
    file->bytes = memcpy(image, hot->image + hot->name_len, hot->image_len);
    file->got = hot->image_len;
    file->is_open = true;
    file->info.name = name;
    dir_head_fields(file->bytes, file->head_len, &file->info);
    return true;
}

bool dir_hot_find(struct objects_store *store, struct ctx *ctx, struct str name,
                  struct dir_reader *file)
{
    struct dir_hot *hot = place_of(store, name);
    bool found = false;
    pthread_mutex_lock(&hot->lock);
    if (hot->file.fd >= 0 && str_equal(str_make(hot->image, hot->name_len), name)) {
        if (!is_unchanged(hot, clock_tick_us(ctx->clock)))
            forget(hot);
        else
            found = copy_out(hot, ctx, name, file);
    }
    pthread_mutex_unlock(&hot->lock);
    return found;
}

/* Never a reason to fail. */
static void take_in(struct dir_hot *hot, const struct dir_reader *file, int64_t now_us,
                    struct timespec changed)
{
    struct str name = file->info.name;
    size_t len = file->head_len + (size_t)file->info.size;
    forget(hot);
    char *image = mem_alloc(name.len + len);
    int fd = image ? fcntl(file->fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (fd < 0) {
        mem_free(image);
        return;
    }
    memcpy(image, name.ptr, name.len);
    memcpy(image + name.len, file->bytes, len);
    hot->file = *file;
    hot->file.fd = fd;
    hot->image = image;
    hot->name_len = name.len;
    hot->image_len = len;
    hot->kept_us = now_us;
    hot->changed = changed;
}

void dir_hot_keep(struct objects_store *store, struct ctx *ctx, const struct dir_reader *file)
{
    struct dir_hot *hot = place_of(store, file->info.name);
    struct stat about;
    if (fstat(file->fd, &about) || about.st_nlink != 1 ||
        about.st_ctim.tv_sec * SECOND_US > clock_now_us(ctx->clock) - INT64_C(2) * HOT_SETTLED_US)
        return;
    pthread_mutex_lock(&hot->lock);
    take_in(hot, file, clock_tick_us(ctx->clock), about.st_ctim);
    pthread_mutex_unlock(&hot->lock);
}
