package org.apache.heron.instance.task;

import java.util.concurrent.TimeUnit;
import org.apache.heron.instance.metrics.ErrorReports;
import org.apache.heron.instance.metrics.MetricsRegistry;
import org.apache.heron.instance.network.MetricsManagerClient;
import org.apache.heron.instance.util.Timers;
import org.apache.heron.proto.system.Metrics.MetricDatum;
import org.apache.heron.proto.system.Metrics.MetricPublisherPublishMessage;

/** Sends metrics and reported errors to the metrics manager, as long as there is one; else they go on being counted. */
public final class MetricsPublisher {
    private final MetricsManagerClient manager;
    private final ErrorReports errors = new ErrorReports();

    public MetricsPublisher(MetricsManagerClient manager) {
        this.manager = manager;
    }

    ErrorReports errors() {
        return errors;
    }

    /** Begins to connect. */
    void connect() {
        manager.connect();
    }

    /** Publishes each metric at its own interval from now on; to be called again for those that appear later. */
    void publishRegularly(Timers timers, MetricsRegistry metrics) {
        for (int interval : metrics.takeNewIntervals()) {
            timers.every(TimeUnit.SECONDS.toNanos(interval), () -> publish(metrics, interval));
        }
    }

    private void publish(MetricsRegistry metrics, int interval) {
        if (!manager.takesMetrics()) {
            return;
        }
        MetricPublisherPublishMessage.Builder message = MetricPublisherPublishMessage.newBuilder();
        metrics.read(interval, (name, value) ->
                message.addMetrics(MetricDatum.newBuilder().setName(name).setValue(value)));
        message.addAllExceptions(errors.take());
        if (message.getMetricsCount() > 0 || message.getExceptionsCount() > 0) {
            manager.publish(message.build());
        }
    }
}
