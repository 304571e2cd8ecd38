package org.apache.heron.instance.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.util.Timers;
import org.apache.heron.instance.wire.MalformedPacket;
import org.apache.heron.instance.wire.Packet;
import org.apache.heron.instance.wire.PacketReader;
import org.apache.heron.instance.wire.RequestId;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;

/**
 * A connection to a process on this machine: opened, registered, and opened anew when it is lost.
 *
 * Bytes not yet sent when it is lost are dropped: at most once.
 */
final class Connection {
    private static final Logger LOG = Logger.getLogger(Connection.class.getName());
    private static final int REGISTRATION_SECONDS = 5;
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private enum State { CLOSED, CONNECTING, REGISTERING, REGISTERED }

    private final Gateway gateway;
    private final Peer peer;
    private final int port;
    private final int maximumPacketBytes;
    private final long longestRetryNanos;
    private final SendQueue unsent = new SendQueue();
    private volatile State state = State.CLOSED;
    private long retryNanos = FIRST_RETRY_NANOS;
    private boolean isReading = true;
    private SocketChannel channel;
    private SelectionKey key;
    private PacketReader reader;
    private RequestId registrationId;
    private Timers.Timer timeout;

    Connection(Gateway gateway, Peer peer, int port, int maximumPacketBytes, int longestRetrySeconds) {
        this.gateway = gateway;
        this.peer = peer;
        this.port = port;
        this.maximumPacketBytes = maximumPacketBytes;
        longestRetryNanos = TimeUnit.SECONDS.toNanos(longestRetrySeconds);
    }

    /** What waits to be sent. For any thread. */
    SendQueue unsent() {
        return unsent;
    }

    /** Whether messages reach the peer. For any thread. */
    boolean isRegistered() {
        return state == State.REGISTERED;
    }

    /** Sends a packet, or drops it if not registered. For any thread. */
    void send(ByteBuffer packet) {
        if (isRegistered() && unsent.add(packet)) {
            gateway.execute(this::flush);
        }
    }

    /** Begins to connect; the peer is told how it goes. */
    void connect() {
        state = State.CONNECTING;
        reader = new PacketReader(maximumPacketBytes);
        timeout = gateway.timers().after(
                TimeUnit.SECONDS.toNanos(REGISTRATION_SECONDS),
                () -> fail("no answer within " + REGISTRATION_SECONDS + " s"));
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isConnected =
                    channel.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            key = channel.register(gateway.selector(), isConnected ? 0 : SelectionKey.OP_CONNECT, this);
            if (isConnected) {
                register();
            }
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    /** Whether to take what the peer sends, or to let it wait. */
    void setReading(boolean reading) {
        isReading = reading;
        watch();
    }

    /** The channel can be read from or written to. */
    void ready(SelectionKey ready) {
        try {
            if (ready.isValid() && ready.isConnectable()) {
                channel.finishConnect();
                register();
                return;
            }
            if (ready.isValid() && ready.isWritable()) {
                flush();
            }
            if (ready.isValid() && ready.isReadable()) {
                receive();
            }
        } catch (MalformedPacket | InvalidProtocolBufferException error) {
            fail("it sent " + error.getMessage());
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    private void register() throws IOException {
        if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
            // Nobody listens, and the kernel chose the wanted port as our own: TCP then connects us with ourselves.
            throw new IOException("Connection refused");
        }
        state = State.REGISTERING;
        registrationId = RequestId.random();
        // Another thread may have added a packet just when the connection before was lost: nothing precedes this.
        unsent.close();
        unsent.add(Packet.encode(peer.registrationType(), registrationId, peer.registration()));
        flush();
    }

    private void flush() {
        if (state != State.REGISTERING && state != State.REGISTERED) {
            return;
        }
        try {
            unsent.sendTo(channel);
            watch();
            peer.sent();
        } catch (IOException error) {
            fail(error.getMessage());
        }
    }

    private void receive() throws IOException, MalformedPacket {
        int count = channel.read(reader.room());
        if (count < 0) {
            fail("closed by the other side");
            return;
        }
        PacketReader current = reader;
        current.read(packet -> {
            // A packet before may have ended this connection.
            if (reader == current && state != State.CLOSED) {
                dispatch(packet);
            }
        });
    }

    private void dispatch(Packet packet) throws MalformedPacket {
        try {
            if (state == State.REGISTERING && packet.requestId.equals(registrationId)) {
                finishRegistering(ByteString.copyFrom(packet.body));
            } else if (packet.requestId.equals(RequestId.NONE)) {
                peer.received(packet);
            }
        } catch (InvalidProtocolBufferException error) {
            throw new MalformedPacket("a damaged " + packet.typeName + ": " + error.getMessage());
        }
    }

    private void finishRegistering(ByteString answer) throws InvalidProtocolBufferException {
        Status status = peer.status(answer);
        if (status.getStatus() != StatusCode.OK) {
            fail("registration refused: " + (status.hasMessage() ? status.getMessage() : status.getStatus().name()));
            return;
        }
        timeout.cancel();
        retryNanos = FIRST_RETRY_NANOS;
        state = State.REGISTERED;
        unsent.open();
        peer.registered(answer);
        watch();
    }

    private void watch() {
        if (state != State.REGISTERING && state != State.REGISTERED) {
            return;
        }
        // The answer to the registration has to be read: without it nothing is taken from what is full.
        boolean reads = isReading || state == State.REGISTERING;
        key.interestOps(
                (reads ? SelectionKey.OP_READ : 0) | (unsent.bytes() > 0 ? SelectionKey.OP_WRITE : 0));
    }

    private void fail(String reason) {
        timeout.cancel();
        state = State.CLOSED;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // Whatever is wrong with it, it is not used again.
        }
        long lost = unsent.close();
        if (lost > 0) {
            LOG.log(Level.WARNING, "{0} bytes for port {1} were not sent and are lost", new Object[] {
                Long.toString(lost), Integer.toString(port)
            });
        }
        peer.failed(reason);
        gateway.timers().after(retryNanos, this::connect);
        retryNanos = Math.min(2 * retryNanos, longestRetryNanos);
    }
}
