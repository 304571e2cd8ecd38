package org.apache.heron.instance.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The metrics of the instance and of the topology's code, and how often each is read. For any thread. */
public final class MetricsRegistry {
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final Set<Integer> intervals = new TreeSet<>();
    private final Set<Integer> newIntervals = new TreeSet<>();

    private static final class Metric {
        final Supplier<?> readAndReset;
        final int seconds;

        Metric(Supplier<?> readAndReset, int seconds) {
            this.readAndReset = readAndReset;
            this.seconds = seconds;
        }
    }

    /**
     * Adds a metric that is read and reset every so many seconds.
     *
     * @throws IllegalArgumentException for a name that is in use or an interval that is none.
     */
    public synchronized void register(String name, int seconds, Supplier<?> readAndReset) {
        if (seconds <= 0) {
            throw new IllegalArgumentException(
                    "metric '" + name + "': the interval must be positive, not " + seconds + " s");
        }
        if (metrics.putIfAbsent(name, new Metric(readAndReset, seconds)) != null) {
            throw new IllegalArgumentException("there is a metric '" + name + "' already");
        }
        if (intervals.add(seconds)) {
            newIntervals.add(seconds);
        }
    }

    /** Each different interval, in seconds, that has appeared since the last call. */
    public synchronized Set<Integer> takeNewIntervals() {
        Set<Integer> taken = Set.copyOf(newIntervals);
        newIntervals.clear();
        return taken;
    }

    /** Reads and resets the metrics of that interval. A metric of several values has a name for each. */
    public void read(int interval, BiConsumer<String, String> receiver) {
        all().forEach((name, metric) -> {
            if (metric.seconds == interval) {
                report(name, metric.readAndReset.get(), receiver);
            }
        });
    }

    /** A copy: what is read may register others. */
    private synchronized Map<String, Metric> all() {
        return new LinkedHashMap<>(metrics);
    }

    private static void report(String name, Object value, BiConsumer<String, String> receiver) {
        if (value instanceof Map) {
            ((Map<?, ?>) value).forEach((key, item) -> report(name + "/" + key, item, receiver));
        } else if (value != null) {
            receiver.accept(name, value.toString());
        }
    }
}
