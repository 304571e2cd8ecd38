package org.apache.heron.instance.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.InstanceOptions;
import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.instance.wire.Packet;
import org.apache.heron.instance.wire.RequestId;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Metrics.MetricPublisher;
import org.apache.heron.proto.system.Metrics.MetricPublisherPublishMessage;
import org.apache.heron.proto.system.Metrics.MetricPublisherRegisterRequest;
import org.apache.heron.proto.system.Metrics.MetricPublisherRegisterResponse;

/** The metrics manager of the instance's container, if there is one. Nothing depends on it. */
public final class MetricsManagerClient implements Peer {
    private static final Logger LOG = Logger.getLogger(MetricsManagerClient.class.getName());
    private static final String PUBLISH = "heron.proto.system.MetricPublisherPublishMessage";
    /** More than this unsent means that it does not read; then what is published is dropped. */
    private static final long UNSENT_LIMIT = 1 << 20;

    private final Gateway gateway;
    private final InstanceOptions options;
    private final Connection connection;
    private volatile String hostName;
    private boolean hasFailed;

    /** Tries for ever to reach it, in the end once per interval of metrics. */
    public MetricsManagerClient(Gateway gateway, InstanceOptions options, InstanceSettings settings) {
        this.gateway = gateway;
        this.options = options;
        connection = new Connection(gateway, this, options.metricsManagerPort, settings.maximumPacketBytes,
                settings.metricsIntervalSeconds);
    }

    /** Begins to connect. Not for the gateway's thread: a resolver may take its time. */
    public void connect() {
        hostName = hostName();
        gateway.execute(connection::connect);
    }

    /** Whether there is a metrics manager that takes metrics. For any thread. */
    public boolean takesMetrics() {
        return connection.isRegistered() && connection.unsent().bytes() < UNSENT_LIMIT;
    }

    /** Sends metrics. For any thread. */
    public void publish(MetricPublisherPublishMessage message) {
        connection.send(Packet.encode(PUBLISH, RequestId.NONE, message));
    }

    @Override
    public String registrationType() {
        return "heron.proto.system.MetricPublisherRegisterRequest";
    }

    @Override
    public MessageLite registration() {
        MetricPublisher publisher = MetricPublisher.newBuilder()
                .setHostname(hostName)
                // Heron uses the field to tell the tasks of a host apart.
                .setPort(options.taskId)
                .setComponentName(options.componentName)
                .setInstanceId(options.instanceId)
                .setInstanceIndex(options.componentIndex)
                .build();
        return MetricPublisherRegisterRequest.newBuilder().setPublisher(publisher).build();
    }

    @Override
    public Status status(ByteString answer) throws InvalidProtocolBufferException {
        return MetricPublisherRegisterResponse.parseFrom(answer).getStatus();
    }

    @Override
    public void registered(ByteString answer) {
        hasFailed = false;
        LOG.log(Level.INFO, "registered with the metrics manager on port {0}",
                Integer.toString(options.metricsManagerPort));
    }

    @Override
    public void received(Packet packet) {
        // It has nothing to say.
    }

    @Override
    public void sent() {
        // Nobody waits for it.
    }

    @Override
    public void failed(String reason) {
        if (!hasFailed) {
            LOG.log(Level.INFO, "no metrics manager on port {0} ({1}); going on without", new Object[] {
                Integer.toString(options.metricsManagerPort), reason
            });
        }
        hasFailed = true;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException error) {
            return "localhost";
        }
    }
}
