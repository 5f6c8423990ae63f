/* The compiler of pages: what would be wrong or dangerous in a browser fails the build. */
#include <stdio.h>
#include <sys/stat.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "room.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { ROOM_PATH_MAX = 4096, ROOM_TEXT_MAX = 16 << 10 };

/* A page's first lines: what follows them is on line 3. */
#define PAGE "{{page try}}\n{{in struct str x}} {{in int n}} {{in const struct row *rows}}\n"

/* A part with one slot, one with two, and one without. */
#define BOX  "{{part box}}\n{{in struct str title}} {{in int size}}\n<b>{{title}}</b>{{slot}}\n"
#define TWO  "{{part two}}\n{{slot a}}\n{{slot b}}\n"
#define ICON "{{part icon}}\n{{in const char *name}}\n<i>{{name}}</i>\n"

/* What every form that is posted has. */
#define TOKEN                                      \
    "{{part ui_token}}\n{{in struct str token}}\n" \
    "<input type=\"hidden\" name=\"token\" value=\"{{token}}\">\n"

/* What is said of many. */
#define WORDS                                                                                    \
    "words come from text/, in the reader's language: write {{text message}}; translate=\"no\" " \
    "on an element is for names, {{words en}} for a page of one language"
#define OPERAND                                                                             \
    "a name or a number is missing here; an expression has names, numbers, . -> [ ] ( ) ! " \
    "- + & && || and comparisons"
#define NAME                                                                              \
    " cannot be a name here; find another, in small letters, with none of C's words and " \
    "no number behind a _"

struct refusal {
    const char *text, *said;
};

static struct process_result compile(struct test *t, const char *text)
{
    return room_compile(t, "gen_html",
                        (struct room_file[]){{"pages/try.html", text},
                                             {"pages/box.html", BOX},
                                             {"pages/two.html", TWO},
                                             {"pages/icon.html", ICON},
                                             {"pages/ui_token.html", TOKEN},
                                             {0}});
}

static void refused(struct test *t, const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct process_result result = compile(t, rows[i].text);
        test_note(t, "%s\nwanted %s\ngot %.*s", rows[i].text, rows[i].said, STR_ARG(result.err));
        CHECK(room_says(&result, rows[i].said));
    }
}

static void taken(struct test *t, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct process_result result = compile(t, texts[i]);
        test_note(t, "%s", texts[i]);
        CHECK_STR(result.err, "");
        CHECK_INT(result.status, 0);
    }
}

#define REFUSED(rows) refused(t, rows, COUNT(rows))
#define TAKEN(rows)   taken(t, rows, COUNT(rows))

