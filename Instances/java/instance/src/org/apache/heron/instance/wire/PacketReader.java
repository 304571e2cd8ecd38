package org.apache.heron.instance.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds packets in a stream of bytes. Not thread-safe. */
public final class PacketReader {
    private static final int SMALLEST_PACKET = 4 + RequestId.LENGTH + 4;
    private static final int FIRST_CAPACITY = 256 * 1024;

    private final int maximumBytes;
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_CAPACITY);

    /** A packet larger than `maximumBytes` is refused. */
    public PacketReader(int maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    /** Where the next bytes are put; there is room for at least one. Packets read before become invalid. */
    public ByteBuffer room() {
        if (!buffer.hasRemaining()) {
            grow();
        }
        return buffer;
    }

    /**
     * Hands each complete packet that the buffer holds to `receiver`, in their order.
     *
     * @throws MalformedPacket if the bytes are no packets.
     */
    public void read(Receiver receiver) throws MalformedPacket {
        buffer.flip();
        while (buffer.remaining() >= 4) {
            int size = buffer.getInt(buffer.position());
            if (size < SMALLEST_PACKET || size > maximumBytes) {
                throw new MalformedPacket("a packet of " + Integer.toUnsignedString(size) + " bytes (the limit is "
                        + maximumBytes + ")");
            }
            if (buffer.remaining() < 4 + size) {
                break;
            }
            ByteBuffer packet = buffer.slice();
            packet.limit(4 + size).position(4);
            buffer.position(buffer.position() + 4 + size);
            receiver.receive(parse(packet));
        }
        buffer.compact();
    }

    /** Takes packets. */
    public interface Receiver {
        void receive(Packet packet) throws MalformedPacket;
    }

    private static Packet parse(ByteBuffer packet) throws MalformedPacket {
        int nameLength = packet.getInt();
        if (nameLength < 0 || nameLength > packet.remaining() - RequestId.LENGTH - 4) {
            throw new MalformedPacket("a packet whose type has a name of " + nameLength + " bytes");
        }
        byte[] name = new byte[nameLength];
        packet.get(name);
        RequestId requestId = RequestId.read(packet);
        int bodyLength = packet.getInt();
        if (bodyLength != packet.remaining()) {
            throw new MalformedPacket("a packet with " + packet.remaining() + " bytes for a body of " + bodyLength);
        }
        return new Packet(new String(name, StandardCharsets.US_ASCII), requestId, packet.slice());
    }

    private void grow() {
        // read() has refused what is larger, so this is bounded.
        int capacity = (int) Math.min(2L * buffer.capacity(), 4L + maximumBytes);
        ByteBuffer larger = ByteBuffer.allocate(Math.max(capacity, buffer.capacity() + 1));
        buffer.flip();
        buffer = larger.put(buffer);
    }
}
