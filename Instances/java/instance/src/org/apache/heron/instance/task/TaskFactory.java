package org.apache.heron.instance.task;

/** Makes tasks of the topology's objects; implemented once for each package of Heron's API. */
public interface TaskFactory {
    /** `component` is a spout or bolt of that API. */
    Task newTask(Object component, TaskContext context);
}
