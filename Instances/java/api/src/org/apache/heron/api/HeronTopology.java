package org.apache.heron.api;

import java.util.UUID;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.utils.Utils;

/** A topology that is built, but not yet submitted. */
public class HeronTopology {
    private final TopologyAPI.Topology.Builder topology;
    private String name;
    private TopologyAPI.TopologyState state;
    private Config config;

    public HeronTopology(TopologyAPI.Topology.Builder topologyBuilder) {
        topology = topologyBuilder;
    }

    /**
     * The definition, under a new id. Name, state and configuration must have been set.
     *
     * @throws IllegalArgumentException if one of them was not, or a setting is not serializable
     */
    public TopologyAPI.Topology getTopology() {
        if (name == null || state == null || config == null) {
            throw new IllegalArgumentException("the topology has no name, state or configuration yet");
        }
        return topology.setId(name + UUID.randomUUID())
            .setName(name)
            .setState(state)
            .setTopologyConfig(Utils.getConfigBuilder(withDefaults()))
            .build();
    }

    private Config withDefaults() {
        Config full = new Config(config);
        full.putIfAbsent(Config.TOPOLOGY_DEBUG, "false");
        full.putIfAbsent(Config.TOPOLOGY_STMGRS, "1");
        full.putIfAbsent(Config.TOPOLOGY_MESSAGE_TIMEOUT_SECS, "30");
        full.putIfAbsent(Config.TOPOLOGY_COMPONENT_PARALLELISM, "1");
        full.putIfAbsent(Config.TOPOLOGY_MAX_SPOUT_PENDING, "100");
        full.putIfAbsent(Config.TOPOLOGY_RELIABILITY_MODE, Config.TopologyReliabilityMode.ATMOST_ONCE.name());
        full.putIfAbsent(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, "true");
        if (full.putIfAbsent(Config.TOPOLOGY_STATEFUL_SPILL_STATE, "false") == null) {
            full.putIfAbsent(Config.TOPOLOGY_STATEFUL_SPILL_STATE_LOCATION, "./spilled-state/");
        }
        full.put(Config.TOPOLOGY_NAME, name);
        return full;
    }

    public HeronTopology setName(String topologyName) {
        name = topologyName;
        return this;
    }

    public HeronTopology setState(TopologyAPI.TopologyState topologyState) {
        state = topologyState;
        return this;
    }

    /** Sets the configuration; it is read, not changed. */
    public HeronTopology setConfig(Config topologyConfig) {
        config = topologyConfig;
        return this;
    }
}
