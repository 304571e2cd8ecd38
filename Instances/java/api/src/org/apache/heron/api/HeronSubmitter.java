package org.apache.heron.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Map;

import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.exception.TopologySubmissionException;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.utils.HeronOptions;
import org.apache.heron.api.utils.TopologyUtils;

/**
 * Hands a topology to {@code heron submit}, which runs the topology's program: its definition is written as
 * {@code <name>.defn} to the folder that {@code heron submit} has named in the environment.
 */
public final class HeronSubmitter {
    private static final String DIRECTORY = "cmdline.topologydefn.tmpdirectory";
    private static final String STATE = "cmdline.topology.initial.state";
    private static final String ROLE = "cmdline.topology.role";
    private static final String ENVIRONMENT = "cmdline.topology.environment";

    private HeronSubmitter() {
    }

    /**
     * Submits a topology.
     *
     * @throws AlreadyAliveException if this program has submitted one of that name before
     * @throws InvalidTopologyException if the topology cannot run; the message says what to change
     * @throws TopologySubmissionException if the program was not started by {@code heron submit}, or the definition
     *     cannot be written
     */
    public static void submitTopology(String name, Config heronConfig, HeronTopology topology)
        throws AlreadyAliveException, InvalidTopologyException {
        submit(name, heronConfig, topology, System.getenv(HeronOptions.VARIABLE));
    }

    /** Never supported by Heron.
     * @throws UnsupportedOperationException always */
    public static String submitJar(Config config, String localJar) {
        throw new UnsupportedOperationException("a jar is submitted by `heron submit`");
    }

    static void submit(String name, Config config, HeronTopology topology, String variable)
        throws AlreadyAliveException, InvalidTopologyException {
        Map<String, String> options = HeronOptions.parse(variable);
        String directory = options.get(DIRECTORY);
        if (directory == null) {
            throw new TopologySubmissionException("the topology '" + name + "' was not submitted: "
                + (variable == null ? HeronOptions.VARIABLE + " is not set" : DIRECTORY + " is missing in "
                + HeronOptions.VARIABLE) + "; this program is to be run by `heron submit`");
        }
        if (name == null) {
            throw new InvalidTopologyException("the topology has no name");
        }
        Config full = new Config(config);
        setIfGiven(full, Config.TOPOLOGY_TEAM_NAME, options.get(ROLE));
        setIfGiven(full, Config.TOPOLOGY_TEAM_ENVIRONMENT, options.get(ENVIRONMENT));
        TopologyAPI.Topology definition =
            topology.setConfig(full).setName(name).setState(state(options.get(STATE))).getTopology();
        TopologyUtils.validateTopology(definition);
        write(definition, Paths.get(directory));
    }

    private static void setIfGiven(Config config, String key, String value) {
        if (value != null) {
            config.putIfAbsent(key, value);
        }
    }

    private static TopologyAPI.TopologyState state(String name) {
        try {
            return name == null ? TopologyAPI.TopologyState.RUNNING : TopologyAPI.TopologyState.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new TopologySubmissionException(STATE + " in " + HeronOptions.VARIABLE + " is '" + name
                + "'; it must be RUNNING or PAUSED", unknown);
        }
    }

    /** Under its name the file is there whole or not at all. */
    private static void write(TopologyAPI.Topology definition, Path directory) throws AlreadyAliveException {
        Path file = directory.resolve(definition.getName() + ".defn");
        if (Files.exists(file)) {
            throw new AlreadyAliveException("this program has submitted the topology '" + definition.getName()
                + "' before");
        }
        Path part = directory.resolve(definition.getName() + ".defn.part");
        try {
            Files.write(part, definition.toByteArray());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            part.toFile().delete();
            throw new TopologySubmissionException("cannot write the topology's definition " + file + ": " + failure,
                failure);
        }
    }
}
