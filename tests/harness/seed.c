/* Gives a service's database what a test is about. */
#include "harness/seed.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "harness/test.h"

enum { PATH_BYTES = 512, WAIT_MS = 10000 };

static const char *setting(const struct service *service, const char *name)
{
    size_t len = strlen(name);
    for (int i = 0; i < SERVICE_ENVIRONMENT_MAX && service->environment[i]; i++)
        if (strncmp(service->environment[i], name, len) == 0)
            return service->environment[i] + len;
    return NULL;
}

/* Kerberos, which libpq asks by itself, keeps memory. */
static bool run_postgres(struct test *t, const char *url, const char *text, struct str *why)
{
    char plain[PATH_BYTES];
    snprintf(plain, sizeof plain, "%s?gssencmode=disable", url);
    PGconn *connection = PQconnectdb(plain);
    PGresult *result = PQexec(connection, text);
    ExecStatusType status = PQresultStatus(result);
    bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    fine &= !str_copy(t->arena, str_from(PQerrorMessage(connection)), why);
    PQclear(result);
    PQfinish(connection);
    return fine;
}

static bool run_sqlite(struct test *t, const char *folder, const char *text, struct str *why)
{
    char path[PATH_BYTES];
    sqlite3 *database = NULL;
    snprintf(path, sizeof path, "%s/data/stoa.db", folder);
    bool fine = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                sqlite3_busy_timeout(database, WAIT_MS) == SQLITE_OK &&
                sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(database, text, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    fine &= !str_copy(t->arena, str_from(sqlite3_errmsg(database)), why);
    sqlite3_close(database);
    return fine;
}

enum err seed_read(const char *path, struct buf *text)
{
    char bytes[BUFSIZ];
    FILE *file = fopen(path, "re");
    if (!file)
        return ERR_MISSING;
    for (size_t len; (len = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buf_add(text, str_make(bytes, len));
    fclose(file);
    return ERR_OK;
}

enum err seed_run(struct test *t, const struct service *service, const char *text, struct str *why)
{
    const char *url = setting(service, "DATABASE_URL=");
    bool fine = url ? run_postgres(t, url, text, why) : run_sqlite(t, service->folder, text, why);
    return fine ? ERR_OK : ERR_INPUT;
}
