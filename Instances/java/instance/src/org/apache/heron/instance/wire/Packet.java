package org.apache.heron.instance.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message of Heron's wire protocol: 4 bytes size of the rest, 4 bytes length of the type's name, the name, 32 bytes
 * request id, 4 bytes length of the body, the body; numbers are big-endian.
 */
public final class Packet {
    /** The protobuf type's full name. */
    public final String typeName;
    public final RequestId requestId;
    /** A serialized message; only valid until the reader is fed again. */
    public final ByteBuffer body;

    Packet(String typeName, RequestId requestId, ByteBuffer body) {
        this.typeName = typeName;
        this.requestId = requestId;
        this.body = body;
    }

    /** The bytes of a packet, ready to be sent. */
    public static ByteBuffer encode(String typeName, RequestId requestId, MessageLite body) {
        byte[] name = typeName.getBytes(StandardCharsets.US_ASCII);
        int bodyLength = body.getSerializedSize();
        int size = 4 + name.length + RequestId.LENGTH + 4 + bodyLength;
        ByteBuffer packet = ByteBuffer.allocate(4 + size);
        packet.putInt(size).putInt(name.length).put(name);
        requestId.write(packet);
        packet.putInt(bodyLength);
        try {
            CodedOutputStream stream = CodedOutputStream.newInstance(packet);
            body.writeTo(stream);
            stream.flush();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return packet.rewind();
    }
}
