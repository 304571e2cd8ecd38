package org.apache.heron.api.hooks.info;

import java.util.Collection;
import java.util.List;

/** A tuple that a task has emitted. */
public class EmitInfo {
    private final List<Object> values;
    private final String stream;
    private final int taskId;
    private final Collection<Integer> outTasks;

    public EmitInfo(List<Object> values, String stream, int taskId, Collection<Integer> outTasks) {
        this.values = values;
        this.stream = stream;
        this.taskId = taskId;
        this.outTasks = outTasks;
    }

    public List<Object> getValues() {
        return values;
    }

    public String getStream() {
        return stream;
    }

    /** The emitting task. */
    public int getTaskId() {
        return taskId;
    }

    /** The tasks that the emitting task itself has chosen: those of custom groupings, or of a direct emit. */
    public Collection<Integer> getOutTasks() {
        return outTasks;
    }
}
