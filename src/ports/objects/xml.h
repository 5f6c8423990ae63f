/* XML as stores answer it: elements and text, read one after the other, strictly.
 *
 *     struct xml xml = {.rest = answer.body, .arena = ctx->arena};
 *     while (xml_next(&xml, &event))
 *         if (event == XML_TEXT && str_equal(xml_above(&xml, 0), STR("Key")))
 *             key = xml.text;
 *     TRY(xml.err);                                    asked once, at the end
 *
 * No document type, no entities but the five and numbers, no CDATA; attributes, comments and the
 * declaration are passed over. What is not well-formed, ends in the middle, or is nested deeper
 * than XML_DEPTH_MAX is ERR_INPUT, and nothing is recorded. Text between elements that is only
 * space is not told. */
#ifndef STOA_PORTS_OBJECTS_XML_H
#define STOA_PORTS_OBJECTS_XML_H

#include "base/buf.h"

enum { XML_DEPTH_MAX = 12, XML_TEXT_MAX = 64 << 10 };

enum xml_event { XML_OPEN, XML_TEXT, XML_CLOSE };

struct xml {
    struct str rest;
    struct arena *arena;            /* of texts that hold entities */
    struct str open[XML_DEPTH_MAX]; /* names of the elements around */
    size_t depth;
    struct str text; /* of XML_TEXT */
    bool closes;     /* the element that was told was <empty/> */
    bool left;       /* the element that was told is closed */
    bool ended;      /* the outermost one was closed */
    enum err err;
};

/* False at the end, or for an err. At XML_CLOSE the element is still the innermost. */
bool xml_next(struct xml *xml, enum xml_event *event);

/* The name of the element around: 0 is the innermost. Empty where there is none. */
struct str xml_above(const struct xml *xml, size_t up);

#endif
