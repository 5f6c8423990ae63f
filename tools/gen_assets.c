/* Makes C of a room's assets: gen_assets ROOM FOLDER DEPFILE OUTPUT.h OUTPUT.c.
 *
 * What becomes of a file, and how one names another, is told in src/web/asset.h. The folder is
 * flat; names that begin with a dot are left alone. */
#include <brotli/encode.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash.h"
#include "source.h"
#include "web/compress.h"

enum {
    FILES_MAX = 100,
    MEMORY_MAX = 1 << 30, /* source_open takes SOURCE_SIZE_MAX a file, of which little is touched */
    OUTPUT_MAX = 128 << 20,
    PATH_SIZE = 1024,
    COLUMNS = 90,
    CODING_COST = 64, /* bytes: what is said of a coding in a head, and the work to undo it */
};

struct type {
    const char *ending, *type;
    bool is_text; /* it may name others, and is worth being compressed */
};

static const struct type types[] = {
    {".avif", "image/avif", false},
    {".css", "text/css; charset=utf-8", true},
    {".ico", "image/x-icon", false},
    {".jpg", "image/jpeg", false},
    {".js", "text/javascript; charset=utf-8", true},
    {".json", "application/json", true},
    {".pdf", "application/pdf", false},
    {".png", "image/png", false},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".webmanifest", "application/manifest+json", true},
    {".webp", "image/webp", false},
    {".woff2", "font/woff2", false},
    {".xml", "application/xml", true},
};

/* These are asked for by their own names, whatever a page says. */
static const char *const root_names[] = {"apple-touch-icon.png", "favicon.ico", "robots.txt"};

/* An ETag names the copy, not only the content. */
static const char *const etag_endings[CODING_COUNT] = {"", "-gzip", "-br"};

enum progress { UNREAD, BEGUN, DONE };

struct file {
    char name[NAME_MAX + 1], symbol[NAME_MAX + 1];
    char file_path[PATH_SIZE], path[PATH_SIZE]; /* where it lies, and in a URL */
    const struct type *type;
    struct source source;
    enum progress progress;
    struct str copies[CODING_COUNT]; /* the plain one has the URLs of those that it names */
    uint64_t hash;
};

struct generator {
    struct arena arena;
    const char *room, *folder;
    struct file files[FILES_MAX];
    size_t count;
};

static _Noreturn void fail(const char *what, const char *sentence)
{
    fprintf(stderr, "%s: %s\n", what, sentence);
    exit(1);
}

static char *take(struct generator *g, size_t size)
{
    char *bytes = arena_bytes(&g->arena, size);
    if (!bytes)
        fail(g->folder, "there is no memory left");
    return bytes;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr(".-_", c));
}

static const struct type *find_type(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(name, str_from(types[i].ending)))
            return &types[i];
    return NULL;
}

/* "style.css" of ui is ui_asset_style_css. */
static void add_file(struct generator *g, const char *name)
{
    if (g->count == FILES_MAX)
        fail(g->folder, "there are too many files; give some a room of their own");
    struct file *file = &g->files[g->count++];
    snprintf(file->name, sizeof file->name, "%s", name);
    snprintf(file->file_path, sizeof file->file_path, "%s/%s", g->folder, name);
    for (size_t i = 0; name[i]; i++) {
        if (!is_name_char(name[i]))
            fail(file->file_path, "name it with small letters, digits and . - _ alone");
        file->symbol[i] = strchr(".-", name[i]) ? '_' : name[i];
    }
    file->type = find_type(str_from(name));
    if (!file->type)
        fail(file->file_path, "nothing is known of this ending; add it to tools/gen_assets.c");
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->symbol, ((const struct file *)b)->symbol);
}

static void list_files(struct generator *g)
{
    DIR *folder = opendir(g->folder);
    if (!folder)
        fail(g->folder, strerrordesc_np(errno));
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            add_file(g, entry->d_name);
    closedir(folder);
    qsort(g->files, g->count, sizeof *g->files, compare_files);
    for (size_t i = 1; i < g->count; i++)
        if (compare_files(&g->files[i - 1], &g->files[i]) == 0)
            fail(g->files[i].file_path, "another file has the same name in C; rename one");
}

