/* The S3 driver and a real S3 server, which s3_peers.sh starts: the contract of every store, and
 * what only such a store has. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/test.h"
#include "ports/objects/s3_inside.h"
#include "ports/objects_contract.h"

enum { URL_MAX = 512, MEMORY_MAX = 256 << 20, PART_BYTES = 5 << 20 };

static size_t drop(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes, (void)arg;
    return size * count;
}

/* What the first signature sets up once and keeps is there before a test begins to count. */
__attribute__((constructor)) static void set_up_curl(void)
{
    const char *address = getenv("S3_ADDRESS");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, address ? address : "127.0.0.1:1");
    curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:s3");
    curl_easy_setopt(handle, CURLOPT_USERPWD, "a:b");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_perform(handle);
    curl_easy_cleanup(handle);
}

/* The real clock: the server looks at the time of a signature. */
struct peer {
    struct http_client *http;
    struct objects *objects;
    struct clock clock;
    struct arena arena;
};

static void peer_open(struct test *t, const char *bucket, const char *secret, struct peer *peer)
{
    const char *address = getenv("S3_ADDRESS"); /* set by s3_peers.sh */
    char url[URL_MAX];
    struct http_client_options http = {.ca_file = NULL};
    REQUIRE(address != NULL);
    peer->clock = clock_system();
    t->ctx->clock = &peer->clock;
    arena_init(&peer->arena, MEMORY_MAX);
    t->ctx->arena = &peer->arena;
    REQUIRE(address_nets_parse(t->ctx, "OUTBOUND_ALLOWED", STR("127.0.0.0/8"), &http.allowed) ==
            ERR_OK);
    REQUIRE(http_client_open(t->ctx, &http, &peer->http) == ERR_OK);
    snprintf(url, sizeof url, "s3://tester:%s@%s/%s?region=us-east-1&tls=no", secret, address,
             bucket);
    struct objects_options options = {.url = str_from(url), .http = peer->http};
    REQUIRE(objects_open(t->ctx, &options, &peer->objects) == ERR_OK);
}

static void peer_close(struct test *t, struct peer *peer)
{
    objects_close(peer->objects);
    http_client_close(peer->http);
    t->ctx->arena = t->arena;
    arena_release(&peer->arena);
}

TEST(s3_keeps_the_contract)
{
    struct peer peer;
    struct objects_store_traits traits = {.part_bytes = PART_BYTES};
    peer_open(t, "plain", "a%2Fsecret", &peer);
    objects_contract(t, peer.objects, &traits);
    peer_close(t, &peer);
}

static void keep_versions(struct test *t, const struct peer *peer)
{
    const char *address = getenv("S3_ADDRESS");
    struct objects_store store = {
        .http = peer->http, .key = "tester", .secret = "a/secret", .region = "us-east-1"};
    struct http_client_answer answer = {.status = 0};
    struct s3_call call = {
        .method = "PUT",
        .query = STR("versioning="),
        .body = STR("<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    "<Status>Enabled</Status></VersioningConfiguration>")};
    snprintf(store.base, sizeof store.base, "http://%s/versions", address ? address : "");
    s3_header(&call, STR("Content-Type"), STR("application/xml"));
    REQUIRE(s3_send(&store, t->ctx, &call, &answer) == ERR_OK);
    REQUIRE(s3_check(t->ctx, &answer) == ERR_OK);
}

TEST(s3_keeps_the_contract_with_versions)
{
    struct peer peer;
    struct objects_store_traits traits = {
        .keeps_versions = true, .folders_linger = true, .part_bytes = PART_BYTES};
    peer_open(t, "versions", "a%2Fsecret", &peer);
    keep_versions(t, &peer);
    objects_contract(t, peer.objects, &traits);
    peer_close(t, &peer);
}

TEST(s3_streams_more_than_a_part)
{
    struct peer peer;
    struct sample_bytes sample = {.size = 2 * (int64_t)S3_PART_BYTES + 1}, seen = {.next = 0};
    struct objects_body body = {.read = sample_read, .arg = &sample};
    struct objects_put put = {.type = STR("video/mp4")};
    struct objects_info info = {.size = -1};
    peer_open(t, "plain", "a%2Fsecret", &peer);
    CHECK_ERR(objects_put(peer.objects, t->ctx, STR("film"), &put, &body, NULL), ERR_OK);
    CHECK_ERR(objects_get(peer.objects, t->ctx, STR("film"), NULL, sample_check, &seen, &info),
              ERR_OK);
    CHECK_INT(seen.next, sample.size);
    CHECK_INT(seen.wrong, 0);
    CHECK_STR(info.type, "video/mp4");
    peer_close(t, &peer);
}

/* The server looks at signatures: what it took above was signed well. */
TEST(s3_a_wrong_secret_is_refused)
{
    struct peer peer;
    struct objects_page page;
    struct objects_info info;
    peer_open(t, "plain", "another", &peer);
    CHECK_ERR(objects_list(peer.objects, t->ctx, &(struct objects_query){.limit = 5}, &page),
              ERR_PEER);
    CHECK(strstr(t->ctx->err.operator, "SignatureDoesNotMatch") != NULL);
    CHECK_ERR(objects_head(peer.objects, t->ctx, STR("film"), &info), ERR_PEER);
    CHECK_ERR(objects_put(peer.objects, t->ctx, STR("n"), &(struct objects_put){.type = {0}},
                          &(struct objects_body){.bytes = STR("x")}, NULL),
              ERR_PEER);
    peer_close(t, &peer);
}

/* Followed by somebody who has no secret. */
static int follow(struct test *t, const struct peer *peer, const char *method, struct str url,
                  struct str body)
{
    struct http_client_header type = {STR("Content-Type"), STR("text/plain")};
    struct http_client_call call = {
        .method = method, .url = url, .headers = &type, .header_count = 1, .body = body};
    struct http_client_answer answer = {.status = 0};
    CHECK_ERR(http_client_send(peer->http, t->ctx, &call, &answer), ERR_OK);
    return answer.status;
}

TEST(s3_links_are_for_one_thing)
{
    struct peer peer;
    struct str put = {0}, get = {0}, bytes = {0}, name = STR("links/a b+\xc3\xa4"), none = {0};
    peer_open(t, "plain", "a%2Fsecret", &peer);
    CHECK_ERR(objects_link(peer.objects, t->ctx, OBJECTS_LINK_PUT, name, 60, &put), ERR_OK);
    CHECK_ERR(objects_link(peer.objects, t->ctx, OBJECTS_LINK_GET, name, 60, &get), ERR_OK);
    CHECK_INT(follow(t, &peer, "PUT", put, STR("by a link")), 200);
    CHECK_ERR(objects_get_bytes(peer.objects, t->ctx, name, 100, &bytes), ERR_OK);
    CHECK_STR(bytes, "by a link");
    CHECK_INT(follow(t, &peer, "GET", get, none), 200);
    CHECK_INT(follow(t, &peer, "GET", put, none), 403);
    CHECK_INT(follow(t, &peer, "GET", str_slice(get, 0, get.len - 1), none), 403);
    CHECK_ERR(objects_link_check(peer.objects, t->ctx, OBJECTS_LINK_GET, name, get), ERR_FORBIDDEN);
    peer_close(t, &peer);
}

TEST(s3_a_bucket_that_is_not_there_is_told)
{
    struct peer peer;
    struct objects_page page;
    peer_open(t, "nowhere", "a%2Fsecret", &peer);
    CHECK_ERR(objects_list(peer.objects, t->ctx, &(struct objects_query){.limit = 5}, &page),
              ERR_PEER);
    peer_close(t, &peer);
}
