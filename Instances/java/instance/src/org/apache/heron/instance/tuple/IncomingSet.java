package org.apache.heron.instance.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.proto.system.HeronTuples.AckTuple;
import org.apache.heron.proto.system.HeronTuples.HeronTupleSet2;
import org.apache.heron.proto.system.HeronTuples.RootId;

/** A `HeronTupleSet2`: tuples of one stream from one task, still serialized, or news about a spout's tuples. */
public final class IncomingSet {
    private final HeronTupleSet2 message;
    private final int bytes;

    private IncomingSet(HeronTupleSet2 message, int bytes) {
        this.message = message;
        this.bytes = bytes;
    }

    /** Decodes a set, but not the tuples in it. */
    public static IncomingSet decode(ByteBuffer body) throws InvalidProtocolBufferException {
        int bytes = body.remaining();
        return new IncomingSet(HeronTupleSet2.parseFrom(body), bytes);
    }

    /** Its size on the wire. */
    public int bytes() {
        return bytes;
    }

    /** The task that emitted the tuples. */
    public int sourceTask() {
        return message.getSrcTaskId();
    }

    /** The component that emitted the tuples. */
    public String component() {
        return message.getData().getStream().getComponentName();
    }

    /** The stream that they were emitted to. */
    public String stream() {
        return message.getData().getStream().getId();
    }

    /** How many tuples there are. */
    public int size() {
        return message.getData().getTuplesCount();
    }

    /** Decodes a tuple. Throws {@link InstanceError} for one that is damaged. */
    public IncomingTuple tuple(int index) {
        ByteString serialized = message.getData().getTuples(index);
        try {
            return new IncomingTuple(serialized);
        } catch (InvalidProtocolBufferException error) {
            throw new InstanceError("a tuple of stream '" + stream() + "' of '" + component() + "' is damaged: "
                    + error.getMessage());
        }
    }

    /** The keys of the spout's tuples that were processed. */
    public List<Long> acked() {
        return keys(message.getControl().getAcksList());
    }

    /** The keys of the spout's tuples that could not be processed. */
    public List<Long> failed() {
        return keys(message.getControl().getFailsList());
    }

    private static List<Long> keys(List<AckTuple> acks) {
        List<Long> keys = new ArrayList<>(acks.size());
        for (AckTuple ack : acks) {
            for (RootId root : ack.getRootsList()) {
                keys.add(root.getKey());
            }
        }
        return keys;
    }
}
