package org.apache.heron.instance.component;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.heron.instance.tuple.Roots;

/** The tuples that a spout wants to hear about again. For any thread. */
final class PendingMessages {
    private final boolean isAcking;
    private final int task;
    // Two instances that draw the same keys would only harm each other's acks; seeded so that they do not.
    private final SplittableRandom keys = new SplittableRandom(new SecureRandom().nextLong());
    // Oldest first, as all have the same time limit.
    private final Map<Long, Message> tracked = new LinkedHashMap<>();
    private List<Message> settled = new ArrayList<>();

    /** A tuple that was emitted with an id. */
    static final class Message {
        final Object id;
        final String stream;
        private final long key;
        /** By `System.nanoTime()`. */
        final long emittedAt = System.nanoTime();

        private Message(Object id, String stream, long key) {
            this.key = key;
            this.id = id;
            this.stream = stream;
        }
    }

    /** Without acking, every message is settled at once. */
    PendingMessages(boolean isAcking, int task) {
        this.isAcking = isAcking;
        this.task = task;
    }

    /** Keeps a message, whose tuple is about to be emitted. */
    synchronized Message add(Object id, String stream) {
        Message message = new Message(id, stream, isAcking ? keys.nextLong() : 0);
        if (isAcking) {
            tracked.put(message.key, message);
        } else {
            settled.add(message);
        }
        return message;
    }

    /** Forgets a message whose tuple could not be emitted. */
    synchronized void undo(Message message) {
        if (isAcking) {
            tracked.remove(message.key);
        } else {
            settled.remove(message);
        }
    }

    /** The roots by which the stream managers track the message's tuple. */
    Roots roots(Message message) {
        return isAcking ? Roots.of(task, message.key) : Roots.NONE;
    }

    /** How many are not settled. */
    synchronized int count() {
        return tracked.size();
    }

    /** The message of that key, which then is settled; null if it is already. */
    synchronized Message remove(long key) {
        return tracked.remove(key);
    }

    /** Those that were settled at once, since the last call. */
    synchronized List<Message> takeSettled() {
        if (settled.isEmpty()) {
            return List.of();
        }
        List<Message> taken = settled;
        settled = new ArrayList<>();
        return taken;
    }

    /** Those that have waited longer than that, which then are settled. */
    synchronized List<Message> takeOlderThan(long nanos) {
        List<Message> taken = new ArrayList<>();
        long now = System.nanoTime();
        Iterator<Message> messages = tracked.values().iterator();
        while (messages.hasNext()) {
            Message message = messages.next();
            if (now - message.emittedAt <= nanos) {
                break;
            }
            taken.add(message);
            messages.remove();
        }
        return taken;
    }
}
