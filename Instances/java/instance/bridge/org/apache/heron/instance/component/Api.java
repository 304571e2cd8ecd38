package org.apache.heron.instance.component;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.time.Duration;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.topology.IUpdatable;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.instance.InstanceError;

/** The few things of Heron's API that are not the same in all its versions. */
final class Api {
    private Api() {}

    /** Lets the topology's code count in {@link GlobalMetrics}. */
    static void initializeGlobalMetrics(TopologyContext context, int seconds) {
        for (Method method : GlobalMetrics.class.getMethods()) {
            Class<?>[] parameters = method.getParameterTypes();
            if (method.getName().equals("init") && parameters.length == 2) {
                // Until 0.14 a number of seconds.
                Object interval = parameters[1] == Duration.class ? Duration.ofSeconds(seconds) : (Object) seconds;
                call(() -> method.invoke(null, context, interval));
            }
        }
    }

    /** Tells a component that wants to know that its context has changed. */
    static void update(Object component, TopologyContext context) {
        boolean isUpdatable;
        try {
            isUpdatable = component instanceof IUpdatable;
        } catch (NoClassDefFoundError olderApi) {
            // Which has no such components.
            return;
        }
        if (isUpdatable) {
            ((IUpdatable) component).update(context);
        }
    }

    /** What a task hook is told: an object whose constructor takes these and how long something took. */
    static <T> T hookInfo(Class<T> type, Object subject, int task, long nanos) {
        Constructor<?> constructor = type.getConstructors()[0];
        // Until 0.14 a number of milliseconds.
        Object latency = constructor.getParameterTypes()[2] == Duration.class
                ? Duration.ofNanos(nanos)
                : (Object) (nanos / 1_000_000);
        return type.cast(call(() -> constructor.newInstance(subject, task, latency)));
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object call(Call call) {
        try {
            return call.run();
        } catch (ReflectiveOperationException error) {
            throw new InstanceError("the topology's Heron API is of an unknown version: " + error, error);
        }
    }
}
