package org.apache.heron.api.topology;

import java.util.HashMap;
import java.util.Map;

import org.apache.heron.api.HeronTopology;
import org.apache.heron.api.bolt.BasicBoltExecutor;
import org.apache.heron.api.bolt.IBasicBolt;
import org.apache.heron.api.bolt.IRichBolt;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.spout.IRichSpout;

/**
 * Builds a topology from spouts and bolts. The methods throw an {@link IllegalArgumentException} for a component name
 * that is taken, empty or has a comma or colon, and for a parallelism below 1 (null is 1).
 */
public class TopologyBuilder {
    // Hash maps, because their order is the order of components in the definitions of Heron's own API.
    private final Map<String, SpoutDeclarer> spouts = new HashMap<>();
    private final Map<String, BoltDeclarer> bolts = new HashMap<>();

    /**
     * The topology as it is now.
     *
     * @throws IllegalArgumentException if a component is not serializable
     */
    public HeronTopology createTopology() {
        TopologyAPI.Topology.Builder builder = TopologyAPI.Topology.newBuilder();
        spouts.values().forEach(spout -> spout.dump(builder));
        bolts.values().forEach(bolt -> bolt.dump(builder));
        return new HeronTopology(builder);
    }

    public BoltDeclarer setBolt(String id, IRichBolt bolt) {
        return setBolt(id, bolt, null);
    }

    public BoltDeclarer setBolt(String id, IRichBolt bolt, Number parallelismHint) {
        checkName(id);
        BoltDeclarer declarer = new BoltDeclarer(id, bolt, parallelismHint);
        bolts.put(id, declarer);
        return declarer;
    }

    public BoltDeclarer setBolt(String id, IBasicBolt bolt) {
        return setBolt(id, bolt, null);
    }

    public BoltDeclarer setBolt(String id, IBasicBolt bolt, Number parallelismHint) {
        if (bolt == null) {
            throw new IllegalArgumentException("the component '" + id + "' is null");
        }
        return setBolt(id, new BasicBoltExecutor(bolt), parallelismHint);
    }

    public SpoutDeclarer setSpout(String id, IRichSpout spout) {
        return setSpout(id, spout, null);
    }

    public SpoutDeclarer setSpout(String id, IRichSpout spout, Number parallelismHint) {
        checkName(id);
        SpoutDeclarer declarer = new SpoutDeclarer(id, spout, parallelismHint);
        spouts.put(id, declarer);
        return declarer;
    }

    private void checkName(String id) {
        if (id == null || id.isEmpty()) {
            throw new IllegalArgumentException("a component has no name");
        }
        if (id.contains(",") || id.contains(":")) {
            throw new IllegalArgumentException("the component name '" + id + "' has a comma or a colon,"
                + " which separate components in settings");
        }
        if (spouts.containsKey(id) || bolts.containsKey(id)) {
            throw new IllegalArgumentException("the component name '" + id + "' is used twice");
        }
    }
}
