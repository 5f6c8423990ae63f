/* Lists names in the order of their bytes: a walk through the folders, which are never held open
 * and of which only the next few entries are kept in memory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ports/objects/dir_inside.h"

static const char not_listed[] = "The files could not be listed.";

enum { BATCH = 64, WALK_MEMORY = 32 << 20 };

struct entry {
    enum dir_kind kind;
    size_t len;
    char key[DIR_KEY_MAX];
};

struct batch {
    struct entry entries[BATCH + 1];
    size_t count;
};

struct walk {
    struct objects_store *store;
    struct ctx *ctx;
    const struct objects_query *query;
    struct objects_page *page;
    struct arena *memory; /* batches */
    struct buf path;      /* of the folder, below the root; ends with "/" */
    struct buf name;      /* what all in it begin with */
    bool only_looks;      /* whether there is an object at all: page->count, without its info */
    bool done;
};

static struct str entry_key(const struct entry *entry)
{
    return str_make(entry->key, entry->len);
}

/* The name as it would be with the entry's key. Good until the name changes. */
static struct str name_with(struct walk *walk, struct str key)
{
    size_t len = walk->name.len;
    buf_add(&walk->name, key);
    struct str name = buf_str(&walk->name);
    walk->name.len = len;
    return name;
}

/* Whether an entry is, or a folder may hold, something that was asked for. */
static bool is_asked(struct walk *walk, const struct entry *entry)
{
    struct str name = name_with(walk, entry_key(entry)), prefix = walk->query->prefix;
    struct str after = walk->query->after;
    if (entry->kind == DIR_OBJECT)
        return str_starts(name, prefix) && str_compare(name, after) > 0;
    if (!str_starts(name, prefix) && !str_starts(prefix, name))
        return false;
    return str_compare(name, after) > 0 || str_starts(after, name);
}

/* Into its place among the first BATCH; one more than that only says that there are more. */
static void batch_add(struct batch *batch, const struct entry *entry)
{
    size_t at = batch->count;
    while (at && str_compare(entry_key(entry), entry_key(&batch->entries[at - 1])) < 0)
        at--;
    if (at > BATCH)
        return;
    size_t behind = (batch->count > BATCH ? BATCH : batch->count) - at;
    memmove(&batch->entries[at + 1], &batch->entries[at], behind * sizeof *entry);
    batch->entries[at] = *entry;
    batch->count = at + 1 + behind;
}

/* readdir tells a failure only by errno. */
static enum err read_entries(struct walk *walk, DIR *folder, struct str above, struct batch *batch)
{
    struct entry entry = {.len = 0};
    struct dirent *found;
    for (errno = 0; (found = readdir(folder)); errno = 0) {
        if (!dir_entry_read(found->d_name, &entry.kind, entry.key, &entry.len) ||
            str_compare(entry_key(&entry), above) <= 0 || !is_asked(walk, &entry))
            continue;
        if (walk->name.len + entry.len <= OBJECTS_NAME_MAX)
            batch_add(batch, &entry);
    }
    return errno ? err_system(&walk->ctx->err, not_listed, "reading a folder") : ERR_OK;
}

/* The next entries of the folder whose keys come after `above`. */
static enum err next_batch(struct walk *walk, struct str above, struct batch *batch)
{
    batch->count = 0;
    TRY(ctx_check_deadline(walk->ctx));
    buf_addc(&walk->path, 0);
    if (buf_err(&walk->path))
        return err_memory(&walk->ctx->err);
    walk->path.len--;
    int fd = openat(walk->store->root_fd, walk->path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return ERR_OK;
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        enum err err = err_system(&walk->ctx->err, not_listed, "opening %s", walk->path.ptr);
        if (fd >= 0)
            close(fd);
        return err;
    }
    enum err err = read_entries(walk, folder, above, batch);
    closedir(folder);
    return err;
}

static enum err look_at(struct walk *walk, const struct entry *entry, struct objects_info *info)
{
    struct str name;
    size_t len = walk->path.len;
    if (str_copy(walk->ctx->arena, name_with(walk, entry_key(entry)), &name))
        return err_memory(&walk->ctx->err);
    dir_entry_write(&walk->path, DIR_OBJECT, entry_key(entry));
    buf_addc(&walk->path, 0);
    enum err err = buf_err(&walk->path)
                       ? err_memory(&walk->ctx->err)
                       : dir_look(walk->store, walk->ctx, name, walk->path.ptr, info);
    buf_rewind(&walk->path, len);
    if (err == ERR_IO) /* one that is damaged hides no other */
        *info = (struct objects_info){.name = name, .is_bad = true};
    return err == ERR_IO ? ERR_OK : err;
}

