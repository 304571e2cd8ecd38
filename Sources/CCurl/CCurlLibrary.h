#pragma once

#include "CCurl.h"

#include <curl/curl.h>

// curl/curl.h wraps these in type-checking macros, which need the functions themselves at link time.
#undef curl_easy_setopt
#undef curl_easy_getinfo

/// What is used of libcurl.
struct ccurl_library {
    CURLcode (*global_init)(long);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    const char *(*multi_strerror)(CURLMcode);
    CURLMcode (*multi_add)(CURLM *, CURL *);
    CURLMcode (*multi_remove)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int, int, int *);
    CURLMcode (*multi_wakeup)(CURLM *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
};

/// Sets an option as a step of a function that ends at the first failure.
#define CCURL_SET(library, curl, option, value)                                                                        \
    do {                                                                                                               \
        CURLcode set_code = (library)->easy_setopt(curl, option, value);                                               \
        if (set_code != CURLE_OK)                                                                                      \
            return set_code;                                                                                           \
    } while (0)

/// The request's headers, to be freed; NULL if there are none, or no memory.
struct curl_slist *ccurl_header_list(const struct ccurl_library *library, const struct ccurl_request *request);

/// Sets what every kind of request needs. `request`, `headers` and `error_text` have to live as long as the transfer.
CURLcode ccurl_set_common(const struct ccurl_library *library, CURL *curl, const struct ccurl_request *request,
                          struct curl_slist *headers, char *error_text);

/// How a transfer ended.
struct ccurl_result ccurl_result_of(const struct ccurl_library *library, CURL *curl, CURLcode code,
                                    const char *error_text);
