package org.apache.heron.api.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link CountMetric} for each of any number of keys. */
public class MultiCountMetric implements IMetric<Map<String, Long>> {
    private final Map<String, CountMetric> metrics = new ConcurrentHashMap<>();

    public CountMetric scope(String key) {
        return metrics.computeIfAbsent(key, absent -> new CountMetric());
    }

    @Override
    public Map<String, Long> getValueAndReset() {
        Map<String, Long> counts = new HashMap<>();
        metrics.forEach((key, metric) -> counts.put(key, metric.getValueAndReset()));
        return counts;
    }
}
