package org.apache.heron.instance.component;

import java.util.HashMap;
import java.util.Map;

/** Counts by name, read and set back to nothing together. For any thread. */
final class Counts {
    private Map<String, Long> counts = new HashMap<>();

    synchronized void add(String name, long count) {
        counts.merge(name, count, Long::sum);
    }

    synchronized Map<String, Long> take() {
        Map<String, Long> taken = counts;
        counts = new HashMap<>();
        return taken;
    }
}
