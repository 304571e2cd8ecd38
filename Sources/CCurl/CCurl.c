#include "CCurlLibrary.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: Loading

static bool load_functions(void *handle, struct ccurl_library *library, const char **missing) {
    const struct {
        const char *name;
        void *target;
    } functions[] = {
        {"curl_global_init", &library->global_init},       {"curl_easy_init", &library->easy_init},
        {"curl_easy_cleanup", &library->easy_cleanup},     {"curl_easy_perform", &library->easy_perform},
        {"curl_easy_setopt", &library->easy_setopt},       {"curl_easy_getinfo", &library->easy_getinfo},
        {"curl_easy_strerror", &library->easy_strerror},   {"curl_slist_append", &library->slist_append},
        {"curl_slist_free_all", &library->slist_free_all}, {"curl_multi_init", &library->multi_init},
        {"curl_multi_cleanup", &library->multi_cleanup},   {"curl_multi_strerror", &library->multi_strerror},
        {"curl_multi_add_handle", &library->multi_add},    {"curl_multi_remove_handle", &library->multi_remove},
        {"curl_multi_perform", &library->multi_perform},   {"curl_multi_poll", &library->multi_poll},
        {"curl_multi_wakeup", &library->multi_wakeup},     {"curl_multi_info_read", &library->multi_info_read},
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *symbol = dlsym(handle, functions[i].name);
        *missing = functions[i].name;
        if (!symbol)
            return false;
        memcpy(functions[i].target, &symbol, sizeof symbol);
    }
    return true;
}

struct ccurl_library *ccurl_load(const char *file, char *message, size_t capacity) {
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(message, capacity, "%s", dlerror());
        return NULL;
    }
    struct ccurl_library *library = calloc(1, sizeof *library);
    const char *missing = "memory";
    if (!library || !load_functions(handle, library, &missing)) {
        snprintf(message, capacity, "%s: no %s", file, missing);
        free(library);
        dlclose(handle);
        return NULL;
    }
    CURLcode code = library->global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        // Initialised in part or not, nobody says; so it stays loaded.
        snprintf(message, capacity, "%s: %s", file, library->easy_strerror(code));
        free(library);
        return NULL;
    }
    return library;
}

// MARK: Performing

static size_t take_header(char *data, size_t size, size_t count, void *context) {
    const struct ccurl_request *request = context;
    return request->on_header(request->context, data, size * count) ? size * count : 0;
}

// A count that libcurl did not hand over makes it stop; so does 0, unless it handed over nothing.
static size_t take_body(char *data, size_t size, size_t count, void *context) {
    const struct ccurl_request *request = context;
    return request->on_body(request->context, data, size * count) ? size * count : size * count + 1;
}

static int check_cancelled(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    const struct ccurl_request *request = context;
    return request->is_cancelled(request->context);
}

