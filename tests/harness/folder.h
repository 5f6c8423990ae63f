/* Folders for tests to make a mess in.
 *
 *     const char *root = test_folder(t, "power/root");      <build>/tests/folders/1/power/root
 *
 * It stays behind for you to look into; the next run begins by emptying it. Two tests that ask for
 * the same name are told apart by you. */
#ifndef STOA_TESTS_FOLDER_H
#define STOA_TESTS_FOLDER_H

#include "base/err.h"

struct test;

/* An empty folder, as an absolute path in the test's arena. Stops the test where it cannot be. */
const char *test_folder(struct test *t, const char *name);

/* Removes all that a folder holds, not following links. ERR_IO, and errno, at the first failure. */
enum err folder_clear(const char *path);

#endif
