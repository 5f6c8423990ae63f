/* Leaves root behind. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/sandbox.h"

struct user {
    const char *name; /* NULL where only its numbers are known */
    uid_t uid;
    gid_t gid;
};

static enum err find_named(struct app *app, struct user *user)
{
    TRY(str_cstr(&app->arena, app->settings.run_as, &user->name));
    const struct passwd *entry = getpwnam(user->name);
    if (!entry)
        return err_input(&app->ctx.err, "RUN_AS", "must be a user of this machine");
    user->uid = entry->pw_uid;
    user->gid = entry->pw_gid;
    return ERR_OK;
}

/* Root's own folder leaves root root: there is nobody else whom the data belongs to. */
static enum err find_owner(struct app *app, const char *folder, struct user *user)
{
    struct stat info;
    if (stat(folder, &info) == 0)
        *user = (struct user){.uid = info.st_uid, .gid = info.st_gid};
    else if (errno != ENOENT)
        return err_system(&app->ctx.err, "The data folder cannot be looked at.", "%s", folder);
    return ERR_OK;
}

/* What is made as root is the user's from the start. */
static enum err give_folder(struct app *app, const char *folder, const struct user *user)
{
    if (mkdir(folder, 0700) == 0 && chown(folder, user->uid, user->gid))
        return err_system(&app->ctx.err, "The data folder cannot be given away.", "%s", folder);
    return ERR_OK;
}

enum err sandbox_drop_root(struct app *app)
{
    struct user user = {0};
    const char *folder;
    if (geteuid() != 0)
        return ERR_OK;
    TRY(str_cstr(&app->arena, app->settings.stoa_data, &folder));
    if (app->settings.run_as.len)
        TRY(find_named(app, &user));
    else
        TRY(find_owner(app, folder, &user));
    if (!user.uid)
        return ERR_OK;
    TRY(give_folder(app, folder, &user));
    if ((user.name ? initgroups(user.name, user.gid) : setgroups(0, NULL)) ||
        setresgid(user.gid, user.gid, user.gid) || setresuid(user.uid, user.uid, user.uid))
        return err_system(&app->ctx.err, "The server cannot leave root.", "user %d", (int)user.uid);
    log_info(&app->ctx, "root left", field_int("user", user.uid), field_int("group", user.gid));
    return ERR_OK;
}
