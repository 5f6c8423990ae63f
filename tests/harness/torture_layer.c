/* Stands before libc's functions, counts the calls, and fails the one that was asked for. */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include "harness/torture.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "harness/interpose.h"
#include "harness/torture_calls.h"

static const char *const names[] = {[TORTURE_MEMORY] = "memory", [TORTURE_SYSTEM] = "system"};

static struct torture_board own, *board = &own;

static _Atomic int64_t live_blocks;

void torture_board_arm(struct torture_board *steered, enum torture_kind kind, int64_t n)
{
    struct torture_state *state = &steered->kinds[kind];
    state->met = false;
    state->strike_at = state->count + n;
}

bool torture_board_disarm(struct torture_board *steered)
{
    bool met = false;
    for (size_t i = 0; i < TORTURE_KINDS; i++) {
        met |= atomic_exchange(&steered->kinds[i].met, false);
        steered->kinds[i].strike_at = 0;
    }
    return met;
}

void torture_arm(enum torture_kind kind, int64_t n)
{
    torture_board_arm(board, kind, n);
}

bool torture_disarm(void)
{
    return torture_board_disarm(board);
}

int64_t torture_count(enum torture_kind kind)
{
    return board->kinds[kind].count;
}

int64_t torture_live_blocks(void)
{
    return live_blocks;
}

/* Set while a sanitizer asks for the bounds of a thread's stack. */
static _Thread_local bool spared;

/* Counts a call, and sets errno where it is the one to fail. An interruption comes only once: who
 * is interrupted tries again, and would do so for ever. */
static bool strikes(enum torture_kind kind, int number, const char *name)
{
    struct torture_state *state = &board->kinds[kind];
    if (spared)
        return false;
    int64_t count = ++state->count, at = state->strike_at;
    if (!at || count < at || (count > at && (!state->onwards || number == EINTR)))
        return false;
    *(char *)mempcpy(state->struck, name, strnlen(name, sizeof state->struck - 1)) = '\0';
    state->met = true;
    errno = number;
    return true;
}

#define STRIKES(kind, number) strikes(kind, number, __func__)

/* Memory. Looking for the real malloc may itself allocate: that comes from `early` and stays. */

enum { EARLY_SIZE = 16 << 10, EARLY_ALIGN = 16 };

static _Alignas(EARLY_ALIGN) char early[EARLY_SIZE];
static size_t early_used;

#define MEMORY_CALLS(X) \
    X(malloc) X(calloc) X(realloc) X(free) X(aligned_alloc) X(memalign) X(posix_memalign)

static struct {
    bool finding, found;
#define MEMORY_MEMBER(name) __typeof(&(name)) name;
    MEMORY_CALLS(MEMORY_MEMBER)
#undef MEMORY_MEMBER
} real;

/* The dynamic loader's allocations (a library, the thread-local part of each thread's stack, which
 * libc keeps for the next) are not the program's: they neither fail nor count. */
static struct {
    uintptr_t from, to;
} loader;

static void loader_find(void)
{
    uintptr_t base = getauxval(AT_BASE);
    if (!base)
        return;
    const ElfW(Ehdr) *header = (const void *)base;
    const ElfW(Phdr) *parts = (const void *)(base + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++)
        if (parts[i].p_type == PT_LOAD && base + parts[i].p_vaddr + parts[i].p_memsz > loader.to)
            loader.to = base + parts[i].p_vaddr + parts[i].p_memsz;
    loader.from = base;
}

#define CALLED_BY_LOADER() is_loader((uintptr_t)__builtin_return_address(0))

static bool is_loader(uintptr_t caller)
{
    return caller >= loader.from && caller < loader.to;
}

/* The first allocation comes before there is a second thread. */
static bool real_found(void)
{
    if (real.found || real.finding)
        return real.found;
    real.finding = true;
    loader_find();
#define MEMORY_FIND(name) real.name = REAL(name);
    MEMORY_CALLS(MEMORY_FIND)
#undef MEMORY_FIND
    return real.found = true;
}

