package org.apache.heron.api.metric;

/** Counts; for one thread. */
public class CountMetric implements IMetric<Long> {
    private long count;

    public void incr() {
        count++;
    }

    public void incrBy(long increment) {
        count += increment;
    }

    public Long getValue() {
        return count;
    }

    @Override
    public Long getValueAndReset() {
        long result = count;
        count = 0;
        return result;
    }
}
