package org.apache.heron.api.metric;

/** Counts from the task's start, not from the interval's. */
public class CumulativeCountMetric extends CountMetric {
    @Override
    public Long getValueAndReset() {
        return getValue();
    }
}
