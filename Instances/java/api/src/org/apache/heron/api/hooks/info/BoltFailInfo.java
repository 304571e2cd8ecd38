package org.apache.heron.api.hooks.info;

import java.time.Duration;

import org.apache.heron.api.tuple.Tuple;

/** A tuple that a bolt has failed. */
public class BoltFailInfo {
    private final Tuple tuple;
    private final int failingTaskId;
    private final Duration failLatency;

    public BoltFailInfo(Tuple tuple, int failingTaskId, Duration failLatency) {
        this.tuple = tuple;
        this.failingTaskId = failingTaskId;
        this.failLatency = failLatency;
    }

    /** As the other one, with milliseconds (or null), for instances of older versions. */
    public BoltFailInfo(Tuple tuple, int failingTaskId, Long failLatencyMs) {
        this(tuple, failingTaskId, failLatencyMs == null ? null : Duration.ofMillis(failLatencyMs));
    }

    public Tuple getTuple() {
        return tuple;
    }

    public int getFailingTaskId() {
        return failingTaskId;
    }

    /** From the start of {@code execute} to the failure; null if it was not measured. */
    public Duration getFailLatency() {
        return failLatency;
    }

    /** {@link #getFailLatency} in milliseconds, for hooks written for older versions. */
    public Long getFailLatencyMs() {
        return failLatency == null ? null : failLatency.toMillis();
    }
}
