/* What the program calls of the libraries that it loads when they are first used: late.c.
 *
 *     X(result, function, (parameters), (arguments))
 *
 * Of a function that is missing here the library is loaded at every start: ./test hardening fails
 * then. */
#ifndef STOA_APP_LATE_CALLS_H
#define STOA_APP_LATE_CALLS_H

#define LATE_PQ(X)                                                                                 \
    X(void, PQclear, (PGresult * a), (a))                                                          \
    X(char *, PQcmdStatus, (PGresult * a), (a))                                                    \
    X(char *, PQcmdTuples, (PGresult * a), (a))                                                    \
    X(PostgresPollingStatusType, PQconnectPoll, (PGconn * a), (a))                                 \
    X(PGconn *, PQconnectStartParams, (const char *const *a, const char *const *b, int c),         \
      (a, b, c))                                                                                   \
    X(PQconninfoOption *, PQconninfo, (PGconn * a), (a))                                           \
    X(void, PQconninfoFree, (PQconninfoOption * a), (a))                                           \
    X(PQconninfoOption *, PQconninfoParse, (const char *a, char **b), (a, b))                      \
    X(int, PQconsumeInput, (PGconn * a), (a))                                                      \
    X(char *, PQdb, (const PGconn *a), (a))                                                        \
    X(int, PQenterPipelineMode, (PGconn * a), (a))                                                 \
    X(char *, PQerrorMessage, (const PGconn *a), (a))                                              \
    X(int, PQexitPipelineMode, (PGconn * a), (a))                                                  \
    X(void, PQfinish, (PGconn * a), (a))                                                           \
    X(int, PQflush, (PGconn * a), (a))                                                             \
    X(char *, PQfname, (const PGresult *a, int b), (a, b))                                         \
    X(Oid, PQftype, (const PGresult *a, int b), (a, b))                                            \
    X(PGresult *, PQgetResult, (PGconn * a), (a))                                                  \
    X(int, PQgetisnull, (const PGresult *a, int b, int c), (a, b, c))                              \
    X(int, PQgetlength, (const PGresult *a, int b, int c), (a, b, c))                              \
    X(char *, PQgetvalue, (const PGresult *a, int b, int c), (a, b, c))                            \
    X(int, PQisBusy, (PGconn * a), (a))                                                            \
    X(int, PQnfields, (const PGresult *a), (a))                                                    \
    X(int, PQntuples, (const PGresult *a), (a))                                                    \
    X(const char *, PQparameterStatus, (const PGconn *a, const char *b), (a, b))                   \
    X(int, PQpipelineSync, (PGconn * a), (a))                                                      \
    X(char *, PQresultErrorField, (const PGresult *a, int b), (a, b))                              \
    X(ExecStatusType, PQresultStatus, (const PGresult *a), (a))                                    \
    X(int, PQsendFlushRequest, (PGconn * a), (a))                                                  \
    X(int, PQsendPrepare, (PGconn * a, const char *b, const char *c, int d, const Oid *e),         \
      (a, b, c, d, e))                                                                             \
    X(int, PQsendQuery, (PGconn * a, const char *b), (a, b))                                       \
    X(int, PQsendQueryParams,                                                                      \
      (PGconn * a, const char *b, int c, const Oid *d, const char *const *e, const int *f,         \
       const int *g, int h),                                                                       \
      (a, b, c, d, e, f, g, h))                                                                    \
    X(int, PQsendQueryPrepared,                                                                    \
      (PGconn * a, const char *b, int c, const char *const *d, const int *e, const int *f, int g), \
      (a, b, c, d, e, f, g))                                                                       \
    X(int, PQserverVersion, (const PGconn *a), (a))                                                \
    X(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn * a, PQnoticeReceiver b, void *c), (a, b, c)) \
    X(int, PQsetnonblocking, (PGconn * a, int b), (a, b))                                          \
    X(int, PQsocket, (const PGconn *a), (a))                                                       \
    X(ConnStatusType, PQstatus, (const PGconn *a), (a))                                            \
    X(PGTransactionStatusType, PQtransactionStatus, (const PGconn *a), (a))

