package org.apache.heron.api.utils;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Logger;

import org.apache.heron.api.Config;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.common.basics.ByteAmount;

/** Reads and checks topologies' definitions. */
public final class TopologyUtils {
    private static final Logger LOG = Logger.getLogger(TopologyUtils.class.getName());

    private TopologyUtils() {
    }

    /** The definition in a file, checked. */
    public static TopologyAPI.Topology getTopology(String topologyDefnFile) throws InvalidTopologyException {
        try {
            TopologyAPI.Topology topology =
                TopologyAPI.Topology.parseFrom(Files.readAllBytes(Paths.get(topologyDefnFile)));
            validateTopology(topology);
            return topology;
        } catch (IOException failure) {
            throw new RuntimeException("cannot read the topology's definition " + topologyDefnFile + ": " + failure,
                failure);
        }
    }

    public static String getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, String defaultValue) {
        for (TopologyAPI.Config.KeyValue setting : config) {
            if (setting.getKey().equals(key)) {
                return setting.getValue();
            }
        }
        return defaultValue;
    }

    public static Long getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, Long defaultValue) {
        return Long.valueOf(getConfigWithDefault(config, key, defaultValue.toString()));
    }

    public static Integer getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, Integer defaultValue) {
        return Integer.valueOf(getConfigWithDefault(config, key, defaultValue.toString()));
    }

    public static Double getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, Double defaultValue) {
        return Double.valueOf(getConfigWithDefault(config, key, defaultValue.toString()));
    }

    public static ByteAmount getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, ByteAmount defaultValue) {
        return ByteAmount.fromBytes(getConfigWithDefault(config, key, Long.valueOf(defaultValue.asBytes())));
    }

    public static Boolean getConfigWithDefault(
        List<TopologyAPI.Config.KeyValue> config, String key, boolean defaultValue) {
        return Boolean.valueOf(getConfigWithDefault(config, key, Boolean.toString(defaultValue)));
    }

    /** @throws RuntimeException if the setting is missing */
    public static String getConfigWithException(List<TopologyAPI.Config.KeyValue> config, String key) {
        String value = getConfigWithDefault(config, key, (String) null);
        if (value == null) {
            throw new RuntimeException("the setting " + key + " is missing");
        }
        return value;
    }

    /** The number of each component's tasks. */
    public static Map<String, Integer> getComponentParallelism(TopologyAPI.Topology topology) {
        Map<String, Integer> parallelism = new HashMap<>();
        topology.getSpoutsList().forEach(spout -> parallelism.put(spout.getComp().getName(), tasks(spout.getComp())));
        topology.getBoltsList().forEach(bolt -> parallelism.put(bolt.getComp().getName(), tasks(bolt.getComp())));
        return parallelism;
    }

    private static int tasks(TopologyAPI.Component component) {
        return Integer.parseInt(getConfigWithException(
            component.getConfig().getKvsList(), Config.TOPOLOGY_COMPONENT_PARALLELISM).trim());
    }

    public static String getInstanceJvmOptions(TopologyAPI.Topology topology) {
        return setting(topology, Config.TOPOLOGY_WORKER_CHILDOPTS, "");
    }

    public static String getComponentJvmOptions(TopologyAPI.Topology topology) {
        return setting(topology, Config.TOPOLOGY_COMPONENT_JVMOPTS, "");
    }

    private static String setting(TopologyAPI.Topology topology, String key, String defaultValue) {
        return getConfigWithDefault(topology.getTopologyConfig().getKvsList(), key, defaultValue);
    }

    public static int getTotalInstance(Map<String, Integer> parallelismMap) {
        return parallelismMap.values().stream().mapToInt(Integer::intValue).sum();
    }

    public static int getTotalInstance(TopologyAPI.Topology topology) {
        return getTotalInstance(getComponentParallelism(topology));
    }

    public static boolean shouldStartCkptMgr(TopologyAPI.Topology topology) {
        return setting(topology, Config.TOPOLOGY_RELIABILITY_MODE, "")
            .equals(Config.TopologyReliabilityMode.EFFECTIVELY_ONCE.name());
    }

    public static ByteAmount getCheckpointManagerRam(TopologyAPI.Topology topology) {
        return getConfigWithDefault(topology.getTopologyConfig().getKvsList(), Config.TOPOLOGY_STATEFUL_CKPTMGR_RAM,
            ByteAmount.fromGigabytes(1));
    }

    /** @throws InvalidTopologyException if the topology cannot run; the message says what to change */
    public static void validateTopology(TopologyAPI.Topology topology) throws InvalidTopologyException {
        TopologyCheck.check(topology);
    }

    /** Whether the topology can run; if not, the reason is logged. */
    public static boolean verifyTopology(TopologyAPI.Topology topology) {
        try {
            validateTopology(topology);
            return true;
        } catch (InvalidTopologyException invalid) {
            LOG.severe(invalid.getMessage());
            return false;
        }
    }

    public static String getAdditionalClassPath(TopologyAPI.Topology topology) {
        return setting(topology, Config.TOPOLOGY_ADDITIONAL_CLASSPATH, "");
    }

    /** Cores of an instance, of the components that the setting names. */
    public static Map<String, Double> getComponentCpuMapConfig(TopologyAPI.Topology topology)
        throws RuntimeException {
        return componentMap(topology, Config.TOPOLOGY_COMPONENT_CPUMAP, Double::valueOf);
    }

    /** Memory of an instance, of the components that the setting names. */
    public static Map<String, ByteAmount> getComponentRamMapConfig(TopologyAPI.Topology topology)
        throws RuntimeException {
        return componentMap(topology, Config.TOPOLOGY_COMPONENT_RAMMAP, TopologyUtils::bytes);
    }

    /** Disk of an instance, of the components that the setting names. */
    public static Map<String, ByteAmount> getComponentDiskMapConfig(TopologyAPI.Topology topology)
        throws RuntimeException {
        return componentMap(topology, Config.TOPOLOGY_COMPONENT_DISKMAP, TopologyUtils::bytes);
    }

    private static ByteAmount bytes(String text) {
        return ByteAmount.fromBytes(Long.parseLong(text));
    }

    private static <T> Map<String, T> componentMap(
        TopologyAPI.Topology topology, String key, Function<String, T> value) {
        Map<String, T> values = new HashMap<>();
        getComponentConfigMap(topology, key).forEach((component, text) -> {
            try {
                values.put(component, value.apply(text.trim()));
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException(key + " has '" + text + "' for component '" + component
                    + "'; it must be a number", malformed);
            }
        });
        return values;
    }

    /** A setting of the form {@code component:value,…}; an {@link IllegalArgumentException} if it has another. */
    protected static Map<String, String> getComponentConfigMap(TopologyAPI.Topology topology, String key)
        throws RuntimeException {
        Map<String, String> values = new HashMap<>();
        for (String entry : setting(topology, key, "").split(",")) {
            if (entry.trim().isEmpty()) {
                continue;
            }
            String[] parts = entry.trim().split(":");
            if (parts.length != 2) {
                throw new IllegalArgumentException(key + " has the entry '" + entry + "'; it must be component:value");
            }
            if (!getComponentParallelism(topology).containsKey(parts[0])) {
                throw new IllegalArgumentException(key + " names the component '" + parts[0]
                    + "', which does not exist");
            }
            values.put(parts[0], parts[1]);
        }
        return values;
    }

    public static int getNumContainers(TopologyAPI.Topology topology) {
        return Integer.parseInt(setting(topology, Config.TOPOLOGY_STMGRS, "1").trim());
    }

    /** The instances' class path, relative to their folder, for a package of the given name. */
    public static String makeClassPath(TopologyAPI.Topology topology, String originalPackageFile) {
        String name = new File(originalPackageFile).getName();
        String path = name.endsWith(".jar") ? name
            : "libs/*:" + name.replace(".tar.gz", "").replace(".tar", "") + ".jar";
        String additional = getAdditionalClassPath(topology);
        return additional.isEmpty() ? path : path + ":" + additional;
    }

    /** The path of the definition in a folder; the name may be a glob pattern, without {@code .defn}. */
    public static String lookUpTopologyDefnFile(String dir, String filename) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Paths.get(dir), filename + ".defn")) {
            for (Path file : files) {
                return file.toString();
            }
        } catch (IOException failure) {
            throw new IllegalStateException("cannot read the folder " + dir + ": " + failure, failure);
        }
        throw new IllegalStateException("there is no " + filename + ".defn in " + dir);
    }

    public static boolean getTopologyRemoteDebuggingEnabled(TopologyAPI.Topology topology) {
        return Boolean.parseBoolean(setting(topology, Config.TOPOLOGY_REMOTE_DEBUGGING_ENABLE, "false"));
    }
}
