#define _GNU_SOURCE
#include "CStateFiles.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int heron_rename_exclusively(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int heron_rename_exchanging(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_EXCHANGE);
}

int heron_pidfd_open(int pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int heron_start_writeback(int file) {
    return sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
}
