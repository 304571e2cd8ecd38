package org.apache.heron.api.hooks.info;

import java.time.Duration;

import org.apache.heron.api.tuple.Tuple;

/** A tuple that a bolt has executed. */
public class BoltExecuteInfo {
    private final Tuple tuple;
    private final int executingTaskId;
    private final Duration executeLatency;

    public BoltExecuteInfo(Tuple tuple, int executingTaskId, Duration executeLatency) {
        this.tuple = tuple;
        this.executingTaskId = executingTaskId;
        this.executeLatency = executeLatency;
    }

    /** As the other one, with milliseconds (or null), for instances of older versions. */
    public BoltExecuteInfo(Tuple tuple, int executingTaskId, Long executeLatencyMs) {
        this(tuple, executingTaskId, executeLatencyMs == null ? null : Duration.ofMillis(executeLatencyMs));
    }

    public Tuple getTuple() {
        return tuple;
    }

    public int getExecutingTaskId() {
        return executingTaskId;
    }

    /** How long {@code execute} took; null if it was not measured. */
    public Duration getExecuteLatency() {
        return executeLatency;
    }

    /** {@link #getExecuteLatency} in milliseconds, for hooks written for older versions. */
    public Long getExecuteLatencyMs() {
        return executeLatency == null ? null : executeLatency.toMillis();
    }
}
