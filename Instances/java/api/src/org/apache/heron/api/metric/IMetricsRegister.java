package org.apache.heron.api.metric;

/** Where a task announces its metrics. */
public interface IMetricsRegister {
    /** Registers a metric that is read every so many seconds; returns the metric. */
    <T extends IMetric<U>, U> T registerMetric(String name, T metric, int timeBucketSizeInSecs);
}
