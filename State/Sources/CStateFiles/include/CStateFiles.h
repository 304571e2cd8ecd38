#ifndef CSTATEFILES_H
#define CSTATEFILES_H

// Linux system calls that Swift's Glibc module does not offer. Each returns -1 and sets errno on failure.

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST where the new name is taken.
int heron_rename_exclusively(int from_directory, const char *from, int to_directory, const char *to);

/// renameat2(2) with RENAME_EXCHANGE: both names must exist and swap their files atomically.
int heron_rename_exchanging(int from_directory, const char *from, int to_directory, const char *to);

/// pidfd_open(2): a descriptor, closed on exec, that becomes readable when the process ends.
int heron_pidfd_open(int pid);

/// sync_file_range(2): begins to write the file's data and does not wait.
int heron_start_writeback(int file);

#endif
