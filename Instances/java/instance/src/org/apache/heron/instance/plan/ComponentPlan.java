package org.apache.heron.instance.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.api.generated.TopologyAPI;

/** A spout or bolt of the topology. */
public final class ComponentPlan {
    public final String name;
    public final boolean isSpout;
    /** What it consumes; nothing for a spout. */
    public final List<InputStream> inputs = new ArrayList<>();
    /** The streams that it emits, each with its fields. */
    public final Map<String, List<String>> outputs = new LinkedHashMap<>();
    final TopologyAPI.Component message;

    ComponentPlan(TopologyAPI.Spout spout) {
        this(spout.getComp(), true, spout.getOutputsList());
    }

    ComponentPlan(TopologyAPI.Bolt bolt) {
        this(bolt.getComp(), false, bolt.getOutputsList());
        for (TopologyAPI.InputStream input : bolt.getInputsList()) {
            inputs.add(new InputStream(input));
        }
    }

    private ComponentPlan(
            TopologyAPI.Component message, boolean isSpout, List<TopologyAPI.OutputStream> outputMessages) {
        this.message = message;
        this.isSpout = isSpout;
        name = message.getName();
        for (TopologyAPI.OutputStream output : outputMessages) {
            List<String> fields = new ArrayList<>();
            for (TopologyAPI.StreamSchema.KeyType key : output.getSchema().getKeysList()) {
                fields.add(key.getKey());
            }
            outputs.put(output.getStream().getId(), List.copyOf(fields));
        }
    }
}
