/* The files that the server may have, by Landlock: its data, and what libraries read. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/sandbox.h"

enum { SANDBOX_PATH_MAX = 4096 };

/* The kernel's words that older headers do not have; the versions are those of its interface. */
#define REFER      (UINT64_C(1) << 13) /* 2: rename from one folder to another */
#define TRUNCATE   (UINT64_C(1) << 14) /* 3 */
#define IOCTL_DEV  (UINT64_C(1) << 15) /* 5 */
#define ALL_FIRST  ((UINT64_C(1) << 13) - 1)
#define BIND_TCP   UINT64_C(1) /* 4 */
#define SCOPES_ALL UINT64_C(3) /* 6: abstract sockets and signals of others */

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define KEEPS                                                                                    \
    (READS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                    \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     REFER | TRUNCATE)
#define FILE_ALONE                                                                               \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE | \
     TRUNCATE | IOCTL_DEV)

struct ruleset {
    uint64_t files, net, scopes;
};

/* What versions of the interface have. */
static const struct ruleset known[] = {
    [0] = {0, 0, 0},
    [1] = {ALL_FIRST, 0, 0},
    [2] = {ALL_FIRST | REFER, 0, 0},
    [3] = {ALL_FIRST | REFER | TRUNCATE, 0, 0},
    [4] = {ALL_FIRST | REFER | TRUNCATE, BIND_TCP, 0},
    [5] = {ALL_FIRST | REFER | TRUNCATE | IOCTL_DEV, BIND_TCP, 0},
    [6] = {ALL_FIRST | REFER | TRUNCATE | IOCTL_DEV, BIND_TCP, SCOPES_ALL},
};

enum { VERSION_MAX = sizeof known / sizeof *known - 1 };

static const struct {
    const char *path;
    bool keeps; /* may be written too */
} usual[] = {
    /* names, users, and how they are found */
    {"/etc/resolv.conf", false},
    {"/run/systemd/resolve", false},
    {"/run/resolvconf", false},
    {"/etc/hosts", false},
    {"/etc/host.conf", false},
    {"/etc/gai.conf", false},
    {"/etc/nsswitch.conf", false},
    {"/etc/services", false},
    {"/etc/protocols", false},
    {"/etc/passwd", false},
    {"/etc/group", false},
    /* certificates, and what libpq asks for beside a password */
    {"/etc/ssl", false},
    {"/usr/lib/ssl", false},
    {"/usr/share/ca-certificates", false},
    {"/usr/local/share/ca-certificates", false},
    {"/etc/krb5.conf", false},
    {"/etc/gss", false},
    /* time and places */
    {"/etc/localtime", false},
    {"/usr/share/zoneinfo", false},
    {"/usr/share/locale", false},
    /* libraries that are loaded late */
    {"/etc/ld.so.cache", false},
    {"/lib", false},
    {"/lib64", false},
    {"/usr/lib", false},
    {"/usr/lib64", false},
    {"/usr/local/lib", false},
    /* what the process and the machine tell of themselves */
    {"/proc/self", false},
    {"/proc/stat", false},
    {"/proc/meminfo", false},
    {"/proc/loadavg", false},
    {"/proc/cpuinfo", false},
    {"/proc/sys/vm/overcommit_memory", false},
    {"/sys/devices/system/cpu", false},
    {"/sys/fs/cgroup", false},
    {"/dev/urandom", false},
    {"/dev/random", false},
    {"/dev/null", true},
    /* where SQLite sorts what is large */
    {"/tmp", true},
    {"/var/tmp", true},
};

/* True where the path is a folder that is there. What is not there needs no rule. */
static bool allow(int rules, const char *path, uint64_t access)
{
    struct stat info = {0};
    struct landlock_path_beneath_attr rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0)
        return false;
    bool is_folder = fstat(rule.parent_fd, &info) == 0 && S_ISDIR(info.st_mode);
    rule.allowed_access = is_folder ? access : access & FILE_ALONE;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
    return is_folder;
}

static bool allow_text(int rules, struct str path, uint64_t access)
{
    char bytes[SANDBOX_PATH_MAX];
    struct buf buf;
    buf_init_fixed(&buf, bytes, sizeof bytes);
    buf_add(&buf, path);
    buf_addc(&buf, '\0');
    return path.len && !buf_err(&buf) && allow(rules, bytes, access);
}

/* A folder; or what is not there yet, or gets other files beside it: then what it lies in. */
static void allow_place(int rules, struct str path, uint64_t access)
{
    size_t slash = path.len;
    while (slash && path.ptr[slash - 1] != '/')
        slash--;
    if (!allow_text(rules, path, access))
        allow_text(rules, str_slice(path, 0, slash > 1 ? slash - 1 : slash), access);
}

/* Drivers that keep files are given a path behind their scheme: sqlite:/srv/stoa.db. */
static void allow_urls(int rules, const struct app *app, uint64_t access)
{
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        if (settings_table[i].kind != SETTING_URL)
            continue;
        struct str path = *(const struct str *)((const char *)&app->settings +
                                                settings_table[i].offset),
                   scheme;
        if (str_cut(&path, ':', &scheme) && str_starts(path, STR("/")) &&
            !str_starts(path, STR("//")))
            allow_place(rules, str_slice(path, 0, str_find_char(path, '?')), access);
    }
}

static void allow_all(int rules, const struct app *app, uint64_t handled)
{
    struct str words = app->settings.sandbox_reads, path;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        allow(rules, usual[i].path, (usual[i].keeps ? KEEPS : READS) & handled);
    allow_text(rules, app->settings.stoa_data, KEEPS & handled);
    allow_urls(rules, app, KEEPS & handled);
    allow_text(rules, app->settings.master_key_file, READS & handled);
    while (str_cut(&words, ' ', &path))
        allow_text(rules, path, READS & handled);
}

/* The folder must be there to be allowed; who fails to make it is told when it is opened. */
static void make_data(const struct app *app)
{
    char bytes[SANDBOX_PATH_MAX];
    struct buf buf;
    buf_init_fixed(&buf, bytes, sizeof bytes);
    buf_add(&buf, app->settings.stoa_data);
    buf_addc(&buf, '\0');
    if (!buf_err(&buf))
        mkdir(bytes, 0700);
}

void sandbox_limit_files(struct app *app)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    version = version < 0 ? 0 : version > VERSION_MAX ? VERSION_MAX : version;
    const struct ruleset *handled = &known[version];
    make_data(app);
    long rules = version ? syscall(SYS_landlock_create_ruleset, handled, sizeof *handled, 0) : -1;
    if (rules >= 0)
        allow_all((int)rules, app, handled->files);
    bool limited = rules >= 0 && syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    if (rules >= 0)
        close((int)rules);
    if (!limited || version < VERSION_MAX)
        log_warn(&app->ctx, limited ? "sandbox of files is partial" : "no sandbox of files",
                 field_int("landlock", version));
}
