package org.apache.heron.api.metric;

/** The values of an interval, reduced. */
public class ReducedMetric<T, U, V> implements IMetric<V> {
    private final IReducer<T, U, V> reducer;
    private T accumulator;

    public ReducedMetric(IReducer<T, U, V> reducer) {
        this.reducer = reducer;
        accumulator = reducer.init();
    }

    public void update(U value) {
        accumulator = reducer.reduce(accumulator, value);
    }

    @Override
    public V getValueAndReset() {
        V result = reducer.extractResult(accumulator);
        accumulator = reducer.init();
        return result;
    }
}
