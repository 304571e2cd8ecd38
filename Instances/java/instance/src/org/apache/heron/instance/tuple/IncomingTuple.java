package org.apache.heron.instance.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.apache.heron.proto.system.HeronTuples.HeronDataTuple;

/** A tuple as it was received; its values are still serialized. */
public final class IncomingTuple {
    private final HeronDataTuple message;

    IncomingTuple(ByteString serialized) throws InvalidProtocolBufferException {
        message = HeronDataTuple.parseFrom(serialized);
    }

    /** By which the stream manager knows it when it is acked. */
    public long key() {
        return message.getKey();
    }

    public Roots roots() {
        return Roots.of(message.getRootsList());
    }

    /** How many values it has. */
    public int size() {
        return message.getValuesCount();
    }

    /** A serialized value. */
    public byte[] value(int index) {
        return message.getValues(index).toByteArray();
    }
}