TEST(gen_html_refuses_wrong_beginnings)
{
    static const struct refusal rows[] = {
        {"<p></p>\n", "try.html:1:1: begin with {{page try}} or {{part try}}"},
        {"{{pag try}}\n", "try.html:1:3: begin with {{page try}} or {{part try}}"},
        {"{{page other}}\n", "try.html:1:8: the file is called try.html; give both one name"},
        {"{{page Try}}\n", "try.html:1:8: \"Try\"" NAME},
        {"{{page try x}}\n", "try.html:1:12: \"x\" is too much here; remove it"},
        {"{{page try\n", "try.html:1:1: a {{ has no }} behind it; add it"},
        {"{{}}\n", "try.html:1:1: there is nothing between {{ and }}; name what is to be written"},
        {"{{page try}}\n{{in rows}}\n",
         "try.html:2:6: write the type and the name: {{in const struct item *rows}}"},
        {"{{page try}}\n{{in int (*x)(void)}}\n",
         "try.html:2:10: this is no type; write {{in const struct item *rows}}: words and stars, "
         "and the name"},
        {"{{page try}}\n{{in int page}}\n", "try.html:2:10: \"page\"" NAME},
        {"{{page try}}\n{{in int x}}{{in int x}}\n",
         "try.html:2:22: there are two \"x\"; rename one"},
        {"{{page try}}\n{{header front_sql.h}}\n",
         "try.html:2:9: write the header in quotes: {{header \"front_sql.h\"}}"},
        {"{{page try}}\n{{words xx}}\n",
         "try.html:2:8: name the language that the page is written in: {{words en}}"},
        {"{{page try}}\n{{slot}}\n",
         "try.html:2:7: a slot stands in a part; begin with {{part try}}"},
        {"{{part try}}\n{{slot}}{{slot}}\n",
         "try.html:2:15: each of several slots has a name of its own: {{slot side}}"},
        {"{{part try}}\n{{slot a}}{{slot a}}\n",
         "try.html:2:17: each of several slots has a name of its own: {{slot side}}"},
        {"{{page try}}\n<p></p>\n{{in int x}}\n",
         "try.html:3:1: {{in}} stands before the markup, at the beginning"},
        {"{{page try}}\n\t<p></p>\n",
         "try.html:2: there is a tab or a carriage return; use spaces and plain newlines"},
        {"{{page try}}\n<p>\x01</p>\n", "try.html:2:4: there is a control character; remove it"},
        {"{{page try}}\n{{in int a_1}}\n", "try.html:2:10: \"a_1\"" NAME},
        {"{{page try}}\n{{words}}\n",
         "try.html:2:8: name the language that the page is written in: {{words en}}"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_what_is_no_expression)
{
    static const struct refusal rows[] = {
        {PAGE "{{y}}\n", "try.html:3:3: there is no \"y\" here; declare it: {{in TYPE y}}"},
        {PAGE "{{x.}}\n", "try.html:3:5: a name is missing behind .; add it"},
        {PAGE "{{x}\n", "try.html:3:1: a {{ has no }} behind it; add it"},
        {PAGE "{{strlen(x)}}\n",
         "try.html:3:3: nothing is called in a page; do it in C, and hand the value in by {{in}}"},
        {PAGE "{{x * 2}}\n", "try.html:3:5: \"* 2\" is too much here; remove it"},
        {PAGE "{{x ? n : n}}\n", "try.html:3:5: \"? n : n\" is too much here; remove it"},
        {PAGE "{{n = 2}}\n", "try.html:3:5: \"= 2\" is too much here; remove it"},
        {PAGE "{{n++}}\n", "try.html:3:4: \"++\" is too much here; remove it"},
        {PAGE "{{n, n}}\n", "try.html:3:4: \", n\" is too much here; remove it"},
        {PAGE "{{x[n}}\n", "try.html:3:6: ] is missing; close the index"},
        {PAGE "{{(n}}\n", "try.html:3:5: ) is missing; close it"},
        {PAGE "{{\"x\"}}\n", "try.html:3:3: " OPERAND},
        {PAGE "{{n | n}}\n", "try.html:3:5: \"| n\" is too much here; remove it"},
        {PAGE "{{~n}}\n", "try.html:3:3: " OPERAND},
        {PAGE "{{sizeof n}}\n",
         "try.html:3:3: there is no \"sizeof\" here; declare it: {{in TYPE sizeof}}"},
        {PAGE "{{x; n}}\n", "try.html:3:4: \"; n\" is too much here; remove it"},
        {PAGE "{{((((((((((((((((((n))))))))))))))))))}}\n",
         "try.html:3:19: this nests deeper than 16; compute it in C"},
        {PAGE "{{text 5}}\n", "try.html:3:8: name a message: {{text cart_items(count)}}"},
        {PAGE "{{text a(n}}\n", "try.html:3:11: ) is missing; close it"},
        {PAGE "{{text a(b(n))}}\n",
         "try.html:3:10: nothing is called in a page; do it in C, and hand the value in by {{in}}"},
        {PAGE "{{money n}}\n", "try.html:3:10: " OPERAND},
        {PAGE "{{number n n}}\n", "try.html:3:12: \"n\" is too much here; remove it"},
        {PAGE "ä{{y}}\n", "try.html:3:1: " WORDS},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_branches_that_do_not_close)
{
    static const struct refusal rows[] = {
        {PAGE "{{end}}\n", "try.html:3:1: there is nothing that this {{end}} ends; remove it"},
        {PAGE "{{else}}\n",
         "try.html:3:1: there is no {{if}} for this; write it before, or remove this"},
        {PAGE "{{if n}}\n", "try.html:3:1: this has no {{end}}; add it"},
        {PAGE "{{if n}}{{else}}{{else}}{{end}}\n",
         "try.html:3:17: there is no {{if}} for this; write it before, or remove this"},
        {PAGE "{{if}}{{end}}\n", "try.html:3:5: " OPERAND},
        {PAGE "{{each row in rows to n}}\n", "try.html:3:1: this has no {{end}}; add it"},
        {PAGE "{{each row in rows to n}}<p></p>{{end}}\n",
         "try.html:3:1: row is not used in this {{each}}; write something of it"},
        {PAGE "{{each row rows}}{{end}}\n",
         "try.html:3:12: write {{each row in rows to count}}, or {{each row in list}} where list "
         "has rows and count"},
        {PAGE "{{each x in rows to n}}{{end}}\n",
         "try.html:3:8: there is a \"x\" already; rename one"},
        {PAGE "{{each row in rows to n}}{{each row in rows to n}}{{end}}{{end}}\n",
         "try.html:3:33: there is a \"row\" already; rename one"},
        {PAGE "{{each if in rows to n}}{{end}}\n", "try.html:3:8: \"if\"" NAME},
        {PAGE "{{each i_1 in rows to n}}{{end}}\n", "try.html:3:8: \"i_1\"" NAME},
        {PAGE "<p {{each row in rows to n}}{{end}}></p>\n",
         "try.html:3:4: {{each}} stands between tags, not inside of one"},
        {PAGE "<p class=\"{{each row in rows to n}}{{end}}\"></p>\n",
         "try.html:3:11: {{each}} stands between tags, not inside of one"},
        {PAGE "{{if n}}<p>{{end}}</p>\n",
         "try.html:3:9: <p> is not closed within the {{if}} of line 3; close it there"},
        {PAGE "<p>{{if n}}</p>{{end}}\n",
         "try.html:3:12: </p> closes what was opened outside of the {{…}} of line 3; let both "
         "stand inside of it, or outside"},
        {PAGE "<p {{if n}}></p>{{end}}\n",
         "try.html:3:12: the tag ends inside of the {{if}} of line 3; write its {{end}} before "
         "the >"},
        {PAGE "<p class=\"{{if n}}\"{{end}}></p>\n",
         "try.html:3:19: the value ends inside of the {{if}} of line 3; write its {{end}} before "
         "the \""},
        {PAGE "{{if n}}<p {{end}}></p>\n",
         "try.html:3:12: this stands inside of a tag, but its {{if}} of line 3 before it"},
        {PAGE "{{if n}}<p class=\"{{end}}\"></p>\n",
         "try.html:3:19: this stands inside of a tag, but its {{if}} of line 3 before it"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_parts_that_do_not_fit)
{
    static const struct refusal rows[] = {
        {PAGE "{{use none}}{{end}}\n",
         "try.html:3:1: there is no part \"none\"; write it into none.html, or name its room's "
         "folder to gen_html"},
        {PAGE "{{use try}}{{end}}\n",
         "try.html:3:1: there is no part \"try\"; write it into try.html, or name its room's "
         "folder to gen_html"},
        {PAGE "{{use box}}\n", "try.html:3:1: this has no {{end}}; add it"},
        {PAGE "{{put box}}\n", "try.html:3:1: box has a slot; write {{use box}} … {{end}}"},
        {PAGE "{{use icon}}{{end}}\n", "try.html:3:1: icon has no slot; write {{put icon}}"},
        {PAGE "{{use box titel=x}}{{end}}\n",
         "try.html:3:11: box has no \"titel\"; it has: title size"},
        {PAGE "{{use box title=x title=x}}{{end}}\n",
         "try.html:3:19: there are two \"title\"; remove one"},
        {PAGE "{{use box title}}{{end}}\n", "try.html:3:16: = is missing; write name=value"},
        {PAGE "{{use box size=\"1\"}}{{end}}\n",
         "try.html:3:16: size is int; hand in one by its name"},
        {PAGE "{{put icon name=text(hello)}}\n",
         "try.html:3:17: name is const char *; a message is struct str"},
        {PAGE "{{put icon name=\"a\\\"}}\n",
         "try.html:3:19: a text in quotes goes without \\ and newlines; hand such a text in by "
         "{{in}}"},
        {PAGE "{{put icon name=\"a}}\n",
         "try.html:3:17: a quote has no other; close the text by \""},
        {PAGE "<p {{put icon}}></p>\n",
         "try.html:3:4: parts stand between tags, where elements may stand"},
        {PAGE "<p class=\"{{put icon}}\"></p>\n",
         "try.html:3:11: parts stand between tags, where elements may stand"},
        {PAGE "<textarea name=\"t\">{{put icon}}</textarea>\n",
         "try.html:3:20: parts stand between tags, where elements may stand"},
        {PAGE "{{use two}}<p></p>{{end}}\n",
         "try.html:3:12: this stands in no slot of two; write {{fill a}} before it, and {{end}} "
         "behind"},
        {PAGE "{{use two}}{{x}}{{end}}\n",
         "try.html:3:12: this stands in no slot of two; write {{fill a}} before it, and {{end}} "
         "behind"},
        {PAGE "{{use two}}{{fill c}}{{end}}{{end}}\n",
         "try.html:3:12: two has no slot \"c\" that is still to be filled; slots are filled "
         "once, in their order"},
        {PAGE "{{use two}}{{fill b}}{{end}}{{fill a}}{{end}}{{end}}\n",
         "try.html:3:29: two has no slot \"a\" that is still to be filled; slots are filled "
         "once, in their order"},
        {PAGE "{{use two}}{{fill a}}{{end}}{{fill a}}{{end}}{{end}}\n",
         "try.html:3:29: two has no slot \"a\" that is still to be filled; slots are filled "
         "once, in their order"},
        {PAGE "{{use box}}{{fill a}}{{end}}{{end}}\n",
         "try.html:3:12: {{fill}} stands in the {{use}} of a part whose slots have names"},
        {PAGE "{{fill a}}{{end}}\n",
         "try.html:3:1: {{fill}} stands in the {{use}} of a part whose slots have names"},
        {PAGE "{{use box}}<p>{{end}}</p>\n",
         "try.html:3:12: <p> is not closed within the {{use}} of line 3; close it there"},
        {"{{part try}}\n{{in int n}}\n{{if n}}{{slot}}{{end}}\n",
         "try.html:3:9: a slot does not stand in the {{if}} or {{each}} of line 3; let who fills "
         "it decide"},
        {"{{part try}}\n<p class=\"{{slot}}\"></p>\n",
         "try.html:2:11: parts stand between tags, where elements may stand"},
        {"{{part try}}\n<head><title>{{slot}}</title></head>\n",
         "try.html:2:14: parts stand between tags, where elements may stand"},
        {"{{part try}}\n{{put try}}\n",
         "try.html:2:1: try would use itself without end; take this out of the circle"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_broken_markup)
{
    static const struct refusal rows[] = {
        {PAGE "<p>\n", "try.html:3:1: <p> is not closed; add </p>"},
        {PAGE "</p>\n", "try.html:3:1: </p> closes nothing; remove it"},
        {PAGE "<p></div>\n",
         "try.html:3:4: </div> stands where <p> of line 3 is open; close that first"},
        {PAGE "<p><b></p></b>\n",
         "try.html:3:7: </p> stands where <b> of line 3 is open; close that first"},
        {PAGE "<blink></blink>\n",
         "try.html:3:1: there is no element <blink>; in small letters, as HTML has them"},
        {PAGE "<P></P>\n",
         "try.html:3:1: there is no element <P>; in small letters, as HTML has them"},
        {PAGE "<br/>\n", "try.html:3:4: write > for />: <br> has no end"},
        {PAGE "<br></br>\n", "try.html:3:5: <br> has no end; remove </br>"},
        {PAGE "<p/>\n", "try.html:3:3: write > for />: <p> is closed by its end tag"},
        {PAGE "< p>\n", "try.html:3:1: a name follows <; write &lt; for the sign"},
        {PAGE "<p></p\n", "try.html:3:7: write </p>"},
        {PAGE "<!-- x\n", "try.html:3:1: a comment has no --> behind it; close it"},
        {PAGE "<!-- {{x}} -->\n",
         "try.html:3:6: nothing is put into a comment: it is left out of the page; remove it"},
        {PAGE "<!doctype html>\n<!doctype html>\n",
         "try.html:4:1: write <!doctype html> first, and no other <!"},
        {PAGE "<!DOCTYPE html>\n", "try.html:3:1: write <!doctype html> first, and no other <!"},
        {PAGE "<?php ?>\n", "try.html:3:1: a name follows <; write &lt; for the sign"},
        {PAGE "<{{x}}></p>\n", "try.html:3:1: a name follows <; write &lt; for the sign"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_broken_attributes)
{
    static const struct refusal rows[] = {
        {PAGE "<p {{x}}></p>\n",
         "try.html:3:4: between attributes stands nothing but {{if}}; put it into a value"},
        {PAGE "<p {{x}}=\"a\"></p>\n",
         "try.html:3:4: between attributes stands nothing but {{if}}; put it into a value"},
        {PAGE "<p class=a></p>\n", "try.html:3:10: write the value in \": class=\"…\""},
        {PAGE "<p class='a'></p>\n", "try.html:3:10: write the value in \": class=\"…\""},
        {PAGE "<p class></p>\n", "try.html:3:4: class has no value; write class=\"…\""},
        {PAGE "<p class =\"a\"></p>\n", "try.html:3:4: class has no value; write class=\"…\""},
        {PAGE "<p class=\"a\"id=\"b\"></p>\n", "try.html:3:13: a space goes before id"},
        {PAGE "<p class=\"a\" class=\"b\"></p>\n",
         "try.html:3:14: there are two class; remove one"},
        {PAGE "<p class=\"a\"{{if n}} class=\"b\"{{end}}></p>\n",
         "try.html:3:22: there are two class; remove one"},
        {PAGE "<p {{if n}}class=\"a\"{{else}}class=\"b\"{{end}} class=\"c\"></p>\n",
         "try.html:3:46: there are two class; remove one"},
        {PAGE "<p class=\"a></p>\n", "try.html:3:12: write &lt; for < and &gt; for >"},
        {PAGE "<p classs=\"a\"></p>\n",
         "try.html:3:4: there is no attribute \"classs\"; correct it, or begin it with data-"},
        {PAGE "<p =\"a\"></p>\n",
         "try.html:3:4: an attribute is missing here; write name=\"value\""},
        {PAGE "<p title=\"<\"></p>\n", "try.html:3:11: write &lt; for < and &gt; for >"},
        {PAGE "<p title=\"&x;\"></p>\n",
         "try.html:3:11: write &amp; for &; other signs stand as they are, but for &lt; &gt; "
         "&quot; &nbsp; &shy; and &#…;"},
        {PAGE "<p><div></div></p>\n",
         "try.html:3:4: <div> would end the <p> that it stands in; close that before it"},
        {PAGE "<a href=\"/\"><a href=\"/\"></a></a>\n",
         "try.html:3:13: <a> stands in another <a>; close that first"},
        {PAGE
         "<form method=\"get\" action=\"/\"><form method=\"get\" action=\"/\"></form></form>\n",
         "try.html:3:31: <form> stands in another <form>; close that first"},
        {PAGE "<div><li></li></div>\n",
         "try.html:3:6: <li> does not stand in <div>; it stands in one of: ul ol menu"},
        {PAGE "<table><tr></tr></table><div><td></td></div>\n",
         "try.html:3:30: <td> does not stand in <div>; it stands in one of: tr"},
        {PAGE "<textarea name=\"t\"><b></b></textarea>\n",
         "try.html:3:20: <textarea> holds no elements; close it before <b>"},
        {PAGE "1 > 2\n", "try.html:3:3: write &gt; for >"},
        {PAGE "1 & 2\n",
         "try.html:3:3: write &amp; for &; other signs stand as they are, but for &lt; &gt; "
         "&quot; &nbsp; &shy; and &#…;"},
        {PAGE "1 }} 2\n", "try.html:3:3: a }} has no {{ before it; add it, or remove this"},
        {PAGE "<p\n", "try.html:3:1: the tag <p> has no end; close it by >"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_what_harms)
{
    static const struct refusal rows[] = {
        {PAGE "<p onclick=\"x()\"></p>\n",
         "try.html:3:4: onclick would be a script in the page; let the script of an asset listen"},
        {PAGE "<p onwhatever=\"{{x}}\"></p>\n",
         "try.html:3:4: onwhatever would be a script in the page; let the script of an asset "
         "listen"},
        {PAGE "<p style=\"color:red\"></p>\n",
         "try.html:3:4: style is not used here; write a class, and its rule into the stylesheet"},
        {PAGE "<style></style>\n",
         "try.html:3:1: <style> is not used here; write a class, and its rule into the stylesheet"},
        {PAGE "<script>alert(1)</script>\n",
         "try.html:3:1: <script> has no src; {{asset ui/page.js}}"},
        {PAGE "<script src=\"{{asset a/b.js}}\">{{x}}</script>\n",
         "try.html:3:32: <script> is empty here; its text stands in an asset"},
        {PAGE "<script src=\"/a.js\"></script>\n",
         "try.html:3:14: a script is an asset: src=\"{{asset ui/page.js}}\""},
        {PAGE "<script src=\"{{x}}\"></script>\n",
         "try.html:3:14: nothing is put into src; write its value here"},
        {PAGE "<script src=\"{{asset a/b.js}}?x\"></script>\n",
         "try.html:3:30: a script is an asset: src=\"{{asset ui/page.js}}\""},
        {PAGE "<script src=\"{{if n}}/x{{end}}{{asset a/b.js}}\"></script>\n",
         "try.html:3:22: a script is an asset: src=\"{{asset ui/page.js}}\""},
        {PAGE "<iframe></iframe>\n",
         "try.html:3:1: <iframe> is not used here; show it in a page of its own"},
        {PAGE "<object></object>\n", "try.html:3:1: <object> is not used here; link to it"},
        {PAGE "<base href=\"/\">\n",
         "try.html:3:1: <base> is not used here; write paths that begin with /"},
        {PAGE "<meta http-equiv=\"refresh\" content=\"{{x}}\">\n",
         "try.html:3:7: http-equiv is not used here; say it by a header of the answer"},
        {PAGE "<img srcset=\"{{x}}\" alt=\"\">\n",
         "try.html:3:14: nothing is put into srcset; write its value here"},
        {PAGE "<p srcdoc=\"{{x}}\"></p>\n",
         "try.html:3:4: srcdoc is not used here; make a page of it"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_urls_that_harm)
{
    static const struct refusal rows[] = {
        {PAGE "<a href=\"javascript:x()\"></a>\n",
         "try.html:3:10: a URL does not begin with javascript:; there are http, https, mailto, "
         "tel, and paths"},
        {PAGE "<a href=\"JavaScript:x()\"></a>\n",
         "try.html:3:10: a URL does not begin with JavaScript:; there are http, https, mailto, "
         "tel, and paths"},
        {PAGE "<a href=\"data:x\"></a>\n",
         "try.html:3:10: a URL does not begin with data:; there are http, https, mailto, tel, "
         "and paths"},
        {PAGE "<a href=\"//host/\"></a>\n", "try.html:3:10: write the scheme before //: https://"},
        {PAGE "<a href=\"\\\\host\"></a>\n",
         "try.html:3:10: a URL has neither spaces nor \\; write %20, or /"},
        {PAGE "<a href=\" /x\"></a>\n",
         "try.html:3:10: a URL has neither spaces nor \\; write %20, or /"},
        {PAGE "<a href=\"https://{{x}}\"></a>\n",
         "try.html:3:18: the host of a URL is not put in; write it with the / behind it, or hand "
         "in the whole URL"},
        {PAGE "<a href=\"https://{{x}}/\"></a>\n",
         "try.html:3:18: the host of a URL is not put in; write it with the / behind it, or hand "
         "in the whole URL"},
        {PAGE "<a href=\"{{x}}/a\"></a>\n",
         "try.html:3:15: behind a whole URL goes ?, & or #; hand in the whole of it, or begin "
         "with the path"},
        {PAGE "<a href=\"{{x}}:a\"></a>\n",
         "try.html:3:15: behind a whole URL goes ?, & or #; hand in the whole of it, or begin "
         "with the path"},
        {PAGE "<a href=\"{{if n}}/a{{end}}{{x}}\"></a>\n",
         "try.html:3:20: the branches begin the URL in ways that do not go together; let each "
         "begin it alike, or write its beginning before the {{if}}"},
        {PAGE "<a href=\"{{if n}}/a{{else}}{{x}}{{end}}/b\"></a>\n",
         "try.html:3:40: behind a whole URL goes ?, & or #; hand in the whole of it, or begin "
         "with the path"},
        {PAGE "<a href=\"{{text hello}}\"></a>\n",
         "try.html:3:10: a URL begins with its path, or with {{x}} that is the whole of it"},
        {PAGE "<a href=\"/{{x}}/{{x}}\"></a>\n",
         "try.html:3:11: a path begins with a word, /order/{{id}}: were {{id}} empty, // would "
         "lead to another host"},
        {PAGE "<a href=\"&#106;avascript:x()\"></a>\n",
         "try.html:3:10: a URL has no entity but &amp;; write what it stands for"},
        {PAGE "<a href=\"{{if n}}/{{end}}{{x}}\"></a>\n",
         "try.html:3:19: the branches begin the URL in ways that do not go together; let each "
         "begin it alike, or write its beginning before the {{if}}"},
        {PAGE "<a href=\"{{if n}}/{{else}}/a{{end}}{{x}}\"></a>\n",
         "try.html:3:36: a path begins with a word, /order/{{id}}: were {{id}} empty, // would "
         "lead to another host"},
        {PAGE "<a href=\"{{if n}}/{{else}}{{x}}{{end}}?a\"></a>\n",
         "try.html:3:32: the branches begin the URL in ways that do not go together; let each "
         "begin it alike, or write its beginning before the {{if}}"},
        {PAGE "<a href=\"/{{if n}}/host/{{end}}\"></a>\n",
         "try.html:3:19: write the scheme before //: https://"},
        {PAGE "<a href=\"https://a{{if n}}.b{{end}}{{x}}/\"></a>\n",
         "try.html:3:36: the host of a URL is not put in; write it with the / behind it, or hand "
         "in the whole URL"},
        {PAGE "<a href=\"/a\n/b\"></a>\n",
         "try.html:3:12: a URL has no newline; write it on one line"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_assets_that_are_none)
{
    static const struct refusal rows[] = {
        {PAGE "<a href=\"/{{asset a/b.js}}\"></a>\n",
         "try.html:3:11: an asset begins a URL: src=\"{{asset ui/logo.svg}}\""},
        {PAGE "<p>{{asset a/b.js}}</p>\n",
         "try.html:3:4: an asset begins a URL: src=\"{{asset ui/logo.svg}}\""},
        {PAGE "<p class=\"{{asset a/b.js}}\"></p>\n",
         "try.html:3:11: an asset begins a URL: src=\"{{asset ui/logo.svg}}\""},
        {PAGE "<a href=\"{{asset b.js}}\"></a>\n",
         "try.html:3:18: name the room and the file: {{asset ui/style.css}}"},
        {PAGE "<a href=\"{{asset a/b c.js}}\"></a>\n",
         "try.html:3:21: an asset's name has letters, digits and . - _ /"},
        {PAGE "<button type=\"{{x}}\"></button>\n",
         "try.html:3:15: nothing is put into type; write its value here"},
        {PAGE "<a rel=\"{{x}}\" href=\"/\"></a>\n",
         "try.html:3:9: nothing is put into rel; write its value here"},
        {PAGE "<link rel=\"stylesheet\" href=\"/a.css\">\n",
         "try.html:3:24: stylesheet is an asset: href=\"{{asset ui/style.css}}\""},
        {PAGE "<link rel=\"stylesheet\" href=\"{{x}}\">\n",
         "try.html:3:24: stylesheet is an asset: href=\"{{asset ui/style.css}}\""},
        {PAGE "<link href=\"/\">\n", "try.html:3:1: <link> has rel and href"},
        {PAGE "<link rel=\"stylesheet\" href=\"{{if n}}{{asset a/b.css}}{{else}}{{x}}{{end}}\">\n",
         "try.html:3:24: stylesheet is an asset: href=\"{{asset ui/style.css}}\""},
    };
    REFUSED(rows);
}

TEST(gen_html_asks_for_what_elements_need)
{
    static const struct refusal rows[] = {
        {PAGE "<img src=\"/x\">\n",
         "try.html:3:1: <img> has no alt; it says what is seen; alt=\"\" where it is ornament"},
        {PAGE "<button></button>\n",
         "try.html:3:1: <button> has no type; without it a button sends its form: submit, reset "
         "or button"},
        {PAGE "<button type=\"go\"></button>\n",
         "try.html:3:9: type of <button> is one of: submit reset button"},
        {PAGE "<form action=\"/\"></form>\n", "try.html:3:1: <form> has no method; get or post"},
        {PAGE "<form method=\"get\"></form>\n",
         "try.html:3:1: <form> has no action; the path that it is sent to"},
        {PAGE "<form method=\"POST\" action=\"/\"></form>\n",
         "try.html:3:7: method of <form> is one of: get post"},
        {PAGE "<input type=\"text\">\n",
         "try.html:3:1: <input> has no name; without it nothing is sent"},
        {PAGE "<input name=\"a\">\n",
         "try.html:3:1: <input> has no type; text, email, number, checkbox …"},
        {PAGE "<input name=\"a\" type=\"image\">\n",
         "try.html:3:17: type of <input> is one of: text email password search tel url number "
         "date time datetime-local month checkbox radio range color file hidden submit"},
        {PAGE "<select></select>\n",
         "try.html:3:1: <select> has no name; without it nothing is sent"},
        {PAGE "<textarea></textarea>\n",
         "try.html:3:1: <textarea> has no name; without it nothing is sent"},
        {PAGE "<html></html>\n", "try.html:3:1: <html> has no lang; {{language}} is the reader's"},
        {PAGE "<a></a>\n",
         "try.html:3:1: <a> has no href; without it the keyboard cannot reach it"},
        {PAGE "<table><tr><th></th></tr></table>\n",
         "try.html:3:12: <th> has no scope; col or row"},
        {PAGE "<input name=\"a\" type=\"text\" disabled=\"disabled\">\n",
         "try.html:3:29: disabled has no value: it is there or not; {{if …}}disabled{{end}}"},
        {PAGE "<p id=\"a\"></p><p id=\"a\"></p>\n",
         "try.html:3:18: there are two ids \"a\"; rename one"},
        {PAGE "<p id=\"a b\"></p>\n", "try.html:3:4: an id is one word"},
        {PAGE "<p id=\"\"></p>\n", "try.html:3:4: an id is one word"},
        {PAGE "{{each row in rows to n}}<p id=\"a\">{{row.x}}</p>{{end}}\n",
         "try.html:3:29: this id would be there for each row; put something into it that tells "
         "them apart"},
    };
    REFUSED(rows);
}

TEST(gen_html_refuses_words_of_one_language)
{
    static const struct refusal rows[] = {
        {PAGE "<p>Hello</p>\n", "try.html:3:4: " WORDS},
        {PAGE "<p>ä</p>\n", "try.html:3:4: " WORDS},
        {PAGE "<p>م</p>\n", "try.html:3:4: " WORDS},
        {PAGE "<p title=\"Hello\"></p>\n", "try.html:3:11: " WORDS},
        {PAGE "<img src=\"/\" alt=\"Hello\">\n", "try.html:3:19: " WORDS},
        {PAGE "<p>1 &nbsp; x</p>\n", "try.html:3:13: " WORDS},
        {PAGE "<p><b translate=\"no\">Stoa</b> is</p>\n", "try.html:3:31: " WORDS},
    };
    REFUSED(rows);
}

TEST(gen_html_takes_what_is_right)
{
    static const char *const texts[] = {
        PAGE,
        PAGE "<p>1 &amp; 2 &lt; &#39; · → 3 { }</p>\n",
        PAGE "{{if n == 1 || n && !(n - 2)}}<p></p>{{else if -n < 3}}{{else}}<br>{{end}}\n",
        PAGE "<p{{if n}} id=\"a\"{{else}} id=\"b\"{{end}}></p>\n",
        PAGE "{{if n}}<p id=\"a\"></p>{{else}}<b id=\"a\"></b>{{end}}\n",
        PAGE "<a href=\"{{if n}}/a{{else}}{{x}}{{end}}?q={{n}}\"></a>\n",
        PAGE "<a href=\"{{x}}{{if n}}?n={{n}}{{end}}\" class=\"{{if n}}b{{end}}\n  c\"></a>\n",
        PAGE "<a href=\"/{{if n}}?q={{x}}{{end}}\"></a><a href=\"https://a.b/{{x}}\"></a>\n",
        PAGE
        "{{if n}}<a href=\"/\"></a>{{else}}<a href=\"{{x}}\"></a>{{end}}{{if x}}<p></p>{{end}}\n",
        PAGE "<link rel=\"stylesheet\" href=\"{{asset a/b.css}}\">\n",
        PAGE "<input type=\"{{x}}\" name=\"a\"{{if n}} disabled{{end}}>\n",
        PAGE "<input type=\"submit\">\n",
        PAGE "<code>words = 1</code><b translate=\"no\">Stoa</b><pre>any</pre>\n",
        PAGE "<svg viewBox=\"0 0 1 1\"><linearGradient id=\"g\"/><path d=\"M0\"></path></svg>\n",
        PAGE "<img src=\"{{asset a/b.png}}\" alt=\"{{text seen}}\">\n",
        PAGE "<!-- words\n --><p></p>\n",
        PAGE "{{use two}}{{fill b}}{{x}}{{end}}{{end}}\n",
        PAGE "{{use two}}\n{{fill a}}\n{{use box title=x}}{{put icon "
             "name=\"a\"}}{{end}}{{end}}{{end}}\n",
        "{{page try}}\n{{words en}}\n<p title=\"Hello\">Hello</p>\n",
        "{{part try}}\n{{use two}}{{fill a}}<p>{{slot}}</p>{{end}}{{end}}\n",
    };
    TAKEN(texts);
}

/* The compiler is to blame the page, not what was made of it. */
TEST(gen_html_says_where_a_line_came_from)
{
    struct process_result result = compile(t, PAGE "<p>\n{{x}}</p>\n");
    CHECK_INT(result.status, 0);
    struct str code = room_read(t, "gen_html", "try_pages.c");
    CHECK(str_find(code, STR("#line 4 \"")) != STR_NONE);
    CHECK(str_find(code, STR("try.html\"\n    html_text(out, page->x);\n")) != STR_NONE);
    size_t back = str_find(code, STR(" \"try_pages.c\"\n"));
    REQUIRE(back != STR_NONE);
    int line = 1;
    int64_t said;
    for (size_t i = 0; i < back; i++)
        line += code.ptr[i] == '\n';
    size_t number = back;
    while (code.ptr[number - 1] != ' ')
        number--;
    REQUIRE(!str_to_int(str_slice(code, number, back), 1, 10000, &said));
    CHECK_INT(said, line + 1);
}

TEST(gen_html_merges_markup)
{
    struct process_result result = compile(t, PAGE "<p>\n  <b>1</b>\n<!-- x -->\n  2</p>\n");
    CHECK_INT(result.status, 0);
    CHECK(str_find(room_read(t, "gen_html", "try_pages.c"),
                   STR("buf_add(out->buf, STR(\"<p>\\n\"\n        \"<b>1</b>\\n\"\n        "
                       "\"2</p>\\n\"));")) != STR_NONE);
}

TEST(gen_html_refuses_circles_of_parts)
{
    struct process_result result = room_compile(
        t, "gen_html",
        (struct room_file[]){{"pages/a.html", "{{part a}}\n{{put b}}\n"},
                             {"pages/b.html", "{{part b}}\n{{put c}}\n"},
                             {"pages/c.html", "{{part c}}\n<p></p>{{put a}}\n"},
                             {0}});
    CHECK(room_says(&result, "c.html:2:8: a would use itself without end; take this out of the "
                             "circle"));
}

/* What is made includes the other room's header, and not its parts. */
TEST(gen_html_uses_parts_of_other_rooms)
{
    const char *root = test_folder(t, "gen_html_rooms"), *ui = test_folder(t, "gen_html_rooms/ui");
    struct process_result result;
    char path[ROOM_PATH_MAX], text[ROOM_TEXT_MAX];
    static const char *const files[][2] = {{"ui/pages", NULL},
                                           {"pages", NULL},
                                           {"ui/pages/icon.html", ICON},
                                           {"pages/try.html", PAGE "{{put icon name=\"a\"}}\n"}};
    for (size_t i = 0; i < COUNT(files); i++) {
        snprintf(path, sizeof path, "%s/%s", root, files[i][0]);
        FILE *file = files[i][1] ? fopen(path, "w") : NULL;
        REQUIRE(file ? fputs(files[i][1], file) >= 0 && !fclose(file) : !mkdir(path, 0777));
    }
    const char *argv[] = {test_built(t, "tools/gen_html"), "try", root, root, ui, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    CHECK_STR(result.err, "");
    snprintf(path, sizeof path, "%s/try_pages.c", root);
    FILE *file = fopen(path, "r");
    REQUIRE(file);
    struct str code = str_make(text, fread(text, 1, sizeof text, file));
    fclose(file);
    CHECK(str_find(code, STR("#include \"ui/ui_pages.h\"\n")) != STR_NONE);
    CHECK(str_find(code, STR("icon(out, &(const struct icon){.name = \"a\"});")) != STR_NONE);
    CHECK(str_find(code, STR("void icon(")) == STR_NONE);
}

TEST(gen_html_wants_a_token_in_each_form_that_is_posted)
{
#define POST "<form method=\"post\" action=\"/\">"
#define WANTS                                                                        \
    "who is signed in could be made to send this form by another site; write {{put " \
    "ui_token frame=&frame}} into it, outside of every {{if}}"
    static const struct refusal rows[] = {
        {PAGE POST "</form>\n", "try.html:3:1: " WANTS},
        {PAGE POST "{{if n}}{{put ui_token token=x}}{{end}}</form>\n", "try.html:3:1: " WANTS},
        {PAGE POST "{{put icon name=\"a\"}}</form>\n", "try.html:3:1: " WANTS},
        {PAGE "{{put ui_token token=x}}" POST "</form>\n", "try.html:3:25: " WANTS},
    };
    static const char *const texts[] = {
        PAGE POST "{{put ui_token token=x}}</form>\n",
        PAGE POST "<p>{{put ui_token token=x}}</p></form>\n",
        PAGE "{{if n}}" POST "{{put ui_token token=x}}</form>{{end}}\n",
        PAGE "<form method=\"get\" action=\"/\"></form>\n",
    };
    REFUSED(rows);
    TAKEN(texts);
}
