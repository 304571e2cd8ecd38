package org.apache.heron.api.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Sums and counts of the present interval, of the last ten minutes, three hours and day, and of all time. Safe for any
 * number of threads.
 *
 * @param <T> what a sum and a count make together
 */
final class RollingWindows<T> {
    private static final int[] SECONDS = {600, 10_800, 86_400};

    /** Makes a figure of a sum and a count. */
    interface Figure<T> {
        T of(long sum, long count);
    }

    private final Figure<T> figure;
    private final LongSupplier clock;
    private final RollingSum[] windows = new RollingSum[SECONDS.length];
    private long intervalSum;
    private long intervalCount;
    private long allTimeSum;
    private long allTimeCount;

    /** @param clock milliseconds since some fixed time, not negative */
    RollingWindows(int buckets, LongSupplier clock, Figure<T> figure) {
        this.figure = figure;
        this.clock = clock;
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new RollingSum(SECONDS[i] * 1000L, Math.max(buckets, 2));
        }
    }

    synchronized void add(long sum, long count) {
        long now = clock.getAsLong();
        for (RollingSum window : windows) {
            window.add(now, sum, count);
        }
        intervalSum += sum;
        intervalCount += count;
        allTimeSum += sum;
        allTimeCount += count;
    }

    synchronized T endInterval() {
        T result = figure.of(intervalSum, intervalCount);
        intervalSum = 0;
        intervalCount = 0;
        return result;
    }

    /** The figures by the seconds that they cover, {@code :all-time} among them. */
    synchronized Map<String, T> byTime() {
        long now = clock.getAsLong();
        Map<String, T> figures = new HashMap<>();
        for (int i = 0; i < windows.length; i++) {
            figures.put(Integer.toString(SECONDS[i]), figure.of(windows[i].sum(now), windows[i].count(now)));
        }
        figures.put(":all-time", figure.of(allTimeSum, allTimeCount));
        return figures;
    }
}