static struct file *find_file(struct generator *g, struct str name)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_equal(name, str_from(g->files[i].name)))
            return &g->files[i];
    return NULL;
}

static void read_file(struct generator *g, struct file *file);

/* Takes the name off the front of the text, and gives the URL of the file that has it. */
static struct str take_reference(struct generator *g, struct file *file, struct str *text)
{
    size_t len = 0;
    while (len < text->len && is_name_char(text->ptr[len]))
        len++;
    struct str name = str_slice(*text, 0, len);
    struct file *other = find_file(g, name);
    if (!other)
        source_fail(&file->source, "there is no \"" STR_FMT "\" in this folder; correct the name",
                    STR_ARG(name));
    if (other->progress == BEGUN)
        source_fail(&file->source,
                    "\"" STR_FMT "\" names this file too; one of the two must do without",
                    STR_ARG(name));
    read_file(g, other);
    *text = str_slice(*text, len, text->len);
    return str_from(other->path);
}

static struct str replace_references(struct generator *g, struct file *file)
{
    static const struct str mark = STR("asset:");
    struct str rest = file->source.rest;
    struct buf out;
    size_t at;
    buf_init(&out, &g->arena, SOURCE_SIZE_MAX);
    file->source.line = 1;
    while ((at = str_find(rest, mark)) != STR_NONE) {
        for (size_t i = 0; i < at; i++)
            file->source.line += rest.ptr[i] == '\n';
        buf_add(&out, str_slice(rest, 0, at));
        rest = str_slice(rest, at + mark.len, rest.len);
        buf_add(&out, take_reference(g, file, &rest));
    }
    buf_add(&out, rest);
    if (buf_err(&out))
        fail(file->file_path, "it is too long; split it");
    return buf_str(&out);
}

static struct str pack_gzip(struct generator *g, struct str text)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY))
        fail(g->folder, "there is no memory left");
    size_t size = deflateBound(&stream, text.len);
    stream.next_in = (Bytef *)(uintptr_t)text.ptr;
    stream.avail_in = (uInt)text.len;
    stream.next_out = (Bytef *)take(g, size);
    stream.avail_out = (uInt)size;
    Bytef *packed = stream.next_out;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail(g->folder, "zlib cannot compress it");
    deflateEnd(&stream);
    return str_make((char *)packed, stream.total_out);
}

static struct str pack_brotli(struct generator *g, struct str text)
{
    size_t size = BrotliEncoderMaxCompressedSize(text.len);
    uint8_t *packed = (uint8_t *)take(g, size);
    if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                               text.len, (const uint8_t *)text.ptr, &size, packed))
        fail(g->folder, "brotli cannot compress it");
    return str_make((char *)packed, size);
}

static void keep_copy(struct file *file, enum coding coding, struct str packed)
{
    if (packed.len + CODING_COST < file->copies[CODING_NONE].len)
        file->copies[coding] = packed;
}

/* "style.css" becomes "/assets/ui/style-9f86d081.css". */
static void read_file(struct generator *g, struct file *file)
{
    if (file->progress == DONE)
        return;
    file->progress = BEGUN;
    source_open(&file->source, &g->arena, file->file_path);
    struct str plain = file->type->is_text ? replace_references(g, file) : file->source.rest;
    file->copies[CODING_NONE] = plain;
    if (file->type->is_text) {
        keep_copy(file, CODING_GZIP, pack_gzip(g, plain));
        keep_copy(file, CODING_BROTLI, pack_brotli(g, plain));
    }
    file->hash = hash_str(&(struct hash_key){0}, plain);
    snprintf(file->path, sizeof file->path, "/assets/%s/%.*s-%08x%s", g->room,
             (int)(strlen(file->name) - strlen(file->type->ending)), file->name,
             (unsigned)(file->hash >> 32), file->type->ending);
    file->progress = DONE;
}

