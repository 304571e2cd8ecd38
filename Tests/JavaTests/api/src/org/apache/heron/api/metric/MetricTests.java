package org.apache.heron.api.metric;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Tests of the metrics' arithmetic. */
public final class MetricTests {
    private MetricTests() {
    }

    public static void run() {
        test("counts start anew, cumulative ones do not", () -> {
            CountMetric count = new CountMetric();
            count.incr();
            count.incrBy(4);
            equal(List.of(count.getValue(), count.getValueAndReset(), count.getValueAndReset()), List.of(5L, 5L, 0L));
            CumulativeCountMetric cumulative = new CumulativeCountMetric();
            cumulative.incrBy(2);
            equal(List.of(cumulative.getValueAndReset(), cumulative.getValueAndReset()), List.of(2L, 2L));
            ConcurrentCountMetric concurrent = new ConcurrentCountMetric();
            concurrent.incr();
            equal(List.of(concurrent.getValueAndReset(), concurrent.getValueAndReset()), List.of(1L, 0L));
        });
        test("assigned values stay", () -> {
            AssignableMetric<Integer> metric = new AssignableMetric<>(1);
            metric.setValue(2);
            equal(List.of(metric.getValueAndReset(), metric.getValueAndReset()), List.of(2, 2));
            MultiAssignableMetric<Integer> many = new MultiAssignableMetric<>(0);
            many.scope("a").setValue(3);
            many.safeScope("b");
            equal(many.getValueAndReset(), Map.of("a", 3, "b", 0));
        });
        test("means; none without values", () -> {
            ReducedMetric<MeanReducerState, Number, Double> mean = new ReducedMetric<>(new MeanReducer());
            mean.update(1);
            mean.update(2.0);
            equal(mean.getValueAndReset(), 1.5);
            equal(mean.getValueAndReset(), null);
            MultiReducedMetric<MeanReducerState, Number, Double> many = new MultiReducedMetric<>(new MeanReducer());
            many.scope("a").update(4);
            many.scope("b");
            equal(many.getValueAndReset(), Map.of("a", 4.0));
        });
        test("combined values start from the identity", () -> {
            CombinedMetric<Integer> sum = new CombinedMetric<>(new ICombiner<Integer>() {
                @Override
                public Integer identity() {
                    return 0;
                }

                @Override
                public Integer combine(Integer a, Integer b) {
                    return a + b;
                }
            });
            sum.update(2);
            sum.update(3);
            equal(List.of(sum.getValueAndReset(), sum.getValueAndReset()), List.of(5, 0));
        });
        rolling();
        test("GlobalMetrics: safe counts begin with the registration, which happens once", () -> {
            List<String> registered = new ArrayList<>();
            GlobalMetrics.safeIncr("safe");
            GlobalMetrics.incr("plain");
            IMetricsRegister register = new IMetricsRegister() {
                @Override
                public <T extends IMetric<U>, U> T registerMetric(String name, T metric, int seconds) {
                    registered.add(name + " " + seconds);
                    return metric;
                }
            };
            GlobalMetrics.init(register, Duration.ofSeconds(60));
            GlobalMetrics.init(register, 10);
            GlobalMetrics.safeIncrBy("safe", 2);
            equal(registered, List.of("__auto__ 60"));
            equal(GlobalMetrics.getUnderlyingCounter().getValueAndReset(), Map.of("plain", 1L, "safe", 2L));
        });
    }

    private static void rolling() {
        test("rolling counts forget what is old", () -> {
            AtomicLong now = new AtomicLong(1_000_000_000_000L);
            CountStatAndMetric metric = new CountStatAndMetric(11, now::get);
            metric.incBy(5);
            now.addAndGet(Duration.ofMinutes(5).toMillis());
            metric.incBy(1);
            equal(metric.getTimeCounts(), Map.of("600", 6L, "10800", 6L, "86400", 6L, ":all-time", 6L));
            equal(List.of(metric.getValueAndReset(), metric.getValueAndReset()), List.of(6L, 0L));
            now.addAndGet(Duration.ofMinutes(7).toMillis());
            equal(metric.getTimeCounts(), Map.of("600", 1L, "10800", 6L, "86400", 6L, ":all-time", 6L));
            now.addAndGet(Duration.ofDays(3).toMillis());
            equal(metric.getTimeCounts(), Map.of("600", 0L, "10800", 0L, "86400", 0L, ":all-time", 6L));
        });
        test("rolling latencies are means", () -> {
            AtomicLong now = new AtomicLong(1_000_000_000_000L);
            LatencyStatAndMetric metric = new LatencyStatAndMetric(11, now::get);
            metric.record(10);
            now.addAndGet(Duration.ofHours(1).toMillis());
            metric.record(20);
            equal(metric.getTimeLatAvg(), Map.of("600", 20.0, "10800", 15.0, "86400", 15.0, ":all-time", 15.0));
            equal(List.of(metric.getValueAndReset(), metric.getValueAndReset()), List.of(15.0, 0.0));
        });
        test("rolling metrics refuse more buckets than milliseconds", () ->
            fails(IllegalArgumentException.class, () -> new CountStatAndMetric(1_000_000), "1000000"));
    }
}
