package org.apache.heron.api.hooks.info;

import java.time.Duration;

/** A message of a spout that has failed. */
public class SpoutFailInfo {
    private final Object messageId;
    private final int spoutTaskId;
    private final Duration failLatency;

    public SpoutFailInfo(Object messageId, int spoutTaskId, Duration failLatency) {
        this.messageId = messageId;
        this.spoutTaskId = spoutTaskId;
        this.failLatency = failLatency;
    }

    /** As the other one, with milliseconds (or null), for instances of older versions. */
    public SpoutFailInfo(Object messageId, int spoutTaskId, Long failLatencyMs) {
        this(messageId, spoutTaskId, failLatencyMs == null ? null : Duration.ofMillis(failLatencyMs));
    }

    public Object getMessageId() {
        return messageId;
    }

    public int getSpoutTaskId() {
        return spoutTaskId;
    }

    /** From the emit to the failure; null if it was not measured. */
    public Duration getFailLatency() {
        return failLatency;
    }

    /** {@link #getFailLatency} in milliseconds, for hooks written for older versions. */
    public Long getFailLatencyMs() {
        return failLatency == null ? null : failLatency.toMillis();
    }
}
