package org.apache.heron.api.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An {@link AssignableMetric} for each of any number of keys. */
public class MultiAssignableMetric<T extends Number> implements IMetric<Map<String, T>> {
    private final Map<String, AssignableMetric<T>> metrics = new ConcurrentHashMap<>();
    private final T initialValue;

    public MultiAssignableMetric(T initialValue) {
        this.initialValue = initialValue;
    }

    public AssignableMetric<T> scope(String key) {
        return metrics.computeIfAbsent(key, absent -> new AssignableMetric<>(initialValue));
    }

    /** The same as {@link #scope}, which is safe for any number of threads. */
    public AssignableMetric<T> safeScope(String key) {
        return scope(key);
    }

    @Override
    public Map<String, T> getValueAndReset() {
        Map<String, T> values = new HashMap<>();
        metrics.forEach((key, metric) -> values.put(key, metric.getValueAndReset()));
        return values;
    }
}
