/* PRAGMA synchronous = OFF for a whole program, linked into it: each connection begins with it, and
 * what would set it otherwise has no effect. */
#include <sqlite3.h>
#include <string.h>

static int keep_off(void *arg, int action, const char *name, const char *value, const char *schema,
                    const char *trigger)
{
    (void)arg, (void)schema, (void)trigger;
    return action == SQLITE_PRAGMA && value && strcmp(name, "synchronous") == 0 ? SQLITE_IGNORE
                                                                                : SQLITE_OK;
}

static int switch_off(sqlite3 *handle, char **message, const struct sqlite3_api_routines *api)
{
    (void)message, (void)api;
    int result = sqlite3_exec(handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return result == SQLITE_OK ? sqlite3_set_authorizer(handle, keep_off, NULL) : result;
}

__attribute__((constructor)) static void be_careless(void)
{
    sqlite3_auto_extension((void (*)(void))switch_off);
}
