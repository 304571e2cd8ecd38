package org.apache.heron.instance.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.apache.heron.instance.tuple.IncomingSet;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;

/** What the network's thread has for the component's thread. For any thread. */
public final class Inbox {
    /** With so much unprocessed nothing is read, so that TCP makes the stream manager wait. */
    private static final long UNPROCESSED_LIMIT = 8 << 20;

    private final Deque<IncomingSet> sets = new ArrayDeque<>();
    private long unprocessedBytes;
    private PhysicalPlan plan;
    private boolean wasFull;
    private boolean isStopping;
    private boolean isAwake;

    /** Adds a set; returns whether there is room for more. */
    public synchronized boolean add(IncomingSet set) {
        sets.add(set);
        unprocessedBytes += set.bytes();
        wakeUp();
        wasFull = wasFull || !hasRoom();
        return hasRoom();
    }

    /** Whether there is room for more sets. */
    public synchronized boolean hasRoom() {
        return unprocessedBytes < UNPROCESSED_LIMIT;
    }

    /** Whether there is room again since add() has said that there is none: once, so that somebody goes on reading. */
    synchronized boolean hasRoomAgain() {
        if (!wasFull || !hasRoom()) {
            return false;
        }
        wasFull = false;
        return true;
    }

    /** Adds a physical plan; only the newest one counts. */
    public synchronized void add(PhysicalPlan newPlan) {
        plan = newPlan;
        wakeUp();
    }

    /** Ends the component's thread. */
    public synchronized void stop() {
        isStopping = true;
        wakeUp();
    }

    public synchronized boolean isStopping() {
        return isStopping;
    }

    /** Makes the component's thread look for something to do. */
    public synchronized void wakeUp() {
        isAwake = true;
        notifyAll();
    }

    /** Waits until something came in, or so long. */
    synchronized void await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + Math.min(nanos, TimeUnit.HOURS.toNanos(1));
        while (!isAwake) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        isAwake = false;
    }

    /** The newest plan, once; null if there is none. */
    synchronized PhysicalPlan takePlan() {
        PhysicalPlan taken = plan;
        plan = null;
        return taken;
    }

    synchronized boolean hasSets() {
        return !sets.isEmpty();
    }

    /** The oldest set; null if there is none. */
    synchronized IncomingSet takeSet() {
        IncomingSet set = sets.poll();
        if (set != null) {
            unprocessedBytes -= set.bytes();
        }
        return set;
    }
}
