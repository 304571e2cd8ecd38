package org.apache.heron.api.topology;

import java.io.Serializable;
import java.util.Map;

/** What spouts and bolts share. The object is serialized at submission and runs as its copies. */
public interface IComponent extends Serializable {
    /** Declares the streams that the component emits; called once, at submission. */
    void declareOutputFields(OutputFieldsDeclarer declarer);

    /** Settings of this component, which win over the topology's; null for none. */
    Map<String, Object> getComponentConfiguration();
}
