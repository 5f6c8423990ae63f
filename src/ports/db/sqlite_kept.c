/* A reader's transaction that is kept for its next read: to end one and to begin another costs two
 * locks of the kernel's and two statements, which is more than many a read itself. */
#include "ports/db/sqlite_inside.h"

enum {
    HEADS_WORDS = 2 * SQLITE_HEAD_WORDS,
    INDEX_PART_SIZE = 32 << 10, /* in which SQLite maps the index */
    SHARED_MEMORY_VERSION = 2,  /* of the methods of a file */
};

/* The log's index is there once something was read. */
static void find_heads(struct db_connection *connection)
{
    sqlite3_file *file = NULL;
    void volatile *part = NULL;
    int result = sqlite3_file_control(connection->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (result != SQLITE_OK || !file || !file->pMethods ||
        file->pMethods->iVersion < SHARED_MEMORY_VERSION || !file->pMethods->xShmMap)
        return;
    if (file->pMethods->xShmMap(file, 0, INDEX_PART_SIZE, 0, &part) == SQLITE_OK)
        connection->kept.heads = (const _Atomic uint32_t *)(uintptr_t)part;
}

/* True where both are as `seen` has it: one that is just being written differs from the other. */
static bool are_as_seen(const struct sqlite_kept *kept)
{
    for (size_t i = 0; i < HEADS_WORDS; i++)
        if (atomic_load_explicit(&kept->heads[i], memory_order_acquire) !=
            kept->seen[i % SQLITE_HEAD_WORDS])
            return false;
    return true;
}

static void see(struct sqlite_kept *kept)
{
    kept->uses = 0;
    kept->comparable = false;
    if (!kept->heads)
        return;
    for (size_t i = 0; i < SQLITE_HEAD_WORDS; i++)
        kept->seen[i] = atomic_load_explicit(&kept->heads[i], memory_order_acquire);
    kept->comparable = are_as_seen(kept);
}

bool sqlite_kept_take(struct db_connection *connection)
{
    struct sqlite_kept *kept = &connection->kept;
    if (kept->open && ++kept->uses < SQLITE_KEPT_USES_MAX && are_as_seen(kept)) {
        kept->open = false;
        return true;
    }
    sqlite_let_go(connection);
    see(kept);
    return false;
}

/* Who only looks has nobody who ends it when no other read comes. */
bool sqlite_kept_keep(struct db_connection *connection)
{
    struct sqlite_kept *kept = &connection->kept;
    if (!kept->heads && !connection->engine->only_looks)
        find_heads(connection);
    kept->open = kept->comparable && connection->code == SQLITE_OK &&
                 !sqlite3_get_autocommit(connection->handle);
    return kept->open;
}

bool sqlite_keeps(const struct db_connection *connection)
{
    return connection->kept.open;
}

/* Nothing was written: to roll back is to end it. */
void sqlite_let_go(struct db_connection *connection)
{
    if (connection->kept.open)
        sqlite_rollback(connection);
    connection->kept.open = false;
}
