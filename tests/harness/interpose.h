/* Finds the function that one of ours stands before.
 *
 *     int fsync(int fd) { return strikes() ? -1 : REAL(fsync)(fd); }
 *
 * It is the next of that name in the order of loading, or the sanitizer's, which may be linked
 * into the same program and would be missed by looking further. A file that includes this defines
 * functions of libc: it begins with undefining _FORTIFY_SOURCE, whose inline versions of them would
 * be in the way, and _FILE_OFFSET_BITS, which renames open to open64 where both are to be defined.
 */
#ifndef STOA_TESTS_INTERPOSE_H
#define STOA_TESTS_INTERPOSE_H

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>

/* Found at the first call and kept: finding it twice at once does no harm. */
#define REAL(name)                                                          \
    ({                                                                      \
        extern __typeof(name) __interceptor_##name __attribute__((weak));   \
        static _Atomic(void *) place_;                                      \
        void *found_ = atomic_load_explicit(&place_, memory_order_relaxed); \
        if (!found_) {                                                      \
            found_ = &__interceptor_##name ? (void *)&__interceptor_##name  \
                                           : dlsym(RTLD_NEXT, #name);       \
            atomic_store_explicit(&place_, found_, memory_order_relaxed);   \
        }                                                                   \
        (__typeof(&(name)))found_;                                          \
    })

/* A second name for the same function: the 64 in open64 says nothing where every offset has 64. */
#define ALSO(name, second) extern __typeof(name) second __attribute__((alias(#name)))

/* The argument of open that is there only where a file may be made. */
#define OPEN_MODE(flags)                                                     \
    ({                                                                       \
        va_list rest_;                                                       \
        va_start(rest_, flags);                                              \
        mode_t mode_ = __OPEN_NEEDS_MODE(flags) ? va_arg(rest_, mode_t) : 0; \
        va_end(rest_);                                                       \
        mode_;                                                               \
    })

#endif
