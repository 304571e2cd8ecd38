package org.apache.heron.api.metric;

/** A figure that is read, and started anew, at the end of each interval. */
public interface IMetric<T> {
    /** The figure of the interval that ends; null for none. Called on the task's own thread. */
    T getValueAndReset();
}
