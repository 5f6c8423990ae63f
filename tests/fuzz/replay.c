/* Runs a fuzz target over files and folders of them, where there is no libFuzzer. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"

enum { INPUT_MAX = 1 << 20, PATH_LEN_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A block of the input's size, so that a sanitizer sees a step behind its end. */
static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *read_into = malloc(INPUT_MAX), *input = NULL;
    size_t size = file && read_into ? fread(read_into, 1, INPUT_MAX, file) : 0;
    bool fine = file && read_into && !ferror(file);
    if (fine && (input = malloc(size ? size : 1))) {
        memcpy(input, read_into, size);
        LLVMFuzzerTestOneInput(input, size);
    }
    if (!input)
        fprintf(stderr, "replay: cannot read %s\n", path);
    if (file)
        fclose(file);
    free(read_into);
    free(input);
    return input != NULL;
}

/* How many files were run; -1 where one could not be read. */
static long replay_folder(DIR *folder, const char *path)
{
    long count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char inside[PATH_LEN_MAX];
        if (entry->d_name[0] == '.')
            continue;
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (len < 0 || (size_t)len >= sizeof inside || !replay_file(inside))
            return -1;
        count++;
    }
    return count;
}

static long replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return replay_file(path) ? 1 : -1;
    long count = replay_folder(folder, path);
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    long total = 0;
    struct crash_stack stack;
    crash_install(&stack);
    for (int i = 1; i < argc; i++) {
        long count = replay(argv[i]);
        if (count < 0)
            return EXIT_FAILURE;
        total += count;
    }
    printf("%ld inputs\n", total);
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
