package probe;

import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.metric.AssignableMetric;
import org.apache.heron.api.metric.CountMetric;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.metric.MeanReducer;
import org.apache.heron.api.metric.MeanReducerState;
import org.apache.heron.api.metric.MultiCountMetric;
import org.apache.heron.api.metric.ReducedMetric;
import org.apache.heron.api.topology.TopologyContext;

/** Metrics of the topology's own. */
final class Meters {
    private final TopologyContext context;
    private final OutputCollector collector;
    private final CountMetric count;
    private final MultiCountMetric counts;
    private final ReducedMetric<MeanReducerState, Number, Double> mean;

    Meters(TopologyContext context, OutputCollector collector) {
        this.context = context;
        this.collector = collector;
        count = context.registerMetric("own-count", new CountMetric(), 1);
        counts = context.registerMetric("own-counts", new MultiCountMetric(), 1);
        mean = context.registerMetric("own-mean", new MeanReducer(), 1);
        context.registerMetric("own-value", new AssignableMetric<>("set"), 1);
    }

    void measure(String question) {
        if (question.equals("report")) {
            collector.reportError(new IllegalArgumentException("reported, not thrown"));
        } else if (question.equals("late metric")) {
            context.registerMetric("own-late", new CountMetric(), 2).incr();
        } else if (question.startsWith("measure ")) {
            int value = Integer.parseInt(question.substring("measure ".length()));
            count.incr();
            counts.scope("of " + value).incrBy(value);
            mean.update(value);
            GlobalMetrics.incr("global");
        }
    }
}
