/* The doctor: looks at everything Stoa needs of its machine, and says how to mend what is wrong. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "app/commands_table.h"
#include "app/doctor.h"
#include "base/json.h"

enum {
    WORDS_MAX = 512,
    REPAIRED_MAX = 3 * WORDS_MAX, /* three bytes stand for a broken one */
    FILES_NEEDED = 256,           /* open files: fewer cannot serve */
    FILES_WANTED = 16384,         /* for 10,000 connections and their files */
    LINUX_MAJOR_NEEDED = 5,
};

#define DISK_NEEDED_BYTES   (INT64_C(64) << 20)
#define DISK_WANTED_BYTES   (INT64_C(1) << 30)
#define MEMORY_WANTED_BYTES (INT64_C(256) << 20)
#define BUILT_AFTER_US      (INT64_C(1767225600) * SECOND_US) /* 2026: an earlier clock is wrong */

static const char *const verdict_names[] = {
    [FINE] = "ok", [WARNING] = "warning", [BROKEN] = "broken"};

/* The words may hold what the environment does; JSON would refuse text that is broken. */
void report_add(struct report *report, const char *subject, enum verdict verdict, const char *mend,
                const char *format, ...)
{
    char text[WORDS_MAX];
    struct buf words;
    va_list args;
    if (verdict > report->worst)
        report->worst = verdict;
    if (report->count == FINDINGS_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_init(&words, &report->app->arena, REPAIRED_MAX);
    buf_add_repaired(&words, str_from(text));
    report->findings[report->count++] = (struct finding){subject, verdict, buf_str(&words), mend};
}

static const char *error_words(void)
{
    return strerrordesc_np(errno);
}

/* Each wrong setting is a finding, so that one run shows them all. */
static void check_settings(struct report *report)
{
    struct app *app = report->app;
    size_t wrong = 0;
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        if (!setting_load(&app->ctx, &settings_table[i], settings_environ, NULL, &app->settings))
            continue;
        wrong++;
        report_add(report, "settings", BROKEN,
                   "Change or unset the variable; \"stoa settings\" has the rules.", "%s %s",
                   app->ctx.err.field, app->ctx.err.user);
    }
    report->settings_loaded = wrong == 0;
    if (!wrong)
        report_add(report, "settings", FINE, "", "all %d are valid", SETTINGS_COUNT);
}

/* A STOA_ variable that is no setting is most likely a slip of the pen. */
static void check_unknown(struct report *report)
{
    for (char **variable = environ; *variable; variable++) {
        struct str rest = str_from(*variable), name;
        bool known = !str_cut(&rest, '=', &name) || !str_starts(name, STR("STOA_"));
        for (size_t i = 0; i < SETTINGS_COUNT && !known; i++)
            known = str_equal(name, str_from(settings_table[i].name));
        if (!known)
            report_add(report, "settings", WARNING,
                       "See \"stoa settings\" for the right name, or unset it.",
                       STR_FMT " is set, but there is no such setting", STR_ARG(name));
    }
}

static void check_system(struct report *report)
{
    struct utsname system;
    int major = 0;
    if (uname(&system) == 0)
        for (const char *c = system.release; *c >= '0' && *c <= '9'; c++)
            major = major * 10 + (*c - '0');
    if (major < LINUX_MAJOR_NEEDED)
        report_add(report, "system", BROKEN, "Use Debian 12, Ubuntu 24.04 or newer.",
                   "this is not Linux %d or newer", LINUX_MAJOR_NEEDED);
    else
        report_add(report, "system", FINE, "", "%s %s on %s, %ld processors", system.sysname,
                   system.release, system.machine, sysconf(_SC_NPROCESSORS_ONLN));
}

static void check_memory(struct report *report)
{
    struct sysinfo info;
    if (sysinfo(&info))
        return report_add(report, "memory", WARNING, "Look at /proc/meminfo.", "cannot be read: %s",
                          error_words());
    int64_t free_bytes = (int64_t)(info.freeram + info.bufferram) * info.mem_unit;
    int64_t pages_bytes = (int64_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE);
    if (pages_bytes > free_bytes)
        free_bytes = pages_bytes;
    bool enough = free_bytes >= MEMORY_WANTED_BYTES;
    report_add(report, "memory", enough ? FINE : WARNING,
               enough ? "" : "End other programs, or give the machine more memory.",
               "%lld MiB are free", (long long)(free_bytes >> 20));
}

