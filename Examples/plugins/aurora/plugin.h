/* What the library offers. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <heron/plugin.h>

#define SCHEDULER_CLASS "org.apache.heron.scheduler.aurora.AuroraScheduler"
#define LAUNCHER_CLASS "org.apache.heron.scheduler.aurora.AuroraLauncher"
#define WORKING_DIRECTORY_MARK ".heron-aurora"

extern const heron_scheduler_factory scheduler_factory;
extern const heron_launcher_factory launcher_factory;

#endif
