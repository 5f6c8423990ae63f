/* Inside the folder's driver: where things lie, how an object is written, and who syncs.
 *
 *     objects/invoices=/2026=/7.pdf~        the object "invoices/2026/7.pdf"
 *     history/invoices=/2026=/7.pdf~/ver_…  an earlier version of it
 *     parts/upl_…/begin, 00001              an upload in parts
 *     tmp/tmp_…/1                           being written by a process that lives
 *
 * A file is: preamble (64 bytes), header, tag, then chunks of DIR_CHUNK bytes, the last one
 * shorter, each with a tag. The preamble holds the magic, whether the file is sealed, the header's
 * length and a salt by chance. From the salt, the name and the key that seals comes the file's own
 * key; with it each piece is sealed (XChaCha20-Poly1305), or where nothing is sealed, hashed
 * (BLAKE2b). The piece's number is in its nonce, the size in the header: so a piece that is
 * changed, moved, taken from another object, or missing is found, and any piece can be read alone.
 */
#ifndef STOA_PORTS_OBJECTS_DIR_INSIDE_H
#define STOA_PORTS_OBJECTS_DIR_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/hash.h"
#include "ports/objects/driver.h"

enum {
    DIR_CHUNK = 64 << 10,
    DIR_TAG = 16,
    DIR_SALT = 32,
    DIR_PREAMBLE = 64,
    DIR_HEADER_MAX = 4 << 10, /* preamble, header and tag */
    DIR_PIECE_MAX = 64,       /* bytes of a name that one folder or file stands for */
    DIR_KEY_MAX = DIR_PIECE_MAX + 1,
    DIR_PATH_MAX = 4 << 10, /* 1024 bytes need three letters each, and folders some more */
    DIR_READER_MEMORY = 256 << 10,
    DIR_SLOTS = 16,           /* folders that are being synced for several at once */
    DIR_KNOWN = 4096,         /* folders whose own names are known to be durable */
    DIR_HOT = 128,            /* small objects that are kept in memory, … */
    DIR_HOT_BYTES = 16 << 10, /* … each with its file's header no longer than this */
    DIR_LINK_BASE_MAX = 512,
    DIR_ID_MAX = ID_TEXT_MAX,
};

/* The callers that wait for one folder to be synced. */
struct dir_slot {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    uint64_t folder; /* which: its hash */
    int users;
    bool runs;
    uint64_t begun, done, failed; /* the numbers of syncs */
};

/* How a file is closed: each has its own key. */
struct dir_box {
    size_t key_number; /* from 1; 0: it is not sealed */
    unsigned char salt[DIR_SALT], key[OBJECTS_KEY_BYTES];
};

/* A file that is being read. */
struct dir_reader {
    int fd;
    struct dir_box box;
    struct objects_info info;
    size_t head_len;
    struct arena memory;
    char *bytes;  /* room for a header and a chunk */
    size_t got;   /* of the file's first bytes, and still closed behind the header, … */
    bool is_open; /* … but where this says so */
};

/* One that is kept. */
struct dir_hot {
    pthread_mutex_t lock;
    struct dir_reader file; /* without texts; its fd is -1 where none is kept */
    char *image;            /* the name; and behind it the header and the bytes */
    size_t name_len, image_len;
    int64_t kept_us;         /* by the tick */
    struct timespec changed; /* the file, when it was kept */
};

struct objects_store {
    int root_fd, tmp_fd;
    char tmp[DIR_ID_MAX + 8]; /* "tmp/tmp_…", this process's own and locked */
    _Atomic uint64_t tmp_count;
    bool keeps_versions, seals; /* with the last key */
    size_t key_count;
    unsigned char keys[OBJECTS_KEYS_MAX][OBJECTS_KEY_BYTES];
    unsigned char link_key[OBJECTS_KEY_BYTES];
    char link_base[DIR_LINK_BASE_MAX]; /* empty: there are no links */
    struct hash_key hash;              /* by chance */
    struct dir_slot slots[DIR_SLOTS];
    _Atomic uint64_t known[DIR_KNOWN];
    struct dir_hot hot[DIR_HOT];
};

/* Paths below the root. */
struct dir_path {
    const char *file, *folder; /* the folder that the file lies in */
};

/* "objects" or "history" and a name. */
enum err dir_path_make(struct ctx *ctx, const char *area, struct str name, struct dir_path *path);
/* A file of that name in a folder. */
enum err dir_path_in(struct ctx *ctx, const char *folder, const char *file, struct dir_path *path);

/* What an entry of a folder stands for: an object of a name's end, a folder of its next part, or
 * the folder of a part that goes on. `key` is what it adds to the name, "/" of a part's end too. */
enum dir_kind { DIR_OBJECT = '~', DIR_FOLDER = '=', DIR_MORE = '+' };

bool dir_entry_read(const char *entry, enum dir_kind *kind, char key[DIR_KEY_MAX], size_t *len);
void dir_entry_write(struct buf *out, enum dir_kind kind, struct str key);
void dir_folder_write(struct buf *out, struct str name); /* up to its last "/": "a=/b=/" */

/* Makes the folder, and those above it, and their names durable. */
enum err dir_make_folder(struct objects_store *store, struct ctx *ctx, const char *folder);
void dir_forget_folders(struct objects_store *store);
/* Makes durable what was done to the names in a folder; several callers share one fsync. */
enum err dir_sync(struct objects_store *store, struct ctx *ctx, const char *folder);
bool dir_sync_init(struct objects_store *store);
void dir_sync_release(struct objects_store *store);

/* The file's own key, and its pieces by their number; a header's is DIR_HEADER. */
#define DIR_HEADER UINT64_MAX

