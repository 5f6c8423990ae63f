/* The last words of a dying process: which signal, where, and the calls that led there.
 *
 *     struct crash_stack stack;
 *     crash_install(&stack);                    first thing in main
 *
 * On SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT the report goes to standard error, written with
 * nothing but write(2) on a stack of its own (a stack overflow is reported too), and then the
 * signal takes its usual course, so that a core file and the exit status are as expected.
 * `addr2line -Cfe stoa main+0x43f` turns what the report has in parentheses into a line. */
#ifndef STOA_BASE_CRASH_H
#define STOA_BASE_CRASH_H

enum { CRASH_STACK_SIZE = 64 << 10 };

/* What the report is written on. Lives as long as the thread that installed it. */
struct crash_stack {
    char bytes[CRASH_STACK_SIZE];
};

/* Installs the handlers for the process and the stack for the calling thread. */
void crash_install(struct crash_stack *stack);

/* Writes the calls that led here to `fd`, innermost first. */
void crash_backtrace(int fd);

#endif
