package org.apache.heron.instance.task;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.util.Timers;

/** Says so, and where, when the topology's code does not return. */
public final class StuckWatch {
    private static final Logger LOG = Logger.getLogger(StuckWatch.class.getName());
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long FIRST_WARNING_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What may get stuck. For any thread. */
    public interface Work {
        /** Since when, by `System.nanoTime()`, it has been working without a pause; 0: it has not. */
        long busySince();

        /** What it does now. */
        StackTraceElement[] stackTrace();
    }

    private final Work work;
    private final String component;
    private long seenSince;
    private long nextWarning;

    public StuckWatch(Work work, String component) {
        this.work = work;
        this.component = component;
    }

    /** Looks again and again; the warnings become rarer. `timers` are of another thread than the work's. */
    public void begin(Timers timers) {
        timers.every(LOOK_NANOS, () -> look(System.nanoTime()));
    }

    void look(long now) {
        long since = work.busySince();
        if (since == 0 || since != seenSince) {
            seenSince = since;
            nextWarning = FIRST_WARNING_NANOS;
            return;
        }
        long busy = now - since;
        if (busy < nextWarning) {
            return;
        }
        nextWarning = 2 * busy;
        StringBuilder where = new StringBuilder();
        for (StackTraceElement element : work.stackTrace()) {
            where.append("\n\tat ").append(element);
        }
        LOG.log(Level.WARNING, "code of component ''{0}'' has not returned for {1} s; nothing is processed meanwhile."
                + " It is at:{2}", new Object[] {
                    component, Long.toString(TimeUnit.NANOSECONDS.toSeconds(busy)), where
                });
    }
}
