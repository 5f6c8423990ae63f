/* A disk of PostgreSQL that is full: it is said so, nothing is tried again, and it goes on once
 * there is room. */
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "postgres_help.h"

enum { ROWS_MAX = 4000, SMALL = 1 << 20, LARGE = 64 << 20, LINE_MAX_LEN = 512 };

static const enum db_type ints[] = {DB_INT};
static const struct query add_row = {
    .name = "add_row",
    .postgres = "INSERT INTO small (n, filler) VALUES ($1, repeat('x', 1500))",
    .param_types = ints,
    .param_count = 1,
    .writes = true,
};

struct row {
    int64_t number;
    int runs;
};

static enum err add(struct tx *tx, void *arg)
{
    struct row *row = arg;
    row->runs++;
    return tx_exec(tx, &add_row, (struct db_value[]){db_int(row->number)}, NULL);
}

/* A small disk in memory, which takes rights that there may not be. Who was started before does not
 * see it. */
static bool mount_room(const char *folder, int bytes, unsigned long flags)
{
    char options[32];
    snprintf(options, sizeof options, "size=%d", bytes);
    if (!(flags & MS_REMOUNT) &&
        (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
        return false;
    return mount("small", folder, "tmpfs", flags, options) == 0;
}

/* The table on the small disk, or else one that says as the server would that there is no room. */
static void make_table(struct test *t, const struct pg *pg, const char *folder, bool mounted)
{
    static const char said[] =
        "CREATE TABLE small (n bigint PRIMARY KEY, filler text);"
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.n >= 100 THEN RAISE EXCEPTION 'could not extend file: No space left on device'"
        " USING ERRCODE = '53100'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER no_room BEFORE INSERT ON small FOR EACH ROW EXECUTE FUNCTION no_room()";
    char place[LINE_MAX_LEN];
    snprintf(place, sizeof place, "CREATE TABLESPACE small LOCATION '%s'", folder);
    if (!mounted) {
        REQUIRE(postgres_sql(t->ctx, &pg->server, said, NULL) == ERR_OK);
        return;
    }
    const struct passwd *owner = geteuid() == 0 ? getpwnam("postgres") : NULL;
    REQUIRE(!owner || chown(folder, owner->pw_uid, owner->pw_gid) == 0);
    REQUIRE(postgres_sql(t->ctx, &pg->server, place, NULL) == ERR_OK);
    REQUIRE(postgres_sql(t->ctx, &pg->server,
                         "CREATE TABLE small (n bigint, filler text)"
                         " TABLESPACE small",
                         NULL) == ERR_OK);
}

static void make_room(struct test *t, const struct pg *pg, const char *folder, bool mounted)
{
    if (mounted)
        REQUIRE(mount_room(folder, LARGE, MS_REMOUNT));
    else
        REQUIRE(postgres_sql(t->ctx, &pg->server, "DROP TRIGGER no_room ON small", NULL) == ERR_OK);
}

TEST(postgres_goes_on_when_a_full_disk_has_room_again)
{
    struct pg pg;
    struct row row = {.number = 0};
    enum err err = ERR_OK;
    const char *folder = test_folder(t, "postgres/small");
    bool mounted = mount_room(folder, SMALL, 0);
    pg_open(t, "postgres/full", &pg);
    make_table(t, &pg, folder, mounted);
    while (row.number < ROWS_MAX && !err) {
        row = (struct row){.number = row.number + 1};
        err = db_write(pg.db, t->ctx, add, &row);
    }
    CHECK_ERR(err, ERR_IO);
    test_note(t, "%s", t->ctx->err.operator);
    CHECK(strstr(t->ctx->err.user, "The disk is full."));
    CHECK(strstr(t->ctx->err.operator, "53100"));
    CHECK(row.runs <= 2); /* in a batch, then by itself */
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM small"), row.number - 1);
    make_room(t, &pg, folder, mounted);
    CHECK_ERR(db_write(pg.db, t->ctx, add, &row), ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM small"), row.number);
    pg_close(&pg);
    printf("# %ld rows on a %s disk\n", (long)row.number, mounted ? "small" : "feigned");
}
