#pragma once

#include <stdbool.h>
#include <stddef.h>

/// libcurl, loaded at run time so that programs which rarely need it do not pay for it at their start.
struct ccurl_library;

/// Loads libcurl and prepares it for use from any thread. The result is never unloaded.
///
/// Returns NULL and a reason in `message` (at most `capacity` bytes with the NUL) if the file cannot be loaded or lacks
/// a function.
struct ccurl_library *ccurl_load(const char *file, char *message, size_t capacity);

/// One HTTP request. Every pointer is borrowed for the call.
struct ccurl_request {
    const char *method;
    const char *url;
    /// `Name: value`, `Name;` for an empty value, `Name:` to leave out a header that libcurl would send.
    const char *const *headers;
    size_t header_count;
    /// NULL for a request without a body.
    const void *body;
    size_t body_length;
    /// For everything together.
    long timeout_milliseconds;
    /// Handed to the functions below.
    void *context;
    /// Take a header line, or a piece of the body; false ends the transfer.
    bool (*on_header)(void *context, const void *data, size_t length);
    bool (*on_body)(void *context, const void *data, size_t length);
    /// Asked at least once a second; true ends the transfer.
    bool (*is_cancelled)(void *context);
};

/// Why a transfer ended without a whole response.
enum ccurl_outcome {
    CCURL_DONE = 0,
    /// The host's name is not known.
    CCURL_UNKNOWN_HOST,
    /// No connection came about; `system_error` tells more.
    CCURL_NOT_CONNECTED,
    CCURL_TIMED_OUT,
    /// One of the functions of the request ended it.
    CCURL_STOPPED,
    /// Anything else; `message` tells what.
    CCURL_FAILED,
};

struct ccurl_result {
    enum ccurl_outcome outcome;
    /// The HTTP status.
    long status;
    /// An errno value, or 0.
    long system_error;
    /// libcurl's own words, without the URL; may be empty.
    char message[256];
};

/// Performs a request and blocks until it is done. Follows no redirect and uses no proxy. Safe from any thread.
struct ccurl_result ccurl_perform(const struct ccurl_library *library, const struct ccurl_request *request);