static void *early_take(size_t size)
{
    size_t need = (size + EARLY_ALIGN - 1) / EARLY_ALIGN * EARLY_ALIGN;
    if (need > EARLY_SIZE - early_used)
        return NULL;
    early_used += need;
    return early + early_used - need;
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + EARLY_SIZE;
}

static void *counted(void *block)
{
    live_blocks += block != NULL;
    return block;
}

void *malloc(size_t size)
{
    if (!real_found())
        return early_take(size);
    if (CALLED_BY_LOADER())
        return real.malloc(size);
    return STRIKES(TORTURE_MEMORY, ENOMEM) ? NULL : counted(real.malloc(size));
}

void *calloc(size_t count, size_t size)
{
    if (!real_found())
        return early_take(count * size);
    if (CALLED_BY_LOADER())
        return real.calloc(count, size);
    return STRIKES(TORTURE_MEMORY, ENOMEM) ? NULL : counted(real.calloc(count, size));
}

void free(void *block)
{
    if (!block || is_early(block))
        return;
    live_blocks -= !CALLED_BY_LOADER();
    real.free(block);
}

static void *early_move(const char *block, size_t size)
{
    size_t most = (size_t)(early + EARLY_SIZE - block);
    void *copy = malloc(size);
    return copy ? memcpy(copy, block, size < most ? size : most) : NULL;
}

void *realloc(void *block, size_t size)
{
    if (is_early(block))
        return early_move(block, size);
    if (!real_found())
        return early_take(size);
    if (CALLED_BY_LOADER())
        return real.realloc(block, size);
    if (!block)
        return malloc(size);
    if (size == 0) {
        free(block);
        return NULL;
    }
    return STRIKES(TORTURE_MEMORY, ENOMEM) ? NULL : real.realloc(block, size);
}

void *reallocarray(void *block, size_t count, size_t size)
{
    size_t total;
    if (!__builtin_mul_overflow(count, size, &total))
        return realloc(block, total);
    errno = ENOMEM;
    return NULL;
}

void *aligned_alloc(size_t align, size_t size)
{
    if (!real_found() || STRIKES(TORTURE_MEMORY, ENOMEM))
        return NULL;
    return counted(real.aligned_alloc(align, size));
}

void *memalign(size_t align, size_t size)
{
    if (!real_found() || STRIKES(TORTURE_MEMORY, ENOMEM))
        return NULL;
    return counted(real.memalign(align, size));
}

int posix_memalign(void **block, size_t align, size_t size)
{
    if (!real_found() || STRIKES(TORTURE_MEMORY, ENOMEM))
        return ENOMEM;
    int number = real.posix_memalign(block, align, size);
    live_blocks += number == 0;
    return number;
}

/* The sanitizers' own versions of these two allocate where it is not counted. */

char *strndup(const char *text, size_t size)
{
    size_t len = strnlen(text, size);
    char *copy = malloc(len + 1);
    if (copy)
        *(char *)mempcpy(copy, text, len) = '\0';
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, PTRDIFF_MAX);
}

/* System calls, as the table in torture_calls.h has them. */

#define CALL_DECLARE(type, name, parameters, arguments, number, failed) type name parameters;
#define CALL_DEFINE(type, name, parameters, arguments, number, failed)            \
    type name parameters                                                          \
    {                                                                             \
        return STRIKES(TORTURE_SYSTEM, number) ? (failed) : REAL(name) arguments; \
    }

#define SEND_DEFINE(type, name, parameters, arguments, number, failed) \
    type name parameters                                               \
    {                                                                  \
        if (!STRIKES(TORTURE_SYSTEM, number))                          \
            return REAL(name) arguments;                               \
        shutdown(fd, SHUT_RDWR);                                       \
        errno = number;                                                \
        return failed;                                                 \
    }

