#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// One process to start. Every pointer is borrowed for the call.
struct cprocess_request {
    /// Path of the executable; a relative one counts from `directory`.
    const char *path;
    /// NULL-terminated.
    char *const *arguments;
    /// NULL-terminated `NAME=value`.
    char *const *environment;
    /// Open descriptor of the working directory.
    int directory;
    /// Descriptors that become 0, 1 and 2; each must be 3 or more, so that none overwrites another.
    int input;
    int output;
    int error;
    /// Whether the process leads a session, and so a group, of its own.
    bool new_session;
};

/// Starts a process with default signal dispositions, an empty signal mask and no descriptor above 2.
///
/// Returns 0 and the process id in `pid`, or an errno value; a failing `exec` in the child is reported here too.
int cprocess_spawn(const struct cprocess_request *request, pid_t *pid);

/// Makes sure that a child's exit status can be collected: undoes an ignored SIGCHLD, which `exec` hands on.
void cprocess_keep_exit_statuses(void);

/// All threads allocate from one heap from now on, which takes less memory than one for each.
void cprocess_share_heap(void);

/// How many bytes are allocated with malloc and not freed, in all heaps.
long cprocess_heap_in_use(void);

/// Gives the calling thread a table of descriptors of its own, in which only 0 to 2 are left.
///
/// What the thread opens afterwards no other thread has, and no child process: starting processes does not take longer
/// for it. Returns whether it could be done.
bool cprocess_separate_descriptors(void);

/// From now on a signal writes its number, one byte, into the pipe that `cprocess_signal_pipe` reads from.
///
/// Returns 0 or an errno value.
int cprocess_catch_signal(int number);

/// Gives a signal its default effect again.
void cprocess_release_signal(int number);

/// The read end of the signal pipe, blocking and never closed; -1 if it could not be made.
int cprocess_signal_pipe(void);

/// Opens a directory for use as a working directory, which needs no permission to list it; -1 and errno.
int cprocess_open_directory(const char *path);

/// Opens a pipe that children do not inherit; its read end (`ends[0]`) does not block. 0, or -1 and errno.
int cprocess_open_pipe(int ends[2]);

/// The environment of this process, NULL-terminated; valid until somebody changes it.
char *const *cprocess_environment(void);

/// What an errno value means, as a string that lives for ever; safe from any thread.
const char *cprocess_error_text(int code);

/// The name of a signal without `SIG`, or NULL.
const char *cprocess_signal_name(int number);
