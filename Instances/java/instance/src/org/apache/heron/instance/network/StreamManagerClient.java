package org.apache.heron.instance.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.InstanceOptions;
import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.instance.task.Inbox;
import org.apache.heron.instance.tuple.IncomingSet;
import org.apache.heron.instance.wire.Packet;
import org.apache.heron.instance.wire.RequestId;
import org.apache.heron.proto.stmgr.StreamManager.NewInstanceAssignmentMessage;
import org.apache.heron.proto.stmgr.StreamManager.RegisterInstanceRequest;
import org.apache.heron.proto.stmgr.StreamManager.RegisterInstanceResponse;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.HeronTuples.HeronTupleSet;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;

/** The stream manager of the instance's container: registers the task, and exchanges plans and tuples. */
public final class StreamManagerClient implements Peer {
    private static final Logger LOG = Logger.getLogger(StreamManagerClient.class.getName());
    private static final String TUPLES_TO_INSTANCE = "heron.proto.system.HeronTupleSet2";
    private static final String TUPLES_FROM_INSTANCE = "heron.proto.system.HeronTupleSet";
    private static final String NEW_ASSIGNMENT = "heron.proto.stmgr.NewInstanceAssignmentMessage";
    /** With more than this unsent the component is not called. */
    private static final long UNSENT_LIMIT = 4 << 20;
    /** With more than this unsent a component that goes on emitting waits. */
    private static final long EMIT_LIMIT = 64 << 20;

    private final Gateway gateway;
    private final InstanceOptions options;
    private final Inbox inbox;
    private final Connection connection;
    private final long patienceNanos;
    private volatile boolean hasRefused;
    private long aloneSince = System.nanoTime();
    private String lastFailure = "";

    public StreamManagerClient(Gateway gateway, InstanceOptions options, InstanceSettings settings, Inbox inbox) {
        this.gateway = gateway;
        this.options = options;
        this.inbox = inbox;
        patienceNanos = TimeUnit.SECONDS.toNanos(
                (long) settings.streamManagerRetrySeconds * settings.streamManagerRetries);
        connection = new Connection(gateway, this, options.streamManagerPort, settings.maximumPacketBytes,
                settings.streamManagerRetrySeconds);
    }

    /** Begins to connect. For any thread. */
    public void connect() {
        gateway.execute(connection::connect);
    }

    /**
     * Whether it is registered and keeps up with what is sent to it; if not, the inbox wakes up when that changes. For
     * the component's thread.
     */
    public boolean takesTuples() {
        if (keepsUp()) {
            return true;
        }
        hasRefused = true;
        // It may have changed just before.
        return keepsUp();
    }

    private boolean keepsUp() {
        return connection.isRegistered() && connection.unsent().bytes() < UNSENT_LIMIT;
    }

    /** Sends a set; waits while it is away, or far too much is unsent already. Not for the gateway's thread. */
    public void send(HeronTupleSet set) {
        try {
            connection.unsent().awaitRoom(EMIT_LIMIT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        connection.send(Packet.encode(TUPLES_FROM_INSTANCE, RequestId.NONE, set));
    }

    /** Waits until everything is sent, or so long. Not for the gateway's thread. */
    public void awaitSent(long nanos) throws InterruptedException {
        connection.unsent().awaitSent(nanos);
    }

    /** Lets everyone who waits in send() go on. For any thread. */
    public void stop() {
        connection.unsent().release();
    }

    /** Goes on reading where the inbox had no room. For any thread. */
    public void inboxHasRoom() {
        gateway.execute(() -> connection.setReading(inbox.hasRoom()));
    }

    @Override
    public String registrationType() {
        return "heron.proto.stmgr.RegisterInstanceRequest";
    }

    @Override
    public MessageLite registration() {
        InstanceInfo.Builder info = InstanceInfo.newBuilder()
                .setTaskId(options.taskId)
                .setComponentIndex(options.componentIndex)
                .setComponentName(options.componentName);
        if (options.remoteDebuggerPort != 0) {
            info.setRemoteDebuggerPort(options.remoteDebuggerPort);
        }
        Instance instance = Instance.newBuilder()
                .setInstanceId(options.instanceId)
                .setStmgrId(options.streamManagerId)
                .setInfo(info)
                .build();
        return RegisterInstanceRequest.newBuilder()
                .setInstance(instance)
                .setTopologyName(options.topologyName)
                .setTopologyId(options.topologyId)
                .build();
    }

    @Override
    public Status status(ByteString answer) throws InvalidProtocolBufferException {
        return RegisterInstanceResponse.parseFrom(answer).getStatus();
    }

    @Override
    public void registered(ByteString answer) throws InvalidProtocolBufferException {
        LOG.log(Level.INFO, "registered with {0} on port {1}", new Object[] {
            options.streamManagerId, Integer.toString(options.streamManagerPort)
        });
        lastFailure = "";
        RegisterInstanceResponse response = RegisterInstanceResponse.parseFrom(answer);
        if (response.hasPplan()) {
            inbox.add(response.getPplan());
        }
        inbox.wakeUp();
    }

    @Override
    public void received(Packet packet) throws InvalidProtocolBufferException {
        switch (packet.typeName) {
            case TUPLES_TO_INSTANCE:
                if (!inbox.add(IncomingSet.decode(packet.body))) {
                    connection.setReading(false);
                }
                break;
            case NEW_ASSIGNMENT:
                inbox.add(NewInstanceAssignmentMessage.parseFrom(packet.body).getPplan());
                break;
            default:
                LOG.log(Level.FINE, "ignored a {0}", packet.typeName);
        }
    }

    @Override
    public void sent() {
        if (hasRefused && keepsUp()) {
            hasRefused = false;
            inbox.wakeUp();
        }
    }

    /** Throws {@link InstanceError} when there has been no stream manager for too long. */
    @Override
    public void failed(String reason) {
        String where = "stream manager " + options.streamManagerId + " on port " + options.streamManagerPort;
        if (lastFailure.isEmpty()) {
            aloneSince = System.nanoTime();
        }
        if (System.nanoTime() - aloneSince > patienceNanos) {
            throw new InstanceError(where + ": " + reason + "; given up after "
                    + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s");
        }
        if (!lastFailure.equals(reason)) {
            LOG.log(Level.WARNING, "{0}: {1}; trying again", new Object[] {where, reason});
        }
        lastFailure = reason;
    }
}
