// Tells ThreadSanitizer of the order that Swift's Mutex makes where a thread has to wait for it: that part is in
// Swift's own library, which is not instrumented. The rest is inlined into our code, where the sanitizer sees it.
//
// Linked into every executable under test, where it comes before the library's functions of these names (Swift 6.3,
// stdlib/public/Synchronization/Mutex/LinuxImpl.swift).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *handle);
typedef SWIFT void (*unlock_function)(SELF void *handle);

SWIFT void lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void unlock_slow(SELF void *handle) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
    static lock_function real;
    if (real == 0)
        real = (lock_function)dlsym(RTLD_NEXT, LOCK);
    real(thread, handle);
    __tsan_acquire(handle);
}

SWIFT void unlock_slow(SELF void *handle) {
    static unlock_function real;
    if (real == 0)
        real = (unlock_function)dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(handle);
    real(handle);
}
