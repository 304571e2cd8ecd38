package org.apache.heron.instance;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The command line of an instance, as Heron 0.20.5's executor writes it: `-name value` pairs. */
public final class InstanceOptions {
    private static final Set<String> NAMES =
            Set.of("topology_name", "topology_id", "instance_id", "component_name", "task_id", "component_index",
                    "stmgr_id", "stmgr_port", "metricsmgr_port", "system_config_file", "override_config_file",
                    "remote_debugger_port");

    public final String topologyName;
    public final String topologyId;
    public final String instanceId;
    public final String componentName;
    public final int taskId;
    public final int componentIndex;
    public final String streamManagerId;
    public final int streamManagerPort;
    public final int metricsManagerPort;
    public final String systemConfigFile;
    public final String overrideConfigFile;
    /** Where the JVM listens for a debugger; 0 if nowhere. */
    public final int remoteDebuggerPort;

    private InstanceOptions(Map<String, String> values) {
        topologyName = text(values, "topology_name");
        topologyId = text(values, "topology_id");
        instanceId = text(values, "instance_id");
        componentName = text(values, "component_name");
        taskId = number(values, "task_id", Integer.MAX_VALUE);
        componentIndex = number(values, "component_index", Integer.MAX_VALUE);
        streamManagerId = text(values, "stmgr_id");
        streamManagerPort = number(values, "stmgr_port", 65535);
        metricsManagerPort = number(values, "metricsmgr_port", 65535);
        systemConfigFile = text(values, "system_config_file");
        overrideConfigFile = values.getOrDefault("override_config_file", "");
        values.putIfAbsent("remote_debugger_port", "0");
        remoteDebuggerPort = number(values, "remote_debugger_port", 65535);
    }

    /** Throws {@link InstanceError} for an option that is unknown, missing, or has no value or a wrong one. */
    public static InstanceOptions parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (int index = 0; index < arguments.length; index += 2) {
            String name = arguments[index].replaceFirst("^--?", "");
            if (name.equals(arguments[index]) || !NAMES.contains(name)) {
                throw new InstanceError("unknown option '" + arguments[index] + "'");
            }
            if (index + 1 == arguments.length) {
                throw new InstanceError("option -" + name + " has no value");
            }
            values.put(name, arguments[index + 1]);
        }
        return new InstanceOptions(values);
    }

    private static String text(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw new InstanceError("option -" + name + " is missing");
        }
        return value;
    }

    private static int number(Map<String, String> values, String name, int largest) {
        String value = text(values, name);
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= largest) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Reported below, as one out of range.
        }
        throw new InstanceError("option -" + name + " must be a number from 0 to " + largest + ", not '" + value + "'");
    }
}
