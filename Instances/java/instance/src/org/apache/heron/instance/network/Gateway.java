package org.apache.heron.instance.network;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.heron.instance.util.Timers;

/**
 * The thread that talks to the other processes, so that they are served while the topology's code takes its time.
 *
 * Everything of this package happens on it, except where a method says otherwise.
 */
public final class Gateway {
    private final Selector selector;
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers();
    private volatile boolean isStopping;

    /** Throws IOException if the process has no file descriptors left. */
    public Gateway() throws IOException {
        selector = Selector.open();
    }

    /** Has an action done on this thread. For any thread. */
    public void execute(Runnable action) {
        actions.add(action);
        selector.wakeup();
    }

    /** Makes run() return. For any thread. */
    public void stop() {
        isStopping = true;
        selector.wakeup();
    }

    /** What is to be done later on this thread. */
    public Timers timers() {
        return timers;
    }

    /** Serves until stop(). Throws what an action throws. */
    public void run() throws IOException {
        while (!isStopping) {
            waitForEvents();
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                action.run();
            }
            timers.runDue();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    Selector selector() {
        return selector;
    }

    private void waitForEvents() throws IOException {
        long nanos = timers.nanosToNext();
        if (!actions.isEmpty() || nanos == 0) {
            selector.selectNow();
        } else {
            // Rounded up, or it would spin through the last millisecond.
            selector.select(nanos == Long.MAX_VALUE ? 0 : (nanos + 999_999) / 1_000_000);
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).ready(key);
        }
        selector.selectedKeys().clear();
    }
}
