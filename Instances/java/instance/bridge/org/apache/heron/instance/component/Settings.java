package org.apache.heron.instance.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.instance.InstanceError;

/** The keys of the topology's configuration that tell the instance how to run its component. */
final class Settings {
    private final Map<String, Object> config;

    Settings(Map<String, Object> config) {
        this.config = config;
    }

    /** Whether tuples that are emitted with an id are tracked until they are processed. */
    boolean isAcking() {
        Object mode = config.get("topology.reliability.mode");
        // The second key is the one of Heron before 0.15.3.
        return mode == null
                ? Boolean.parseBoolean(String.valueOf(config.get("topology.acking")))
                : mode.toString().equals("ATLEAST_ONCE");
    }

    boolean isStateful() {
        return "EFFECTIVELY_ONCE".equals(String.valueOf(config.get("topology.reliability.mode")));
    }

    int messageTimeoutSeconds() {
        return (int) number("topology.message.timeout.secs", 30);
    }

    boolean enablesMessageTimeouts() {
        return !"false".equalsIgnoreCase(String.valueOf(config.get("topology.enable.message.timeouts")));
    }

    /** How many tuples a spout may have that are not yet acked. */
    int maxSpoutPending() {
        return (int) number("topology.max.spout.pending", 100);
    }

    /** How often a bolt gets a tick tuple; 0: never. */
    long tickNanos() {
        if (config.get("topology.tick.tuple.freq.ms") != null) {
            return TimeUnit.MILLISECONDS.toNanos(number("topology.tick.tuple.freq.ms", 0));
        }
        // The key of Heron before 0.17.
        return TimeUnit.SECONDS.toNanos(number("topology.tick.tuple.freq.secs", 0));
    }

    /** The classes of the topology's task hooks. */
    List<String> taskHooks() {
        Object value = config.get("topology.auto.task.hooks");
        List<String> names = new ArrayList<>();
        if (value instanceof Collection) {
            ((Collection<?>) value).forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    /** The class that serializes values; null for Java's own serialization. */
    String serializer() {
        Object value = config.get("topology.serializer.classname");
        return value == null ? null : value.toString();
    }

    /** The actions that the topology wants done again and again, and what it calls them. */
    Map<?, ?> timerEvents() {
        Object value = config.get("topology.timer.events");
        return value instanceof Map ? (Map<?, ?>) value : Map.of();
    }

    private long number(String key, long otherwise) {
        Object value = config.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = value instanceof Number ? ((Number) value).longValue() : Long.parseLong(value.toString());
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Reported below, as one that is not positive.
        }
        throw new InstanceError("the topology sets " + key + " to '" + value + "'; it must be a positive whole number");
    }
}