FORTIFIED_CALLS(CALL_DECLARE)
FORTIFIED_CALLS(CALL_DEFINE)
DISK_CALLS(CALL_DEFINE)
NAME_CALLS(CALL_DEFINE)
SOCKET_CALLS(CALL_DEFINE)
SEND_CALLS(SEND_DEFINE)
KERNEL_CALLS(CALL_DEFINE)

/* A sanitizer asks as each thread begins, and ends the program where there is no answer. libc
 * allocates a part of it. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *how)
{
    spared = true;
    int number = REAL(pthread_getattr_np)(thread, how);
    spared = false;
    return number;
}

/* Those with an argument that is not always there. */

int open(const char *path, int flags, ...)
{
    mode_t mode = OPEN_MODE(flags);
    return STRIKES(TORTURE_SYSTEM, EMFILE) ? -1 : REAL(open)(path, flags, mode);
}

int openat(int fd, const char *path, int flags, ...)
{
    mode_t mode = OPEN_MODE(flags);
    return STRIKES(TORTURE_SYSTEM, EMFILE) ? -1 : REAL(openat)(fd, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Of fcntl only the taking of locks: a program cannot run out of flags, and giving back a whole
 * lock does not fail. */
int fcntl(int fd, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
                 command == F_OFD_SETLKW;
    bool takes = locks && ((const struct flock *)argument)->l_type != F_UNLCK;
    return takes && STRIKES(TORTURE_SYSTEM, ENOLCK) ? -1 : REAL(fcntl)(fd, command, argument);
}

extern __typeof(__pread_chk) __pread64_chk;
extern __typeof(__open_2) __open64_2;
extern __typeof(__openat_2) __openat64_2;

ALSO(open, open64);
ALSO(openat, openat64);
ALSO(creat, creat64);
ALSO(fcntl, fcntl64);
ALSO(pread, pread64);
ALSO(preadv, preadv64);
ALSO(pwrite, pwrite64);
ALSO(pwritev, pwritev64);
ALSO(sendfile, sendfile64);
ALSO(ftruncate, ftruncate64);
ALSO(truncate, truncate64);
ALSO(fallocate, fallocate64);
ALSO(posix_fallocate, posix_fallocate64);
ALSO(mmap, mmap64);
ALSO(__pread_chk, __pread64_chk);
ALSO(__open_2, __open64_2);
ALSO(__openat_2, __openat64_2);

/* "memory:17" or "memory:17+". */
static void arm_from(const char *order)
{
    const char *colon = strchr(order, ':');
    for (size_t i = 0; colon && i < TORTURE_KINDS; i++) {
        if (strncmp(names[i], order, (size_t)(colon - order)) != 0)
            continue;
        board->kinds[i].strike_at = strtoll(colon + 1, NULL, 10);
        board->kinds[i].onwards = order[strlen(order) - 1] == '+';
    }
}

/* Without it nothing can be steered: the test sees that nothing was counted. */
static void share(const char *path)
{
    int fd = REAL(open)(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *shared = REAL(mmap)(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared != MAP_FAILED)
        board = shared;
}

/* Runs before main, behind what libc and the libraries allocate for themselves. */
__attribute__((constructor)) static void begin(void)
{
    const char *order = getenv("TORTURE"), *path = getenv("TORTURE_BOARD");
    if (path)
        share(path);
    for (size_t i = 0; i < TORTURE_KINDS; i++) {
        struct torture_state *state = &board->kinds[i];
        state->strike_at -= state->strike_at ? state->count : 0;
        state->count = 0;
    }
    if (order)
        arm_from(order);
}

__attribute__((destructor)) static void end(void)
{
    int64_t memory = torture_count(TORTURE_MEMORY), system = torture_count(TORTURE_SYSTEM);
    const char *report = getenv("TORTURE_REPORT");
    if (!report)
        return;
    torture_disarm();
    int fd = open(report, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    dprintf(fd, "memory %jd\nsystem %jd\n", (intmax_t)memory, (intmax_t)system);
    close(fd);
}