/* Room for one more, or the end. */
static struct objects_info *next_item(struct walk *walk)
{
    struct objects_page *page = walk->page;
    walk->done = page->count == walk->query->limit || walk->only_looks;
    page->more = page->count == walk->query->limit;
    return walk->done ? NULL : &page->items[page->count];
}

static enum err take_object(struct walk *walk, const struct entry *entry)
{
    struct objects_info *item = next_item(walk);
    walk->page->count += walk->only_looks;
    if (!item)
        return ERR_OK;
    enum err err = look_at(walk, entry, item);
    if (err == ERR_MISSING) { /* deleted meanwhile */
        err_clear(&walk->ctx->err);
        return ERR_OK;
    }
    walk->page->count += !err;
    return err;
}

static enum err walk_folder(struct walk *walk);

static enum err enter(struct walk *walk, const struct entry *entry)
{
    size_t path_len = walk->path.len, name_len = walk->name.len;
    struct str key = entry_key(entry);
    buf_add(&walk->name, key);
    dir_entry_write(&walk->path, entry->kind,
                    str_slice(key, 0, key.len - (entry->kind == DIR_FOLDER)));
    buf_addc(&walk->path, '/');
    enum err err = walk_folder(walk);
    buf_rewind(&walk->path, path_len);
    buf_rewind(&walk->name, name_len);
    return err;
}

/* Folders stay when they are empty: only one that holds something is told. */
static enum err take_folder(struct walk *walk, const struct entry *entry)
{
    struct objects_page found = {0};
    struct objects_query all = {.limit = 1};
    struct walk look = *walk;
    look.query = &all;
    look.page = &found;
    look.only_looks = true;
    TRY(enter(&look, entry));
    struct objects_info *item = found.count ? next_item(walk) : NULL;
    if (!item)
        return ERR_OK;
    *item = (struct objects_info){.is_folder = true};
    if (str_copy(walk->ctx->arena, name_with(walk, entry_key(entry)), &item->name))
        return err_memory(&walk->ctx->err);
    walk->page->count++;
    return ERR_OK;
}

static enum err take_entry(struct walk *walk, const struct entry *entry)
{
    struct str name = name_with(walk, entry_key(entry));
    if (entry->kind == DIR_OBJECT)
        return take_object(walk, entry);
    if (entry->kind == DIR_MORE || !walk->query->folders || walk->only_looks ||
        name.len <= walk->query->prefix.len)
        return enter(walk, entry);
    return str_compare(name, walk->query->after) > 0 ? take_folder(walk, entry) : ERR_OK;
}

/* As deep as a name has parts. */
static enum err walk_folder(struct walk *walk)
{
    struct entry last = {.len = 0};
    bool more = true;
    struct arena_mark mark = arena_mark(walk->memory);
    struct batch *batch = arena_bytes(walk->memory, sizeof *batch);
    if (!batch)
        return err_memory(&walk->ctx->err);
    while (more && !walk->done) {
        TRY(next_batch(walk, entry_key(&last), batch));
        more = batch->count > BATCH;
        batch->count -= more;
        for (size_t i = 0; i < batch->count && !walk->done; i++)
            TRY(take_entry(walk, &batch->entries[i]));
        if (batch->count)
            last = batch->entries[batch->count - 1];
    }
    arena_rewind(walk->memory, mark);
    return ERR_OK;
}

/* Begins in the folder that the prefix names, not above it. */
static enum err walk_from_prefix(struct walk *walk)
{
    struct str prefix = walk->query->prefix;
    while (prefix.len && prefix.ptr[prefix.len - 1] != '/')
        prefix.len--;
    buf_init(&walk->path, walk->memory, DIR_PATH_MAX);
    buf_init(&walk->name, walk->memory, OBJECTS_NAME_MAX + DIR_KEY_MAX);
    buf_add(&walk->path, STR("objects/"));
    dir_folder_write(&walk->path, prefix);
    buf_add(&walk->name, prefix);
    /* All the room now: what lies behind stays where it is. */
    if (!buf_reserve(&walk->path, DIR_PATH_MAX - walk->path.len) ||
        !buf_reserve(&walk->name, OBJECTS_NAME_MAX + DIR_KEY_MAX - walk->name.len))
        return err_memory(&walk->ctx->err);
    return walk_folder(walk);
}

enum err dir_list(struct objects_store *store, struct ctx *ctx, const struct objects_query *query,
                  struct objects_page *page)
{
    struct arena memory;
    struct walk walk = {
        .store = store, .ctx = ctx, .query = query, .page = page, .memory = &memory};
    *page = (struct objects_page){
        .items = ARENA_ARRAY(ctx->arena, query->limit, struct objects_info)};
    if (!page->items)
        return err_memory(&ctx->err);
    arena_init(&memory, WALK_MEMORY);
    enum err err = walk_from_prefix(&walk);
    arena_release(&memory);
    return err;
}