#define LATE_CURL(X)                                                                             \
    X(void, curl_easy_cleanup, (CURL * a), (a))                                                  \
    X(CURL *, curl_easy_init, (void), ())                                                        \
    X(CURLcode, curl_easy_perform, (CURL * a), (a))                                              \
    X(void, curl_easy_reset, (CURL * a), (a))                                                    \
    X(const char *, curl_easy_strerror, (CURLcode a), (a))                                       \
    X(void, curl_free, (void *a), (a))                                                           \
    X(void, curl_global_cleanup, (void), ())                                                     \
    X(CURLcode, curl_global_init, (long a), (a))                                                 \
    X(struct curl_slist *, curl_slist_append, (struct curl_slist * a, const char *b), (a, b))    \
    X(void, curl_slist_free_all, (struct curl_slist * a), (a))                                   \
    X(CURLU *, curl_url, (void), ())                                                             \
    X(void, curl_url_cleanup, (CURLU * a), (a))                                                  \
    X(CURLUcode, curl_url_get, (CURLU * a, CURLUPart b, char **c, unsigned int d), (a, b, c, d)) \
    X(CURLUcode, curl_url_set, (CURLU * a, CURLUPart b, const char *c, unsigned int d),          \
      (a, b, c, d))

/* Those that take as many arguments as there are stand in late.c by themselves. */
#define LATE_CURL_ALL(X)                                           \
    LATE_CURL(X)                                                   \
    X(CURLcode, curl_easy_setopt, (CURL * a, CURLoption b, ...), ) \
    X(CURLcode, curl_easy_getinfo, (CURL * a, CURLINFO b, ...), )

#define LATE_CRYPTO(X)                                                                            \
    X(void, ERR_clear_error, (void), ())                                                          \
    X(unsigned long, ERR_peek_error, (void), ())                                                  \
    X(int, EVP_DigestFinal_ex, (EVP_MD_CTX * a, unsigned char *b, unsigned int *c), (a, b, c))    \
    X(int, EVP_DigestInit_ex, (EVP_MD_CTX * a, const EVP_MD *b, ENGINE *c), (a, b, c))            \
    X(int, EVP_DigestUpdate, (EVP_MD_CTX * a, const void *b, size_t c), (a, b, c))                \
    X(int, EVP_DigestVerify,                                                                      \
      (EVP_MD_CTX * a, const unsigned char *b, size_t c, const unsigned char *d, size_t e),       \
      (a, b, c, d, e))                                                                            \
    X(int, EVP_DigestVerifyInit_ex,                                                               \
      (EVP_MD_CTX * a, EVP_PKEY_CTX * *b, const char *c, OSSL_LIB_CTX *d, const char *e,          \
       EVP_PKEY *f, const OSSL_PARAM g[]),                                                        \
      (a, b, c, d, e, f, g))                                                                      \
    X(void, EVP_MD_CTX_free, (EVP_MD_CTX * a), (a))                                               \
    X(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())                                                   \
    X(void, EVP_PKEY_CTX_free, (EVP_PKEY_CTX * a), (a))                                           \
    X(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name,                                                 \
      (OSSL_LIB_CTX * a, const char *b, const char *c), (a, b, c))                                \
    X(void, EVP_PKEY_free, (EVP_PKEY * a), (a))                                                   \
    X(int, EVP_PKEY_fromdata, (EVP_PKEY_CTX * a, EVP_PKEY * *b, int c, OSSL_PARAM d[]),           \
      (a, b, c, d))                                                                               \
    X(int, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX * a), (a))                                       \
    X(EVP_PKEY *, EVP_PKEY_new_raw_public_key_ex,                                                 \
      (OSSL_LIB_CTX * a, const char *b, const char *c, const unsigned char *d, size_t e),         \
      (a, b, c, d, e))                                                                            \
    X(const EVP_MD *, EVP_md5, (void), ())                                                        \
    X(const EVP_MD *, EVP_sha1, (void), ())                                                       \
    X(unsigned char *, HMAC,                                                                      \
      (const EVP_MD *a, const void *b, int c, const unsigned char *d, size_t e, unsigned char *f, \
       unsigned int *g),                                                                          \
      (a, b, c, d, e, f, g))                                                                      \
    X(unsigned char *, SHA256, (const unsigned char *a, size_t b, unsigned char *c), (a, b, c))

#endif
