/* Loads libpq, libcurl and libcrypto when they are first used: they bring thirty others, and memory
 * that a program without PostgreSQL, calls to others and passkeys does not need.
 *
 * Each function stands here under its own name, before the library's: nobody who calls it sees a
 * difference. Where the library cannot be had it returns 0 or NULL, which its callers take for a
 * lack of memory; why is said on the standard error. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <libpq-fe.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "app/late_calls.h"
#include "base/buf.h"
#include "base/io.h"

#undef curl_easy_getinfo /* these check what they are given, and are functions too */
#undef curl_easy_setopt

struct library {
    const char *file;
    const char *const *names;
    size_t count;
    void *calls; /* as many pointers to functions, in that order */
    atomic_bool there;
    pthread_mutex_t lock;
};

enum { WHY_MAX = 512 };

static void say_why(void)
{
    char bytes[WHY_MAX];
    struct buf line;
    const char *why = dlerror();
    buf_init_fixed(&line, bytes, sizeof bytes);
    buf_addf(&line, "%s\n", why ? why : "no library");
    io_write_all(STDERR_FILENO, buf_str(&line));
}

/* It stays until the process ends. */
static bool find_all(const struct library *library)
{
    void *opened = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; opened && i < library->count; i++) {
        void *found = dlsym(opened, library->names[i]);
        if (!found)
            return false;
        memcpy((char *)library->calls + i * sizeof found, &found, sizeof found);
    }
    return opened;
}

static bool load(struct library *library)
{
    if (atomic_load_explicit(&library->there, memory_order_acquire))
        return true;
    pthread_mutex_lock(&library->lock);
    bool there = atomic_load(&library->there) || find_all(library);
    if (!there)
        say_why();
    atomic_store_explicit(&library->there, there, memory_order_release);
    pthread_mutex_unlock(&library->lock);
    return there;
}

/* A type cannot stand in parentheses, parameters have the libraries' names in their headers, and
 * branches that differ in a type alone are taken for the same.
 * NOLINTBEGIN(bugprone-branch-clone, bugprone-macro-parentheses,
 *             readability-inconsistent-declaration-parameter-name) */

#define CALL(result, name, parameters, arguments) result(*name) parameters;
#define NAME(result, name, parameters, arguments) #name,
#define LIBRARY(which, soname, CALLS)                                                     \
    static struct {                                                                       \
        CALLS(CALL)                                                                       \
    } which##_calls;                                                                      \
    static const char *const which##_names[] = {CALLS(NAME)};                             \
    static struct library which = {.file = (soname),                                      \
                                   .names = which##_names,                                \
                                   .count = sizeof which##_names / sizeof *which##_names, \
                                   .calls = &which##_calls,                               \
                                   .lock = PTHREAD_MUTEX_INITIALIZER};

/* The numbers are those of the interface that the headers describe. */
LIBRARY(pq, "libpq.so.5", LATE_PQ)
LIBRARY(curl, "libcurl.so.4", LATE_CURL_ALL)
LIBRARY(crypto, "libcrypto.so.3", LATE_CRYPTO)

#define PQ(result, name, parameters, arguments)                 \
    result name parameters                                      \
    {                                                           \
        return load(&pq) ? pq_calls.name arguments : (result)0; \
    }
LATE_PQ(PQ)

#define CURLS(result, name, parameters, arguments)                  \
    result name parameters                                          \
    {                                                               \
        return load(&curl) ? curl_calls.name arguments : (result)0; \
    }
LATE_CURL(CURLS)

#define CRYPTO(result, name, parameters, arguments)                     \
    result name parameters                                              \
    {                                                                   \
        return load(&crypto) ? crypto_calls.name arguments : (result)0; \
    }
LATE_CRYPTO(CRYPTO)

/* These two take one argument more, of the type that the option has. */

_Static_assert(sizeof(curl_off_t) == sizeof(long), "an option's number is a long");

CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    va_list rest;
    CURLcode code = CURLE_FAILED_INIT;
    if (!load(&curl))
        return code;
    bool is_number = option < CURLOPTTYPE_OBJECTPOINT ||
                     (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB);
    va_start(rest, option);
    if (is_number)
        code = curl_calls.curl_easy_setopt(handle, option, va_arg(rest, long));
    else
        code = curl_calls.curl_easy_setopt(handle, option, va_arg(rest, void *));
    va_end(rest);
    return code;
}

CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...)
{
    va_list rest;
    if (!load(&curl))
        return CURLE_FAILED_INIT;
    va_start(rest, info);
    CURLcode code = curl_calls.curl_easy_getinfo(handle, info, va_arg(rest, void *));
    va_end(rest);
    return code;
}

/* NOLINTEND(bugprone-branch-clone, bugprone-macro-parentheses,
 *           readability-inconsistent-declaration-parameter-name) */
