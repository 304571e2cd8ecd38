#include <ffi.h>

// libffi's types are global variables, which Swift takes for shared mutable state; nobody writes to them.
static inline ffi_type *heron_ffi_int32(void) {
    return &ffi_type_sint32;
}

static inline ffi_type *heron_ffi_int64(void) {
    return &ffi_type_sint64;
}

static inline ffi_type *heron_ffi_double(void) {
    return &ffi_type_double;
}

static inline ffi_type *heron_ffi_pointer(void) {
    return &ffi_type_pointer;
}
