package org.apache.heron.api.metric;

/** The value set last; kept across intervals. */
public class AssignableMetric<T> implements IMetric<T> {
    private volatile T value;

    public AssignableMetric(T value) {
        this.value = value;
    }

    public void setValue(T value) {
        this.value = value;
    }

    @Override
    public T getValueAndReset() {
        return value;
    }
}
