// Whether environment variables may be believed.
#pragma once

#include <stdbool.h>
#include <sys/auxv.h>

// Whether this process has more rights than whoever started it, by set-user-id, set-group-id or file capabilities.
static inline bool heron_is_elevated(void) {
    return getauxval(AT_SECURE) != 0;
}
