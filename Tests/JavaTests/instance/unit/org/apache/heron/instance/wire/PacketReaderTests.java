package org.apache.heron.instance.wire;

import static org.apache.heron.instance.UnitTests.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Packets in pieces of every size, and bytes that are none. */
public final class PacketReaderTests {
    private static final byte[] NAME = "heron.proto.stmgr.StrMgrHelloResponse".getBytes(StandardCharsets.US_ASCII);
    private static final int LIMIT = 4 << 20;

    private PacketReaderTests() {}

    public static void run() throws MalformedPacket {
        ByteBuffer stream = ByteBuffer.allocate(4096).put(packet(4)).put(packet(0)).put(packet(1000)).flip();
        for (int piece = 1; piece <= stream.limit(); piece++) {
            check(bodies(stream, piece).equals(List.of(4, 0, 1000)), "in pieces of " + piece);
        }
        // More than the reader begins with room for.
        check(bodies(packet(3 << 20), 100_000).equals(List.of(3 << 20)), "a large packet");

        int size = size(4);
        refuse(packet(-1, NAME.length, 4, 4));
        refuse(packet(0, NAME.length, 4, 4));
        refuse(packet(LIMIT + 1, NAME.length, 4, 4));
        refuse(packet(size, -1, 4, 4));
        refuse(packet(size, Integer.MAX_VALUE, 4, 4));
        refuse(packet(size, NAME.length + 5, 4, 4));
        refuse(packet(size, NAME.length, 3, 4));
        refuse(packet(size, NAME.length, -1, 4));
    }

    /** The lengths of the bodies that a reader finds when it gets the stream in pieces of that size. */
    private static List<Integer> bodies(ByteBuffer stream, int piece) throws MalformedPacket {
        PacketReader reader = new PacketReader(LIMIT);
        List<Integer> bodies = new ArrayList<>();
        for (int position = 0; position < stream.limit();) {
            ByteBuffer room = reader.room();
            int count = Math.min(Math.min(piece, room.remaining()), stream.limit() - position);
            room.put(stream.duplicate().position(position).limit(position + count));
            position += count;
            reader.read(packet -> {
                check(packet.typeName.equals(new String(NAME, StandardCharsets.US_ASCII)), packet.typeName);
                check(packet.requestId.equals(RequestId.NONE), "the request's id");
                bodies.add(packet.body.remaining());
            });
        }
        return bodies;
    }

    private static void refuse(ByteBuffer packet) {
        PacketReader reader = new PacketReader(LIMIT);
        reader.room().put(packet);
        boolean isRefused = false;
        try {
            reader.read(read -> {});
        } catch (MalformedPacket expected) {
            isRefused = true;
        }
        check(isRefused, "not refused");
    }

    private static ByteBuffer packet(int body) {
        return packet(size(body), NAME.length, body, body);
    }

    /** The first three numbers are what the packet says, the last one is how long its body is. */
    private static ByteBuffer packet(int size, int nameLength, int bodyLength, int body) {
        ByteBuffer packet = ByteBuffer.allocate(4 + size(body)).putInt(size).putInt(nameLength).put(NAME);
        packet.position(packet.position() + RequestId.LENGTH);
        return packet.putInt(bodyLength).position(0);
    }

    private static int size(int body) {
        return 4 + NAME.length + RequestId.LENGTH + 4 + body;
    }
}
