package org.apache.heron.instance.tuple;

import com.google.protobuf.ByteString;
import java.util.List;
import org.apache.heron.proto.system.HeronTuples.HeronDataTuple;

/** A tuple that is being emitted: values are added one by one, in the order of the stream's fields. */
public final class OutgoingTuple {
    // The stream manager gives each copy of a tuple its key; what an instance sends must have key 0.
    private final HeronDataTuple.Builder message = HeronDataTuple.newBuilder().setKey(0);

    /** `tasks` are those that the instance itself chose as destinations, if any. */
    public OutgoingTuple(Roots roots, List<Integer> tasks) {
        message.addAllRoots(roots.ids).addAllDestTaskIds(tasks);
    }

    /** Adds a serialized value, whose bytes are copied. */
    public void add(byte[] value) {
        message.addValues(ByteString.copyFrom(value));
    }

    HeronDataTuple build() {
        return message.build();
    }
}
