package org.apache.heron.instance.task;

import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.instance.metrics.ErrorReports;
import org.apache.heron.instance.metrics.MetricsRegistry;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.topology.UserClasses;
import org.apache.heron.instance.tuple.OutgoingTuples;
import org.apache.heron.instance.util.Timers;

/** What a task works with. */
public interface TaskContext {
    /** The assignment with which the task began. */
    Assignment assignment();

    InstanceSettings settings();

    UserClasses classes();

    /** Where emitted tuples go. For any thread. */
    OutgoingTuples outgoing();

    /** Called after something was added to outgoing(), so that it is sent even if the task is idle. For any thread. */
    void emitted();

    /** What is to be done later on the task's thread. */
    Timers timers();

    MetricsRegistry metrics();

    /** For any thread. */
    ErrorReports errors();

    /** Whether the instance was told to stop: then a step must return as soon as the topology's code does. */
    boolean isStopping();
}
