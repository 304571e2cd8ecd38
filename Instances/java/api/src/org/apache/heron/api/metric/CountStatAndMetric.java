package org.apache.heron.api.metric;

import java.util.Map;
import java.util.function.LongSupplier;

/** Counts, and knows the counts of the last ten minutes, three hours and day as well. For any number of threads. */
public class CountStatAndMetric implements IMetric<Long> {
    private final RollingWindows<Long> windows;

    /** @param numBuckets in how many steps time passes within a window, at least 2 */
    public CountStatAndMetric(int numBuckets) {
        this(numBuckets, System::currentTimeMillis);
    }

    CountStatAndMetric(int numBuckets, LongSupplier clock) {
        windows = new RollingWindows<>(numBuckets, clock, (sum, count) -> sum);
    }

    public void incBy(long count) {
        windows.add(count, 0);
    }

    @Override
    public synchronized Long getValueAndReset() {
        return windows.endInterval();
    }

    /** Counts by the seconds that they cover ({@code 600}, {@code 10800}, {@code 86400}), and {@code :all-time}. */
    public synchronized Map<String, Long> getTimeCounts() {
        return windows.byTime();
    }

    /** Does nothing: there is nothing to release. */
    public void close() {
    }
}
