/* The tests' server as a process of its own (samples/serve.c).
 *
 *     struct program program;
 *     program_start(t, &program, log, NULL);
 *     pid_t pid = program_ask_pid(program.port);         who serves now
 *     program_stop(t, &program); */
#ifndef STOA_TESTS_WEB_PROGRAM_H
#define STOA_TESTS_WEB_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct test;

struct program {
    int port;
    pid_t pid; /* what was started: it serves, or it is the supervisor of who does */
};

/* `log` is where it logs to; `file` (may be NULL) tells a successor how to fail, see serve.c. */
void program_start(struct test *t, struct program *program, const char *log, const char *file);

/* The same under a supervisor, which has little patience. */
void program_supervise(struct test *t, struct program *program, const char *log, const char *file);

/* The process that serves, by its own word; 0 where none does. */
pid_t program_ask_pid(int port);

/* Tells it to end, and waits until it has. False where it did not end well. */
bool program_stop(struct test *t, struct program *program);

/* What /proc says of a process's memory, in KiB: "VmRSS" now, "VmHWM" at its peak. */
int64_t program_memory_kib(pid_t pid, const char *what);

#endif
