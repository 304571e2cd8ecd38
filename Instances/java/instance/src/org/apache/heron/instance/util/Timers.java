package org.apache.heron.instance.util;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What a thread's loop is to do later. Belongs to that thread. */
public final class Timers {
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::nanosLeft));

    /** Something that is to be done later, once. */
    public static final class Timer {
        private final long deadline;
        private final Runnable action;
        private boolean isCancelled;

        private Timer(long deadline, Runnable action) {
            this.deadline = deadline;
            this.action = action;
        }

        /** Makes it do nothing. */
        public void cancel() {
            isCancelled = true;
        }

        private long nanosLeft() {
            return deadline - REFERENCE;
        }
    }

    // Clock readings may be negative and wrap around; differences do not.
    private static final long REFERENCE = System.nanoTime();

    /** Runs the action once, after so many nanoseconds. */
    public Timer after(long nanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + nanos, action);
        timers.add(timer);
        return timer;
    }

    /** Runs the action for ever, with so many nanoseconds between the starts; starts that are missed are left out. */
    public void every(long nanos, Runnable action) {
        after(nanos, () -> {
            every(nanos, action);
            action.run();
        });
    }

    /** Runs what is due. */
    public void runDue() {
        long now = System.nanoTime();
        while (!timers.isEmpty() && timers.peek().deadline - now <= 0) {
            Timer timer = timers.poll();
            if (!timer.isCancelled) {
                timer.action.run();
            }
        }
    }

    /** Nanoseconds until something is due: 0 if it is, `Long.MAX_VALUE` if there is nothing. */
    public long nanosToNext() {
        while (!timers.isEmpty() && timers.peek().isCancelled) {
            timers.poll();
        }
        return timers.isEmpty() ? Long.MAX_VALUE : Math.max(0, timers.peek().deadline - System.nanoTime());
    }
}
