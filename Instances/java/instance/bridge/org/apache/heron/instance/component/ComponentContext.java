package org.apache.heron.instance.component;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.metric.CombinedMetric;
import org.apache.heron.api.metric.ICombiner;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.IReducer;
import org.apache.heron.api.metric.ReducedMetric;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.instance.metrics.MetricsRegistry;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.plan.ComponentPlan;
import org.apache.heron.instance.plan.InputStream;

/** What a spout or bolt may ask about its place in the topology; the methods' meaning is documented in Heron's API. */
final class ComponentContext implements TopologyContext {
    private final MetricsRegistry metrics;
    private final Map<String, Object> taskData = new ConcurrentHashMap<>();
    private final Hooks hooks;
    private volatile Assignment assignment;

    ComponentContext(Assignment assignment, MetricsRegistry metrics) {
        this.assignment = assignment;
        this.metrics = metrics;
        hooks = new Hooks(assignment.options.taskId);
    }

    Hooks hooks() {
        return hooks;
    }

    void update(Assignment newAssignment) {
        assignment = newAssignment;
    }

    @Override
    public int getThisTaskId() {
        return assignment.options.taskId;
    }

    @Override
    public String getThisComponentId() {
        return assignment.component.name;
    }

    @Override
    public int getThisTaskIndex() {
        return assignment.options.componentIndex;
    }

    @Override
    public Fields getThisOutputFields(String stream) {
        return getComponentOutputFields(getThisComponentId(), stream);
    }

    @Override
    public Set<String> getThisStreams() {
        return getComponentStreams(getThisComponentId());
    }

    @Override
    public Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getThisSources() {
        return getSources(getThisComponentId());
    }

    @Override
    public Map<String, Map<String, TopologyAPI.Grouping>> getThisTargets() {
        return getTargets(getThisComponentId());
    }

    @Override
    public String getTopologyId() {
        return assignment.options.topologyId;
    }

    @Override
    @Deprecated
    public TopologyAPI.Topology getRawTopology() {
        try {
            return TopologyAPI.Topology.parseFrom(assignment.serializedTopology());
        } catch (IOException error) {
            throw new IllegalStateException("the topology's Heron API cannot read the topology: " + error, error);
        }
    }

    @Override
    public String getComponentId(int task) {
        return assignment.taskToComponent.get(task);
    }

    @Override
    public Set<String> getComponentStreams(String component) {
        return plan(component).outputs.keySet();
    }

    @Override
    public List<Integer> getComponentTasks(String component) {
        return assignment.tasks(component);
    }

    @Override
    public Fields getComponentOutputFields(String component, String stream) {
        List<String> fields = plan(component).outputs.get(stream);
        if (fields == null) {
            throw new IllegalArgumentException("component '" + component + "' has no stream '" + stream + "'");
        }
        return new Fields(fields);
    }

    @Override
    public Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getSources(String component) {
        Map<TopologyAPI.StreamId, TopologyAPI.Grouping> sources = new HashMap<>();
        for (InputStream input : plan(component).inputs) {
            sources.put(Streams.id(input.component, input.stream), TopologyAPI.Grouping.valueOf(input.grouping));
        }
        return sources;
    }

    @Override
    public Map<String, Map<String, TopologyAPI.Grouping>> getTargets(String component) {
        Map<String, Map<String, TopologyAPI.Grouping>> targets = new LinkedHashMap<>();
        for (String stream : plan(component).outputs.keySet()) {
            targets.put(stream, new LinkedHashMap<>());
        }
        for (ComponentPlan consumer : assignment.components.values()) {
            for (InputStream input : consumer.inputs) {
                if (input.component.equals(component) && targets.containsKey(input.stream)) {
                    targets.get(input.stream).put(consumer.name, TopologyAPI.Grouping.valueOf(input.grouping));
                }
            }
        }
        return targets;
    }

    @Override
    public Map<Integer, String> getTaskToComponent() {
        return assignment.taskToComponent;
    }

    @Override
    public Set<String> getComponentIds() {
        return assignment.components.keySet();
    }

    @Override
    public int maxTopologyMessageTimeout() {
        return new Settings(assignment.config).messageTimeoutSeconds();
    }

    @Override
    public void setTaskData(String name, Object data) {
        if (data == null) {
            taskData.remove(name);
        } else {
            taskData.put(name, data);
        }
    }

    @Override
    public Object getTaskData(String name) {
        return taskData.get(name);
    }

    @Override
    public void addTaskHook(ITaskHook hook) {
        hooks.add(hook);
    }

    @Override
    public Collection<ITaskHook> getHooks() {
        return hooks.all();
    }

    @Override
    public <T extends IMetric<U>, U> T registerMetric(String name, T metric, int seconds) {
        metrics.register(name, seconds, metric::getValueAndReset);
        return metric;
    }

    @Override
    public <T, U, V> ReducedMetric<T, U, V> registerMetric(String name, IReducer<T, U, V> reducer, int seconds) {
        return registerMetric(name, new ReducedMetric<>(reducer), seconds);
    }

    @Override
    public <T> CombinedMetric<T> registerMetric(String name, ICombiner<T> combiner, int seconds) {
        return registerMetric(name, new CombinedMetric<>(combiner), seconds);
    }

    private ComponentPlan plan(String component) {
        ComponentPlan plan = assignment.components.get(component);
        if (plan == null) {
            throw new IllegalArgumentException("the topology has no component '" + component + "'");
        }
        return plan;
    }
}
