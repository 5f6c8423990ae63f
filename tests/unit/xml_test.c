/* XML as stores answer it. */
#include "ports/objects/xml.h"

#include "harness/test.h"

/* All events as one text: "<a>text</a>", whatever stood around. */
static enum err events_of(struct test *t, struct str text, struct str *told)
{
    struct xml xml = {.rest = text, .arena = t->arena};
    enum xml_event event;
    struct buf out;
    buf_init(&out, t->arena, 1 << 20);
    while (xml_next(&xml, &event)) {
        buf_addf(&out, event == XML_TEXT ? "" : event == XML_OPEN ? "<" : "</");
        buf_add(&out, event == XML_TEXT ? xml.text : xml_above(&xml, 0));
        buf_addf(&out, event == XML_TEXT ? "" : ">");
    }
    *told = buf_str(&out);
    return xml.err;
}

TEST(xml_is_read_as_elements_and_text)
{
    static const char *const cases[][2] = {
        {"<a>x</a>", "<a>x</a>"},
        {"<?xml version=\"1.0\"?>\n<a b='c' d=\"e\" ><b>1</b> <c/></a>\n",
         "<a><b>1</b><c></c></a>"},
        {"<a><!-- <b> -->&amp;&lt;&gt;&quot;&apos;&#65;&#x20AC;</a>", "<a>&<>\"'A\xe2\x82\xac</a>"},
        {"<a/>", "<a></a>"},
        {"<s3:a> x </s3:a>", "<s3:a> x </s3:a>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str told = {0};
        test_note(t, "%s", cases[i][0]);
        CHECK_ERR(events_of(t, str_from(cases[i][0]), &told), ERR_OK);
        CHECK_STR(told, cases[i][1]);
    }
}

TEST(xml_that_is_not_well_formed_is_refused)
{
    static const char *const cases[] = {
        "",
        "x",
        "<a>",
        "<a></b>",
        "</a>",
        "<a",
        "<a>&b;</a>",
        "<a>&#0;</a>",
        "<a>&#x110000;</a>",
        "<a>&amp</a>",
        "<a b></a>",
        "<a b=c></a>",
        "<a/><b/>",
        "<a/>x",
        "<!DOCTYPE a><a/>",
        "<a><![CDATA[x]]></a>",
        "<a b='<'/>",
        "<a>\xff</a>",
        "<a>&#xd800;</a>",
        "<a><!-- </a>",
        "< a/>",
        "<a b='1'c='2'",
        "<a>&#99999999999999;</a>",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str told;
        test_note(t, "%s", cases[i]);
        CHECK(events_of(t, str_from(cases[i]), &told) != ERR_OK);
    }
}

TEST(xml_is_nested_to_its_limit)
{
    for (int depth = XML_DEPTH_MAX; depth <= XML_DEPTH_MAX + 1; depth++) {
        struct buf text;
        struct str told;
        buf_init(&text, t->arena, 1 << 10);
        for (int i = 0; i < depth; i++)
            buf_add(&text, STR("<a>"));
        for (int i = 0; i < depth; i++)
            buf_add(&text, STR("</a>"));
        CHECK_ERR(events_of(t, buf_str(&text), &told), depth > XML_DEPTH_MAX ? ERR_INPUT : ERR_OK);
    }
}
