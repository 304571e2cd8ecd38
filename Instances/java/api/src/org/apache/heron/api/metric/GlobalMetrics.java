package org.apache.heron.api.metric;

import java.io.Serializable;
import java.time.Duration;

/** Counters of the whole process, there without being registered: {@code GlobalMetrics.incr("seen")}. */
public enum GlobalMetrics implements Serializable {
    INSTANCE;

    /** The name that the counters are registered under. */
    public static final String ROOT_NAME = "__auto__";

    private final MultiCountMetric counters = new MultiCountMetric();
    private boolean registered;

    public static void incr(String counterName) {
        incrBy(counterName, 1);
    }

    public static void incrBy(String counterName, int incrValue) {
        INSTANCE.counters.scope(counterName).incrBy(incrValue);
    }

    /** As {@link #incr}, on any thread; does nothing before {@link #init}. */
    public static void safeIncr(String counterName) {
        safeIncrBy(counterName, 1);
    }

    /** As {@link #incrBy}, on any thread; does nothing before {@link #init}. */
    public static void safeIncrBy(String counterName, int incrValue) {
        synchronized (INSTANCE) {
            if (INSTANCE.registered) {
                incrBy(counterName, incrValue);
            }
        }
    }

    /** Registers the counters, once; the instance calls it before the component starts. */
    public static void init(IMetricsRegister metricsRegister, Duration metricsBucket) {
        synchronized (INSTANCE) {
            if (!INSTANCE.registered) {
                metricsRegister.registerMetric(ROOT_NAME, INSTANCE.counters, (int) metricsBucket.getSeconds());
                INSTANCE.registered = true;
            }
        }
    }

    /** As {@link #init(IMetricsRegister, Duration)}, in seconds, for instances of older versions. */
    public static void init(IMetricsRegister metricsRegister, int metricsBucketSecs) {
        init(metricsRegister, Duration.ofSeconds(metricsBucketSecs));
    }

    public static MultiCountMetric getUnderlyingCounter() {
        return INSTANCE.counters;
    }

    @SuppressWarnings("serial") // of the API, though enums need none
    protected Object readResolve() {
        return INSTANCE;
    }
}
