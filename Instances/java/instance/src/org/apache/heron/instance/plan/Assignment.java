package org.apache.heron.instance.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.InstanceOptions;
import org.apache.heron.instance.topology.UserClasses;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;

/** What the physical plan says about one task: its component, its configuration and its neighbours. Immutable. */
public final class Assignment {
    public final InstanceOptions options;
    public final ComponentPlan component;
    /** All components, by name. */
    public final Map<String, ComponentPlan> components;
    /** The component of each task. */
    public final Map<Integer, String> taskToComponent;
    /** The topology's configuration, with that of the component laid over it. */
    public final Map<String, Object> config;
    /** Whether spouts are to emit. */
    public final boolean isRunning;
    private final PhysicalPlan plan;

    private Assignment(PhysicalPlan plan, InstanceOptions options, UserClasses classes) {
        this.plan = plan;
        this.options = options;
        Map<String, ComponentPlan> all = new LinkedHashMap<>();
        plan.getTopology().getSpoutsList().forEach(spout -> add(all, new ComponentPlan(spout)));
        plan.getTopology().getBoltsList().forEach(bolt -> add(all, new ComponentPlan(bolt)));
        components = Collections.unmodifiableMap(all);
        component = all.get(options.componentName);
        if (component == null) {
            throw new InstanceError("the topology has no component '" + options.componentName + "'");
        }
        Map<Integer, String> tasks = new TreeMap<>();
        for (Instance instance : plan.getInstancesList()) {
            tasks.put(instance.getInfo().getTaskId(), instance.getInfo().getComponentName());
        }
        taskToComponent = Collections.unmodifiableMap(tasks);
        config = new HashMap<>();
        addConfig(plan.getTopology().getTopologyConfig(), classes);
        addConfig(component.message.getConfig(), classes);
        isRunning = plan.getTopology().getState() == TopologyAPI.TopologyState.RUNNING;
    }

    /**
     * The assignment of the task that the command line names; objects in the configuration are deserialized.
     *
     * @throws InstanceError if the plan has no such task or another one of that id: the executor must then start this
     *     process anew.
     */
    public static Assignment find(PhysicalPlan plan, InstanceOptions options, UserClasses classes) {
        for (Instance instance : plan.getInstancesList()) {
            if (instance.getInstanceId().equals(options.instanceId)) {
                int task = instance.getInfo().getTaskId();
                String component = instance.getInfo().getComponentName();
                if (task == options.taskId && component.equals(options.componentName)) {
                    return new Assignment(plan, options, classes);
                }
                throw new InstanceError("the assignment of " + options.instanceId + " has changed: task " + task
                        + " of '" + component + "' now, task " + options.taskId + " of '" + options.componentName
                        + "' before");
            }
        }
        throw new InstanceError("the physical plan has no instance " + options.instanceId);
    }

    /** The object of the component: deserialized, or made of the class that the topology names. */
    public Object newComponent(UserClasses classes) {
        TopologyAPI.Component message = component.message;
        switch (message.getSpec()) {
            case JAVA_SERIALIZED_OBJECT:
                return classes.deserialize(
                        message.getSerializedObject().toByteArray(), "component '" + component.name + "'");
            case JAVA_CLASS_NAME:
                // A topology from before the field says what it is by what it has.
                return message.hasSerializedObject()
                        ? classes.deserialize(
                                message.getSerializedObject().toByteArray(), "component '" + component.name + "'")
                        : classes.newInstance(message.getClassName(), "component '" + component.name + "'");
            default:
                throw new InstanceError("component '" + component.name + "' is not written in Java");
        }
    }

    /** The tasks of a component, in ascending order; none if there is no such component. */
    public List<Integer> tasks(String componentName) {
        List<Integer> tasks = new ArrayList<>();
        taskToComponent.forEach((task, name) -> {
            if (name.equals(componentName)) {
                tasks.add(task);
            }
        });
        return tasks;
    }

    /** The topology as a serialized `Topology` message. */
    public byte[] serializedTopology() {
        return plan.getTopology().toByteArray();
    }

    private static void add(Map<String, ComponentPlan> all, ComponentPlan component) {
        all.put(component.name, component);
    }

    private void addConfig(TopologyAPI.Config entries, UserClasses classes) {
        for (TopologyAPI.Config.KeyValue entry : entries.getKvsList()) {
            Object value = entry.hasValue()
                    ? entry.getValue()
                    : classes.deserialize(
                            entry.getSerializedValue().toByteArray(), "configuration key '" + entry.getKey() + "'");
            config.put(entry.getKey(), value);
        }
    }
}
