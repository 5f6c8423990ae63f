/* Requests as AWS's SDKs and the aws command sign them: Signature Version 4, by an API key that was
 * made with a secret for it.
 *
 *     if (aws_signs(request)) {
 *         TRY(aws_read(request, &aws));                     the header, and its time
 *         TRY(key_find_signing(tx, aws.key, &key));         in a db_read's fn
 *         TRY(aws_check(request, &aws, &key));              the signature, of the body too
 *
 * The access key id is the API key's id (key_01K…). Its secret stands nowhere: it is derived from
 * that id under the installation's own key, whose version is kept with the row, so that a rotation
 * leaves older secrets as they are.
 *
 * What is checked: the signature over method, path, query, the headers that are named and the
 * body's hash; that host, x-amz-date and whatever begins with x-amz- are among those; that the time
 * is within AWS_WINDOW_US of ours. The same request sent again within that time is taken again, as
 * AWS takes it: who must not do a thing twice uses the service's own means (deduplication ids).
 * Temporary credentials (a session token) and signatures in the query are not taken.
 *
 * Each refusal names in ctx->err.field what is wrong: "Authorization" (it cannot be read),
 * "Credential", "Signature", "X-Amz-Date" or "X-Amz-Security-Token". */
#ifndef STOA_GUARD_AWS_H
#define STOA_GUARD_AWS_H

#include "guard/key.h"
#include "ports/http/sigv4.h"
#include "ports/secrets/secrets.h"

#define AWS_WINDOW_US (15 * MINUTE_US)

enum {
    AWS_SECRET_TEXT = 44, /* 43 letters and digits, and a NUL */
    AWS_NAME_MAX = 64,    /* of a region and a service */
    AWS_PAIRS_MAX = 64,   /* of the query */
};

/* What Authorization says. */
struct aws {
    struct str key; /* the access key id */
    struct str day; /* of the credential */
    struct sigv4 scope;
    struct str names; /* "host;x-amz-date" */
    struct str signature;
};

/* False for what is not as it must be. The time of the scope is still to be set. */
bool aws_parse(struct str authorization, struct aws *aws);

/* Whether the name is among those that are signed. */
bool aws_names(const struct aws *aws, struct str name);

/* The canonical request: ERR_LIMIT in out->err for more than AWS_PAIRS_MAX. */
void aws_add_asked(struct buf *out, const struct http_head *head, struct str names,
                   const char *body_hash);

/* True where Authorization is of that kind. */
bool aws_signs(const struct request *request);

/* ERR_SIGNED_OUT, and 403. */
enum err aws_read(struct request *request, struct aws *aws);
enum err
aws_refuse_key(struct request *request); /* what ctx->err says of the key, in these words */
enum err aws_check(struct request *request, const struct aws *aws, const struct key *key);

/* The secret of the key of that id, under the installation's key of that version. */
enum err aws_secret(struct secrets *secrets, struct ctx *ctx, uint32_t version, struct str id,
                    char secret[AWS_SECRET_TEXT]);
uint32_t aws_newest(const struct secrets *secrets);

#endif
