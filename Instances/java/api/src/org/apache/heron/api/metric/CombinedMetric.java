package org.apache.heron.api.metric;

/** The values of an interval, combined. */
public class CombinedMetric<T> implements IMetric<T> {
    private final ICombiner<T> combiner;
    private T value;

    public CombinedMetric(ICombiner<T> combiner) {
        this.combiner = combiner;
        value = combiner.identity();
    }

    public void update(T update) {
        value = combiner.combine(value, update);
    }

    @Override
    public T getValueAndReset() {
        T result = value;
        value = combiner.identity();
        return result;
    }
}
