/* Heron's protobuf messages, as much of them as a scheduler needs: $HERON_HOME/include/heron/proto has all. */
#ifndef PLAN_H
#define PLAN_H

#include <heron/plugin.h>

/* The ids of a PackingPlan's containers, in an array that the caller frees; NULL if it is not a valid plan, or if
 * there is no memory. */
int32_t *plan_containers(heron_bytes plan, size_t *count);

/* Whether the message is a RestartTopologyRequest; stores the container that it asks for, -1 for all. */
int restart_container(heron_bytes request, int32_t *container);

#endif