void dir_box_init(struct dir_box *box, const struct objects_store *store, struct str name);
/* In place; the tag is written behind the bytes, or found there. */
void dir_box_close(const struct dir_box *box, uint64_t number, char *bytes, size_t len);
bool dir_box_open(const struct dir_box *box, uint64_t number, char *bytes, size_t len);

/* The header and all before the chunks. dir_head_write returns the length, and dir_head_len tells
 * it before. */
size_t dir_head_len(const struct objects_info *info);
void dir_head_write(const struct dir_box *box, const struct objects_info *info, char *bytes);
/* `info` is filled with texts in ctx->arena, `box` with the salt and the key. `bytes` is what the
 * file begins with, DIR_HEADER_MAX of it or all; it is opened in place. */
enum err dir_head_read(struct objects_store *store, struct ctx *ctx, struct str name, char *bytes,
                       size_t len, struct dir_box *box, struct objects_info *info,
                       size_t *head_len);
/* The same of a header that was read before and is open: it cannot fail. */
void dir_head_fields(const char *bytes, size_t head_len, struct objects_info *info);
enum err dir_damaged(struct ctx *ctx, struct str name, const char *what);

/* An object that is being written, under a name of its own in tmp. */
struct dir_written {
    char tmp[24]; /* its name there; empty once it has its place or is gone */
};

/* Writes it and syncs it; info's name, type and metadata are given, the rest is filled. `name` is
 * what the file is bound to. */
enum err dir_write(struct objects_store *store, struct ctx *ctx, struct str name,
                   const struct objects_body *body, struct objects_info *info,
                   struct dir_written *written);
void dir_write_undo(struct objects_store *store, struct dir_written *written);
/* Gives it its place, in place of what is there; makes the folder where there is none. Durable only
 * after dir_sync. */
enum err dir_write_place(struct objects_store *store, struct ctx *ctx, struct dir_written *written,
                         const struct dir_path *path);
/* All three, and dir_sync. */
enum err dir_write_file(struct objects_store *store, struct ctx *ctx, struct str name,
                        const struct objects_body *body, const struct dir_path *path,
                        struct objects_info *info);
void dir_info_begin(const struct objects_put *put, struct str name, struct objects_info *info);

/* ERR_MISSING where there is no such file. Where it returned ERR_OK, dir_reader_close closes it. */
enum err dir_reader_open(struct objects_store *store, struct ctx *ctx, struct str name,
                         const char *file, struct dir_reader *reader);
void dir_reader_close(struct dir_reader *reader);
/* The chunk of that number, checked and opened: good until the next call. */
enum err dir_reader_chunk(struct dir_reader *reader, struct ctx *ctx, uint64_t number,
                          struct str *bytes);
/* Small ones that are asked for often (dir_hot.c). What was found is as dir_reader_open would have
 * it, of ctx->arena; what is kept was read whole and opened. */
void dir_hot_init(struct objects_store *store);
void dir_hot_release(struct objects_store *store);
bool dir_hot_find(struct objects_store *store, struct ctx *ctx, struct str name,
                  struct dir_reader *file);
void dir_hot_keep(struct objects_store *store, struct ctx *ctx, const struct dir_reader *file);

/* As objects.h says of a reader. */
enum err dir_stream_open(struct objects_store *store, struct ctx *ctx, struct str name,
                         struct objects_info *info, struct objects_reader **reader);
void dir_stream_close(struct objects_reader *reader);
enum err dir_stream_read(struct objects_reader *reader, struct ctx *ctx, int64_t from,
                         struct objects_piece *piece);
/* The header alone. */
enum err dir_look(struct objects_store *store, struct ctx *ctx, struct str name, const char *file,
                  struct objects_info *info);

/* A name that others change the versions of has to wait: what dir_history_open opened is locked,
 * for other processes too. */
struct dir_history {
    int fd;
    struct dir_path current, folder; /* folder.file is the history's */
};

enum err dir_history_open(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct dir_history *history);
void dir_history_close(struct dir_history *history);
/* Before another takes its place, or it goes: the current one becomes part of the history. */
enum err dir_history_keep(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct dir_history *history);
enum err dir_versions(struct objects_store *store, struct ctx *ctx, struct str name,
                      struct objects_page *page);
enum err dir_delete_version(struct objects_store *store, struct ctx *ctx, struct str name,
                            struct str version);
enum err dir_undelete(struct objects_store *store, struct ctx *ctx, struct str name);
/* Opens the version, or the latest where it is empty; as dir_reader_open. */
enum err dir_version_open(struct objects_store *store, struct ctx *ctx, struct str name,
                          struct str version, struct dir_reader *reader);

/* info is begun. */
enum err dir_put(struct objects_store *store, struct ctx *ctx, struct str name,
                 const struct objects_body *body, struct objects_info *info);
enum err dir_delete(struct objects_store *store, struct ctx *ctx, struct str name);
enum err dir_list(struct objects_store *store, struct ctx *ctx, const struct objects_query *query,
                  struct objects_page *page);

enum err dir_begin(struct objects_store *store, struct ctx *ctx, struct str name,
                   const struct objects_put *put, struct str *upload_id);
enum err dir_part(struct objects_store *store, struct ctx *ctx, struct str name,
                  struct str upload_id, int number, const struct objects_body *body,
                  struct str *etag);
enum err dir_complete(struct objects_store *store, struct ctx *ctx, struct str name,
                      struct str upload_id, const struct objects_part parts[], size_t count,
                      struct objects_info *info);
enum err dir_abort(struct objects_store *store, struct ctx *ctx, struct str name,
                   struct str upload_id);

enum err dir_link(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                  struct str name, int64_t lasts_s, struct str *url);
enum err dir_link_check(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                        struct str name, struct str query);

/* Removes a folder and the files in it. */
enum err dir_remove_folder(struct objects_store *store, struct ctx *ctx, const char *folder);

#endif
