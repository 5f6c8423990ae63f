/* Tests of src/web/asset.c and tools/gen_assets.c, on the assets of tests/unit/assets. */
#include "web/asset.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "sample_assets.h"
#include "unit/asked.h"

static const struct asset *const *const sets[] = {sample_assets, NULL};

/* Asks for an asset; `headers` are whole lines. */
static struct str ask_for(struct test *t, struct asked *asked, const char *method, const char *path,
                          const char *headers)
{
    ask_with(t, asked, method, headers);
    asked->request.path = str_from(path);
    enum err err = asset_answer(&asked->request, sets);
    if (err)
        err = err_fail(&t->ctx->err, err, "There is no such page.", "no asset");
    return finish(t, asked, err);
}

TEST(asset_is_kept_for_ever_under_its_hash)
{
    struct asked asked;
    const struct asset *style = &sample_asset_style_css;
    struct str head = ask_for(t, &asked, "GET", style->path, "");
    CHECK(str_starts(head, STR("HTTP/1.1 200 OK\r\n")));
    CHECK(says(head, "Content-Type: text/css; charset=utf-8"));
    CHECK(says(head, "Cache-Control: public, max-age=31536000, immutable"));
    CHECK(says(head, "Vary: Accept-Encoding"));
    CHECK(says(head, "Accept-Ranges: bytes"));
    CHECK(str_equal(asked.request.response.bytes, style->copies[CODING_NONE]));
    CHECK(str_starts(str_from(style->path), STR("/assets/sample/style-")));
    CHECK(str_ends(str_from(style->path), STR(".css")));
}

TEST(asset_comes_in_the_coding_that_is_liked)
{
    static const struct {
        const char *headers;
        enum coding coding;
    } rows[] = {
        {"Accept-Encoding: gzip, br\r\n", CODING_BROTLI},
        {"Accept-Encoding: gzip\r\n", CODING_GZIP},
        {"Accept-Encoding: br;q=0.1, gzip\r\n", CODING_GZIP},
        {"Accept-Encoding: gzip, br\r\nRange: bytes=0-\r\n", CODING_NONE},
        {"", CODING_NONE},
    };
    const struct asset *style = &sample_asset_style_css;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        struct str head = ask_for(t, &asked, "GET", style->path, rows[i].headers);
        char line[64];
        snprintf(line, sizeof line, "ETag: %s", style->etags[rows[i].coding]);
        test_note(t, "%s", rows[i].headers);
        CHECK(says(head, line));
        CHECK(str_equal(asked.request.response.bytes, style->copies[rows[i].coding]));
        CHECK(has_line(head, "Content-Encoding") == (rows[i].coding != CODING_NONE));
    }
}

TEST(asset_that_is_there_already_is_not_sent)
{
    struct asked asked;
    char headers[128];
    const struct asset *style = &sample_asset_style_css;
    snprintf(headers, sizeof headers, "Accept-Encoding: br\r\nIf-None-Match: %s\r\n",
             style->etags[CODING_BROTLI]);
    struct str head = ask_for(t, &asked, "GET", style->path, headers);
    CHECK(str_starts(head, STR("HTTP/1.1 304 ")));
    CHECK(says(head, "Cache-Control: public, max-age=31536000, immutable"));
    CHECK(says(head, "Vary: Accept-Encoding"));
    head = ask_for(t, &asked, "HEAD", style->path, "");
    CHECK(str_starts(head, STR("HTTP/1.1 200 ")));
    CHECK_INT(asked.request.response.bytes.len, 0);
    ask_for(t, &asked, "GET", style->path, "Range: bytes=0-1\r\n");
    CHECK_STR(asked.request.response.bytes, "/*");
}

TEST(asset_names_another_by_its_hash)
{
    struct str css = sample_asset_style_css.copies[CODING_NONE];
    CHECK(str_find(css, str_from(sample_asset_dot_svg.path)) != STR_NONE);
    CHECK(str_find(css, STR("asset:")) == STR_NONE);
}

TEST(asset_of_odd_bytes_is_as_it_was)
{
    CHECK(str_equal(sample_asset_odd_ico.copies[CODING_NONE], STR("\0\1\"\\?\x7f\xff\x37\n"
                                                                  "1")));
    CHECK_INT(sample_asset_odd_ico.copies[CODING_GZIP].len, 0);
    CHECK_INT(sample_asset_dot_svg.copies[CODING_BROTLI].len, 0);
}

TEST(asset_of_the_root_has_its_own_name_too)
{
    struct asked asked;
    struct str head = ask_for(t, &asked, "GET", "/robots.txt", "");
    CHECK(str_starts(head, STR("HTTP/1.1 200 ")));
    CHECK(says(head, "Cache-Control: public, max-age=3600"));
    CHECK_STR(asked.request.response.bytes, "User-agent: *\nDisallow:\n");
    head = ask_for(t, &asked, "GET", sample_asset_robots_txt.path, "");
    CHECK(says(head, "Cache-Control: public, max-age=31536000, immutable"));
}

TEST(asset_by_another_name_is_missing)
{
    static const char *const paths[] = {
        "/",
        "",
        "/style.css",
        "/assets/sample/style.css",
        "/assets/sample/style-00000000.css",
        "/assets/sample/",
        "robots.txt",
        "/robots.txt/",
        "/robots",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct asked asked;
        test_note(t, "%s", paths[i]);
        CHECK(str_starts(ask_for(t, &asked, "GET", paths[i], ""), STR("HTTP/1.1 404 ")));
    }
}

static void write_file(struct test *t, const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    REQUIRE(fd >= 0);
    CHECK(io_write_all(fd, str_from(text)));
    close(fd);
}

TEST(gen_assets_says_what_is_wrong)
{
    static const struct {
        const char *name, *text, *words;
    } rows[] = {
        {"a.css", "p {}\nq { background: url(asset:b.png) }\n",
         "a.css:2: there is no \"b.png\" in this folder; correct the name\n"},
        {"a.css", "@import \"asset:a.css\";\n",
         "a.css:1: \"a.css\" names this file too; one of the two must do without\n"},
        {"a.exe", "", "a.exe: nothing is known of this ending; add it to tools/gen_assets.c\n"},
        {"A.css", "", "A.css: name it with small letters, digits and . - _ alone\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *folder = test_folder(t, "gen_assets");
        struct process_result result;
        write_file(t, folder, rows[i].name, rows[i].text);
        const char *const argv[] = {test_built(t, "tools/gen_assets"),
                                    "room",
                                    folder,
                                    "/dev/null",
                                    "/dev/null",
                                    "/dev/null",
                                    NULL};
        REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
        CHECK_INT(result.status, 1);
        test_note(t, STR_FMT, STR_ARG(result.err));
        CHECK(str_ends(result.err, str_from(rows[i].words)));
    }
}
