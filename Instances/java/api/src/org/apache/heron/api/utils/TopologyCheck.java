package org.apache.heron.api.utils;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.heron.api.Config;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.generated.TopologyAPI;

/** Whether a definition makes sense as a whole. */
final class TopologyCheck {
    private final TopologyAPI.Topology topology;
    /** The streams that there are, and their schemas, by component. */
    private final Map<String, Map<String, TopologyAPI.StreamSchema>> outputs = new TreeMap<>();

    private TopologyCheck(TopologyAPI.Topology topology) {
        this.topology = topology;
    }

    /** @throws InvalidTopologyException with the first thing that is wrong */
    static void check(TopologyAPI.Topology topology) throws InvalidTopologyException {
        TopologyCheck check = new TopologyCheck(topology);
        check.checkName();
        check.checkComponents();
        for (TopologyAPI.Bolt bolt : topology.getBoltsList()) {
            for (TopologyAPI.InputStream input : bolt.getInputsList()) {
                check.checkInput(bolt.getComp().getName(), input);
            }
        }
        check.checkSettings();
    }

    private void checkName() throws InvalidTopologyException {
        String name = topology.getName();
        if (name.isEmpty()) {
            throw new InvalidTopologyException("the topology has no name");
        }
        if (name.contains(".") || name.contains("/")) {
            throw new InvalidTopologyException("the topology name '" + name + "' has a '.' or '/'");
        }
    }

    private void checkComponents() throws InvalidTopologyException {
        if (topology.getSpoutsCount() == 0) {
            throw new InvalidTopologyException("the topology '" + topology.getName() + "' has no spout");
        }
        for (TopologyAPI.Spout spout : topology.getSpoutsList()) {
            checkComponent(spout.getComp(), spout.getOutputsList());
        }
        for (TopologyAPI.Bolt bolt : topology.getBoltsList()) {
            checkComponent(bolt.getComp(), bolt.getOutputsList());
        }
    }

    private void checkComponent(TopologyAPI.Component component, List<TopologyAPI.OutputStream> streams)
        throws InvalidTopologyException {
        Map<String, TopologyAPI.StreamSchema> schemas = new TreeMap<>();
        for (TopologyAPI.OutputStream stream : streams) {
            schemas.put(stream.getStream().getId(), stream.getSchema());
        }
        if (outputs.put(component.getName(), schemas) != null) {
            throw new InvalidTopologyException("the component name '" + component.getName() + "' is used twice");
        }
        checkPositive(component.getConfig(), Config.TOPOLOGY_COMPONENT_PARALLELISM,
            " of component '" + component.getName() + "'");
    }

    private void checkInput(String bolt, TopologyAPI.InputStream input) throws InvalidTopologyException {
        String component = input.getStream().getComponentName();
        String stream = input.getStream().getId();
        Map<String, TopologyAPI.StreamSchema> streams = outputs.get(component);
        if (streams == null) {
            throw new InvalidTopologyException("bolt '" + bolt + "' reads from component '" + component
                + "', which does not exist; there are " + outputs.keySet());
        }
        TopologyAPI.StreamSchema schema = streams.get(stream);
        if (schema == null) {
            throw new InvalidTopologyException("bolt '" + bolt + "' reads stream '" + stream + "' of component '"
                + component + "', which declares " + (streams.isEmpty() ? "none" : streams.keySet()));
        }
        List<String> missing = names(input.getGroupingFields());
        missing.removeAll(names(schema));
        if (!missing.isEmpty()) {
            throw new InvalidTopologyException("bolt '" + bolt + "' groups stream '" + stream + "' of component '"
                + component + "' by " + missing + "; its fields are " + names(schema));
        }
    }

    private static List<String> names(TopologyAPI.StreamSchema schema) {
        List<String> names = new ArrayList<>();
        schema.getKeysList().forEach(key -> names.add(key.getKey()));
        return names;
    }

    private void checkSettings() throws InvalidTopologyException {
        TopologyAPI.Config config = topology.getTopologyConfig();
        checkPositive(config, Config.TOPOLOGY_STMGRS, "");
        String mode = TopologyUtils.getConfigWithDefault(config.getKvsList(), Config.TOPOLOGY_RELIABILITY_MODE, "");
        TreeSet<String> modes = new TreeSet<>();
        for (Config.TopologyReliabilityMode known : Config.TopologyReliabilityMode.values()) {
            modes.add(known.name());
        }
        if (!mode.isEmpty() && !modes.contains(mode)) {
            throw new InvalidTopologyException(Config.TOPOLOGY_RELIABILITY_MODE + " is '" + mode
                + "'; it must be one of " + modes);
        }
        try {
            TopologyUtils.getComponentCpuMapConfig(topology);
            TopologyUtils.getComponentRamMapConfig(topology);
            TopologyUtils.getComponentDiskMapConfig(topology);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidTopologyException(malformed.getMessage());
        }
    }

    private static void checkPositive(TopologyAPI.Config config, String key, String where)
        throws InvalidTopologyException {
        String value = TopologyUtils.getConfigWithDefault(config.getKvsList(), key, "1");
        try {
            if (Integer.parseInt(value.trim()) >= 1) {
                return;
            }
        } catch (NumberFormatException malformed) {
            // Said below, as for numbers that are too small.
        }
        throw new InvalidTopologyException(key + where + " is '" + value + "'; it must be a whole number from 1 on");
    }
}
