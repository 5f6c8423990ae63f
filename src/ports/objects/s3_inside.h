/* Inside the S3 driver: where the store is, and the calls to it.
 *
 *     struct s3_call call = {.method = "HEAD", .name = name};
 *     TRY(s3_send(store, ctx, &call, &answer));
 *     TRY(s3_check(ctx, &answer)); */
#ifndef STOA_PORTS_OBJECTS_S3_INSIDE_H
#define STOA_PORTS_OBJECTS_S3_INSIDE_H

#include "ports/http/client.h"
#include "ports/objects/driver.h"

enum {
    S3_URL_MAX = 2048,
    S3_TEXT_MAX = 256,       /* a key, a secret, a region, a bucket */
    S3_TIMEOUT_MS = 600000,  /* of a call that moves an object; one that stalls ends sooner */
    S3_PART_BYTES = 8 << 20, /* what is streamed is sent in parts of this size */
    S3_ANSWER_MAX = 4 << 20, /* a list of 1000 names of 1024 bytes */
    S3_LINK_MAX = 2 * HTTP_CLIENT_URL_MAX,
    S3_HEADERS_MAX = OBJECTS_META_MAX + 4,
};

struct objects_store {
    struct http_client *http;
    char base[S3_TEXT_MAX + 64]; /* "https://host:port/bucket" or "https://bucket.host" */
    char key[S3_TEXT_MAX], secret[S3_TEXT_MAX], region[S3_TEXT_MAX];
};

/* What OBJECTS_URL says. ERR_INPUT. */
enum err s3_url_read(struct ctx *ctx, struct str url, struct objects_store *store);

/* One call: method, name ("" is the bucket), query (sorted, encoded), and the others. */
struct s3_call {
    const char *method;
    struct str name, query;
    struct http_client_header headers[S3_HEADERS_MAX];
    size_t header_count;
    struct str body;
    bool not_idempotent;
    http_client_source *source; /* instead of the body */
    int64_t source_len;
    http_client_sink *sink;
    void *arg;
};

void s3_header(struct s3_call *call, struct str name, struct str value);
void s3_put_headers(struct s3_call *call, struct arena *arena, const struct objects_put *put);

/* Any answer that came; s3_check tells what its status says. */
enum err s3_send(struct objects_store *store, struct ctx *ctx, const struct s3_call *call,
                 struct http_client_answer *answer);
/* ERR_OK for 2xx; else what it is here, with the store's own word for the operator. */
enum err s3_check(struct ctx *ctx, const struct http_client_answer *answer);

/* What an answer's headers say of an object. */
enum err s3_info(struct ctx *ctx, struct str name, const struct http_client_answer *answer,
                 struct objects_info *info);
struct str s3_unquote(struct str etag);

/* The text of the first element of that name; empty where there is none. */
struct str s3_find_text(struct ctx *ctx, struct str text, const char *name);

enum err s3_list(struct objects_store *store, struct ctx *ctx, const struct objects_query *query,
                 struct objects_page *page);
enum err s3_versions(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct objects_page *page);
enum err s3_delete_version(struct objects_store *store, struct ctx *ctx, struct str name,
                           struct str version);
enum err s3_undelete(struct objects_store *store, struct ctx *ctx, struct str name);

enum err s3_begin(struct objects_store *store, struct ctx *ctx, struct str name,
                  const struct objects_put *put, struct str *upload);
enum err s3_part(struct objects_store *store, struct ctx *ctx, struct str name, struct str upload,
                 int number, const struct objects_body *body, struct str *etag);
enum err s3_complete(struct objects_store *store, struct ctx *ctx, struct str name,
                     struct str upload, const struct objects_part parts[], size_t count,
                     struct objects_info *info);
enum err s3_abort(struct objects_store *store, struct ctx *ctx, struct str name, struct str upload);

enum err s3_link(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                 struct str name, int64_t lasts_s, struct str *url);

/* Adds "name=value", encoded, with "&" before it where it is not the first. */
void s3_add_pair(struct buf *query, const char *name, struct str value);

#endif
