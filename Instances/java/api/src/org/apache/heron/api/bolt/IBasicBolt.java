package org.apache.heron.api.bolt;

import java.util.Map;

import org.apache.heron.api.topology.IComponent;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/**
 * A bolt that is done with a tuple when {@link #execute} returns: what it emits is anchored to the tuple, which is
 * acked then, or failed if {@code execute} throws a {@link org.apache.heron.api.exception.FailedException}.
 */
public interface IBasicBolt extends IComponent {
    void prepare(Map<String, Object> heronConf, TopologyContext context);

    void execute(Tuple input, BasicOutputCollector collector);

    void cleanup();
}
