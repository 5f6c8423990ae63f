/* Tests whom the HTTP client trusts, with a server that OpenSSL comes with. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/loopback.h"
#include "harness/process.h"
#include "harness/test.h"
#include "ports/calls.h"

enum { PATH_LEN = 512, START_LOOKS = 1500, LOOK_MS = 20 };

struct tls {
    char key[PATH_LEN], certificate[PATH_LEN];
    int port;
    pid_t pid;
};

static void make_certificate(struct test *t, struct tls *tls)
{
    struct process_result result;
    const char *folder = test_folder(t, "ports/tls");
    snprintf(tls->key, sizeof tls->key, "%s/key.pem", folder);
    snprintf(tls->certificate, sizeof tls->certificate, "%s/certificate.pem", folder);
    REQUIRE(process_run(t,
                        (const char *[]){"/usr/bin/openssl", "req", "-x509", "-newkey", "ec",
                                         "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                                         "-subj", "/CN=localhost", "-addext",
                                         "subjectAltName=DNS:localhost", "-days", "2", "-keyout",
                                         tls->key, "-out", tls->certificate, NULL},
                        NULL, &result) == ERR_OK);
    test_note(t, STR_FMT, STR_ARG(result.err));
    REQUIRE(result.status == 0);
}

static void serve(struct test *t, struct tls *tls)
{
    char accept[32];
    tls->port = loopback_free_port();
    snprintf(accept, sizeof accept, "127.0.0.1:%d", tls->port);
    tls->pid = fork();
    REQUIRE(tls->pid >= 0);
    if (!tls->pid) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl("/usr/bin/openssl", "openssl", "s_server", "-quiet", "-www", "-accept", accept,
              "-cert", tls->certificate, "-key", tls->key, (char *)NULL);
        _exit(PROCESS_NOT_STARTED);
    }
    for (int i = 0; i < START_LOOKS && !loopback_answers(tls->port); i++)
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    REQUIRE(loopback_answers(tls->port));
}

/* What the call comes to, with `ca_file` as those who are trusted. */
static int call(struct test *t, const struct tls *tls, const char *host, const char *ca_file)
{
    char url[64];
    struct http_client_options options = {.ca_file = ca_file};
    snprintf(url, sizeof url, "https://%s:%d/", host, tls->port);
    struct calls calls = {.t = t};
    REQUIRE(!address_nets_parse(t->ctx, "OUTBOUND_ALLOWED", STR("127.0.0.1"), &options.allowed));
    REQUIRE(!http_client_open(t->ctx, &options, &calls.client));
    int err = calls_send_apart(
        &calls, &(struct http_client_call){.method = "GET", .url = str_from(url), .once = true});
    http_client_close(calls.client);
    return err;
}

TEST(http_client_trusts_certificates_of_the_right_name)
{
    struct tls tls = {.port = 0};
    make_certificate(t, &tls);
    serve(t, &tls);
    CHECK_INT(call(t, &tls, "localhost", tls.certificate), ERR_OK);
    CHECK_INT(call(t, &tls, "localhost", NULL), ERR_PEER);
    CHECK_INT(call(t, &tls, "127.0.0.1", tls.certificate), ERR_PEER);
    CHECK_INT(call(t, &tls, "localhost", "/no/such/file.pem"), ERR_PEER);
    kill(tls.pid, SIGKILL);
    waitpid(tls.pid, NULL, 0);
}
