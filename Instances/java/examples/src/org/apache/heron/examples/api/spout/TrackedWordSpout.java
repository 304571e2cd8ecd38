package org.apache.heron.examples.api.spout;

import java.time.Duration;

/** Emits words that are tracked until they are acked or failed. */
public class TrackedWordSpout extends TestWordSpout {
    private static final long serialVersionUID = 1L;

    private long emitted;

    public TrackedWordSpout(Duration pause) {
        super(pause);
    }

    @Override
    protected Object messageId(String word) {
        return word + "-" + emitted++;
    }

    @Override
    public void ack(Object msgId) {
        System.out.println("acked: " + msgId);
    }

    @Override
    public void fail(Object msgId) {
        System.out.println("failed: " + msgId);
    }
}