struct curl_slist *ccurl_header_list(const struct ccurl_library *library, const struct ccurl_request *request) {
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        struct curl_slist *longer = library->slist_append(list, request->headers[i]);
        if (!longer) {
            library->slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

static CURLcode set_tls(const struct ccurl_library *library, CURL *curl, const struct ccurl_tls *tls) {
    if (!tls)
        return CURLE_OK;
    if (tls->ca_file)
        CCURL_SET(library, curl, CURLOPT_CAINFO, tls->ca_file);
    if (tls->certificate_file)
        CCURL_SET(library, curl, CURLOPT_SSLCERT, tls->certificate_file);
    if (tls->key_file)
        CCURL_SET(library, curl, CURLOPT_SSLKEY, tls->key_file);
    if (tls->ignores_host)
        CCURL_SET(library, curl, CURLOPT_SSL_VERIFYHOST, 0L);
    return CURLE_OK;
}

CURLcode ccurl_set_common(const struct ccurl_library *library, CURL *curl, const struct ccurl_request *request,
                          struct curl_slist *headers, char *error_text) {
    long connect_timeout = request->connect_timeout_milliseconds;
    CCURL_SET(library, curl, CURLOPT_ERRORBUFFER, error_text);
    CCURL_SET(library, curl, CURLOPT_URL, request->url);
    CCURL_SET(library, curl, CURLOPT_HTTPHEADER, headers);
    CCURL_SET(library, curl, CURLOPT_TIMEOUT_MS, request->timeout_milliseconds);
    CCURL_SET(library, curl, CURLOPT_CONNECTTIMEOUT_MS,
              connect_timeout ? connect_timeout : request->timeout_milliseconds);
    CCURL_SET(library, curl, CURLOPT_FOLLOWLOCATION, 0L);
    CCURL_SET(library, curl, CURLOPT_NOSIGNAL, 1L);
    CCURL_SET(library, curl, CURLOPT_PROXY, "");
    CCURL_SET(library, curl, CURLOPT_HEADERFUNCTION, take_header);
    CCURL_SET(library, curl, CURLOPT_HEADERDATA, request);
    CCURL_SET(library, curl, CURLOPT_WRITEFUNCTION, take_body);
    CCURL_SET(library, curl, CURLOPT_WRITEDATA, request);
    return set_tls(library, curl, request->tls);
}

static CURLcode set_options(const struct ccurl_library *library, CURL *curl, const struct ccurl_request *request,
                            struct curl_slist *headers, char *error_text) {
    CURLcode code = ccurl_set_common(library, curl, request, headers, error_text);
    if (code != CURLE_OK)
        return code;
    CCURL_SET(library, curl, CURLOPT_NOPROGRESS, 0L);
    CCURL_SET(library, curl, CURLOPT_XFERINFOFUNCTION, check_cancelled);
    CCURL_SET(library, curl, CURLOPT_XFERINFODATA, request);
    if (request->body) {
        CCURL_SET(library, curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        CCURL_SET(library, curl, CURLOPT_POSTFIELDS, request->body);
    } else if (strcmp(request->method, "HEAD") == 0) {
        CCURL_SET(library, curl, CURLOPT_NOBODY, 1L);
        return CURLE_OK;
    }
    CCURL_SET(library, curl, CURLOPT_CUSTOMREQUEST, request->method);
    return CURLE_OK;
}

static enum ccurl_outcome outcome_of(CURLcode code) {
    switch (code) {
    case CURLE_OK:
        return CCURL_DONE;
    case CURLE_COULDNT_RESOLVE_HOST:
        return CCURL_UNKNOWN_HOST;
    case CURLE_COULDNT_CONNECT:
        return CCURL_NOT_CONNECTED;
    case CURLE_OPERATION_TIMEDOUT:
        return CCURL_TIMED_OUT;
    case CURLE_WRITE_ERROR:
    case CURLE_ABORTED_BY_CALLBACK:
        return CCURL_STOPPED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
        return CCURL_BAD_CERTIFICATE;
    default:
        return CCURL_FAILED;
    }
}

struct ccurl_result ccurl_result_of(const struct ccurl_library *library, CURL *curl, CURLcode code,
                                    const char *error_text) {
    struct ccurl_result result = {.outcome = outcome_of(code)};
    library->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result.status);
    library->easy_getinfo(curl, CURLINFO_OS_ERRNO, &result.system_error);
    if (code != CURLE_OK)
        snprintf(result.message, sizeof result.message, "%s",
                 error_text[0] ? error_text : library->easy_strerror(code));
    return result;
}

static struct ccurl_result out_of_memory(void) {
    struct ccurl_result result = {.outcome = CCURL_FAILED, .message = "out of memory"};
    return result;
}

struct ccurl_result ccurl_perform(const struct ccurl_library *library, const struct ccurl_request *request) {
    CURL *curl = library->easy_init();
    if (!curl)
        return out_of_memory();
    struct curl_slist *headers = ccurl_header_list(library, request);
    if (!headers && request->header_count > 0) {
        library->easy_cleanup(curl);
        return out_of_memory();
    }
    char error_text[CURL_ERROR_SIZE] = "";
    CURLcode code = set_options(library, curl, request, headers, error_text);
    if (code == CURLE_OK)
        code = library->easy_perform(curl);

    struct ccurl_result result = ccurl_result_of(library, curl, code, error_text);
    library->easy_cleanup(curl);
    library->slist_free_all(headers);
    return result;
}