/* A text stays one that can be read; a string of C compiles many times faster than numbers. */
static void add_string(struct buf *out, struct str bytes)
{
    size_t line = out->len;
    buf_addc(out, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\' || c == '?')
            buf_add(out, str_make((char[]){'\\', c}, 2));
        else if (c < ' ' || c == '\x7f')
            buf_addf(out, "\\%03o", (unsigned char)c);
        else
            buf_addc(out, c);
        bool ends = c == '\n' || out->len - line > COLUMNS;
        if (ends && i + 1 < bytes.len) {
            buf_add(out, STR("\"\n    \""));
            line = out->len;
        }
    }
    buf_addc(out, '"');
}

static bool is_at_root(const struct file *file)
{
    for (size_t i = 0; i < sizeof root_names / sizeof *root_names; i++)
        if (strcmp(file->name, root_names[i]) == 0)
            return true;
    return false;
}

static void add_asset(struct generator *g, struct buf *code, const struct file *file)
{
    buf_addf(code,
             "\nconst struct asset %s_asset_%s = {\n    .name = \"%s\",\n    .path = \"%s\",\n"
             "    .type = \"%s\",\n    .root = %s,\n",
             g->room, file->symbol, file->name, file->path, file->type->type,
             is_at_root(file) ? "true" : "false");
    for (int coding = 0; coding < CODING_COUNT; coding++) {
        struct str bytes = file->copies[coding];
        if (coding != CODING_NONE && !bytes.len)
            continue;
        buf_addf(code, "    .etags[%d] = \"\\\"%016llx%s\\\"\",\n    .copies[%d] = {\n    ", coding,
                 (unsigned long long)file->hash, etag_endings[coding], coding);
        add_string(code, bytes);
        buf_addf(code, ",\n    %zu},\n", bytes.len);
    }
    buf_add(code, STR("};\n"));
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void write_code(struct generator *g, const char *header_path, const char *code_path)
{
    struct buf header, code;
    buf_init(&header, &g->arena, OUTPUT_MAX);
    buf_init(&code, &g->arena, OUTPUT_MAX);
    buf_addf(&header, "/* Made by gen_assets. */\n#pragma once\n\n#include \"web/asset.h\"\n\n");
    buf_addf(&code, "/* Made by gen_assets. */\n#include \"%s\"\n", base_name(header_path));
    for (size_t i = 0; i < g->count; i++) {
        buf_addf(&header, "extern const struct asset %s_asset_%s;\n", g->room, g->files[i].symbol);
        add_asset(g, &code, &g->files[i]);
    }
    buf_addf(&header, "extern const struct asset *const %s_assets[];\n", g->room);
    buf_addf(&code, "\nconst struct asset *const %s_assets[] = {\n", g->room);
    for (size_t i = 0; i < g->count; i++)
        buf_addf(&code, "    &%s_asset_%s,\n", g->room, g->files[i].symbol);
    buf_add(&code, STR("    0,\n};\n"));
    source_write(header_path, &header);
    source_write(code_path, &code);
}

/* The folder itself is one of them: it changes when a file comes or goes. */
static void write_depfile(struct generator *g, const char *path, const char *output)
{
    struct buf deps;
    buf_init(&deps, &g->arena, OUTPUT_MAX);
    buf_addf(&deps, "%s: %s", output, g->folder);
    for (size_t i = 0; i < g->count; i++)
        buf_addf(&deps, " %s", g->files[i].file_path);
    buf_addc(&deps, '\n');
    source_write(path, &deps);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: gen_assets ROOM FOLDER DEPFILE OUTPUT.h OUTPUT.c\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, MEMORY_MAX);
    struct generator *g = ARENA_NEW(&arena, struct generator);
    if (!g)
        fail(argv[2], "there is no memory left");
    arena_init(&g->arena, MEMORY_MAX);
    g->room = argv[1];
    g->folder = argv[2];
    list_files(g);
    for (size_t i = 0; i < g->count; i++)
        read_file(g, &g->files[i]);
    write_code(g, argv[4], argv[5]);
    write_depfile(g, argv[3], argv[4]);
    arena_release(&g->arena);
    arena_release(&arena);
    return 0;
}
