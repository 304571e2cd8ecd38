package org.apache.heron.api.metric;

/** Counts; for any number of threads. */
public class ConcurrentCountMetric implements IMetric<Long> {
    private long count;

    public synchronized void incr() {
        count++;
    }

    public synchronized void incrBy(long increment) {
        count += increment;
    }

    @Override
    public synchronized Long getValueAndReset() {
        long result = count;
        count = 0;
        return result;
    }
}
