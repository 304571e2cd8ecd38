/* Heron's plugin ABI: include this file and nothing else.
 *
 * A plugin is a shared library that teaches Heron how to launch and schedule topologies somewhere. Beside it lies a
 * `plugin.yaml` that names it and the classes it answers to (`heron.class.scheduler`, `heron.class.launcher`).
 *
 * In short:
 *   - The library exports one symbol, `heron_plugin_entry` (entry.h). Hide everything else.
 *   - The entry leads to factories (scheduler.h, launcher.h, operations.h); a factory makes instances, which the host
 *     calls.
 *   - An instance is given its `heron_host` (host.h) and asks it for services by id (state.h, containers.h, packages.h,
 *     metrics.h, launching.h).
 *   - Heron's own protobuf messages are passed as bytes.
 *
 * Conventions, everywhere:
 *   Sizes      Every table (a struct of functions) begins with its size in bytes, set by whoever fills it. A later
 * minor version adds members at the end only. A member beyond the size, or NULL, is "not offered". Status     What can
 * fail returns a heron_status (status.h); the text goes through `heron_host.report`. Ownership  Every pointer has a
 * line OWNERSHIP that says who owns it and how long it may be used. Nobody frees what the other side allocated; what
 * has to live longer is copied. Threads    Every function carries one of these tags: [scan]           on any thread, at
 * any time after the library was loaded. Quick, without input or output. [plugin-thread]  on the one thread that the
 * host dedicates to an instance. Calls never overlap, the host holds no lock, and the function may block; while it
 * does, only this instance waits. [any-thread]     on the plugin thread, or on a thread that the plugin itself started.
 * May block. Never from a thread of a pool that must not block, such as those that run Swift's tasks. Unwinding  No
 * exception, longjmp or other unwinding crosses a function of this ABI, in either direction. Text       UTF-8.
 */
#ifndef HERON_PLUGIN_H
#define HERON_PLUGIN_H

#include "abi.h"
#include "containers.h"
#include "entry.h"
#include "facts.h"
#include "host.h"
#include "launcher.h"
#include "launching.h"
#include "metrics.h"
#include "operations.h"
#include "packages.h"
#include "scheduler.h"
#include "scheduler_status.h"
#include "state.h"
#include "status.h"
#include "types.h"

#endif
