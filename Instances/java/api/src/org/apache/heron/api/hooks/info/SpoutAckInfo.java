package org.apache.heron.api.hooks.info;

import java.time.Duration;

/** A message of a spout that has been processed completely. */
public class SpoutAckInfo {
    private final Object messageId;
    private final int spoutTaskId;
    private final Duration completeLatency;

    public SpoutAckInfo(Object messageId, int spoutTaskId, Duration completeLatency) {
        this.messageId = messageId;
        this.spoutTaskId = spoutTaskId;
        this.completeLatency = completeLatency;
    }

    /** As the other one, with milliseconds (or null), for instances of older versions. */
    public SpoutAckInfo(Object messageId, int spoutTaskId, Long completeLatencyMs) {
        this(messageId, spoutTaskId, completeLatencyMs == null ? null : Duration.ofMillis(completeLatencyMs));
    }

    public Object getMessageId() {
        return messageId;
    }

    public int getSpoutTaskId() {
        return spoutTaskId;
    }

    /** From the emit to the ack; null if it was not measured. */
    public Duration getCompleteLatency() {
        return completeLatency;
    }

    /** {@link #getCompleteLatency} in milliseconds, for hooks written for older versions. */
    public Long getCompleteLatencyMs() {
        return completeLatency == null ? null : completeLatency.toMillis();
    }
}
