package org.apache.heron.api.utils;

import org.apache.heron.api.Constants;
import org.apache.heron.api.tuple.Tuple;

/** Questions about tuples. */
public final class TupleUtils {
    private TupleUtils() {
    }

    /** Whether the tuple is a tick: sent by Heron itself every {@code topology.tick.tuple.freq.ms}. */
    public static boolean isTick(Tuple tuple) {
        return tuple != null && Constants.SYSTEM_COMPONENT_ID.equals(tuple.getSourceComponent())
            && Constants.SYSTEM_TICK_STREAM_ID.equals(tuple.getSourceStreamId());
    }
}
