package org.apache.heron.instance.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.api.generated.TopologyAPI.StreamId;
import org.apache.heron.proto.system.HeronTuples.AckTuple;
import org.apache.heron.proto.system.HeronTuples.HeronControlTupleSet;
import org.apache.heron.proto.system.HeronTuples.HeronDataTuple;
import org.apache.heron.proto.system.HeronTuples.HeronDataTupleSet;
import org.apache.heron.proto.system.HeronTuples.HeronTupleSet;

/**
 * Collects what a component emits, acks and fails into sets for the stream manager.
 *
 * One set is open at a time, so that everything leaves in the order in which it was added. A set is closed when another
 * stream or kind begins, and when it is full. For any thread: topologies may emit from threads of their own.
 */
public final class OutgoingTuples {
    /** What a packet needs beside the tuples in it, rounded up. */
    private static final int PACKET_OVERHEAD = 4096;
    /** What a tuple takes in a set beside its own bytes, at most. */
    private static final int TUPLE_OVERHEAD = 6;

    private enum Kind { DATA, ACKS, FAILS }

    private final String component;
    private final int taskId;
    private final InstanceSettings settings;
    private final Consumer<HeronTupleSet> send;
    private final List<HeronDataTuple> tuples = new ArrayList<>();
    private final List<AckTuple> acks = new ArrayList<>();
    private Kind kind = Kind.DATA;
    private String stream = "";
    private int setBytes;
    private long tuplesAdded;
    private long bytesAdded;

    /** `send` gets each closed set, on the thread that closed it, which holds this object's lock. */
    public OutgoingTuples(String component, int taskId, InstanceSettings settings, Consumer<HeronTupleSet> send) {
        this.component = component;
        this.taskId = taskId;
        this.settings = settings;
        this.send = send;
    }

    /**
     * Adds a tuple.
     *
     * @throws IllegalArgumentException for one that no packet can hold.
     */
    public void add(String toStream, OutgoingTuple outgoing) {
        HeronDataTuple tuple = outgoing.build();
        int size = tuple.getSerializedSize() + TUPLE_OVERHEAD;
        if (size > settings.maximumPacketBytes - PACKET_OVERHEAD) {
            throw new IllegalArgumentException("component '" + component + "' emitted a tuple of " + size
                    + " bytes to stream '" + toStream
                    + "'; the limit is heron.instance.network.options.maximum.packetsize.bytes = "
                    + settings.maximumPacketBytes + ", less " + PACKET_OVERHEAD);
        }
        synchronized (this) {
            boolean fits = kind == Kind.DATA && stream.equals(toStream) && tuples.size() < settings.dataTupleCapacity
                    && setBytes + size <= settings.dataTupleBytes;
            if (!fits) {
                flush();
                kind = Kind.DATA;
                stream = toStream;
            }
            tuples.add(tuple);
            setBytes += size;
            bytesAdded += size;
            tuplesAdded++;
        }
    }

    /** Says that a received tuple was processed. */
    public void ack(Roots roots, long key) {
        addControl(Kind.ACKS, roots, key);
    }

    /** Says that a received tuple could not be processed. */
    public void fail(Roots roots, long key) {
        addControl(Kind.FAILS, roots, key);
    }

    /** Closes the open set, if there is one, and sends it. */
    public synchronized void flush() {
        if (tuples.isEmpty() && acks.isEmpty()) {
            return;
        }
        HeronTupleSet.Builder set = HeronTupleSet.newBuilder().setSrcTaskId(taskId);
        if (kind == Kind.DATA) {
            StreamId id = StreamId.newBuilder().setId(stream).setComponentName(component).build();
            set.setData(HeronDataTupleSet.newBuilder().setStream(id).addAllTuples(tuples));
        } else {
            HeronControlTupleSet.Builder control = HeronControlTupleSet.newBuilder();
            set.setControl(kind == Kind.ACKS ? control.addAllAcks(acks) : control.addAllFails(acks));
        }
        tuples.clear();
        acks.clear();
        setBytes = 0;
        send.accept(set.build());
    }

    /** How many tuples were added so far. */
    public synchronized long tuplesAdded() {
        return tuplesAdded;
    }

    /** How many bytes of tuples were added so far. */
    public synchronized long bytesAdded() {
        return bytesAdded;
    }

    private synchronized void addControl(Kind newKind, Roots roots, long key) {
        AckTuple ack = AckTuple.newBuilder().addAllRoots(roots.ids).setAckedtuple(key).build();
        int size = ack.getSerializedSize() + TUPLE_OVERHEAD;
        if (kind != newKind || acks.size() >= settings.controlTupleCapacity
                || setBytes + size > settings.dataTupleBytes) {
            flush();
            kind = newKind;
        }
        acks.add(ack);
        setBytes += size;
    }
}
