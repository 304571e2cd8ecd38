package org.apache.heron.instance.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Packets that wait to be sent. For any thread. */
final class SendQueue {
    /** How much is handed to the kernel at once. */
    private static final int STAGE_BYTES = 256 * 1024;

    private final Deque<ByteBuffer> packets = new ArrayDeque<>();
    // Direct, and one for all: else Java makes, and keeps, one as large as everything that waits.
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE_BYTES).flip();
    private long bytes;
    private boolean isOpen;
    private boolean isReleased;

    /** Adds a packet; returns whether the queue was empty. */
    synchronized boolean add(ByteBuffer packet) {
        boolean wasEmpty = bytes == 0;
        packets.add(packet);
        bytes += packet.remaining();
        return wasEmpty;
    }

    /** How many bytes wait. */
    synchronized long bytes() {
        return bytes;
    }

    /** There is somebody who takes packets. */
    synchronized void open() {
        isOpen = true;
        notifyAll();
    }

    /** Waits while nobody takes packets, or more than so many bytes wait; not after release(). */
    synchronized void awaitRoom(long limit) throws InterruptedException {
        while ((!isOpen || bytes > limit) && !isReleased) {
            wait();
        }
    }

    /** Waits until everything is sent, or nobody takes it, or so long. */
    synchronized void awaitSent(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; isOpen && bytes > 0 && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Lets everyone who waits for room go on, for ever. */
    synchronized void release() {
        isReleased = true;
        notifyAll();
    }

    /** Sends as much as the channel takes without waiting. */
    synchronized void sendTo(WritableByteChannel channel) throws IOException {
        do {
            fillStage();
            bytes -= channel.write(stage);
        } while (bytes > 0 && !stage.hasRemaining());
        notifyAll();
    }

    /** Drops everything, because nobody takes it; returns how many bytes that were. */
    synchronized long close() {
        long lost = bytes;
        packets.clear();
        stage.clear().flip();
        bytes = 0;
        isOpen = false;
        notifyAll();
        return lost;
    }

    private void fillStage() {
        stage.compact();
        while (stage.hasRemaining() && !packets.isEmpty()) {
            ByteBuffer packet = packets.peek();
            int count = Math.min(packet.remaining(), stage.remaining());
            stage.put(packet.slice().limit(count));
            packet.position(packet.position() + count);
            if (!packet.hasRemaining()) {
                packets.remove();
            }
        }
        stage.flip();
    }
}
