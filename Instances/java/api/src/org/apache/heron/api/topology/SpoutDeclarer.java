package org.apache.heron.api.topology;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.spout.IRichSpout;

/** A spout of a topology under construction. */
public class SpoutDeclarer extends BaseComponentDeclarer<SpoutDeclarer> {
    private final OutputFieldsGetter outputs = new OutputFieldsGetter();

    public SpoutDeclarer(String name, IRichSpout spout, Number taskParallelism) {
        super(name, spout, taskParallelism);
        spout.declareOutputFields(outputs);
    }

    @Override
    public SpoutDeclarer returnThis() {
        return this;
    }

    /** Adds the spout to the definition. */
    public void dump(TopologyAPI.Topology.Builder bldr) {
        TopologyAPI.Component.Builder component = TopologyAPI.Component.newBuilder();
        dump(component);
        bldr.addSpouts(TopologyAPI.Spout.newBuilder()
            .setComp(component).addAllOutputs(outputs.outputsOf(getName())));
    }
}
