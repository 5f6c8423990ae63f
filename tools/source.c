/* Reads, walks and writes the files of the build tools. */
#include "source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For what has no line: the file itself cannot be read or written. */
static _Noreturn void fail_file(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", path, what, strerrordesc_np(errno));
    exit(1);
}

void source_open(struct source *source, struct arena *arena, const char *path)
{
    *source = (struct source){.path = path};
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_file(path, "cannot be opened");
    char *bytes = arena_bytes(arena, SOURCE_SIZE_MAX);
    size_t len = bytes ? fread(bytes, 1, SOURCE_SIZE_MAX, file) : 0;
    if (!bytes || ferror(file))
        fail_file(path, "cannot be read");
    fclose(file);
    if (len == SOURCE_SIZE_MAX)
        source_fail(source, "the file is too long; split it");
    source->rest = str_make(bytes, len);
}

bool source_next_line(struct source *source, struct str *line)
{
    if (!source->rest.len)
        return false;
    source->line++;
    if (str_find_char(source->rest, '\n') == STR_NONE)
        source_fail(source, "the last line has no end; add a newline");
    str_cut(&source->rest, '\n', line);
    if (!str_is_utf8(*line))
        source_fail(source, "this is not UTF-8; save the file as UTF-8");
    if (str_find_char(*line, '\t') != STR_NONE || str_find_char(*line, '\r') != STR_NONE)
        source_fail(source, "there is a tab or a carriage return; use spaces and plain newlines");
    if (str_ends(*line, STR(" ")))
        source_fail(source, "there is a space at the end of the line; remove it");
    return true;
}

bool source_is_blank(struct str line)
{
    struct str text = str_trim(line);
    return text.len == 0 || text.ptr[0] == '#';
}

bool source_is_name(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        bool is_letter = c >= 'a' && c <= 'z';
        bool is_inner = (c >= '0' && c <= '9') || c == '_';
        if (!is_letter && (i == 0 || !is_inner))
            return false;
    }
    return word.len > 0;
}

struct str source_take_word(struct str *line)
{
    struct str rest = str_trim(*line), word = {0};
    if (rest.len)
        str_cut(&rest, ' ', &word);
    *line = str_trim(rest);
    return word;
}

__attribute__((format(printf, 3, 0))) static void say(const struct source *source, int line,
                                                      const char *format, va_list args)
{
    fprintf(stderr, "%s:%d: ", source->path, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void source_fail(const struct source *source, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(source, source->line, format, args);
    va_end(args);
    exit(1);
}

void source_fail_at(const struct source *source, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(source, line, format, args);
    va_end(args);
    exit(1);
}

void source_write(const char *path, const struct buf *text)
{
    if (buf_err(text)) {
        fprintf(stderr, "%s: there is more to write than the tool's limit\n", path);
        exit(1);
    }
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside) {
        errno = ENAMETOOLONG;
        fail_file(path, "cannot be written");
    }
    FILE *file = fopen(beside, "wb");
    if (!file)
        fail_file(beside, "cannot be written");
    bool written = fwrite(text->ptr, 1, text->len, file) == text->len;
    if (fclose(file) || !written || rename(beside, path)) {
        remove(beside);
        fail_file(path, "cannot be written");
    }
}
