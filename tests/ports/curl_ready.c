/* Has libcurl, and the OpenSSL below it, take what they keep for ever before any test counts. */
#include <curl/curl.h>

__attribute__((constructor)) static void make_ready(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}
