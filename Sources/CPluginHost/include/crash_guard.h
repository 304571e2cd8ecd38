// Names the plugin when a process dies inside one.
#pragma once

// Installs the handlers of the fatal signals, once for the process. Handlers that were there before still run
// afterwards.
void heron_crash_guard_install(void);

// From here to `leave` this thread is inside `function` of `plugin`. The strings are borrowed until then.
void heron_crash_guard_enter(const char *plugin, const char *function);

// This thread is outside the plugin again.
void heron_crash_guard_leave(void);