static void check_files(struct report *report)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return report_add(report, "open files", WARNING, "Look at \"ulimit -n\".",
                          "cannot be read: %s", error_words());
    enum verdict verdict = limit.rlim_max < FILES_NEEDED   ? BROKEN
                           : limit.rlim_max < FILES_WANTED ? WARNING
                                                           : FINE;
    report_add(report, "open files", verdict,
               verdict == FINE
                   ? ""
                   : "Raise the limit: \"ulimit -Hn 65536\", or LimitNOFILE= in the unit.",
               "%llu may be open at once (the hard limit)", (unsigned long long)limit.rlim_max);
}

static void check_clock(struct report *report)
{
    char now[CLOCK_TEXT_MAX];
    int64_t now_us = clock_now_us(&report->app->clock);
    struct timex timex = {0};
    int state;
    clock_format(now_us, now);
    if (now_us < BUILT_AFTER_US)
        report_add(report, "clock", BROKEN,
                   "Set the clock; \"timedatectl set-ntp true\" keeps it right.",
                   "it says %s, which is before this program was built", now);
    else if ((state = adjtimex(&timex)) < 0 || state == TIME_ERROR)
        report_add(report, "clock", WARNING, "\"timedatectl set-ntp true\" keeps it right.",
                   "it says %s, but nothing is known to keep it right", now);
    else
        report_add(report, "clock", FINE, "", "it says %s and is kept right", now);
}

/* Writes a file, syncs it, renames it and removes it: all that a store will do here. Its names are
 * its own, since another doctor may be at work. */
static enum err probe_folder(struct ctx *ctx, int folder, int64_t *sync_us)
{
    static const char user[] = "cannot be written";
    char name[NAME_MAX], renamed[NAME_MAX];
    int64_t begun_us = clock_tick_us(ctx->clock);
    snprintf(name, sizeof name, ".doctor.%d.%" PRId64, getpid(), begun_us);
    snprintf(renamed, sizeof renamed, ".doctor.%d.%" PRId64 ".done", getpid(), begun_us);
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return err_system(&ctx->err, user, "create %s", name);
    enum err err = ERR_OK;
    if (write(file, user, sizeof user) != (ssize_t)sizeof user)
        err = err_system(&ctx->err, user, "write %s", name);
    else if (fsync(file) || fsync(folder))
        err = err_system(&ctx->err, user, "sync %s", name);
    *sync_us = clock_tick_us(ctx->clock) - begun_us;
    close(file);
    if (!err && renameat(folder, name, folder, renamed))
        err = err_system(&ctx->err, user, "rename %s", name);
    if (unlinkat(folder, err ? name : renamed, 0) && !err)
        err = err_system(&ctx->err, user, "remove %s", renamed);
    return err;
}

void report_space(struct report *report, const char *where, const char *mend, int folder)
{
    struct statvfs disk;
    if (fstatvfs(folder, &disk))
        return report_add(report, "disk space", WARNING, "Look at \"df\".", "cannot be read: %s",
                          error_words());
    int64_t free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    bool no_names = disk.f_files > 0 && disk.f_favail < 1024;
    enum verdict verdict = free_bytes < DISK_NEEDED_BYTES || no_names ? BROKEN
                           : free_bytes < DISK_WANTED_BYTES           ? WARNING
                                                                      : FINE;
    report_add(report, "disk space", verdict, verdict == FINE ? "" : mend,
               no_names ? "%lld MiB are free%s, but there is no room for more files (inodes)"
                        : "%lld MiB are free%s",
               (long long)(free_bytes >> 20), where);
}

/* File systems on which locks or a sync do not mean what they must. */
void report_file_system(struct report *report, const char *subject, const char *mend, int folder)
{
    static const struct {
        long magic;
        const char *words;
    } unfit[] = {
        {0x6969, "it lies on NFS, where locks cannot be trusted"},
        {0xff534d42, "it lies on a Windows share, where locks cannot be trusted"},
        {0xfe534d42, "it lies on a Windows share, where locks cannot be trusted"},
        {0x01021994, "it lies in memory (tmpfs) and is gone after a restart"},
    };
    struct statfs system;
    if (fstatfs(folder, &system))
        return;
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        if ((unsigned)system.f_type == (unsigned)unfit[i].magic)
            report_add(report, subject, WARNING, mend, "%s", unfit[i].words);
}

