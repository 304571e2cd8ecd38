package org.apache.heron.api.metric;

import java.util.Map;
import java.util.function.LongSupplier;

/** Mean latencies, of the last ten minutes, three hours and day as well. For any number of threads. */
public class LatencyStatAndMetric implements IMetric<Double> {
    private final RollingWindows<Double> windows;

    /** @param numBuckets in how many steps time passes within a window, at least 2 */
    public LatencyStatAndMetric(int numBuckets) {
        this(numBuckets, System::currentTimeMillis);
    }

    LatencyStatAndMetric(int numBuckets, LongSupplier clock) {
        windows = new RollingWindows<>(numBuckets, clock, (sum, count) -> count == 0 ? 0.0 : (double) sum / count);
    }

    public void record(long latency) {
        windows.add(latency, 1);
    }

    /** The mean of the interval; 0 if nothing was recorded. */
    @Override
    public synchronized Double getValueAndReset() {
        return windows.endInterval();
    }

    /** Means by the seconds that they cover ({@code 600}, {@code 10800}, {@code 86400}), and {@code :all-time}. */
    public synchronized Map<String, Double> getTimeLatAvg() {
        return windows.byTime();
    }

    /** Does nothing: there is nothing to release. */
    public void close() {
    }
}
