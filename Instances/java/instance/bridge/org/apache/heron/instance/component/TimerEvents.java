package org.apache.heron.instance.component;

import java.time.Duration;
import java.util.Map;
import org.apache.heron.api.Pair;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.util.Timers;

/** What the topology's configuration wants done again and again (`topology.timer.events`). */
final class TimerEvents {
    private TimerEvents() {}

    /** `events` has, by name, pairs of an interval and a Runnable. */
    static void begin(Map<?, ?> events, Timers timers) {
        events.forEach((name, event) -> {
            if (!(event instanceof Pair)) {
                throw new InstanceError("topology.timer.events: '" + name + "' is no pair of an interval and an action");
            }
            Pair<?, ?> pair = (Pair<?, ?>) event;
            timers.every(((Duration) pair.getFirst()).toNanos(), (Runnable) pair.getSecond());
        });
    }
}
