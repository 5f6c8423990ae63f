/* Assertions that stay on: for our own mistakes, never for a user's.
 *
 *     ASSERT(buf->len <= buf->limit);
 *
 * A false one prints the place, the condition and a backtrace, and aborts: a program that has
 * lost track of itself must not go on writing to a database. What can go wrong in a correct
 * program (bad input, a full disk, no memory) is an `enum err`, not an assertion. */
#ifndef STOA_BASE_ASSERT_H
#define STOA_BASE_ASSERT_H

#define ASSERT(condition) \
    (__builtin_expect(!!(condition), 1) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))

/* For a place that no correct run reaches: ASSERT_UNREACHABLE("a switch over every kind"). */
#define ASSERT_UNREACHABLE(why) assert_failed("unreachable: " why, __FILE__, __LINE__)

_Noreturn void assert_failed(const char *condition, const char *file, int line);

#endif
