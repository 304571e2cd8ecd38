package org.apache.heron.instance.component;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.heron.api.generated.TopologyAPI;

/** Makes messages of the topology's copy of Heron's API, whatever protobuf it is generated for. */
final class Streams {
    private Streams() {}

    /**
     * A stream's `StreamId`. Its builder's methods are not the same in every kind of generated code; what reads it from
     * bytes is.
     */
    static TopologyAPI.StreamId id(String component, String stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        addText(bytes, 1, stream);
        addText(bytes, 2, component);
        try {
            return TopologyAPI.StreamId.parseFrom(bytes.toByteArray());
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void addText(ByteArrayOutputStream bytes, int field, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.write(field << 3 | 2);
        int length = encoded.length;
        for (; length > 0x7F; length >>>= 7) {
            bytes.write(length & 0x7F | 0x80);
        }
        bytes.write(length);
        bytes.write(encoded, 0, encoded.length);
    }
}
