// What PluginHost needs from C.
#pragma once

#include "crash_guard.h"
#include "elevation.h"
