/* Assets: files that are part of the program, with their names hashed and compressed at build time.
 *
 *     ui_assets = custom_target(…, output: ['ui_assets.h', 'ui_assets.c'], depfile: 'ui_assets.d',
 *                               command: [gen_assets, 'ui', FOLDER, '@DEPFILE@', '@OUTPUT@'])
 *     <link rel="stylesheet" href="{{asset ui/style.css}}">         in a page
 *     extern const struct asset ui_asset_style_css;                 what that becomes
 *     extern const struct asset *const ui_assets[];                 and all of them, for the wiring
 *
 * The name in the URL holds a hash of the content, so it may be kept for ever; a page always names
 * the one that it was built with, and any other is not there. A text may refer to another asset of
 * its folder by "asset:NAME". */
#ifndef STOA_WEB_ASSET_H
#define STOA_WEB_ASSET_H

#include "web/compress.h"
#include "web/request.h"

struct asset {
    const char *name;                /* "style.css" */
    const char *path;                /* "/assets/ui/style-9f86d081.css" */
    const char *type;                /* "text/css; charset=utf-8" */
    struct str copies[CODING_COUNT]; /* empty where a coding would not make it smaller */
    const char *etags[CODING_COUNT]; /* of each, with its quotes */
    bool root; /* served under its own name at the root too, for an hour: robots.txt */
};

/* Answers a GET or HEAD for one, without blocking; ERR_MISSING, with nothing recorded, where none
 * has that path. Each of `sets` is a room's assets and ends with NULL, as does the list of them. */
enum err asset_answer(struct request *request, const struct asset *const *const sets[]);

/* Whether there is one, for who asks with another method. */
bool asset_has_path(struct str path, const struct asset *const *const sets[]);

#endif
