package org.apache.heron.api.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link ReducedMetric} for each of any number of keys. */
public class MultiReducedMetric<T, U, V> implements IMetric<Map<String, V>> {
    private final Map<String, ReducedMetric<T, U, V>> metrics = new ConcurrentHashMap<>();
    private final IReducer<T, U, V> reducer;

    public MultiReducedMetric(IReducer<T, U, V> reducer) {
        this.reducer = reducer;
    }

    public ReducedMetric<T, U, V> scope(String key) {
        return metrics.computeIfAbsent(key, absent -> new ReducedMetric<>(reducer));
    }

    /** The results of the keys that have one. */
    @Override
    public Map<String, V> getValueAndReset() {
        Map<String, V> results = new HashMap<>();
        metrics.forEach((key, metric) -> {
            V result = metric.getValueAndReset();
            if (result != null) {
                results.put(key, result);
            }
        });
        return results;
    }
}
