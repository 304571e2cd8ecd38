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

/// Files in PEM format for https; NULL for libcurl's own choice. The server's certificate is always verified.
struct ccurl_tls {
    /// Whom to trust instead of the system's authorities.
    const char *ca_file;
    /// This side's certificate and key; a NULL key is looked for in the certificate's file.
    const char *certificate_file;
    const char *key_file;
    /// Whether the certificate may be for another host.
    bool ignores_host;
};

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
    /// For everything together; 0 for no limit.
    long timeout_milliseconds;
    /// For the connection alone; 0 if the limit above is enough.
    long connect_timeout_milliseconds;
    /// NULL for the defaults.
    const struct ccurl_tls *tls;
    /// Handed to the functions below.
    void *context;
    /// Take a header line, or a piece of the body; false ends the transfer.
    bool (*on_header)(void *context, const void *data, size_t length);
    bool (*on_body)(void *context, const void *data, size_t length);
    /// Asked at least once a second; true ends the transfer. Not used by `ccurl_transfer_start`.
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
    /// The server's certificate cannot be trusted or is another host's, or one of our own files cannot be used.
    CCURL_BAD_CERTIFICATE,
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

// MARK: Many transfers on one thread

/// Transfers that one thread drives. All functions but `ccurl_multi_wake` are for that thread, and not to be called
/// from a transfer's own functions.
struct ccurl_multi;

/// NULL if there is no memory. To be closed with `ccurl_multi_close`.
struct ccurl_multi *ccurl_multi_open(const struct ccurl_library *library);

/// Every transfer has to be ended before.
void ccurl_multi_close(struct ccurl_multi *multi);

/// Waits until something can be done, `ccurl_multi_wake` is called, or the time is over; then does what can be done
/// without waiting. The transfers' functions are called meanwhile. False, with libcurl's words, if it cannot go on.
bool ccurl_multi_run(struct ccurl_multi *multi, int timeout_milliseconds, char *message, size_t capacity);

/// Ends the wait of `ccurl_multi_run`, the present one or the next. Safe from any thread as long as `multi` is open.
void ccurl_multi_wake(struct ccurl_multi *multi);

/// A request and its response under way.
struct ccurl_transfer;

/// Begins to send the request, whatever its `method`, as an HTTP/1.1 POST of its body, or as a GET if it has none; body
/// and headers are copied, its functions and their context have to live until `ccurl_transfer_end`. A body that began
/// to go out is never sent again: where libcurl would repeat the request, the transfer fails. One with `is_apart` has a
/// connection of its own, which is closed with it. NULL if there is no memory; other mistakes show in the result.
struct ccurl_transfer *ccurl_transfer_start(struct ccurl_multi *multi, const struct ccurl_request *request,
                                            bool is_apart);

/// False as long as the transfer is under way.
bool ccurl_transfer_result(const struct ccurl_transfer *transfer, struct ccurl_result *result);

/// Ends the transfer, done or not, and frees it; cuts its connection if it is not done.
void ccurl_transfer_end(struct ccurl_transfer *transfer);
