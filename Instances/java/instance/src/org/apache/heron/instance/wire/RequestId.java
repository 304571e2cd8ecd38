package org.apache.heron.instance.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** The 32 opaque bytes by which a response finds its request; all zero for a message that wants none. */
public final class RequestId {
    public static final int LENGTH = 32;
    /** Of one-way messages. */
    public static final RequestId NONE = new RequestId(new byte[LENGTH]);

    private final byte[] bytes;

    private RequestId(byte[] bytes) {
        this.bytes = bytes;
    }

    public static RequestId random() {
        byte[] bytes = new byte[LENGTH];
        ThreadLocalRandom.current().nextBytes(bytes);
        return new RequestId(bytes);
    }

    static RequestId read(ByteBuffer from) {
        byte[] bytes = new byte[LENGTH];
        from.get(bytes);
        return new RequestId(bytes);
    }

    void write(ByteBuffer to) {
        to.put(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestId && Arrays.equals(bytes, ((RequestId) other).bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
