#include "CCurlLibrary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ccurl_multi {
    const struct ccurl_library *library;
    CURLM *handle;
};

struct ccurl_transfer {
    struct ccurl_multi *multi;
    CURL *curl;
    struct curl_slist *headers;
    /// Its functions and their context; the pointers to what was copied are void.
    struct ccurl_request request;
    char *body;
    size_t body_length;
    size_t body_sent;
    char error_text[CURL_ERROR_SIZE];
    bool is_done;
    struct ccurl_result result;
};

// MARK: Driving

struct ccurl_multi *ccurl_multi_open(const struct ccurl_library *library) {
    struct ccurl_multi *multi = calloc(1, sizeof *multi);
    if (!multi)
        return NULL;
    multi->library = library;
    multi->handle = library->multi_init();
    if (!multi->handle) {
        free(multi);
        return NULL;
    }
    return multi;
}

void ccurl_multi_close(struct ccurl_multi *multi) {
    multi->library->multi_cleanup(multi->handle);
    free(multi);
}

void ccurl_multi_wake(struct ccurl_multi *multi) {
    multi->library->multi_wakeup(multi->handle);
}

static void finish(struct ccurl_transfer *transfer, CURLcode code) {
    transfer->result = ccurl_result_of(transfer->multi->library, transfer->curl, code, transfer->error_text);
    transfer->is_done = true;
}

static void finish_done_transfers(struct ccurl_multi *multi) {
    int left;
    for (CURLMsg *message; (message = multi->library->multi_info_read(multi->handle, &left));) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *curl = message->easy_handle;
        CURLcode code = message->data.result;
        char *transfer = NULL;
        multi->library->easy_getinfo(curl, CURLINFO_PRIVATE, &transfer);
        finish((struct ccurl_transfer *)transfer, code);
        // The message is void after this.
        multi->library->multi_remove(multi->handle, curl);
    }
}

bool ccurl_multi_run(struct ccurl_multi *multi, int timeout_milliseconds, char *message, size_t capacity) {
    int running;
    CURLMcode code = multi->library->multi_poll(multi->handle, NULL, 0, timeout_milliseconds, NULL);
    if (code == CURLM_OK)
        code = multi->library->multi_perform(multi->handle, &running);
    finish_done_transfers(multi);
    if (code != CURLM_OK)
        snprintf(message, capacity, "%s", multi->library->multi_strerror(code));
    return code == CURLM_OK;
}

// MARK: Transfers

static size_t give_body(char *buffer, size_t size, size_t count, void *context) {
    struct ccurl_transfer *transfer = context;
    size_t length = transfer->body_length - transfer->body_sent;
    if (length > size * count)
        length = size * count;
    memcpy(buffer, transfer->body + transfer->body_sent, length);
    transfer->body_sent += length;
    return length;
}

static CURLcode set_transfer_options(struct ccurl_transfer *transfer, bool is_apart) {
    const struct ccurl_library *library = transfer->multi->library;
    CURL *curl = transfer->curl;
    CURLcode code = ccurl_set_common(library, curl, &transfer->request, transfer->headers, transfer->error_text);
    if (code != CURLE_OK)
        return code;
    CCURL_SET(library, curl, CURLOPT_PRIVATE, transfer);
    // Ordered, and with one response at a time.
    CCURL_SET(library, curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    if (transfer->body) {
        CCURL_SET(library, curl, CURLOPT_POST, 1L);
        CCURL_SET(library, curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body_length);
        // A function that cannot start over keeps libcurl from repeating a request when a kept connection breaks under
        // it: the server may have acted on the first.
        CCURL_SET(library, curl, CURLOPT_READFUNCTION, give_body);
        CCURL_SET(library, curl, CURLOPT_READDATA, transfer);
    }
    CCURL_SET(library, curl, CURLOPT_FRESH_CONNECT, (long)is_apart);
    CCURL_SET(library, curl, CURLOPT_FORBID_REUSE, (long)is_apart);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Whoever ends a transfer does not wait for a slow name server. Older libraries do not know the option.
    library->easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
    return CURLE_OK;
}

static void free_transfer(struct ccurl_transfer *transfer) {
    const struct ccurl_library *library = transfer->multi->library;
    if (transfer->curl)
        library->easy_cleanup(transfer->curl);
    library->slist_free_all(transfer->headers);
    free(transfer->body);
    free(transfer);
}

static bool copy_request(struct ccurl_transfer *transfer, const struct ccurl_request *request) {
    const struct ccurl_library *library = transfer->multi->library;
    transfer->request = *request;
    transfer->body_length = request->body_length;
    transfer->headers = ccurl_header_list(library, request);
    transfer->curl = library->easy_init();
    if (!transfer->curl || (!transfer->headers && request->header_count > 0))
        return false;
    if (!request->body)
        return true;
    // An empty body has an address, too.
    transfer->body = malloc(request->body_length + 1);
    if (transfer->body && request->body_length > 0)
        memcpy(transfer->body, request->body, request->body_length);
    return transfer->body != NULL;
}

struct ccurl_transfer *ccurl_transfer_start(struct ccurl_multi *multi, const struct ccurl_request *request,
                                            bool is_apart) {
    struct ccurl_transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer)
        return NULL;
    transfer->multi = multi;
    if (!copy_request(transfer, request)) {
        free_transfer(transfer);
        return NULL;
    }
    CURLcode code = set_transfer_options(transfer, is_apart);
    if (code == CURLE_OK && multi->library->multi_add(multi->handle, transfer->curl) != CURLM_OK)
        code = CURLE_OUT_OF_MEMORY;
    if (code != CURLE_OK)
        finish(transfer, code);
    return transfer;
}

bool ccurl_transfer_result(const struct ccurl_transfer *transfer, struct ccurl_result *result) {
    if (transfer->is_done)
        *result = transfer->result;
    return transfer->is_done;
}

void ccurl_transfer_end(struct ccurl_transfer *transfer) {
    // One that is done has been removed, or was never added.
    if (!transfer->is_done)
        transfer->multi->library->multi_remove(transfer->multi->handle, transfer->curl);
    free_transfer(transfer);
}
