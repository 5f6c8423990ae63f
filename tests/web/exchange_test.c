/* Tests of the way from a request to its answer: routes, guards, mistakes, kept pages. */
#include "web/served.h"

#define HOST "Host: a.example\r\n"

TEST(exchange_answers_as_the_table_says)
{
    static const struct {
        const char *request;
        int status;
        const char *header, *value;
    } cases[] = {
        {"GET /fixed HTTP/1.1\r\n" HOST "\r\n", 200, "ETag", "\"f1\""},
        {"GET /fixed HTTP/1.1\r\n" HOST "If-None-Match: \"f1\"\r\n\r\n", 304, "ETag", "\"f1\""},
        {"GET /fixed HTTP/1.1\r\n" HOST "Range: bytes=1-2\r\n\r\n", 206, "Content-Range",
         "bytes 1-2/6"},
        {"GET /fixed?a=b HTTP/1.1\r\n" HOST "\r\n", 200, "Content-Length", "6"},
        {"GET http://a.example/fixed HTTP/1.1\r\n" HOST "\r\n", 200, "Content-Length", "6"},
        {"GET /none HTTP/1.1\r\n" HOST "\r\n", 404, "Connection", ""},
        {"GET /fixed/ HTTP/1.1\r\n" HOST "\r\n", 308, "Location", "/fixed"},
        {"GET /part/a%20b/?x=%2F HTTP/1.1\r\n" HOST "\r\n", 308, "Location", "/part/a%20b?x=%2F"},
        {"GET //part/ HTTP/1.1\r\n" HOST "\r\n", 404, "Location", ""},
        {"GET /%zz HTTP/1.1\r\n" HOST "\r\n", 400, "Connection", "close"},
        {"GET /.. HTTP/1.1\r\n" HOST "\r\n", 400, "Connection", "close"},
        {"DELETE /fixed HTTP/1.1\r\n" HOST "\r\n", 405, "Allow", "GET, HEAD, OPTIONS"},
        {"POST /fixed HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", 405, "Connection", ""},
        {"POST /none HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nx", 404, "Connection", "close"},
        {"OPTIONS /echo HTTP/1.1\r\n" HOST "\r\n", 204, "Allow", "POST, OPTIONS"},
        {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 204, "Allow",
         "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
        {"GET /fails HTTP/1.1\r\n" HOST "\r\n", 500, "Connection", ""},
        {"GET /fails HTTP/1.1\r\n" HOST "Accept: application/json\r\n\r\n", 500, "Content-Type",
         "application/problem+json"},
        {"GET /secret HTTP/1.1\r\n" HOST "\r\n", 403, "Connection", ""},
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 999999999\r\n\r\n", 413, "Connection",
         "close"},
        {"GET /small HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", 413, "Connection", "close"},
        {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400,
         "Connection", "close"},
        {"POST /count HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400,
         "Connection", "close"},
        {"POST /refuse HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", 403, "Connection", ""},
        {"GET /small HTTP/2.0\r\n" HOST "\r\n", 505, "Connection", "close"},
        {"TRACE /small HTTP/1.1\r\n" HOST "\r\n", 405, "Connection", "close"},
    };
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        client_open(t, &client, served.port);
        test_note(t, "%s", cases[i].request);
        CHECK_INT(client_ask(&client, "%s", cases[i].request), cases[i].status);
        CHECK_STR(client_header(&client, cases[i].header), cases[i].value);
        if (str_equal(client_header(&client, "Connection"), STR("close")))
            CHECK(client_is_closed(&client));
        else
            CHECK_INT(client_ask(&client, "GET /small HTTP/1.1\r\n" HOST "\r\n"), 200);
        client_close(&client);
    }
    served_stop(t, &served);
}

TEST(exchange_refuses_what_another_site_sends)
{
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"", 200},
        {"Origin: https://a.example\r\n", 200},
        {"Origin: http://A.EXAMPLE\r\nSec-Fetch-Site: same-origin\r\n", 200},
        {"Origin: https://b.example\r\n", 403},
        {"Origin: https://a.example.b.example\r\n", 403},
        {"Origin: https://a.example:8080\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: \r\n", 403},
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Sec-Fetch-Site: same-origin\r\n", 200},
    };
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_note(t, "%s", cases[i].headers);
        CHECK_INT(client_ask(&client,
                             "POST /echo HTTP/1.1\r\n" HOST "%sContent-Length: 2\r\n\r\nhi",
                             cases[i].headers),
                  cases[i].status);
        CHECK_INT(client_ask(&client, "GET /small HTTP/1.1\r\n" HOST "%s\r\n", cases[i].headers),
                  200);
    }
    client_close(&client);
    served_stop(t, &served);
}

static enum err may(struct request *request, const char *permission)
{
    if (str_equal(request_header(request, STR("X-Key")), str_from(permission)))
        return ERR_OK;
    return err_fail(&request->ctx->err, ERR_SIGNED_OUT, "Please sign in.", "no key");
}

static void show_error(struct request *request, int status)
{
    buf_addf(respond_body(request, "text/html; charset=utf-8"), "<h1>%d %s</h1>", status,
             request->ctx->language->code);
}

TEST(exchange_asks_for_permissions_and_shows_errors)
{
    struct served served;
    struct client client;
    served_start(t, &served, &(struct server_options){.may = may, .show_error = show_error});
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, "GET /secret HTTP/1.1\r\n" HOST "Accept: text/html\r\n"
                                  "Accept-Language: fr\r\n\r\n"),
              401);
    CHECK_STR(client.body, "<h1>401 fr</h1>");
    CHECK_INT(client_ask(&client, "GET /none HTTP/1.1\r\n" HOST "Accept: text/html\r\n"
                                  "Accept-Language: fr\r\nCookie: language=de\r\n\r\n"),
              404);
    CHECK_STR(client.body, "<h1>404 de</h1>");
    CHECK_INT(client_ask(&client, "GET /secret HTTP/1.1\r\n" HOST "X-Key: secrets.read\r\n\r\n"),
              200);
    client_close(&client);
    served_stop(t, &served);
}

TEST(exchange_keeps_pages_for_all_who_read_alike)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(client_ask(&client, "GET /kept HTTP/1.1\r\n" HOST "\r\n"), 200);
        CHECK_STR(client.body, "<p>made 1</p>\n");
    }
    CHECK_INT(client_ask(&client, "GET /kept HTTP/1.1\r\n" HOST "Cookie: a=b\r\n\r\n"), 200);
    CHECK_STR(client.body, "<p>made 2</p>\n");
    CHECK_INT(client_ask(&client, "GET /kept?page=2 HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK_STR(client.body, "<p>made 3</p>\n");
    served_turn(&served, 61000);
    client_close(&client);
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, "GET /kept HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK_STR(client.body, "<p>made 4</p>\n");
    client_close(&client);
    served_stop(t, &served);
}
