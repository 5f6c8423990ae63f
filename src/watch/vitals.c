/* Reads what the kernel tells of this process. */
#include "watch/vitals.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

enum { FILE_TEXT_MAX = 256 };

/* The numbers of a file of /proc that has nothing else. */
static struct str read_file(const char *path, char text[FILE_TEXT_MAX])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STR("");
    ssize_t len = read(fd, text, FILE_TEXT_MAX);
    close(fd);
    return str_make(text, len > 0 ? (size_t)len : 0);
}

/* The number in that place of the words, from 0. */
static int64_t number_at(struct str text, int place)
{
    struct str word = STR("");
    int64_t number = VITALS_UNKNOWN;
    bool found = true;
    for (int i = 0; found && i <= place; i++)
        found = str_cut(&text, ' ', &word);
    if (!found || str_to_int(str_trim(word), 0, INT64_MAX, &number))
        return VITALS_UNKNOWN;
    return number;
}

static int64_t in_bytes(int64_t pages)
{
    return pages < 0 ? VITALS_UNKNOWN : pages * sysconf(_SC_PAGESIZE);
}

static int64_t count_entries(const char *path)
{
    DIR *folder = opendir(path);
    int64_t count = 0;
    if (!folder)
        return VITALS_UNKNOWN;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static int64_t files_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return VITALS_UNKNOWN;
    return (int64_t)limit.rlim_cur;
}

static int64_t time_us(struct timeval time)
{
    return time.tv_sec * SECOND_US + time.tv_usec;
}

int64_t vitals_processor_us(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage))
        return VITALS_UNKNOWN;
    return time_us(usage.ru_utime) + time_us(usage.ru_stime);
}

int64_t vitals_resident_bytes(void)
{
    char text[FILE_TEXT_MAX];
    return in_bytes(number_at(read_file("/proc/self/statm", text), 1));
}

int64_t vitals_disk_free_bytes(const char *folder)
{
    struct statvfs disk;
    if (statvfs(folder, &disk))
        return VITALS_UNKNOWN;
    return (int64_t)(disk.f_bavail * disk.f_frsize);
}

void vitals_read(struct vitals *vitals, const char *folder)
{
    char text[FILE_TEXT_MAX];
    struct str memory = read_file("/proc/self/statm", text);
    int64_t files = count_entries("/proc/self/fd");
    *vitals = (struct vitals){.resident_bytes = in_bytes(number_at(memory, 1)),
                              .virtual_bytes = in_bytes(number_at(memory, 0)),
                              .files = files > 0 ? files - 1 : files, /* the folder's own */
                              .files_max = files_max(),
                              .threads = count_entries("/proc/self/task"),
                              .processor_us = vitals_processor_us(),
                              .disk_free_bytes = vitals_disk_free_bytes(folder)};
}
