package org.apache.heron.api.bolt;

import java.io.Serializable;
import java.util.Map;

import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Consumes tuples and may emit others. Every method is called on one thread. */
public interface IBolt extends Serializable {
    /** Called once, before anything else. */
    void prepare(Map<String, Object> heronConf, TopologyContext context, OutputCollector collector);

    /** Takes one tuple, which is to be acked or failed now or later. */
    void execute(Tuple input);

    /** The task ends; not called when the process is killed. */
    void cleanup();
}
