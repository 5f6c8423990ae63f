/* Reports a failed assertion and aborts. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void assert_failed(const char *condition, const char *file, int line)
{
    char text[512];
    int len = snprintf(text, sizeof text, "stoa: %s:%d: assertion failed: %s\n", file, line,
                       condition);
    size_t size = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    if (write(STDERR_FILENO, text, size) < 0)
        _exit(134); /* nowhere left to say it */
    abort();        /* crash.c adds the backtrace */
}
