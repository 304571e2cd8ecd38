package org.apache.heron.api.topology;

import java.util.ArrayList;
import java.util.List;

import org.apache.heron.api.bolt.IRichBolt;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.grouping.AllStreamGrouping;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.grouping.DirectStreamGrouping;
import org.apache.heron.api.grouping.FieldsStreamGrouping;
import org.apache.heron.api.grouping.GlobalStreamGrouping;
import org.apache.heron.api.grouping.NoneStreamGrouping;
import org.apache.heron.api.grouping.ShuffleStreamGrouping;
import org.apache.heron.api.grouping.StreamGrouping;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.utils.Utils;

/** A bolt of a topology under construction, with the streams that it reads ({@code default} if none is named). */
public class BoltDeclarer extends BaseComponentDeclarer<BoltDeclarer> {
    private final OutputFieldsGetter outputs = new OutputFieldsGetter();
    private final List<TopologyAPI.InputStream> inputs = new ArrayList<>();

    public BoltDeclarer(String name, IRichBolt bolt, Number taskParallelism) {
        super(name, bolt, taskParallelism);
        bolt.declareOutputFields(outputs);
    }

    @Override
    public BoltDeclarer returnThis() {
        return this;
    }

    /** Adds the bolt to the definition. */
    public void dump(TopologyAPI.Topology.Builder bldr) {
        TopologyAPI.Component.Builder component = TopologyAPI.Component.newBuilder();
        dump(component);
        bldr.addBolts(TopologyAPI.Bolt.newBuilder()
            .setComp(component).addAllInputs(inputs).addAllOutputs(outputs.outputsOf(getName())));
    }

    public BoltDeclarer fieldsGrouping(String componentName, Fields fields) {
        return fieldsGrouping(componentName, Utils.DEFAULT_STREAM_ID, fields);
    }

    public BoltDeclarer fieldsGrouping(String componentName, String streamId, Fields fields) {
        return grouping(componentName, streamId, new FieldsStreamGrouping(fields));
    }

    public BoltDeclarer globalGrouping(String componentName) {
        return globalGrouping(componentName, Utils.DEFAULT_STREAM_ID);
    }

    public BoltDeclarer globalGrouping(String componentName, String streamId) {
        return grouping(componentName, streamId, new GlobalStreamGrouping());
    }

    public BoltDeclarer shuffleGrouping(String componentName) {
        return shuffleGrouping(componentName, Utils.DEFAULT_STREAM_ID);
    }

    public BoltDeclarer shuffleGrouping(String componentName, String streamId) {
        return grouping(componentName, streamId, new ShuffleStreamGrouping());
    }

    /** The same as {@link #shuffleGrouping(String)}: Heron knows no preference for tasks nearby. */
    public BoltDeclarer localOrShuffleGrouping(String componentName) {
        return shuffleGrouping(componentName);
    }

    /** The same as {@link #shuffleGrouping(String, String)}. */
    public BoltDeclarer localOrShuffleGrouping(String componentName, String streamId) {
        return shuffleGrouping(componentName, streamId);
    }

    public BoltDeclarer noneGrouping(String componentName) {
        return noneGrouping(componentName, Utils.DEFAULT_STREAM_ID);
    }

    public BoltDeclarer noneGrouping(String componentName, String streamId) {
        return grouping(componentName, streamId, new NoneStreamGrouping());
    }

    public BoltDeclarer allGrouping(String componentName) {
        return allGrouping(componentName, Utils.DEFAULT_STREAM_ID);
    }

    public BoltDeclarer allGrouping(String componentName, String streamId) {
        return grouping(componentName, streamId, new AllStreamGrouping());
    }

    public BoltDeclarer directGrouping(String componentName) {
        return directGrouping(componentName, Utils.DEFAULT_STREAM_ID);
    }

    public BoltDeclarer directGrouping(String componentName, String streamId) {
        return grouping(componentName, streamId, new DirectStreamGrouping());
    }

    public BoltDeclarer customGrouping(String componentName, CustomStreamGrouping grouping) {
        return grouping(componentName, grouping);
    }

    public BoltDeclarer customGrouping(String componentName, String streamId, CustomStreamGrouping grouping) {
        return grouping(componentName, streamId, grouping);
    }

    public BoltDeclarer grouping(String componentName, StreamGrouping grouping) {
        return grouping(componentName, Utils.DEFAULT_STREAM_ID, grouping);
    }

    /**
     * Reads a stream by any grouping.
     *
     * @throws IllegalArgumentException if a name is missing, or the grouping is not serializable
     */
    public BoltDeclarer grouping(String componentName, String streamId, StreamGrouping grouping) {
        if (componentName == null || streamId == null || grouping == null) {
            throw new IllegalArgumentException(described() + " reads a stream without a component, name or grouping");
        }
        try {
            inputs.add(grouping.buildStream(componentName, streamId).build());
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException("the grouping by which " + described() + " reads '" + componentName
                + "' cannot be serialized: " + failure.getMessage(), failure);
        }
        return this;
    }
}