static void check_folder(struct report *report)
{
    struct app *app = report->app;
    const char *path;
    int64_t sync_us;
    if (!report->settings_loaded)
        return; /* where to look is among them */
    if (str_cstr(&app->arena, app->settings.stoa_data, &path))
        return report_add(report, "data folder", BROKEN, "End other programs.",
                          "there is no memory left to look at it");
    if (mkdir(path, 0700) && errno != EEXIST)
        return report_add(report, "data folder", BROKEN,
                          "Make the folder and give it to this user, or set STOA_DATA to another.",
                          "%s cannot be made: %s", path, error_words());
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return report_add(report, "data folder", BROKEN,
                          "Give the folder to this user, or set STOA_DATA to another.",
                          "%s cannot be opened: %s", path, error_words());
    if (probe_folder(&app->ctx, folder, &sync_us))
        report_add(report, "data folder", BROKEN,
                   "Free space, give the folder to this user, or set STOA_DATA to another.",
                   "%s %s: %s", path, app->ctx.err.user, app->ctx.err.operator);
    else
        report_add(report, "data folder", FINE, "",
                   "%s can be written; a write is on the disk after %lld.%lld ms", path,
                   (long long)(sync_us / 1000), (long long)(sync_us % 1000 / 100));
    report_file_system(report, "data folder", "Set STOA_DATA to a folder on a local disk.", folder);
    report_space(report, "", "Free some, or set STOA_DATA to a folder on a larger disk.", folder);
    close(folder);
}

/* Binds and listens as the server will: on both families where the machine has both. */
static enum err try_port(struct ctx *ctx, uint16_t port)
{
    static const char user[] = "cannot be had";
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_any};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1, no = 0;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool both = fd >= 0;
    if (!both)
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_system(&ctx->err, user, "open a socket");
    struct sockaddr *address = both ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t size = both ? sizeof six : sizeof four;
    enum err err = ERR_OK;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
        (both && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no)) ||
        bind(fd, address, size) || listen(fd, 1))
        err = err_system(&ctx->err, user, "listen");
    close(fd);
    return err;
}

static void check_port(struct report *report)
{
    struct ctx *ctx = &report->app->ctx;
    long long port = (long long)report->app->settings.port;
    if (!report->settings_loaded)
        return;
    if (!try_port(ctx, (uint16_t)port))
        report_add(report, "port", FINE, "", "%lld is free", port);
    else
        report_add(
            report, "port", BROKEN,
            "End what listens there (\"ss -ltnp\" shows it), or set PORT to one from 1024 on.",
            "%lld %s: %s", port, ctx->err.user, ctx->err.operator);
}

static void write_text(const struct report *report, struct buf *out)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        buf_addf(out, "%-8s %-12s " STR_FMT "\n", verdict_names[finding->verdict], finding->subject,
                 STR_ARG(finding->words));
        if (finding->mend[0])
            buf_addf(out, "%-21s → %s\n", "", finding->mend);
    }
}

static void write_json(const struct report *report, struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_begin_object(&w);
    json_key(&w, STR("verdict"));
    json_add_str(&w, str_from(verdict_names[report->worst]));
    json_key(&w, STR("findings"));
    json_begin_array(&w);
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        json_begin_object(&w);
        json_key(&w, STR("subject"));
        json_add_str(&w, str_from(finding->subject));
        json_key(&w, STR("verdict"));
        json_add_str(&w, str_from(verdict_names[finding->verdict]));
        json_key(&w, STR("words"));
        json_add_str(&w, finding->words);
        json_key(&w, STR("mend"));
        json_add_str(&w, str_from(finding->mend));
        json_end_object(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
    buf_addc(out, '\n');
}

enum err command_doctor(struct app *app, const struct arguments *arguments)
{
    static void (*const checks[])(struct report *) = {
        check_settings, check_system,    check_memory,   check_files, check_clock,
        check_folder,   report_database, report_outside, check_port,  check_unknown};
    struct report *report = ARENA_NEW(&app->arena, struct report);
    if (!report)
        return err_memory(&app->ctx.err);
    report->app = app;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        checks[i](report);
    if (arguments_have(arguments, "--json"))
        write_json(report, &app->out);
    else
        write_text(report, &app->out);
    if (report->worst == BROKEN)
        return err_fail(&app->ctx.err, ERR_INTERNAL, "Something must be mended first; see above.",
                        "%s", "");
    return ERR_OK;
}
