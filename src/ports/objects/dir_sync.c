/* Folders and their fsync: one serves all who changed names in the folder before it began. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ports/objects/dir_inside.h"

static const char not_stored[] = "The change could not be stored safely.";

bool dir_sync_init(struct objects_store *store)
{
    int made = 0;
    for (; made < DIR_SLOTS; made++) {
        struct dir_slot *slot = &store->slots[made];
        pthread_mutex_init(&slot->lock, NULL);
        pthread_cond_init(&slot->ended, NULL);
    }
    return made == DIR_SLOTS;
}

void dir_sync_release(struct objects_store *store)
{
    for (int i = 0; i < DIR_SLOTS; i++) {
        pthread_cond_destroy(&store->slots[i].ended);
        pthread_mutex_destroy(&store->slots[i].lock);
    }
}

static bool sync_folder(struct objects_store *store, const char *folder)
{
    int fd = openat(store->root_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT; /* nothing was ever in it: there is nothing to be kept */
    bool synced = fsync(fd) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    return synced;
}

/* Under the slot's lock, which is given back meanwhile. */
static void run_sync(struct objects_store *store, struct dir_slot *slot, const char *folder)
{
    uint64_t number = ++slot->begun;
    slot->runs = true;
    pthread_mutex_unlock(&slot->lock);
    bool synced = sync_folder(store, folder);
    int saved = errno;
    pthread_mutex_lock(&slot->lock);
    slot->runs = false;
    if (synced)
        slot->done = number;
    else
        slot->failed = number; /* the kernel tells it once: all who waited for it have to know */
    pthread_cond_broadcast(&slot->ended);
    errno = saved;
}

/* Waits for a sync that begins after now, or does it. Under the slot's lock. */
static bool share_sync(struct objects_store *store, struct dir_slot *slot, const char *folder)
{
    uint64_t wanted = slot->begun + 1;
    while (slot->done < wanted && slot->failed < wanted) {
        if (slot->runs)
            pthread_cond_wait(&slot->ended, &slot->lock);
        else
            run_sync(store, slot, folder);
    }
    return slot->failed < wanted;
}

enum err dir_sync(struct objects_store *store, struct ctx *ctx, const char *folder)
{
    uint64_t hash = hash_str(&store->hash, str_from(folder));
    struct dir_slot *slot = &store->slots[hash % DIR_SLOTS];
    bool synced;
    pthread_mutex_lock(&slot->lock);
    if (!slot->users || slot->folder == hash) {
        slot->folder = hash;
        slot->users++;
        synced = share_sync(store, slot, folder);
        slot->users--;
        pthread_mutex_unlock(&slot->lock);
    } else { /* the slot is another folder's just now */
        pthread_mutex_unlock(&slot->lock);
        synced = sync_folder(store, folder);
    }
    return synced ? ERR_OK : err_system(&ctx->err, not_stored, "fsync of the folder %s", folder);
}

static _Atomic uint64_t *known_place(struct objects_store *store, const char *folder,
                                     uint64_t *hash)
{
    *hash = hash_str(&store->hash, str_from(folder)) | 1; /* 0 is an empty place */
    return &store->known[(*hash >> 1) % DIR_KNOWN];
}

void dir_forget_folders(struct objects_store *store)
{
    for (int i = 0; i < DIR_KNOWN; i++)
        atomic_store(&store->known[i], 0);
}

/* Also one that is there: who made it may have been killed before it synced the name. */
static enum err make_one(struct objects_store *store, struct ctx *ctx, const char *folder)
{
    char above[DIR_PATH_MAX] = ".";
    uint64_t hash;
    _Atomic uint64_t *place = known_place(store, folder, &hash);
    if (atomic_load(place) == hash)
        return ERR_OK;
    const char *slash = strrchr(folder, '/');
    if (slash) {
        memcpy(above, folder, (size_t)(slash - folder));
        above[slash - folder] = 0;
    }
    if (mkdirat(store->root_fd, folder, 0700) && errno != EEXIST)
        return err_system(&ctx->err, not_stored, "mkdir %s", folder);
    TRY(dir_sync(store, ctx, above));
    atomic_store(place, hash);
    return ERR_OK;
}

enum err dir_make_folder(struct objects_store *store, struct ctx *ctx, const char *folder)
{
    char path[DIR_PATH_MAX];
    uint64_t hash;
    if (atomic_load(known_place(store, folder, &hash)) == hash)
        return ERR_OK;
    size_t len = strlen(folder);
    memcpy(path, folder, len + 1); /* dir_path_make's: never longer */
    for (size_t i = 0; i <= len; i++) {
        if (folder[i] && folder[i] != '/')
            continue;
        path[i] = 0;
        TRY(make_one(store, ctx, path));
        path[i] = folder[i];
    }
    return ERR_OK;
}
