/* Names as paths: every name is a file below the root, none leaves it, and two are never one.
 *
 * Small letters, digits, ".", "_" and "-" stand for themselves, all else is written as %41, so
 * that a copy on a disk that takes "A" for "a" is whole too. An entry's last letter says what it
 * is, so "a" and "a/b" are there side by side. A part of DIR_PIECE_MAX bytes or more goes on in a
 * folder of its first DIR_PIECE_MAX: no entry is longer than a file system takes. */
#include <string.h>

#include "base/assert.h"
#include "ports/objects/dir_inside.h"

static const char hex[] = "0123456789ABCDEF";

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

void dir_entry_write(struct buf *out, enum dir_kind kind, struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.ptr[i];
        if (is_plain(key.ptr[i])) {
            buf_addc(out, key.ptr[i]);
            continue;
        }
        buf_addc(out, '%');
        buf_addc(out, hex[c >> 4]);
        buf_addc(out, hex[c & 15]);
    }
    buf_addc(out, (char)kind);
}

/* A part of a name without its end: the folders of a long one. */
static struct str write_long(struct buf *out, struct str part)
{
    while (part.len >= DIR_PIECE_MAX) {
        dir_entry_write(out, DIR_MORE, str_slice(part, 0, DIR_PIECE_MAX));
        buf_addc(out, '/');
        part = str_slice(part, DIR_PIECE_MAX, part.len);
    }
    return part;
}

static void write_folder(struct buf *out, struct str part)
{
    dir_entry_write(out, DIR_FOLDER, write_long(out, part));
    buf_addc(out, '/');
}

void dir_folder_write(struct buf *out, struct str name)
{
    size_t at;
    while ((at = str_find_char(name, '/')) != STR_NONE) {
        write_folder(out, str_slice(name, 0, at));
        name = str_slice(name, at + 1, name.len);
    }
}

static struct str last_part(struct str name)
{
    size_t at;
    while ((at = str_find_char(name, '/')) != STR_NONE)
        name = str_slice(name, at + 1, name.len);
    return name;
}

enum err dir_path_in(struct ctx *ctx, const char *folder, const char *file, struct dir_path *path)
{
    struct buf out;
    buf_init(&out, ctx->arena, DIR_PATH_MAX);
    buf_addf(&out, "%s/%s", folder, file);
    if (buf_err(&out) || str_cstr(ctx->arena, buf_str(&out), &path->file))
        return err_memory(&ctx->err);
    path->folder = folder;
    return ERR_OK;
}

enum err dir_path_make(struct ctx *ctx, const char *area, struct str name, struct dir_path *path)
{
    struct buf out;
    buf_init(&out, ctx->arena, DIR_PATH_MAX);
    buf_add(&out, str_from(area));
    buf_addc(&out, '/');
    dir_folder_write(&out, name);
    struct str end = write_long(&out, last_part(name));
    size_t folder_len = out.len;
    dir_entry_write(&out, DIR_OBJECT, end);
    if (buf_err(&out) || str_cstr(ctx->arena, buf_str(&out), &path->file) ||
        str_cstr(ctx->arena, str_slice(buf_str(&out), 0, folder_len - 1), &path->folder))
        return err_memory(&ctx->err);
    return ERR_OK;
}

/* 16 where it is no digit. */
static unsigned hex_value(char c)
{
    const char *at = c ? strchr(hex, c) : NULL;
    return at ? (unsigned)(at - hex) : 16;
}

/* One byte of an entry; 0 where it is none of ours. */
static size_t read_byte(struct str entry, char *byte)
{
    if (is_plain(entry.ptr[0])) {
        *byte = entry.ptr[0];
        return 1;
    }
    unsigned high = entry.len < 3 ? 16 : hex_value(entry.ptr[1]);
    unsigned low = entry.len < 3 ? 16 : hex_value(entry.ptr[2]);
    if (entry.ptr[0] != '%' || high > 15 || low > 15)
        return 0;
    *byte = (char)(high << 4 | low);
    return is_plain(*byte) ? 0 : 3;
}

bool dir_entry_read(const char *entry, enum dir_kind *kind, char key[DIR_KEY_MAX], size_t *len)
{
    struct str rest = str_from(entry);
    char last = rest.len ? rest.ptr[rest.len - 1] : 0;
    if (last != DIR_OBJECT && last != DIR_FOLDER && last != DIR_MORE)
        return false;
    *kind = (enum dir_kind)last;
    rest.len--;
    for (*len = 0; rest.len && *len < DIR_PIECE_MAX; (*len)++) {
        size_t used = read_byte(rest, &key[*len]);
        if (!used)
            return false;
        rest = str_slice(rest, used, rest.len);
    }
    if (rest.len || (*kind == DIR_MORE) != (*len == DIR_PIECE_MAX))
        return false;
    if (*kind == DIR_FOLDER)
        key[(*len)++] = '/';
    return true;
}
