package org.apache.heron.api.hooks.info;

import java.time.Duration;

import org.apache.heron.api.tuple.Tuple;

/** A tuple that a bolt has acked. */
public class BoltAckInfo {
    private final Tuple tuple;
    private final int ackingTaskId;
    private final Duration processLatency;

    public BoltAckInfo(Tuple tuple, int ackingTaskId, Duration processLatency) {
        this.tuple = tuple;
        this.ackingTaskId = ackingTaskId;
        this.processLatency = processLatency;
    }

    /** As the other one, with milliseconds (or null), for instances of older versions. */
    public BoltAckInfo(Tuple tuple, int ackingTaskId, Long processLatencyMs) {
        this(tuple, ackingTaskId, processLatencyMs == null ? null : Duration.ofMillis(processLatencyMs));
    }

    public Tuple getTuple() {
        return tuple;
    }

    public int getAckingTaskId() {
        return ackingTaskId;
    }

    /** From the start of {@code execute} to the ack; null if it was not measured. */
    public Duration getProcessLatency() {
        return processLatency;
    }

    /** {@link #getProcessLatency} in milliseconds, for hooks written for older versions. */
    public Long getProcessLatencyMs() {
        return processLatency == null ? null : processLatency.toMillis();
    }
}
