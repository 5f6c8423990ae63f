/* Finds an asset by its path, and answers with the copy that suits the reader. */
#include "web/asset.h"

#include <string.h>

static const char for_ever[] = "public, max-age=31536000, immutable";
static const char for_an_hour[] = "public, max-age=3600";

static bool is_path(struct str path, const char *of)
{
    return strncmp(path.ptr, of, path.len) == 0 && of[path.len] == '\0';
}

static bool is_asset(const struct asset *asset, struct str path, bool *by_hash)
{
    *by_hash = is_path(path, asset->path);
    return *by_hash || (asset->root && is_path(str_slice(path, 1, path.len), asset->name));
}

/* A part is one of the plain bytes, whatever the whole would have come as. */
static enum coding choose_copy(const struct request *request, const struct asset *asset)
{
    unsigned has = 0;
    for (int coding = CODING_GZIP; coding < CODING_COUNT; coding++)
        has |= asset->copies[coding].len ? 1u << coding : 0;
    if (!has || request_header(request, STR("Range")).ptr)
        return CODING_NONE;
    return coding_choose(request_header(request, STR("Accept-Encoding")), has);
}

static enum err answer(struct request *request, const struct asset *asset, bool by_hash)
{
    enum coding coding = choose_copy(request, asset);
    respond_cache(request, by_hash ? for_ever : for_an_hour);
    request->response.coding = coding == CODING_NONE ? NULL : coding_name(coding);
    if (asset->copies[CODING_GZIP].len || asset->copies[CODING_BROTLI].len)
        request->response.vary = "Accept-Encoding";
    return respond_fixed(request, asset->type, asset->copies[coding],
                         str_from(asset->etags[coding]));
}

bool asset_has_path(struct str path, const struct asset *const *const sets[])
{
    bool by_hash;
    for (; str_starts(path, STR("/")) && *sets; sets++)
        for (const struct asset *const *asset = *sets; *asset; asset++)
            if (is_asset(*asset, path, &by_hash))
                return true;
    return false;
}

enum err asset_answer(struct request *request, const struct asset *const *const sets[])
{
    struct str path = request->path;
    bool by_hash;
    for (; str_starts(path, STR("/")) && *sets; sets++)
        for (const struct asset *const *asset = *sets; *asset; asset++)
            if (is_asset(*asset, path, &by_hash))
                return answer(request, *asset, by_hash);
    return ERR_MISSING;
}
